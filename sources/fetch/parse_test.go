package fetch

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFreshness(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	date := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	tests := []struct {
		name string
		h    http.Header
		want Freshness
	}{
		{"nothing", http.Header{}, Freshness{}},
		{"max-age", http.Header{"Cache-Control": {"public, max-age=600"}}, Freshness{10 * time.Minute, "max-age", false}},
		{"less its age", http.Header{"Cache-Control": {"max-age=600"}, "Age": {"60"}}, Freshness{9 * time.Minute, "max-age", false}},
		{"older than that", http.Header{"Cache-Control": {"max-age=600"}, "Age": {"6000"}}, Freshness{0, "max-age", false}},
		{"odd age", http.Header{"Cache-Control": {"max-age=600"}, "Age": {"-5"}}, Freshness{10 * time.Minute, "max-age", false}},
		{"quoted, odd case", http.Header{"Cache-Control": {`Max-Age="60"`}}, Freshness{time.Minute, "max-age", false}},
		{"two lines", http.Header{"Cache-Control": {"private", "max-age=60"}}, Freshness{time.Minute, "max-age", false}},
		{"s-maxage is for shared caches", http.Header{"Cache-Control": {"s-maxage=600, max-age=60"}}, Freshness{time.Minute, "max-age", false}},
		{"negative", http.Header{"Cache-Control": {"max-age=-1"}}, Freshness{}},
		{"huge", http.Header{"Cache-Control": {"max-age=99999999999999999999999"}}, Freshness{maxFreshness, "max-age", false}},
		{"no-cache", http.Header{"Cache-Control": {"no-cache, max-age=60"}}, Freshness{time.Minute, "max-age", true}},
		{"no-store", http.Header{"Cache-Control": {"no-store"}}, Freshness{0, "", true}},
		{"pragma", http.Header{"Pragma": {"no-cache"}}, Freshness{0, "", true}},
		{"expires", http.Header{"Expires": {date(time.Hour)}}, Freshness{time.Hour, "expires", false}},
		{"expires by the server's clock", http.Header{"Expires": {date(3 * time.Hour)}, "Date": {date(2 * time.Hour)}}, Freshness{time.Hour, "expires", false}},
		{"expired", http.Header{"Expires": {date(-time.Hour)}}, Freshness{0, "expires", false}},
		{"expires 0", http.Header{"Expires": {"0"}}, Freshness{0, "expires", false}},
		{"expires far", http.Header{"Expires": {"Thu, 31 Dec 2099 23:59:59 GMT"}}, Freshness{maxFreshness, "expires", false}},
		{"max-age wins", http.Header{"Expires": {date(time.Hour)}, "Cache-Control": {"max-age=60"}}, Freshness{time.Minute, "max-age", false}},
	}
	for _, tt := range tests {
		if got := freshness(tt.h, now); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	date := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	tests := []struct {
		name, value, date string
		want              time.Duration // zero: nothing
	}{
		{"seconds", "120", "", 2 * time.Minute},
		{"none", "", "", 0},
		{"zero", "0", "", 0},
		{"negative", "-10", "", 0},
		{"words", "soon", "", 0},
		{"a year", "31536000", "", 7 * 24 * time.Hour},
		{"endless", strings.Repeat("9", 40), "", 7 * 24 * time.Hour},
		{"date", date(time.Hour), "", time.Hour},
		{"date far", date(1000 * time.Hour), "", 7 * 24 * time.Hour},
		{"date past", date(-time.Hour), "", 0},
		{"RFC 850 date", now.Add(time.Hour).Format("Monday, 02-Jan-06 15:04:05 GMT"), "", time.Hour},
		{"server's clock behind", date(-time.Hour), date(-2 * time.Hour), time.Hour},
		{"server's clock ahead", date(3 * time.Hour), date(2 * time.Hour), 3 * time.Hour},
	}
	for _, tt := range tests {
		h := http.Header{}
		if tt.value != "" {
			h.Set("Retry-After", tt.value)
		}
		if tt.date != "" {
			h.Set("Date", tt.date)
		}
		got := retryAfter(h, now)
		if tt.want == 0 && !got.IsZero() || tt.want != 0 && !got.Equal(now.Add(tt.want)) {
			t.Errorf("%s: %s, want after %s", tt.name, got, tt.want)
		}
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	base := mustURL(t, "https://one.example/a/feed.xml")
	tests := []struct {
		name  string
		lines []string
		want  []string // url rel…
	}{
		{"one", []string{`<https://hub.example/>; rel="hub"`}, []string{"https://hub.example/ hub"}},
		{"two in a line", []string{`<https://hub.example/>; rel=hub, <https://one.example/self>; rel="self"`}, []string{"https://hub.example/ hub", "https://one.example/self self"}},
		{"two lines", []string{`<h>;rel=hub`, `</s>;rel=self`}, []string{"https://one.example/a/h hub", "https://one.example/s self"}},
		{"many relations", []string{`<x>; rel="SELF  alternate"`}, []string{"https://one.example/a/x self alternate"}},
		{"the first rel counts", []string{`<x>; rel=hub; rel=self`}, []string{"https://one.example/a/x hub"}},
		{"comma and semicolon in quotes", []string{`<x>; title="a, b; \"rel=self\""; rel=hub, <y>; rel=self`}, []string{"https://one.example/a/x hub", "https://one.example/a/y self"}},
		{"comma in the address", []string{`<x,y;z>; rel=hub`}, []string{"https://one.example/a/x,y;z hub"}},
		{"spaces", []string{" < x > ;  rel  =  hub  "}, []string{"https://one.example/a/x hub"}},
		{"parameter without value", []string{`<x>; crossorigin; rel=hub`}, []string{"https://one.example/a/x hub"}},
		{"no relation", []string{`<x>; title=y`}, nil},
		{"no closing bracket", []string{`<x; rel=hub`}, nil},
		{"no closing quote", []string{`<x>; rel="hub`}, []string{"https://one.example/a/x hub"}},
		{"of another document", []string{`<x>; rel=hub; anchor="https://two.example/"`}, nil},
		{"of this document", []string{`<x>; rel=hub; anchor="feed.xml"`}, []string{"https://one.example/a/x hub"}},
		{"anchor empty", []string{`<x>; rel=hub; anchor=""`}, []string{"https://one.example/a/x hub"}},
		{"other schemes", []string{`<javascript:alert(1)>; rel=hub, <file:///x>; rel=hub, <https://ok.example/>; rel=hub`}, []string{"https://ok.example/ hub"}},
		{"junk before", []string{`junk, <x>; rel=hub`}, []string{"https://one.example/a/x hub"}},
		{"junk after", []string{`<x> junk; rel=hub`}, []string{"https://one.example/a/x hub"}},
		{"fragment", []string{`<x#y>; rel=self`}, []string{"https://one.example/a/x self"}},
		{"empty", []string{"", ",", ";", "<>"}, nil},
	}
	for _, tt := range tests {
		var got []string
		for _, l := range parseLinks(tt.lines, base) {
			got = append(got, l.URL+" "+strings.Join(l.Rel, " "))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if n := len(parseLinks([]string{strings.Repeat("<x>; rel=hub, ", 1000)}, base)); n != maxLinks {
		t.Errorf("%d links of 1000", n)
	}
	r := Response{Links: parseLinks([]string{`<h>; rel=hub, <h>; rel=hub, <i>; rel="hub x"; type="text/html"; title=T`}, base)}
	if !slices.Equal(r.Hubs(), []string{"https://one.example/a/h", "https://one.example/a/i"}) || r.Self() != "" {
		t.Errorf("hubs %q, self %q", r.Hubs(), r.Self())
	}
	if l := r.Links[2]; l.Type != "text/html" || l.Title != "T" {
		t.Errorf("%+v", l)
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want, user string }{
		{"example.org", "https://example.org/", ""},
		{" example.org/feed ", "https://example.org/feed", ""},
		{"//example.org/feed", "https://example.org/feed", ""},
		{"example.org:8080/feed", "https://example.org:8080/feed", ""},
		{"localhost:8080", "https://localhost:8080/", ""},
		{"http://example.org", "http://example.org/", ""},
		{"HTTP://EXAMPLE.ORG:80/A", "http://example.org/A", ""},
		{"https://example.org:443/#top", "https://example.org/", ""},
		{"https://example.org:80/", "https://example.org:80/", ""},
		{"feed://example.org/rss", "https://example.org/rss", ""},
		{"feed:https://example.org/rss", "https://example.org/rss", ""},
		{"FEED:http://example.org/rss", "http://example.org/rss", ""},
		{"https://me:pw@example.org/x", "https://example.org/x", "me:pw"},
		{"https://Bücher.example/ö?ä=ü", "https://xn--bcher-kva.example/%C3%B6?ä=ü", ""},
		{"https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai/", ""},
		{"https://under_score.example/", "https://under_score.example/", ""},
		{"https://example.org/a b", "https://example.org/a%20b", ""},
		{"https://example.org/50%", "https://example.org/50%25", ""},
		{"https://[2606:2800:220:1:0:0:0:34]/", "https://[2606:2800:220:1::34]/", ""},
		{"https://example.org?x=1", "https://example.org/?x=1", ""},
		{"https://example.org/%7Ejoe/", "https://example.org/%7Ejoe/", ""},
	}
	for _, tt := range tests {
		got, user, err := Address(tt.in)
		if err != nil || got != tt.want || user.String() != tt.user && tt.user != "" || tt.user == "" && user != nil {
			t.Errorf("%q: %q, %v, %v; want %q", tt.in, got, user, err, tt.want)
		}
		if again, _, err := Address(got); again != got || err != nil {
			t.Errorf("%q: not stable: %q, %v", tt.in, again, err)
		}
	}
	for _, in := range []string{
		"", "https://", "ftp://example.org/", "mailto:a@b.example", "javascript:alert(1)", "file:///etc/passwd", "https:example.org",
		"https://exa mple.org/", "https://[::1/", "http://example.org:port/", "https://me:s3cret@@exa<mple.org/", "https://x" + strings.Repeat("y", 9000),
		"http://me:s3/cret@example.org/", "https://\u00ad.example/", "http://a\x00b/", "https://xn--a.é/",
	} {
		got, _, err := Address(in)
		if err == nil {
			t.Errorf("%q was taken for %q", in, got)
		} else if strings.Contains(err.Error(), "s3") {
			t.Errorf("%q: the error tells the password: %v", in, err)
		}
	}
}

// What is read by a scan is what a parse would have made of it.
func TestReadCanonical(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://example.org/": true, "http://127.0.0.1:8080/a/b.xml": true, "https://example.org/feed?format=rss&q=%20x": true, "https://a-b.example/~joe/": true,
		"https://example.org": false, "https://Example.org/": false, "https://example.org:443/": false, "https://example.org/#x": false, "https://me@example.org/": false,
		"https://example.org/?": false, "https://example.org/a b": false, "https://example.org/%41": false, "https://[::1]/": false, "https://../": false,
		"ftp://example.org/": false, " https://example.org/": false, "https://example.org:/": false, "https://:8080/": false, "https://éa.example/": false, "": false,
	} {
		if ok := sameAsParsed(t, address); ok != want {
			t.Errorf("%q: %t, want %t", address, ok, want)
		}
	}
}

// sameAsParsed reports whether an address is one that a scan reads; it must then be read
// alike by a parse.
func sameAsParsed(t *testing.T, address string) bool {
	t.Helper()
	got, ok := readCanonical(address)
	if !ok {
		return false
	}
	u, err := parseURL(address)
	if err == nil {
		err = canonical(u)
	}
	if err != nil || got != *u || u.String() != address {
		t.Fatalf("%q: %+v, not %+v (%v)", address, got, u, err)
	}
	return true
}

func TestRedact(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://example.org/feed.xml":                                          "https://example.org/feed.xml",
		"https://example.org/feed?format=rss&page=2":                            "https://example.org/feed?format=rss&page=2",
		"https://me:pw@example.org/feed#x":                                      "https://example.org/feed",
		"https://example.org/feed?token=abc":                                    "https://example.org/feed?token=***",
		"https://example.org/feed?a=b&api_key=abc;x=1":                          "https://example.org/feed?a=b&api_key=***&x=1",
		"https://example.org/feed?key=abc&keywords=election":                    "https://example.org/feed?key=***&keywords=election",
		"https://example.org/feed?%74oken=abc":                                  "https://example.org/feed?%74oken=***",
		"https://example.org/feed?x=9f86d081884c7d659a2feaa0c55ad015":           "https://example.org/feed?x=***",
		"https://example.org/feed?9f86d081884c7d659a2feaa0c55ad015":             "https://example.org/feed?***",
		"https://example.org/rss/9f86d081884c7d659a2feaa0c55ad015/feed":         "https://example.org/rss/***/feed",
		"https://example.org/u/550e8400-e29b-41d4-a716-446655440000":            "https://example.org/u/***",
		"https://example.org/2024/05/01/top-10-news-of-2024-in-5-minutes":       "https://example.org/2024/05/01/top-10-news-of-2024-in-5-minutes",
		"https://9f86d081884c7d659a2feaa0.example.org/feed":                     "https://9f86d081884c7d659a2feaa0.example.org/feed",
		"https://example.org/article/parliament-votes-on-the-long-awaited-bill": "https://example.org/article/parliament-votes-on-the-long-awaited-bill",
		"http://me:s3/cret@example.org/":                                        "(an address that can't be read)",
	} {
		if got := Redact(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"example.org", "feed://x:y@[::1]:80/%zz?a=b#c", "https://Bücher.example/", "http://a:b@c/?token=d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		Redact(s)
		sameAsParsed(t, s)
		sameAsParsed(t, "https://"+s)
		got, _, err := Address(s)
		if err != nil {
			return
		}
		u, err := url.Parse(got)
		if err != nil || u.User != nil || u.Fragment != "" || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			t.Fatalf("%q became %q (%v)", s, got, err)
		}
		if again, _, err := Address(got); err != nil || again != got {
			t.Fatalf("%q became %q, then %q (%v)", s, got, again, err)
		}
	})
}

// No value of a parameter that is called a token may be shown, however the URL
// is written.
func FuzzRedact(f *testing.F) {
	f.Add("http://h/p", "a=b&")
	f.Add("https://u:p@h:8/%2e", ";x;")
	f.Fuzz(func(t *testing.T, prefix, query string) {
		const secret = "sEcReT"
		if strings.Contains(prefix+query, "#") || strings.Contains(prefix+query, "sEcReT") {
			return
		}
		if got := Redact(prefix + "?" + query + "&token=" + secret); strings.Contains(got, secret) {
			t.Fatalf("%q", got)
		}
	})
}

func FuzzLinks(f *testing.F) {
	f.Add(`<x>; rel=hub, <y>; rel="self"; anchor=z`)
	f.Add(`<x>; title="a\"b`)
	base := &url.URL{Scheme: "https", Host: "one.example", Path: "/"}
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range parseLinks([]string{s, s}, base) {
			if u, err := url.Parse(l.URL); err != nil || u.Host == "" || len(l.Rel) == 0 {
				t.Fatalf("%q gave %+v", s, l)
			}
		}
	})
}
