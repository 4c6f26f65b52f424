package sanitise

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"wireroom/internal/need"
)

const (
	base   = "https://example.com/dir/page.html"
	noRef  = ` rel="noopener noreferrer nofollow ugc"`
	png64  = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggkJggkJggkJggkJggkJggkJggkJggkJggkJggg=="
	player = "www.youtube-nocookie.com/embed/"
)

func TestHTML(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"text", `1 < 2 & "3" &amp; &eacute;`, `1 &lt; 2 &amp; "3" &amp; é`},
		{"plain", "<p>One <b>bold</b> word.</p>", "<p>One <b>bold</b> word.</p>"},
		{"upper case", "<P>a<BR>b</P>", "<p>a<br/>b</p>"},
		{"attributes", `<p id=a name=b class="c" style="d" onclick=e data-x=f title="t" lang="de" dir=RTL>x</p>`, `<p dir="rtl" lang="de">x</p>`},
		{"two of one name", `<i title="a" TITLE="b">x</i>`, `<i title="a">x</i>`},
		{"script", "<p>a<script>alert('</p>')</script>b</p>", "<p>ab</p>"},
		{"unclosed script", "<p>a<script>b", "<p>a</p>"},
		{"style", "a<style>p{}</style>b", "ab"},
		{"svg", `a<svg><style></svg><path d="x"/><text>x</text></svg>b`, "axb"},
		{"comment", "a<!-- <b>x</b> --!>b<!-->c<!--->d<!-- x", "abcd"},
		{"declaration", `<!DOCTYPE html><?xml version="1.0"?>a</ x>b`, "ab"},
		{"CDATA", "<![CDATA[<p>a</p>]]>b", "<p>a</p>b"},
		{"unknown element", "<x-foo>a</x-foo><blink>b</blink>", "ab"},
		{"empty elements", "<p></p><div><b> </b></div><p>&nbsp;</p>a", "a"},
		{"unclosed", "<div><p>a<p>b", "<div><p>a</p><p>b</p></div>"},
		{"stray ends", "</div></b>a</p></table>", "a"},
		{"wrong nesting", "<b><i>a</b>b</i>c", "<b><i>a</i></b><i>b</i>c"},
		{"block in an inline element", "<b>a<p>b</p>c</b>", "<b>a</b><p><b>b</b></p><b>c</b>"},
		{"link around blocks", `<a href="/x"><h3>a</h3><p>b</p></a>`, `<h3><a href="https://example.com/x"` + noRef + `>a</a></h3><p><a href="https://example.com/x"` + noRef + `>b</a></p>`},
		{"block in a paragraph", "<p>a<div>b</div>c</p>", "<p>a</p><div>b</div>c"},
		{"heading in a heading", "<h1>a<h2>b</h2>", "<h1>a</h1><h2>b</h2>"},
		{"the same twice", "<b>a<b>b</b>c</b>d", "<b>abc</b>d"},
		{"old elements", "<center><font color=red>a</font><tt>b</tt><strike>c</strike></center>", "<div>a<code>b</code><s>c</s></div>"},
		{"span", `<span>a</span><span lang="fr">b</span>`, `a<span lang="fr">b</span>`},
		{"list", "<ul>\n<li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"},
		{"list attributes", `<ol start=3 type=a reversed><li value="-1">a<li value=5>b</ol>`, `<ol reversed="" start="3" type="a"><li>a</li><li value="5">b</li></ol>`},
		{"item without a list", "<li>a<li>b", "<div>a<div>b</div></div>"},
		{"terms", "<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"},
		{"table", "<table><tr><td>a<th scope=col>b<tr><td colspan=2>c</table>", `<table><tbody><tr><td>a</td><th scope="col">b</th></tr><tr><td colspan="2">c</td></tr></tbody></table>`},
		{"table with all parts", "<table><caption>x</caption><colgroup><col></colgroup><thead><tr><th>a</th></tr></thead><tbody><tr><td></td></tr></tbody></table>", "<table><caption>x</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td></td></tr></tbody></table>"},
		{"text in a table", "<table>a<tr>b<td>c</td></tr></table>", "<table><tbody><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></tbody></table>"},
		{"table in a table", "<table><tr><td><table><tr><td>a</table>b</table>c", "<table><tbody><tr><td><table><tbody><tr><td>a</td></tr></tbody></table>b</td></tr></tbody></table>c"},
		{"cell without a table", "<td>a</td><tr>b", "<div>a</div><div>b</div>"},
		{"an end outside the cell", "<div><table><tr><td>a</div>b</table>c</div>", "<div><table><tbody><tr><td>ab</td></tr></tbody></table>c</div>"},
		{"pre", "<pre>\n a\n  <b>b</b>\n</pre>", "<pre> a\n  <b>b</b>\n</pre>"},
		{"pre that begins with a line", "<pre>\n\na</pre>", "<pre>\n\na</pre>"},
		{"xmp", "<xmp><b>&amp;</b></xmp>", "<pre>&lt;b&gt;&amp;amp;&lt;/b&gt;</pre>"},
		{"ruby", "<ruby>漢<rp>(<rt>kan<rp>)</ruby>", "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>"},
		{"details", "<details open><summary>a</summary>b</details><summary>c</summary>", `<details open=""><summary>a</summary>b</details><div>c</div>`},
		{"figure", `<figure><img src="a.jpg" alt="A"><figcaption>Photo: <b>X</b></figcaption></figure><figcaption>y`, `<figure><img src="https://example.com/dir/a.jpg" alt="A"/><figcaption>Photo: <b>X</b></figcaption></figure><div>y</div>`},
		{"form", "<form action=/x><label>a <input value=b></label><select><option>c</select><textarea>d</textarea><button>e</button></form>", "<div>a </div>"},
		{"whole page", "<html><head><title>x</title><style>y</style><meta charset=utf-8></head><body class=z><p>a</body></html>", "<p>a</p>"},
		{"time, del, q", `<time datetime="2024-03-05">a</time><del datetime="x)">b</del><q cite="/c">c</q>`, `<time datetime="2024-03-05">a</time><del>b</del><q cite="https://example.com/c">c</q>`},
		{"hr", "<p>a<hr>b<b><hr></b>", "<p>a</p><hr/>b<hr/>"},

		{"link", `<a href="../x?a=1&amp;b=2" target=_blank title='"t"'>y</a>`, `<a href="https://example.com/x?a=1&amp;b=2"` + noRef + ` title="&#34;t&#34;">y</a>`},
		{"link with a query that looks like a reference", `<a href="/?a=1&copy=2&lt=3">y</a>`, `<a href="https://example.com/?a=1&amp;copy=2&amp;lt=3"` + noRef + `>y</a>`},
		{"mail", `<a href="mailto:a@example.com?subject=x">y</a>`, `<a href="mailto:a@example.com?subject=x"` + noRef + `>y</a>`},
		{"script in a link", `<a href=" java&#10;script&colon;alert(1)">y</a><a href="vbscript:x">z</a><a href="data:text/html,x">w</a>`, "yzw"},
		{"user in a link", `<a href="http://u:p@example.org/">y</a>`, `<a href="http://example.org/"` + noRef + `>y</a>`},
		{"anchor", `<a name=x>y</a><a id=z></a>`, "y"},
		{"link in a link", `<a href="/a">a<a href="/b">b</a>c</a>`, `<a href="https://example.com/a"` + noRef + `>a</a><a href="https://example.com/b"` + noRef + `>b</a>c`},
		{"fragment", `<a href="#n1">1</a>`, `<a href="https://example.com/dir/page.html#n1"` + noRef + `>1</a>`},

		{"picture", `<img src=/a.jpg alt="x > y" width=300px height="20%" style="float:left">`, `<img src="https://example.com/a.jpg" alt="x &gt; y" width="300"/>`},
		{"pixel", `<img src=/a.gif width=1 height=1><img src=/b.gif height="0"><img src=/c.gif style="width: 1px; height: 1px"><img src=/d.gif style="display:none">`, ""},
		{"no pixel", `<img src=/a.gif style="max-width:1px; border-width:1px">`, `<img src="https://example.com/a.gif"/>`},
		{"lazy", `<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/a.jpg"><img data-lazy-src=/b.jpg src=/blank.gif><img data-src=true src=/c.jpg>`, `<img src="https://example.com/a.jpg"/><img src="https://example.com/b.jpg"/><img src="https://example.com/c.jpg"/>`},
		{"lazy with noscript", `<img data-src="/a.jpg"><noscript><img src="/a.jpg"></noscript><img src="data:image/gif;base64,AA=="><noscript><img src=/b.jpg></noscript>`, `<img src="https://example.com/a.jpg"/><img src="https://example.com/b.jpg"/>`},
		{"srcset", `<img src=/a.jpg srcset="/b.jpg 2x, javascript:alert(1) 3x,/c,d.jpg 480w , /e.jpg 0w, /f.jpg" sizes="(max-width: 9em) 1px, 2px">`, `<img src="https://example.com/a.jpg" srcset="https://example.com/b.jpg 2x, https://example.com/c,d.jpg 480w, https://example.com/f.jpg" sizes="(max-width: 9em) 1px, 2px"/>`},
		{"srcset alone", `<img srcset="/a.jpg 300w, /b.jpg 1200w, /c.jpg 4000w">`, `<img src="https://example.com/b.jpg" srcset="https://example.com/a.jpg 300w, https://example.com/b.jpg 1200w, https://example.com/c.jpg 4000w"/>`},
		{"picture element", `<picture><source srcset="/a.webp 800w" type=image/webp><img alt="x"></picture>`, `<img src="https://example.com/a.webp" alt="x"/>`},
		{"data image", `<img src="` + png64 + `">`, ""},
		{"no address", `<img alt=x><img src=""><img src="javascript:alert(1)">`, ""},
		{"video", `<video poster=/p.jpg src=javascript:x width=3 autoplay onplay=x><source src=/v.mp4 type='video/mp4; codecs="x"'><source src=/v.webm type=video/webm><track src=/t.vtt kind=captions srclang=en><p>Get a browser</p></video>z`, `<video controls="" poster="https://example.com/p.jpg" width="3"><source src="https://example.com/v.mp4"/><source src="https://example.com/v.webm" type="video/webm"/><track src="https://example.com/t.vtt" kind="captions" srclang="en"/></video>z`},
		{"audio without a source", `<audio>x</audio>y<audio src=/a.mp3>z`, `y<audio controls="" src="https://example.com/a.mp3"></audio>z`},
		{"frame", `<iframe src="https://example.org/x?y" title="A map"><p>x</p></iframe><iframe src=//example.org/a></iframe><iframe src=/b width=0></iframe><iframe srcdoc=x></iframe>`, `<a href="https://example.org/x?y"` + noRef + `>A map</a><a href="https://example.org/a"` + noRef + `>example.org/a</a>`},
		{"frame that is allowed", `<iframe src="https://www.youtube-nocookie.com/embed/x" width=560 height=315 onload=x></iframe>`, `<iframe src="https://www.youtube-nocookie.com/embed/x" width="560" height="315" sandbox="allow-scripts allow-same-origin allow-popups" loading="lazy" allowfullscreen=""></iframe>`},
		{"frames that look like it", `<iframe src="http://www.youtube-nocookie.com/embed/x" title=a></iframe><iframe src="https://www.youtube-nocookie.com.evil.org/embed/x" title=b></iframe>`, `<a href="http://www.youtube-nocookie.com/embed/x"` + noRef + `>a</a><a href="https://www.youtube-nocookie.com.evil.org/embed/x"` + noRef + `>b</a>`},
		{"embed", `<object data=/x.swf><embed src=/y.swf></object>`, `<a href="https://example.com/y.swf"` + noRef + `>example.com/y.swf</a>`},

		{"formula", `<math display="block"><mfrac><mi>a</mi><mn>2</mn></mfrac><mspace width="1em"/><annotation encoding="x">a/2</annotation></math>`, `<math display="block"><mfrac><mi>a</mi><mn>2</mn></mfrac><mspace width="1em"></mspace></math>`},
		{"markup in a formula", `<math><mtext><img src=x onerror=alert(1)><b>a</b></mtext><mglyph><style></math><img src=x>`, `<math><mtext>a</mtext></math><img src="https://example.com/dir/x"/>`},
		{"formula that doesn't end", `<math><mi>a`, "a"},
		{"control characters", "<p>a&#0;b&#x1;c\x00d&#xFFFE;\ufeff</p>", "<p>abcd</p>"},
		{"windows references", "<p>&#x93;a&#148;</p>", "<p>“a”</p>"},
		{"white space", "<p> a <b> b </b> <i> </i> c </p>\n\n<p>d</p>", "<p> a <b> b </b>   c </p>\n\n<p>d</p>"},
	} {
		o := Options{Frames: []string{player}}
		got := HTML(tt.in, base, o)
		if got != tt.want {
			t.Errorf("%s: HTML(%q)\n got %s\nwant %s", tt.name, tt.in, got, tt.want)
		}
		judge(t, tt.in, got, o)
	}
}

func TestDataImages(t *testing.T) {
	t.Parallel()
	o := Options{DataImages: true}
	for in, want := range map[string]string{
		png64: `<img src="` + png64 + `"/>`,
		"data:image/gif;base64,R0lGODlhAQABAAAAACw=":                  "", // a placeholder
		"data:image/svg+xml;base64," + strings.Repeat("PHN2Zz4=", 40): "",
		"data:image/png;base64," + strings.Repeat("A<script>", 40):    "",
		"data:image/png," + strings.Repeat("x", 300):                  "",
		"data:text/html;base64," + strings.Repeat("AAAA", 80):         "",
		"data:image/png;base64," + strings.Repeat("AAAA", maxDataURL): "",
		"DATA:IMAGE/JPG;BASE64," + strings.Repeat("AAAA", 50):         `<img src="data:image/jpeg;base64,` + strings.Repeat("AAAA", 50) + `"/>`,
	} {
		got := HTML(`<img src="`+in+`">`, "", o)
		if got != want {
			t.Errorf("%.60s becomes %.100s, want %.100s", in, got, want)
		}
		judge(t, in, got, o)
	}
}

func TestWithoutBase(t *testing.T) {
	t.Parallel()
	const in = `<a href="/x">a</a><a href="//example.org/y">b</a><img src="c.jpg"><a href="https://example.org/d">d</a>`
	const want = `a<a href="https://example.org/y"` + noRef + `>b</a><a href="https://example.org/d"` + noRef + `>d</a>`
	if got := HTML(in, "", Options{}); got != want {
		t.Errorf("got %s", got)
	}
}

// A nest deeper than any page comes back as text.
func TestDeep(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"<div>", "<ul><li>", "<b>a<i>", "<table><tr><td>", "<span title=x>"} {
		got := HTML(strings.Repeat(tag, 600)+"x &lt; y", base, Options{})
		if strings.Contains(got, "<") || !strings.HasSuffix(got, "x &lt; y") {
			t.Errorf("600 times %s becomes %.80s", tag, got)
		}
	}
	got := HTML(strings.Repeat("<div>", 400)+"x", base, Options{})
	judge(t, "400 divs", got, Options{})
	if !strings.HasPrefix(got, "<div>") {
		t.Errorf("400 divs become %.80s", got)
	}
}

// hostileUnits make trouble when they are repeated without end.
var hostileUnits = []string{
	"<", "<a", "<a b", "<a b='", "</", "<!", "<!--", "<!-->", "<?", "&", "&amp", "&#", "<p>", "<b>x", "<b>", "x</q>", "<a href=/x>y", "<a href=/x><p>y", "<script>", "<svg>", "<svg></svg>",
	"<select>", "<math>", "<math><mi>x</math>", "<video>", "<video src=/x></video>", "<iframe>", "<xmp>", "<plaintext>", "<table>", "<td>x", "<table><td>x", "<ul><li>", "<li>x", "<pre>\n", "<noscript>",
	"<img src=/x srcset='/y 1x'>", "<b title=1><i title=2>", "<p>x</b>", "</p>", "<hr>", "<h1>x", "<ruby>x<rt>", "<![CDATA[", "]]>", "<q title='\"'>y", "\x00", "\xff", "<svg", "</svg", "</svg </math ", "<dl><dd>x",
}

// Hostile input costs time in proportion to its length, whatever it is made of:
// 64 times the length must take less than a thousand times as long; quadratic
// work would take four thousand times as long. A busy machine gets more than one
// chance.
func TestHostile(t *testing.T) {
	t.Parallel()
	for _, u := range hostileUnits {
		best := func(n int) time.Duration {
			in, least := strings.Repeat(u, n/len(u)), time.Hour
			for range 2 {
				start := time.Now()
				HTML(in, base, Options{})
				least = min(least, time.Since(start))
			}
			return least
		}
		linear := false
		for range 8 {
			small, large := best(4<<10), best(256<<10)
			if linear = large < 100*time.Millisecond || large/1000 < small; linear {
				break
			}
		}
		if !linear {
			t.Errorf("the cost of %q grows faster than its length", u)
		}
	}
}

// What is too long is cut, and stays a fixed point within a mebibyte.
func TestLong(t *testing.T) {
	t.Parallel()
	spans := "<p>"
	for i := range maxInlines + 1 {
		spans += "<span title=" + strings.Repeat("&", 900) + string(rune('a'+i)) + ">"
	}
	for _, in := range []string{
		strings.Repeat("<p>a < b &amp; c</p> ", maxInput/21), strings.Repeat("&<", maxInput/2), "<p>" + strings.Repeat("é", maxInput/2), "<pre>\n" + strings.Repeat("<\n", maxInput/3), strings.Repeat(" x</q> ", maxInput/7),
		strings.Repeat("<a href=/x>y", maxInput/12), strings.Repeat("<h1>x", maxInput/5), strings.Repeat("<table><td>x</table>", maxInput/20), strings.Repeat("<img src=/x>", maxInput/12),
		strings.Repeat("<b><p>x", maxInput/7), spans + strings.Repeat("<p>x", maxInput/5), strings.Repeat("<math><mi>x&amp;</math>", maxInput/23),
	} {
		got := HTML(in, base, Options{})
		if len(got) > maxInput {
			t.Errorf("%.40q… becomes %d bytes", in, len(got))
		}
		if again := HTML(got, base, Options{}); again != got {
			t.Errorf("%.40q… is no fixed point: %d bytes, then %d", in, len(got), len(again))
		}
		if err := balanced(got); err != nil {
			t.Errorf("%.40q…: %v", in, err)
		}
	}
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	n := 0
	for _, s := range payloads(t) {
		for _, o := range []Options{{}, {DataImages: true, Frames: []string{player}}} {
			judge(t, s, HTML(s, base, o), o)
			judge(t, s, HTML(s, "", o), o)
		}
		n++
	}
	if n == 0 {
		t.Error("no payloads in the corpus")
	}
}

// payloads are the attacks of the corpus.
func payloads(t testing.TB) []string {
	f, err := os.Open(need.Corpora(t, "hostile", "xss.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var row struct{ S string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		all = append(all, row.S)
	}
	return all
}

func FuzzHTML(f *testing.F) {
	for _, s := range attacks {
		f.Add(s)
	}
	for _, s := range []string{"<b><i>a</b>b</i>", "<table>a<tr>b<td>c", "<a href=/x><p>y", "<pre>\n\nx", "<ruby>x<rt>y", "<ul><li>a<div><li>b", "<math><mi>x</mi></math>", "<video><source src=/x></video>", "<h1>a<p><h2>b", "<dl><dd><p>x<dt>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<16 {
			return
		}
		o := Options{DataImages: true, Frames: []string{player}}
		judge(t, s, HTML(s, base, o), o)
	})
}

func BenchmarkHTML(b *testing.B) {
	item := "<p>" + strings.Repeat(`A sentence of <b>some</b> length, as it stands in <a href="https://example.com/a?b=c&amp;d=e" class="x">an article</a> – with a dash.</p> <p>`, 20) + "<img src='/a.jpg' width=300></p>"
	b.ReportAllocs()
	b.SetBytes(int64(len(item)))
	for b.Loop() {
		HTML(item, base, Options{})
	}
}
