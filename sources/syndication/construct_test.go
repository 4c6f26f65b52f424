package syndication

import (
	"strings"
	"testing"
)

func element1(value string, attrs ...string) element {
	e := element{value: value}
	for i := 0; i+1 < len(attrs); i += 2 {
		e.attrs = append(e.attrs, attribute{attrs[i], attrs[i+1]})
	}
	return e
}

func called(name string, e element) element {
	e.name = name
	return e
}

func elements1(value string, attrs ...string) element {
	e := element1(value, attrs...)
	e.html = true
	return e
}

func TestLooksHTML(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"<p>x</p>": true, "x<br/>": true, "</div> >": true, "a &amp; b": true, "caf&#233;": true, "&eacute;": true, "<H1>x": true, "<!-- x -->": true,
		"": false, "1 < 2": false, "AT&T": false, "a <name> b": false, "<": false, "&": false, "&bogus;": false, "a&b;c": false,
		"<b": false, "<3 > 2": false, "R&D; more": false, "x <-- y -->": false, "<bold>": false, "&;": false,
	} {
		if got := looksHTML(s); got != want {
			t.Errorf("looksHTML(%q) is %v", s, got)
		}
	}
	if looksHTML(strings.Repeat("<a ", 1<<20)) {
		t.Error("tags without an end are none")
	}
}

func TestConstruct(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		e          element
		line, html string
	}{
		{"none", element1("1 < 2 &amp; <b>"), "1 < 2 &amp; <b>", "1 &lt; 2 &amp;amp; &lt;b&gt;"},
		{"text", element1("a <b>b</b>", "type", "TEXT"), "a <b>b</b>", "a &lt;b&gt;b&lt;/b&gt;"},
		{"html", element1("a &lt; <b>b</b>", "type", "html"), "a < b", "a &lt; <b>b</b>"},
		{"text/html", element1("<b>b</b>", "type", "text/html; charset=utf-8"), "b", "<b>b</b>"},
		{"elements", elements1("<b>b</b>", "type", "text"), "b", "<b>b</b>"},
		{"xhtml that was escaped", element1("<b>b</b>", "type", "xhtml"), "b", "<b>b</b>"},
		{"xhtml without elements", element1("1 < 2", "type", "application/xhtml+xml"), "1 < 2", "1 &lt; 2"},
		{"base64 by mode", element1("PGI+eDwvYj4=", "mode", "base64", "type", "text/html"), "x", "<b>x</b>"},
		{"base64 by type", element1("PGI+ eDwv\nYj4=", "type", "application/octet-stream"), "x", "<b>x</b>"},
		{"base64 of a picture", element1("iVBORw0KGgo=", "type", "application/octet-stream"), "", ""},
		{"said to be base64", element1("plain!", "mode", "base64"), "plain!", "plain!"},
		{"picture", element1("iVBORw0KGgo=", "type", "image/png"), "", ""},
		{"other XML", elements1("<b>x</b>", "type", "application/xml"), "x", "<b>x</b>"},
		{"paragraphs", element1("a\r\nb\n\n\nc", "type", "text/plain"), "a b c", "<p>a<br>\nb</p>\n<p>c</p>"},
		{"wrapped", element1("a\nb\n\nc"), "a b c", "<p>a\nb</p>\n<p>c</p>"},
	}
	for _, tt := range tests {
		w := construct(&tt.e)
		if got := w.line(); got != tt.line {
			t.Errorf("%s: line %q, want %q", tt.name, got, tt.line)
		}
		if got := w.html(); got != tt.html {
			t.Errorf("%s: html %q, want %q", tt.name, got, tt.html)
		}
	}
}

func TestWordsText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		w    words
		want string
	}{
		{words{value: "<p>a</p><p>b</p>", isHTML: true}, "a\nb"},
		{words{value: "a\nb", plain: true}, "a\nb"},
		{words{value: "a\nb"}, "a b"},
	} {
		if got := tt.w.text(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.w, got, tt.want)
		}
	}
}
