package newswire

import (
	"strings"
	"testing"
)

// HTML as systems of agencies leave it: elements let open, closed twice, closed
// in the wrong order.
func TestSoup(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                        "",
		"plain":                   "paragraph:plain",
		"<p>a<p>b":                "paragraph:a|paragraph:b",
		"<p>a</p></p></div><p>b":  "paragraph:a|paragraph:b",
		"a<br><br/>b<br></br>c":   "paragraph:a|paragraph:b|paragraph:c",
		"<p>a<br>b</p>":           "paragraph:a b",
		"<b>a<i>b</b>c</i>":       "paragraph:abc",
		"<ul><li>a<li>b</ul><p>c": "list:a,b|paragraph:c",
		"<table><tr><td>a<td>b<tr><th>c</table>d":                              "table:a;b,c|paragraph:d",
		"<p>a<table><tr><td><p>b</table>c":                                     "paragraph:a|table:b|paragraph:c",
		"<html><head><title>x</title><meta charset=utf-8><body><h1>a</h1><p>b": "heading:a|paragraph:b",
		"<head><title>x</title><p>a":                                           "paragraph:a",
		"<script>if (a<b) x()</script><style>p{}</style>a":                     "paragraph:a",
		"<blockquote><p>a<p>b</blockquote>c":                                   "quote:a|quote:b|paragraph:c",
		"<dl><dt>a<dd>b<dt>c</dl>":                                             "paragraph:a|paragraph:b|paragraph:c",
		"<P>a</P><DIV>b</DIV>":                                                 "paragraph:a|paragraph:b",
		"a <!-- x --> b":                                                       "paragraph:a b",
		"&lt;b&gt; &amp; &eacute;":                                             "paragraph:<b> & é",
		"<pre>a\n  b\n\nc</pre>":                                               "pre:a\n  b|pre:c",
		"<img src=https://x.example/a.jpg><figure><img src=/b.jpg><figcaption>c</figcaption></figure>": "figure:https://x.example/a.jpg|figure:https://wire.example.org/b.jpg",
		"<iframe src=https://x.example/v></iframe>a":                                                   "embed:https://x.example/v|paragraph:a",
		`<section class="notepad"><p>GEHEIM</section>a`:                                                "paragraph:a",
		strings.Repeat("<div>", 1000) + "a" + strings.Repeat("</div>", 1000) + "<p>b":                  "paragraph:a|paragraph:b",
	} {
		var got []string
		for _, b := range flatten(fragment(in), received.URL) {
			s := b.kind + ":" + b.text + strings.Join(b.items, ",") + b.url
			for i, r := range b.rows {
				if i > 0 {
					s += ","
				}
				s += strings.Join(r, ";")
			}
			if b.media != nil {
				s += b.media.URL
			}
			got = append(got, s)
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%.80q: %q, want %q", in, s, want)
		}
	}
}
