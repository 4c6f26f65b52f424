package fetch

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestRobotRules(t *testing.T) {
	t.Parallel()
	const all = "User-agent: *\nDisallow: /private\n"
	tests := []struct {
		name, file, path string
		page, feed       bool // may it be fetched as a page, as a feed that a user named
	}{
		{"empty", "", "/", true, true},
		{"everybody", all, "/private/x", false, true},
		{"everybody, elsewhere", all, "/public", true, true},
		{"prefix", all, "/privateer", false, true},
		{"case of paths", all, "/Private", true, true},
		{"robots.txt itself", "User-agent: *\nDisallow: /", "/robots.txt", true, true},
		{"us by name", "User-agent: Wireroom\nDisallow: /", "/x", false, false},
		{"our name in another case", "user-agent: WIREROOM\nDISALLOW: /", "/x", false, false},
		{"our name with version", "User-agent: Wireroom/1.0\nDisallow: /", "/x", false, false},
		{"a longer name is another's", "User-agent: Wireroomer\nDisallow: /", "/x", true, true},
		{"another's", "User-agent: Googlebot\nDisallow: /", "/x", true, true},
		{"our group replaces everybody's", all + "\nUser-agent: Wireroom\nDisallow: /feeds", "/private", true, true},
		{"our empty group allows all", "User-agent: *\nDisallow: /\n\nUser-agent: Wireroom\nDisallow:\n", "/x", true, true},
		{"our groups are one", "User-agent: Wireroom\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: Wireroom\nDisallow: /b", "/b", false, false},
		{"a group of several names", "User-agent: x\nUser-agent: Wireroom\nUser-agent: y\nDisallow: /a", "/a", false, false},
		{"a rule ends the names", "User-agent: Wireroom\nDisallow: /a\nUser-agent: y\nDisallow: /b", "/b", true, true},
		{"other lines don't", "User-agent: Wireroom\nCrawl-delay: 5\nSitemap: /s\nUser-agent: y\nDisallow: /b", "/b", false, false},
		{"rules before any group", "Disallow: /\nUser-agent: x\nDisallow: /a", "/a", true, true},
		{"longest wins", "User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", true, true},
		{"longest wins, other order", "User-agent: *\nAllow: /a/b\nDisallow: /a\n", "/a/c", false, true},
		{"equals allow", "User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", true, true},
		{"star", "User-agent: *\nDisallow: /*.php\n", "/x/y.php?z", false, true},
		{"star, no match", "User-agent: *\nDisallow: /*.php\n", "/x/y.html", true, true},
		{"star and end", "User-agent: *\nDisallow: /*.php$\n", "/y.php?z", true, true},
		{"star and end, match", "User-agent: *\nDisallow: /*.php$\n", "/y.php.php", false, true},
		{"end", "User-agent: *\nDisallow: /x$\n", "/x/", true, true},
		{"end, match", "User-agent: *\nDisallow: /x$\n", "/x", false, true},
		{"many stars", "User-agent: *\nDisallow: /*a*b*c$\n", "/xxaxxbxxcxc", false, true},
		{"query", "User-agent: *\nDisallow: /*?session=\n", "/a?session=1", false, true},
		{"escapes", "User-agent: *\nDisallow: /%7Ejoe/\n", "/~joe/x", false, true},
		{"escapes the other way", "User-agent: *\nDisallow: /~joe/\n", "/%7ejoe/x", false, true},
		{"reserved escapes differ", "User-agent: *\nDisallow: /a%2Fb\n", "/a/b", true, true},
		{"unescaped letters", "User-agent: *\nDisallow: /ö\n", "/%c3%b6", false, true},
		{"comments and CRLF", "# hi\r\nUser-agent: * # all\r\nDisallow: /a # here\r\n", "/a", false, true},
		{"CR alone", "User-agent: *\rDisallow: /a\r", "/a", false, true},
		{"byte order mark", "\xef\xbb\xbfUser-agent: *\nDisallow: /a", "/a", false, true},
		{"spaces", "  User-agent :  *  \n  Disallow :  /a  ", "/a", false, true},
		{"no colon", "User-agent *\nDisallow /", "/a", true, true},
		{"html", "<!DOCTYPE html><html><body>Not found: sorry</body></html>", "/a", true, true},
	}
	for _, tt := range tests {
		r := parseRobots([]byte(tt.file), "Wireroom")
		if got := r.allows(tt.path, false); got != tt.page {
			t.Errorf("%s: page %v, want %v", tt.name, got, tt.page)
		}
		if got := r.allows(tt.path, true); got != tt.feed {
			t.Errorf("%s: feed %v, want %v", tt.name, got, tt.feed)
		}
	}
}

func TestAllowed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		status, asked := 200, 0
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/robots.txt" {
				t.Errorf("asked for %s", r.URL)
			}
			asked++
			if r.URL.Query().Has("moved") {
				return
			}
			switch status {
			case 301:
				http.Redirect(w, r, "/robots.txt?moved", 301)
				return
			case 429, 503:
				w.Header().Set("Retry-After", "7200")
			}
			w.WriteHeader(status)
			fmt.Fprint(w, "User-agent: *\nDisallow: /no\nSitemap: /map.xml\nSitemap: https://two.example/m.xml\nSitemap: javascript:x\n")
		})
		check := func(path string, page, feed bool, wantErr bool) {
			t.Helper()
			got, err := c.Allowed(t.Context(), "http://one.example"+path)
			if got != page || (err != nil) != wantErr {
				t.Errorf("status %d, %s: page %v, %v", status, path, got, err)
			}
			if got, err := c.AllowedFeed(t.Context(), "http://one.example"+path); got != feed || err != nil {
				t.Errorf("status %d, %s: feed %v, %v", status, path, got, err)
			}
			for _, u := range []string{"http://one.example" + path, "HTTP://ONE.example:80" + path, "http://one.example?" + path, "http://one.example#" + path, " http://one.example" + path} {
				if got, known := c.FeedKnown(u); got != feed || !known {
					t.Errorf("status %d, %s: feed %v, known %v", status, u, got, known)
				}
			}
			for _, u := range []string{"http://one.example:81" + path, "https://one.example" + path, "http://one.example@two.example" + path, "http:one.example" + path, "", "://"} {
				if got, known := c.FeedKnown(u); got || known {
					t.Errorf("status %d, %s: feed %v, known %v", status, u, got, known)
				}
			}
		}
		check("/yes", true, true, false)
		check("/no", false, true, false)
		maps, err := c.Sitemaps(t.Context(), "http://one.example/x")
		if err != nil || !slices.Equal(maps, []string{"http://one.example/map.xml", "https://two.example/m.xml"}) {
			t.Errorf("%q, %v", maps, err)
		}
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
		// After a day it is asked for again; a missing one allows all.
		time.Sleep(25 * time.Hour)
		for _, status = range []int{404, 403, 301} {
			check("/no", true, true, false)
			time.Sleep(25 * time.Hour)
		}
		// One that may exist and can't be had forbids all pages, for as long as it says.
		for _, status = range []int{500, 503, 429} {
			before := asked
			if _, known := c.FeedKnown("http://one.example/x"); known {
				t.Errorf("status %d: known before it was asked for", status)
			}
			if known, err := c.RobotsKnown("http://one.example/x"); known {
				t.Errorf("status %d: known before it was asked for, %v", status, err)
			}
			check("/yes", false, true, true)
			if known, err := c.RobotsKnown("http://one.example/x"); !known || err == nil {
				t.Errorf("status %d: known %v, %v", status, known, err)
			}
			time.Sleep(30 * time.Minute)
			check("/yes", false, true, true)
			if asked != before+1 {
				t.Errorf("status %d: asked %d times", status, asked-before)
			}
			time.Sleep(2 * time.Hour)
		}
		status = 200
		check("/no", false, true, false)
		check("/yes", true, true, false)
		if known, err := c.RobotsKnown("http://one.example/x"); !known || err != nil {
			t.Errorf("known %v, %v", known, err)
		}
		if known, err := c.RobotsKnown("ftp://x/"); known || err != nil {
			t.Errorf("known %v, %v", known, err)
		}
		if _, err := c.Allowed(t.Context(), "ftp://x/"); KindOf(err) != KindAddress {
			t.Error(err)
		}
	})
}

// Many who ask at once wait for one fetch; who gives up does not stop it.
func TestAllowedTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked++
			time.Sleep(2 * time.Second)
			fmt.Fprint(w, "User-agent: *\nDisallow: /no\n")
		})
		var wait sync.WaitGroup
		for range 10 {
			wait.Go(func() {
				if ok, err := c.Allowed(t.Context(), "http://one.example/no"); ok || err != nil {
					t.Errorf("%v, %v", ok, err)
				}
			})
		}
		wait.Wait()
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
	})
}

// The cache is bounded in bytes whatever robots.txt files say.
func TestRobotsCacheBound(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	file.WriteString("User-agent: *\n")
	for i := range 2 * maxRobotRules {
		fmt.Fprintf(&file, "Disallow: /%d/%s\n", i, strings.Repeat("x", 200))
	}
	cache, now := newRobotsCache(), time.Now()
	text := []byte(file.String())
	for i := range 25 {
		rules := parseRobots(text, "Wireroom")
		if n := len(rules.any.rules); n != maxRobotRules {
			t.Fatalf("%d rules", n)
		}
		cache.put(fmt.Sprintf("https://h%d.example", i), robotsEntry{rules: rules, until: now.Add(time.Hour)}, now)
		if cache.bytes > maxRobotsCache {
			t.Fatalf("%d bytes", cache.bytes)
		}
		if _, ok := cache.get(fmt.Sprintf("https://h%d.example", i), now); !ok {
			t.Fatal("the newest is not there")
		}
	}
	sum := 0
	for host, e := range cache.byHost {
		sum += e.cost(host)
	}
	if sum != cache.bytes {
		t.Errorf("counted %d bytes, there are %d", cache.bytes, sum)
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*a*b$\nAllow: /%7e", "/a%zzb")
	f.Fuzz(func(t *testing.T, file, path string) {
		r := parseRobots([]byte(file), "Wireroom")
		r.allows(path, false)
		r.allows(path, true)
		if once := normalisePath(path); normalisePath(once) != once {
			t.Fatalf("%q is not stable", path)
		}
	})
}

func BenchmarkRobots(b *testing.B) {
	var file strings.Builder
	file.WriteString("User-agent: *\n")
	for i := range 200 {
		fmt.Fprintf(&file, "Disallow: /section%d/*.php$\n", i)
	}
	r := parseRobots([]byte(file.String()), "Wireroom")
	b.ReportAllocs()
	for b.Loop() {
		r.allows("/section77/2025/06/01/an-article.html", false)
	}
}
