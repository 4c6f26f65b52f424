package article

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/quick"
	"time"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "plain\ttext\n", "plain\ttext\n"},
		{"good unicode", "naïve – „日本“ 😀", "naïve – „日本“ 😀"},
		{"controls", "a\x00b\x0bc\x1fd\x7fe", "abcde"},
		{"bytes that are no UTF-8", "a\xff\xfeb\xed\xa0\x80c\xc3", "abc"},
		{"C1, replacement character", "a\u0080b\u009fc\ufffdd", "abcd"},
		{"noncharacters", "a\ufffeb\uffffc\ufdd0d\U0001ffffe", "abcde"},
		{"line ends", "a\r\nb\rc\u0085d\u2028e\u2029f\r", "a\nb\nc\nd\ne\nf\n"},
		{"byte order marks", "\ufeffa\ufeffb", "ab"},
		{"overrides, embeddings, isolates", "a\u202eb\u202cc\u2066d\u2069e\u202af", "abcdef"},
		{"direction marks stay", "a\u200eb\u200fc\u061cd", "a\u200eb\u200fc\u061cd"},
		{"joiners stay", "می\u200cخواهم 👨\u200d👩", "می\u200cخواهم 👨\u200d👩"},
		{"zero width space", "a\u200bb", "ab"},
		{"zero width space in Khmer", "ខ្មែរ\u200bខ្មែរ", "ខ្មែរ\u200bខ្មែរ"},
		{"soft hyphen stays", "Bundes\u00adtag", "Bundes\u00adtag"},
		{"flag of Scotland", "\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F!", "\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F!"},
		{"hidden tag characters", "a\U000E0001\U000E0069\U000E0067b", "ab"},
		{"annotations, old format characters", "a\ufff9b\u206ac\u2060d\u180ee", "abcde"},
	} {
		if got := Clean(tt.in); got != tt.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

// xmlChar is the production Char of XML 1.0 without what it discourages.
func xmlChar(r rune) bool {
	return r == '\t' || r == '\n' || r >= 0x20 && r < 0x7F || r >= 0xA0 && r <= 0xD7FF || r >= 0xE000 && r < 0xFDD0 ||
		r > 0xFDEF && r <= 0xFFFC || r >= 0x10000 && r&0xFFFE != 0xFFFE
}

func checkClean(t *testing.T, what, in, out string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Errorf("%s(%q) = %q is not UTF-8", what, in, out)
	}
	for _, r := range out {
		if !xmlChar(r) {
			t.Errorf("%s(%q) holds %U", what, in, r)
		}
	}
	if again := Clean(out); again != out {
		t.Errorf("%s(%q) = %q, cleaned again %q", what, in, out, again)
	}
}

func TestCleanAnything(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r > 0x10FFFF-0x1000 || r > 0x2FFFF && r&0xFFFF < 0xFF00 && r>>8 != 0xE00 {
			r |= 0xFF // planes without characters
		}
		if s := Clean("a" + string(r) + "b"); len(s) > 2 {
			checkClean(t, "Clean", string(r), s)
		}
	}
	if err := quick.Check(func(b []byte) bool { checkClean(t, "Clean", string(b), Clean(string(b))); return !t.Failed() }, nil); err != nil {
		t.Error(err)
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                  "",
		"one line":                          "one line",
		" \n a\u00a0\tb \r\n\u3000c\u2003 ": "a b c",
		"Bundes\u00adtag":                   "Bundestag",
		"a\u200b b\x00":                     "a b",
		"   ":                               "",
		"\u00ad":                            "",
	} {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestIsLine spreads spaces over all places of texts of 17 characters.
func TestIsLine(t *testing.T) {
	t.Parallel()
	for bits := range 1 << 17 {
		b := []byte("abcdefghijklmnopq")
		for i := range b {
			if bits>>i&1 != 0 {
				b[i] = ' '
			}
		}
		for _, s := range []string{string(b), "é" + string(b), string(b[:11])} {
			if got, want := isLine(s), s == strings.Join(strings.Fields(s), " "); got != want {
				t.Fatalf("%q: %v", s, got)
			}
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		max  int
		want string
	}{
		{"abc", 3, "abc"}, {"abc", 2, "ab"}, {"abc", 0, ""}, {"abc", -1, ""}, {"aé", 2, "a"}, {"日本", 3, "日"}, {"日本", 5, "日"}, {"日", 2, ""},
		{"😀", 3, ""}, {"a😀", 4, "a"}, {"\x80\x80\x80\x80\x80\x80", 5, "\x80\x80\x80\x80\x80"},
	} {
		if got := Cut(tt.in, tt.max); got != tt.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
		}
	}
}

func TestPlainText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "a & b", "a & b"},
		{"entities once", "AT&amp;T &amp;lt;b&amp;gt; &eacute;&#8211;&#x41;", "AT&T &lt;b&gt; é–A"},
		{"paragraphs", "<p>One.</p>\n\n<p>Two <b>bold</b>.</p>", "One.\nTwo bold."},
		{"breaks", "a<br>b<br/>c", "a\nb\nc"},
		{"inline elements join", "foot<i>ball</i> is<span> </span>fun", "football is fun"},
		{"script and style", "a<script>alert('<p>')</script><style>p{}</style>b<noscript>x</noscript>", "ab"},
		{"a script's end in a comment", "a<!-- </p> <script> -->b", "ab"},
		{"unclosed script", "a<script>b", "a"},
		{"unclosed tag", "a<b", "a"},
		{"list", "<ul><li>a<li>b</ul>c", "a\nb\nc"},
		{"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a b\nc"},
		{"white space", "<div> a \n\t b&nbsp;c </div>", "a b\u00a0c"},
		{"preformatted", "x<pre>a\n  b\nc</pre>y", "x\na\nb\nc\ny"},
		{"less than", "1 < 2 <b>x</b>", "1 < 2 x"},
		{"controls", "<p>a&#0;b\x00c&#xFFFE;</p>", "abc"},
		{"upper case", "<P>a<P>b<SCRIPT>x</SCRIPT>", "a\nb"},
		{"attributes", `<a title="<p>x">y</a>`, "y"},
	} {
		if got := PlainText(tt.in); got != tt.want {
			t.Errorf("%s: PlainText(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

// Hostile input costs time in proportion to its length, whatever it is made of.
func TestIsPlainText(t *testing.T) {
	t.Parallel()
	for _, html := range []string{
		"", "a", "a &amp; b", "<p>a</p>", "<p>a</p>\n<p>b  c</p>", "<p>a&amp;b</p> ", "<pre>a\n  b</pre>", "<p>a\rb</p>", "<p>a\u200bb</p>", "<b>a</b> <i>b</i>", "<br/>",
		"<script>x</script>y", "<td>a</td><td>b</td>", "<p>one</p><p>two &lt; three</p>", "<p>" + strings.Repeat("words of a text, ", 50) + "</p>",
	} {
		text := PlainText(html)
		if !IsPlainText(html, text) {
			t.Errorf("%q is not the text of %q", text, html)
		}
		for _, other := range []string{text + " ", text + "\n", text + "x", " " + text, strings.TrimSuffix(text, "b"), "x"} {
			if other != text && IsPlainText(html, other) {
				t.Errorf("%q is the text of %q", other, html)
			}
		}
	}
}

func TestPlainTextHostile(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"<b>", "<", "</", "<!--", "<!", "&", "&#", "&amp", "<a b=", "<a b='", "<script>", "<script><!--", "<pre>", "<title>", "]]>", "<![CDATA[", "\x00", "\xff", "<p>a"} {
		checkClean(t, "PlainText", unit, PlainText(strings.Repeat(unit, 1000)))
		if !linear(func(n int) { PlainText(strings.Repeat(unit, n/len(unit))) }) {
			t.Errorf("the cost of %q grows faster than its length", unit)
		}
	}
}

// linear reports whether f takes less than a thousand times as long for 64 times
// the length; quadratic work would take four thousand times as long. A busy
// machine gets more than one chance.
func linear(f func(n int)) bool {
	best := func(n int) time.Duration {
		least := time.Hour
		for range 2 {
			start := time.Now()
			f(n)
			least = min(least, time.Since(start))
		}
		return least
	}
	for range 8 {
		if small, large := best(4<<10), best(256<<10); large < 100*time.Millisecond || large/1000 < small {
			return true
		}
	}
	return false
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"en": "en", "EN": "en", "en_us": "en-US", "en-us": "en-US", " de-de ": "de-DE", "eng": "en", "zh_Hans_CN": "zh-Hans-CN", "zh-tw": "zh-TW",
		"pt-BR,pt;q=0.9": "pt-BR", "en, de": "en", "en/de": "en", "en_US.UTF-8": "en-US", "sr@latin": "sr", "iw": "he", "en-EN": "en", "en-UK": "en-GB",
		"English": "en", "Deutsch": "de", "日本語": "ja", "jp": "ja", "es-419": "es-419", "sr-Latn": "sr-Latn", "\"fr\"": "fr", "en-": "en",
		"": "", "und": "", "mul": "", "zxx": "", "x-default": "", "unknown": "", "none": "", "C": "", "POSIX": "", "q": "", "qq": "", "12": "",
		"zz-ZZ": "", "not a language": "", "i-klingon": "tlh", strings.Repeat("en-", 200): "",
	} {
		if got := Language(in); got != want {
			t.Errorf("Language(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWordCount(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		"": 0, "one": 1, "  two words ": 2, "don't stop – well-known … 3.5": 4, "— – -": 0, "日本語です": 5, "日本 and 中国。": 5, "カタカナー": 5,
		"한국어 문장": 2, "ภาษาไทย": 2, "привет, мир": 2, "a\u00a0b\u2003c": 3, "「日」、『本』": 2, "x日y": 3, "𠀀𠀁": 2, "العربية لغة": 2,
	} {
		if got := WordCount(in); got != want {
			t.Errorf("WordCount(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestFirstWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{
		{"", 5, ""}, {"One two", 5, "One two"}, {"One two three", 2, "One two…"}, {"One two,\n three", 2, "One two…"},
		{"It is a short sentence. And more of it follows.", 12, "It is a short sentence."},
		{"The U.S. army of Gen. Grant has won the battle of the day", 8, "The U.S. army of Gen. Grant has won…"},
		{"日本語の長い文章です。続きます。", 12, "日本語の長い文章です。"}, {"日本語の長い文章です", 3, "日本語の長い…"},
		{strings.Repeat("x", 1000), 3, strings.Repeat("x", 73) + "…"}, {"Is it? Yes it is", 9, "Is it? Yes it is"}, {"Is it so? Yes it is", 9, "Is it so?"},
	} {
		if got := FirstWords(tt.in, tt.n); got != tt.want {
			t.Errorf("FirstWords(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"a\xff\u202eb", "<p>a&#0;<script>", "日本語。x", "en-US;q", `<p class="a" id="b">One &amp; two<br/>three</p><pre> a
 b</pre><td>c</td>`, "<b >x</b ><a href=\"&quot;>\">y</a>", "\U0001F3F4\U000E0067\u200b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkClean(t, "Clean", s, Clean(s))
		line := Line(s)
		checkClean(t, "Line", s, line)
		if Line(line) != line || strings.ContainsAny(line, "\n\t") {
			t.Errorf("Line(%q) = %q", s, line)
		}
		checkClean(t, "PlainText", s, PlainText(s))
		var quick, slow plainText
		if slow.tokens(s); quick.plain(s) && quick.b.String() != slow.b.String() {
			t.Errorf("PlainText(%q) = %q by its own reading, %q by tokens", s, quick.b.String(), slow.b.String())
		}
		if strings.Contains(s, "<") {
			if got, want := PlainText(s), Clean(strings.TrimRight(slow.b.String(), " \n")); got != want {
				t.Errorf("PlainText(%q) = %q, want %q", s, got, want)
			}
		}
		for _, text := range []string{PlainText(s), line, s} {
			if IsPlainText(s, text) != (PlainText(s) == text) {
				t.Errorf("IsPlainText(%q, %q) = %v", s, text, PlainText(s) != text)
			}
		}
		for _, other := range []string{line, s + " ", s[:len(s)/2], "\n" + s + "\u00ad"} {
			if SameLine(s, other) != (line == Line(other)) {
				t.Errorf("SameLine(%q, %q) = %v", s, other, line != Line(other))
			}
		}
		long := strings.Repeat(s+" ", 1+len(s)%300)
		if got, want := string(appendWords(nil, long)), strings.Join(append(strings.Fields(long), "\x00"), " "); got != want {
			t.Errorf("the words of %q are %q, want %q", long, got, want)
		}
		checkClean(t, "FirstWords", s, FirstWords(s, 5))
		if l := Language(s); Language(l) != l {
			t.Errorf("Language(%q) = %q, then %q", s, l, Language(l))
		}
		if n := WordCount(s); n < 0 || n > len(s) {
			t.Errorf("WordCount(%q) = %d", s, n)
		}
		ascii := strings.Map(func(r rune) rune { return r & 0x7F }, s)
		counted := len(slices.DeleteFunc(strings.Fields(ascii), func(w string) bool {
			return !strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
		}))
		if n := WordCount(ascii); n != counted {
			t.Errorf("WordCount(%q) = %d, want %d", ascii, n, counted)
		}
	})
}

func BenchmarkText(b *testing.B) {
	text := strings.Repeat("A sentence of some length, as it stands in an article – with a dash. ", 60)
	page := "<p>" + strings.ReplaceAll(text, "length", "<b>length</b>") + "</p>"
	for name, f := range map[string]func(){
		"Clean": func() { Clean(text) }, "Line": func() { Line(text) }, "PlainText": func() { PlainText(page) }, "WordCount": func() { WordCount(text) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				f()
			}
		})
	}
}

func TestOneSpaced(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	whole := 0
	for range 200_000 {
		b := make([]byte, r.IntN(30))
		for i := range b {
			b[i] = "abcdefghijklmnop!  \t\n\x1f\x7f\xc3\xa4~@"[r.IntN(27)]
			if i%8 < 6 && b[i] <= ' ' {
				b[i] = 'x'
			}
		}
		s := string(b)
		want := 0
		for want < len(s) && (s[want] > ' ' || strings.HasPrefix(s[want:], " ") && want+1 < len(s) && s[want+1] > ' ') {
			want++
		}
		ascii := strings.IndexFunc(s[:want], func(r rune) bool { return r > '~' }) < 0
		if n, a := oneSpaced(s); n != want || a != ascii {
			t.Fatalf("%q: %d %v, want %d %v", s, n, a, want, ascii)
		}
		if want == len(s) && want > 16 {
			whole++
		}
	}
	if whole < 1000 {
		t.Errorf("only %d were so to their end", whole)
	}
}
