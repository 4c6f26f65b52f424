package feed

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

func TestPlainText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a < b & c > d":              "a < b & c > d",
		"<3 for Q&A":                 "<3 for Q&A",
		"Use <b> in HTML":            "Use ‹b› in HTML",
		"Use <b>bold</b>!":           "Use ‹b›bold‹/b›!",
		"x<y":                        "x‹y",
		"<img src=x onerror=a(1)":    "‹img src=x onerror=a(1)",
		"<<b>":                       "<‹b›",
		"<!-- x --> <?php":           "‹!-- x --› ‹?php",
		" two\n lines\t ":            "two lines",
		"bad\x00\xff\ufffe\u0085":    "bad",
		strings.Repeat("wort ", 300): strings.TrimRight(strings.Repeat("wort ", 199), " ") + "…",
		strings.Repeat("語", 1000):    strings.Repeat("語", 332) + "…",
	} {
		if got := line(in); got != want {
			t.Errorf("line(%.40q) = %.60q, want %.60q", in, got, want)
		}
	}
}

func TestUnreferenced(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"AT&T":           "AT&T",
		"R&amp;D":        "R&D",
		"&lt;b&gt;":      "‹b›",
		"Q1&2":           "Q1& 2",
		"a &copy b":      "a © b",
		"&#0;x":          "x",
		"&#x41;":         "A",
		"fish & chips":   "fish & chips",
		"&amp;amp;":      "& amp;",
		"no reference":   "no reference",
		"line&#10;break": "line break",
	} {
		if got := unreferenced(in); got != want {
			t.Errorf("unreferenced(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestNameOf(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Ann Author": "Ann Author", "Bob <bob@x.org>": "Bob", "<bob@x.org>": "", "A <b@c> D <e@f>": "A D",
		"A <b": "A ‹b", "<i>A</i>": "‹i›A‹/i›",
	} {
		if got := strings.Join(strings.Fields(nameOf(in)), " "); got != want {
			t.Errorf("nameOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Some words that fill the line. ", 40)
	for in, want := range map[string]string{
		"":                       "",
		"Short.\nText.":          "Short. Text.",
		long:                     strings.TrimSpace(strings.Repeat("Some words that fill the line. ", 12)),
		strings.Repeat("x", 900): strings.Repeat("x", 397) + "…",
		strings.Repeat("これは文です。", 60):                      strings.Repeat("これは文です。", 19),
		"The U.S. said " + strings.Repeat("it would ", 60): "The U.S. said " + strings.Repeat("it would ", 42) + "it…",
	} {
		got := excerpt(in)
		if got != want || len(got) > excerptLen+3 || !utf8.ValidString(got) {
			t.Errorf("excerpt(%.30q) = %q (%d bytes)\nwant %q", in, got, len(got), want)
		}
	}
}

func TestWebURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://a.example/b?c=d&e=f#g": "https://a.example/b?c=d&e=f#g",
		"HTTP://A.Example:8080/B":       "http://a.example:8080/B",
		" https://a.example/x y\n ":     "https://a.example/x%20y",
		"https://a.example/ä?ö=[1]|{2}": "https://a.example/%C3%A4?%C3%B6=%5B1%5D%7C%7B2%7D",
		"https://münchen.example/x":     "https://xn--mnchen-3ya.example/x",
		"https://user:pw@a.example/x":   "https://a.example/x",
		"https://a.example?x=1":         "https://a.example/?x=1",
		"https://a.example\\x":          "https://a.example/x",
		"https://a.example/100%":        "https://a.example/100%25",
		"https://a.example/%e4%zz":      "https://a.example/%e4%25zz",
		"https://a.example/#a#b":        "https://a.example/#a%23b",
		"https://a.example/\"><script>": "https://a.example/%22%3E%3Cscript%3E",
		"http://127.0.0.1:80/":          "http://127.0.0.1:80/",
		"http://under_score.example/":   "http://under_score.example/",
		"https://a.example/\x00\xff":    "https://a.example/",
		"https://a.example:/x":          "https://a.example/x",
		"https://[::1]/x":               "",
		"https://a.example:port/":       "",
		"https://a example/":            "",
		"https:///x":                    "https://x",
		"https://-a.example/":           "",
		"javascript:alert(1)":           "",
		"data:text/html,x":              "",
		"ftp://a.example/x":             "",
		"//a.example/x":                 "",
		"/x":                            "",
		"":                              "",
		"mailto:a@b.example":            "",
	} {
		got := webURL(in)
		if got != want {
			t.Errorf("webURL(%q) = %q, want %q", in, got, want)
		}
		if got != "" && webURL(got) != got {
			t.Errorf("webURL(%q) isn't stable: %q", got, webURL(got))
		}
	}
}

func TestIsID(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"https://a.example/feed": true, "tag:a.example,2020:x/y": true, "tag:me@a.example,2020-01-02:": true,
		"urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6": true, "urn:x": false, "tag:A.example,2020:x": false, "tag:a.example:x": false,
		"javascript:alert(1)": false, "x": false, "": false, "http://": false, "https://a.example/ä": false, "urn:x:a b": false,
	} {
		if isID(in) != want {
			t.Errorf("isID(%q) = %v", in, !want)
		}
	}
}

func rewrite(src, base string) string {
	w := rewriter{base: base}
	nodes, err := parseHTML(src)
	if err != nil {
		return "error: " + err.Error()
	}
	w.nodes(nodes)
	return string(w.out)
}

func TestRewrite(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`<p>a<p>b`:          `<p>a</p><p>b</p>`,
		`a & b < c "d" ]]>`: `a &amp; b &lt; c &quot;d&quot; ]]&gt;`,
		`<b><i>x</b>y</i>`:  `<b><i>x</i></b><i>y</i>`,
		`<p><script>x</script><style>y</style>z<!-- c --></p>`:               `<p>z</p>`,
		`<p onclick="x" style="color:red" class="c" id="i" title="t">x</p>`:  `<p title="t">x</p>`,
		`<a href="javascript:x">a</a><a href="/rel">b</a><a href="#f">c</a>`: `a<a href="https://s.example/rel">b</a>c`,
		`<a href="https://a.example/ü" target="_blank" rel="x">a</a>`:        `<a href="https://a.example/%C3%BC">a</a>`,
		`<a href="mailto:x@y.example">mail</a>`:                              `mail`,
		`<img src="//i.example/x.png" width="100" height="50%" alt="A">`:     `<img src="https://i.example/x.png" width="100" alt="A">`,
		`<img alt="lost">`:                     ``,
		`<img src="data:image/png;base64,xx">`: ``,
		`<img src="a.png" srcset="b.png 1x, javascript:x 2x, https://i.example/c,d.png 3x,">`:                                                         `<img src="https://s.example/dir/a.png" srcset="https://s.example/dir/b.png 1x, https://i.example/c,d.png 3x">`,
		`<picture><source srcset="https://i.example/x.webp" type="image/webp" media="(min-width: 1px)"><img src="https://i.example/x.png"></picture>`: `<picture><source srcset="https://i.example/x.webp" type="image/webp" media="(min-width: 1px)"><img src="https://i.example/x.png"></picture>`,
		`<iframe src="https://www.youtube.com/embed/x" title="A &lt;film&gt;"></iframe>`:                                                              `<a href="https://www.youtube.com/embed/x">▶ A ‹film›</a>`,
		`<video controls poster="https://i.example/p.jpg"><source src="https://v.example/v.mp4"></video>`:                                             `<a href="https://v.example/v.mp4"><img src="https://i.example/p.jpg" alt="v.example"></a>`,
		`<audio src="https://v.example/a.mp3" controls></audio>`:                                                                                      `<a href="https://v.example/a.mp3">▶ v.example</a>`,
		`<a href="https://a.example/"><audio src="https://v.example/a.mp3"></audio>x</a>`:                                                             `<a href="https://a.example/">x</a>`,
		`<video></video><iframe src="about:blank"></iframe>`:                                                                                          ``,
		`<form><input><button>x</button><p>kept</p></form>`:                                                                                           `<p>kept</p>`,
		`<svg><a href="https://x.example/">x</a></svg><math>y</math>z`:                                                                                `z`,
		`<custom-tag><p>x</p></custom-tag><font color=red>y</font>`:                                                                                   `<p>x</p>y`,
		`<p> </p><ul><li></li></ul><div><p><b></b></p></div>x`:                                                                                        `x`,
		`<table><tr><td></td><td colspan="2">x</td></tr></table>`:                                                                                     `<table><tbody><tr><td></td><td colspan="2">x</td></tr></tbody></table>`,
		"<pre>\n\ncode</pre>":                        "<pre>\n\ncode</pre>",
		`<p>nul&#0;ctl&#1;c1&#x80;nonch&#xFFFE;</p>`: `<p>nulctlc1€nonch</p>`,
		`<time datetime="2024-01-01">x</time><ol start="-3" type="a" reversed><li value="5">x</li></ol>`: `<time datetime="2024-01-01">x</time><ol start="-3" type="a" reversed=""><li value="5">x</li></ol>`,
		`<blockquote cite="https://a.example/"><p lang="de_DE" dir="RTL">x</p></blockquote>`:             `<blockquote cite="https://a.example/"><p lang="de-DE" dir="rtl">x</p></blockquote>`,
		`<noscript><p>x</p></noscript>`:                               `<p>x</p>`,
		`<textarea><p>x</p></textarea><template><p>x</p></template>y`: `y`,
	} {
		got := rewrite(in, "https://s.example/dir/page")
		if got != want {
			t.Errorf("%s\n gives %s\n want  %s", in, got, want)
		}
		if again := rewrite(got, ""); again != got {
			t.Errorf("%s isn't stable: %s", got, again)
		}
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"https://i.example/x.jpg", "http://i.example/x.jpg", true},
		{"https://i.example/x.jpg?w=100", "https://i.example/x.jpg?w=900", true},
		{"https://i.example/image?id=1", "https://i.example/image?id=2", false},
		{"https://i.example/300/berlin-talks-2024.jpg", "https://i.example/900/berlin-talks-2024.jpg", true},
		{"https://i.example/300/1.jpg", "https://i.example/900/1.jpg", false},
		{"https://i.example/berlin-talks-2024.jpg", "https://j.example/berlin-talks-2024.jpg", false},
		{"", "https://i.example/x.jpg", false},
	} {
		if samePicture(c.a, c.b) != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, !c.want)
		}
	}
	const lead = "https://i.example/lead.jpg"
	for in, want := range map[string]string{
		`<p>a</p><figure><img src="` + lead + `"><figcaption><p>Caption</p></figcaption></figure>b`:                "Caption",
		`<figure><a href="https://x.example/"><picture><img src="` + lead + `"></picture></a></figure>`:            "",
		`<p><a href="https://x.example/"><img src="` + lead + `"></a> text</p>`:                                    "",
		`<p>x<img src="` + lead + `">y</p>`:                                                                        "",
		`<figure><img src="` + lead + `"><img src="https://i.example/2.jpg"><figcaption>Two</figcaption></figure>`: "",
		`<figure><p>Text that is no caption</p><img src="` + lead + `"></figure>`:                                  "",
	} {
		nodes, err := parseHTML(in)
		if err != nil {
			t.Fatal(err)
		}
		n := findPicture(nodes, lead, "")
		if n == nil {
			t.Errorf("%s: not found", in)
			continue
		}
		if got := captionOf(n); got != want {
			t.Errorf("%s: caption %q", in, got)
		}
		w := rewriter{skip: n}
		w.nodes(nodes)
		if strings.Contains(string(w.out), lead) {
			t.Errorf("%s: still there: %s", in, w.out)
		}
		for _, text := range []string{"text", "Two", "2.jpg", "Text that is no caption"} {
			if strings.Contains(in, text) && !strings.Contains(string(w.out), text) {
				t.Errorf("%s: %q is lost: %s", in, text, w.out)
			}
		}
	}
}

// FuzzRewrite: what comes out is balanced, stable and free of addresses that
// aren't absolute, whatever goes in.
func FuzzRewrite(f *testing.F) {
	for _, s := range []string{`<p>a<p>b`, `<a href=x><table><td><a href=y>`, `<b><p><i></b>`, `<svg><style><img src=x>`, `<pre>` + "\n\n", `<select><option>`,
		`<img srcset="a 1x,b 2x" src=//x>`, `<iframe src=https://x.example/>`, `&#0;&#x80;`, "\xff<p>\x00", `<table><caption><p>x<tr><p>`, `<ruby><rt>x`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := rewrite(clean(s), "https://s.example/")
		if strings.HasPrefix(out, "error: ") {
			return
		}
		if clean(out) != out || strings.Contains(out, "]]>") {
			t.Errorf("%q: unclean %q", s, out)
		}
		nodes, err := parseHTML(out)
		if err != nil {
			t.Fatalf("%q: %v", out, err)
		}
		for _, n := range nodes {
			for d := range withDescendants(n) {
				if d.Type == html.CommentNode || d.Type == html.ElementNode && treat(d.DataAtom) != keep {
					t.Errorf("%q: %s in %q", s, d.Data, out)
				}
				for _, a := range d.Attr {
					if (a.Key == "href" || a.Key == "src") && !isWebURL(a.Val) {
						t.Errorf("%q: %s=%q", s, a.Key, a.Val)
					}
				}
			}
		}
	})
}

func FuzzWebURL(f *testing.F) {
	for _, s := range []string{"https://a.example/b?c#d", "HTTP://Ä.example:99/%", "https://u:p@h:1/\\", "http://[::1]/", "https://a.example/\x00\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u := webURL(s)
		if u == "" {
			return
		}
		if webURL(u) != u {
			t.Errorf("%q gives %q gives %q", s, u, webURL(u))
		}
		p, err := url.Parse(u)
		if err != nil || p.Host == "" || p.User != nil || p.Scheme != "http" && p.Scheme != "https" {
			t.Errorf("%q gives %q: %v", s, u, err)
		}
	})
}
