package article

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestCanonicalURL(t *testing.T) {
	t.Parallel()
	newsID := base64.RawURLEncoding.EncodeToString([]byte("\x08\x13\x22\x1ahttps://www.dw.com/en/a-12\xd2\x01\x00"))
	bing := base64.RawURLEncoding.EncodeToString([]byte("https://www.dw.com/en/a-1"))
	tests := []struct{ name, in, want string }{
		{"plain", "https://example.com/a", "https://example.com/a"},
		{"case", "HTTPS://WWW.Example.COM/Path?Q=A", "https://www.example.com/Path?Q=A"},
		{"empty path", "http://example.com", "http://example.com/"},
		{"empty path and query", "http://example.com?a=1", "http://example.com/?a=1"},
		{"default ports", "http://example.com:80/ ", "http://example.com/"},
		{"default port of https", "https://example.com:0443/", "https://example.com/"},
		{"other port", "https://example.com:80/", "https://example.com:80/"},
		{"trailing dot", "https://example.com./a", "https://example.com/a"},
		{"user", "https://user:secret@example.com/a", "https://example.com/a"},
		{"idna", "http://bücher.example/ü?ü=ü", "http://xn--bcher-kva.example/%C3%BC?%C3%BC=%C3%BC"},
		{"ideographic dot", "http://日本語。jp/", "http://xn--wgv71a119e.jp/"},
		{"ipv6", "http://[2001:DB8::0:1]:8080/", "http://[2001:db8::1]:8080/"},
		{"dots", "http://example.com/a/./b/../c/%2e%2E/d", "http://example.com/a/d"},
		{"dots above the root", "http://example.com/../../a/..", "http://example.com/"},
		{"escapes", "http://example.com/%7Eme/%2f%41%zz%", "http://example.com/~me/%2FA%25zz%25"},
		{"blanks", " \n http://example.com/a b\t\n/c ", "http://example.com/a%20b/c"},
		{"backslashes", `http:\\example.com\a\b?c\d`, "http://example.com/a/b?c%5Cd"},
		{"one slash", "http:/example.com/a", "http://example.com/a"},
		{"brackets", "http://example.com/?a[]=1&b=%5B", "http://example.com/?a%5B%5D=1&b=%5B"},
		{"fragment", "http://example.com/a#top", "http://example.com/a"},
		{"hashbang", "http://example.com/#!/a/1", "http://example.com/#!/a/1"},
		{"routing fragment", "http://example.com/#/a/1", "http://example.com/#/a/1"},
		{"xtor in the fragment", "http://example.com/a#xtor=RSS-3208", "http://example.com/a"},
		{"nothing left", "http://example.com/a?utm_source=x&&fbclid=y&", "http://example.com/a"},
		{"order", "http://example.com/a?z=1&utm_medium=m&b=2&a=3", "http://example.com/a?z=1&b=2&a=3"},
		{"first and last", "http://example.com/a?gclid=1&id=7&at_medium=RSS&at_campaign=KARANGA", "http://example.com/a?id=7"},
		{"upper case and escaped", "http://example.com/a?UTM_Source=x&utm%5Fmedium=y&id=1", "http://example.com/a?id=1"},
		{"double escaping", "http://example.com/a?id=1&amp;page=2&amp;utm_source=x", "http://example.com/a?id=1&page=2"},
		{"session", "http://example.com/a;jsessionid=12AB?PHPSESSID=1&id=1", "http://example.com/a?id=1"},
		{"session within", "http://example.com/a;JSESSIONID=12AB;v=1/b", "http://example.com/a;v=1/b"},
		{"dw", "https://www.dw.com/en/x/a-67903698?maca=en-rss-en-all-1573-rdf", "https://www.dw.com/en/x/a-67903698"},
		{"nyt", "https://www.nytimes.com/2024/01/05/a.html?partner=rss&emc=rss", "https://www.nytimes.com/2024/01/05/a.html"},
		{"only on its host", "https://example.com/?smid=x&mod=3&mbid=9", "https://example.com/?mod=3&mbid=9"},
		{"channel", "https://example.com/a?ref=rss&source=RSS-1", "https://example.com/a"},
		{"no channel", "https://example.com/a?ref=main&source=reuters", "https://example.com/a?ref=main&source=reuters"},
		{"amp", "https://example.com/a?amp=1", "https://example.com/a"},
		{"no amp", "https://example.com/a?amp=20", "https://example.com/a?amp=20"},
		{"a feed stays a feed", "https://example.com/?feed=rss2", "https://example.com/?feed=rss2"},

		{"proxy", "https://proxy.example.net:443/https/p.dw.com/p/4auqw", "https://p.dw.com/p/4auqw"},
		{"proxy with query", "http://proxy.example.net/http/www.bbc.co.uk:8080/n?id=1&utm_source=x", "http://www.bbc.co.uk:8080/n?id=1"},
		{"proxy in proxy", "https://a.example.net/https/b.example.net/https/p.dw.com/p/4auqw", "https://p.dw.com/p/4auqw"},
		{"no proxy", "https://example.com/https/introduction", "https://example.com/https/introduction"},
		{"no proxy either", "https://example.com/http-2/explained.html", "https://example.com/http-2/explained.html"},
		{"prefix", "https://r.example.net/https://www.dw.com/en/a-1?x=1", "https://www.dw.com/en/a-1?x=1"},
		{"prefix, encoded", "https://r.example.net/https%3A%2F%2Fwww.dw.com%2Fen%2Fa-1%3Fx%3D1/", "https://www.dw.com/en/a-1?x=1"},
		{"google", "https://www.google.com/url?rct=j&sa=t&url=https%3A%2F%2Fwww.dw.com%2Fen%2Fa-1%3Fa%3Db%26c&ct=ga", "https://www.dw.com/en/a-1?a=b&c"},
		{"google elsewhere", "http://www.google.co.uk/url?q=http://example.com/&sa=U", "http://example.com/"},
		{"google search", "https://www.google.com/search?q=http://example.com/", "https://www.google.com/search?q=http://example.com/"},
		{"google news", "https://news.google.com/rss/articles/" + newsID + "?oc=5", "https://www.dw.com/en/a-12"},
		{"google news, opaque", "https://news.google.com/rss/articles/CBMiAAAA?oc=5", "https://news.google.com/rss/articles/CBMiAAAA"},
		{"facebook", "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa%3Ffbclid%3D1&h=AT0", "https://example.com/a"},
		{"safelinks", "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Fa&data=05", "https://example.com/a"},
		{"urldefense v2", "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.example.com_a-2Db&d=1", "https://www.example.com/a-b"},
		{"urldefense v3", "https://urldefense.com/v3/__https://www.example.com/a?b=c__;!!x", "https://www.example.com/a?b=c"},
		{"bing", "https://www.bing.com/ck/a?!&&p=1&u=a1" + bing + "&ntb=1", "https://www.dw.com/en/a-1"},
		{"yahoo", "https://us.rd.yahoo.com/dailynews/rss/*http://news.example.com/s/1", "http://news.example.com/s/1"},
		{"yahoo search", "https://r.search.yahoo.com/_ylt=A/RV=2/RO=10/RU=https%3a%2f%2fexample.com%2fa/RK=2/RS=x", "https://example.com/a"},
		{"href.li", "https://href.li/?https://example.com/a?b=1", "https://example.com/a?b=1"},
		{"amp cache", "https://www-dw-com.cdn.ampproject.org/c/s/www.dw.com/en/a-1/amp", "https://www.dw.com/en/a-1/amp"},
		{"amp cache, http", "https://cdn.ampproject.org/v/www.dw.com/en/a-1?amp_js_v=0.1", "http://www.dw.com/en/a-1"},
		{"google amp", "https://www.google.de/amp/s/www.dw.com/en/a-1", "https://www.dw.com/en/a-1"},
		{"archive", "https://web.archive.org/web/20240105000000id_/https://www.dw.com/en/a-1?x=y", "https://www.dw.com/en/a-1?x=y"},
		{"archive, one slash", "http://web.archive.org/web/2024*/http:/www.dw.com/en/a-1", "http://www.dw.com/en/a-1"},
		{"archive, short", "https://web.archive.org/web/20240105/dw.com/en/a-1", "http://dw.com/en/a-1"},
		{"archive's own page", "https://web.archive.org/web/about/us", "https://web.archive.org/web/about/us"},
		{"translator", "https://www-dw-com.translate.goog/en/a-1?_x_tr_sl=auto&_x_tr_tl=de&id=3", "https://www.dw.com/en/a-1?id=3"},
		{"translator, hyphen", "https://n--tv-example-de.translate.goog/a", "https://n-tv.example.de/a"},
		{"the register", "https://go.theregister.com/feed/www.theregister.com/2024/01/05/a/", "https://www.theregister.com/2024/01/05/a/"},
		{"feedburner is opaque", "http://feedproxy.google.com/~r/Dw/~3/abc/?utm_source=feedburner", "http://feedproxy.google.com/~r/Dw/~3/abc/"},
		{"to a private host", "https://www.google.com/url?url=http://127.0.0.1/x", "https://www.google.com/url?url=http://127.0.0.1/x"},
		{"to a script", "https://www.google.com/url?url=javascript:alert(1)", "https://www.google.com/url?url=javascript:alert(1)"},

		{"relative", "/a/b", ""},
		{"no scheme", "www.example.com/a", ""},
		{"scheme-relative", "//example.com/a", ""},
		{"mail", "mailto:a@example.com", ""},
		{"script", "java\nscript:alert(1)", ""},
		{"no host", "http:///", ""},
		{"empty", "", ""},
		{"bad port", "http://example.com:99999/", ""},
		{"port of letters", "http://example.com:a/", ""},
		{"bad host", "http://exa mple.com/", ""},
		{"empty label", "http://a..b/", ""},
		{"bad ipv6", "http://[::1/", ""},
		{"too long", "http://example.com/" + strings.Repeat("a", MaxURL), ""},
		{"too long once encoded", "http://example.com/" + strings.Repeat("ü", MaxURL/4), ""},
	}
	for _, tt := range tests {
		got := CanonicalURL(tt.in)
		if got != tt.want {
			t.Errorf("%s: CanonicalURL(%q)\n got %q\nwant %q", tt.name, tt.in, got, tt.want)
		}
		if again := CanonicalURL(got); again != got {
			t.Errorf("%s: not a fixed point: %q becomes %q", tt.name, got, again)
		}
	}
}

// Addresses that look alike but are different pages stay apart.
func TestCanonicalURLKeepsApart(t *testing.T) {
	t.Parallel()
	for _, group := range [][]string{
		{"https://example.com/a", "https://example.com/a/", "https://example.com/A", "http://example.com/a", "https://www.example.com/a"},
		{"https://example.com/?p=1", "https://example.com/?p=2", "https://example.com/?P=1", "https://example.com/"},
		{"https://example.com/a?id=1", "https://example.com/a?id=1&page=2", "https://example.com/a?id=1&lang=de"},
		{"https://example.com/a%2Fb", "https://example.com/a/b"},
		{"https://example.com/?q=a%26b", "https://example.com/?q=a&b"},
		{"https://example.com/?q=a+b", "https://example.com/?q=a%2Bb"},
		{"https://example.com/?sc_lang=en", "https://example.com/?sc_lang=de", "https://example.com/"},
		{"https://example.com/#!/a", "https://example.com/#!/b"},
		{"https://example.com/?mbid=1", "https://example.com/?mbid=2"},
		{"https://example.com/a;v=1", "https://example.com/a;v=2"},
		{"https://example.com/read?article=5&from=home", "https://example.com/read?article=6&from=home"},
		{"https://www.google.com/url?q=cats", "https://www.google.com/url?q=dogs"},
		{"https://example.com/?url=https://a.example.org/", "https://example.com/?url=https://b.example.org/"},
		{"https://example.com/?feed=rss2", "https://example.com/?feed=atom", "https://example.com/"},
		{"https://news.google.com/rss?hl=de&gl=DE&ceid=DE:de", "https://news.google.com/rss?hl=en&gl=US&ceid=US:en"},
	} {
		seen := map[string]string{}
		for _, u := range group {
			c := CanonicalURL(u)
			if other, ok := seen[c]; ok {
				t.Errorf("%s and %s are both %s", u, other, c)
			}
			seen[c] = u
		}
	}
}

func TestLinkKey(t *testing.T) {
	t.Parallel()
	same := []string{"http://www.example.com/a/", "https://example.com/a", "https://m.example.com/a?utm_source=x", "https://amp.example.com/a/?amp=1"}
	for _, u := range same {
		if got := LinkKey(u); got != "example.com/a" {
			t.Errorf("LinkKey(%q) = %q", u, got)
		}
	}
	for in, want := range map[string]string{"https://www.com/a": "www.com/a", "mailto:x": "", "https://example.com/a/?b": "example.com/a?b"} {
		if got := LinkKey(in); got != want {
			t.Errorf("LinkKey(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	const base = "http://a/b/c/d;p?q"
	for _, tt := range []struct{ base, ref, want string }{
		// RFC 3986 section 5.4.1
		{base, "g:h", "g:h"}, {base, "g", "http://a/b/c/g"}, {base, "./g", "http://a/b/c/g"}, {base, "g/", "http://a/b/c/g/"},
		{base, "/g", "http://a/g"}, {base, "//g", "http://g"}, {base, "?y", "http://a/b/c/d;p?y"}, {base, "g?y", "http://a/b/c/g?y"},
		{base, "#s", "http://a/b/c/d;p?q#s"}, {base, "g#s", "http://a/b/c/g#s"}, {base, "g?y#s", "http://a/b/c/g?y#s"},
		{base, ";x", "http://a/b/c/;x"}, {base, "g;x=1/../y", "http://a/b/c/y"}, {base, "", "http://a/b/c/d;p?q"},
		{base, ".", "http://a/b/c/"}, {base, "./", "http://a/b/c/"}, {base, "..", "http://a/b/"}, {base, "../g", "http://a/b/g"},
		{base, "../..", "http://a/"}, {base, "../../g", "http://a/g"},
		// section 5.4.2
		{base, "../../../g", "http://a/g"}, {base, "/./g", "http://a/g"}, {base, "/../g", "http://a/g"}, {base, "g.", "http://a/b/c/g."},
		{base, "..g", "http://a/b/c/..g"}, {base, "./../g", "http://a/b/g"}, {base, "g/./h", "http://a/b/c/g/h"},
		{base, "g?y/../x", "http://a/b/c/g?y/../x"}, {base, "g#s/../x", "http://a/b/c/g#s/../x"},
		// repairs
		{base, " \n\tg \r\n", "http://a/b/c/g"}, {base, "\x01/g\x00h", "http://a/gh"}, {base, `\g\h`, "http://a/g/h"},
		{base, `\\h\i`, "http://h/i"}, {base, "g h?i j", "http://a/b/c/g%20h?i%20j"}, {base, "é", "http://a/b/c/%C3%A9"},
		{base, "HTTPS://Example.com", "https://Example.com"}, {base, "http:/x/y", "http://x/y"}, {base, "java\tscript:x", "javascript:x"},
		{base, "mailto:a@b", "mailto:a@b"}, {base, "data:image/gif;base64,AA", "data:image/gif;base64,AA"},
		{"http://a", "g", "http://a/g"}, {"http://a", "", "http://a"}, {"http://a?x", "#f", "http://a?x#f"},
		{"https://u:p@a/b", "c", "https://a/c"}, {"https://a/b", "//u:p@c/d", "https://c/d"}, {"https://a/b/", "//", ""},
		{"", "g", ""}, {"", "http://a/b", "http://a/b"}, {"ftp://a/", "g", ""}, {"not a base", "/g", ""}, {"", "//h/g", ""},
		{base, "http://", ""}, {base, "http://b c/", ""}, {base, "12:30", "http://a/b/c/12:30"},
	} {
		if got := Resolve(tt.base, tt.ref); got != tt.want {
			t.Errorf("Resolve(%q, %q) = %q, want %q", tt.base, tt.ref, got, tt.want)
		}
	}
}

func TestRegistrableDomain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"www.bbc.co.uk": "bbc.co.uk", "BBC.co.uk.": "bbc.co.uk", "a.b.example.org:8080": "example.org", "me.github.io": "me.github.io",
		"x.me.github.io": "me.github.io", "co.uk": "co.uk", "localhost": "localhost", "127.0.0.1:80": "127.0.0.1", "[::1]:80": "[::1]",
		"::1": "::1", "": "",
	} {
		if got := RegistrableDomain(in); got != want {
			t.Errorf("RegistrableDomain(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzCanonicalURL(f *testing.F) {
	for _, s := range []string{"http://a/b?c=d#!e", "https://x.example:443/https/p.dw.com/p/1", "http://é.example/%zz/../?amp;utm_x&a=%", "https://google.com/url?q=http://google.com/url?q=http://b.example", "https://b.example/~a/b_c/d-1.html", "http://b.example/a//.b"} {
		f.Add(s, "../x y")
	}
	f.Fuzz(func(t *testing.T, raw, ref string) {
		c := CanonicalURL(raw)
		if again := CanonicalURL(c); again != c {
			t.Errorf("%q becomes %q, then %q", raw, c, again)
		}
		if c != "" && (len(c) > MaxURL || !strings.HasPrefix(c, "http") || !isASCII(c) || strings.ContainsAny(c, " \"<>\\^`{|}\x00\n\r\t")) {
			t.Errorf("%q becomes %q", raw, c)
		}
		r := Resolve(raw, ref)
		if scheme, _ := splitScheme(r); scheme == "http" || scheme == "https" {
			if again := Resolve("", r); again != r {
				t.Errorf("Resolve(%q, %q) = %q, which resolves to %q", raw, ref, r, again)
			}
		} else if r != "" && scheme == "" {
			t.Errorf("Resolve(%q, %q) = %q is not absolute", raw, ref, r)
		}
		LinkKey(raw)
		if plain, ok := plainAddress(raw); ok {
			a, parsed := parseBase(raw)
			if a.normalise(); !parsed || a != plain || a.String() != raw {
				t.Errorf("%q is read as %+v, which is %+v", raw, plain, a)
			}
		}
	})
}

func BenchmarkCanonicalURL(b *testing.B) {
	for name, u := range map[string]string{
		"clean":   "https://www.dw.com/en/iraq-moves-to-end-us-led-coalition/a-67903698",
		"tracked": "https://www.bbc.co.uk/news/world-67889001?at_medium=RSS&at_campaign=KARANGA&id=1",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				CanonicalURL(u)
			}
		})
	}
}
