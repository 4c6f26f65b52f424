package fetch

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"wireroom/sources/fetch/fetchtest"
)

// hosts is a network in which each host's paths redirect as the map says
// ("301 https://…"), and every other path answers 200 with its own address.
func hosts(t *testing.T, moves map[string]string, seen func(*http.Request)) (*Client, *fetchtest.Network) {
	t.Helper()
	n := fetchtest.NewNetwork(t)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if seen != nil {
			seen(r)
		}
		scheme := "http://"
		if r.TLS != nil {
			scheme = "https://"
		}
		if move, ok := moves[scheme+r.Host+r.URL.RequestURI()]; ok {
			status, target, _ := strings.Cut(move, " ")
			if target != "" {
				w.Header()["Location"] = []string{target}
			}
			code := 0
			for _, c := range status {
				code = code*10 + int(c-'0')
			}
			w.WriteHeader(code)
			return
		}
		w.Header().Set("ETag", `"new"`)
		_, _ = w.Write([]byte(scheme + r.Host + r.URL.RequestURI()))
	})
	for _, host := range []string{"one.example", "two.example", "xn--bcher-kva.example"} {
		n.Handle(t, host+":80", h)
		n.HandleTLS(t, host+":443", h, nil)
	}
	return newTestClient(t, n), n
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		moves     map[string]string
		final     string // empty: refused
		hops      int
		permanent bool
		cross     bool
		reason    string
	}{
		{"permanent", map[string]string{"http://one.example/": "301 /feed"}, "http://one.example/feed", 1, true, false, ""},
		{"308", map[string]string{"http://one.example/": "308 /feed"}, "http://one.example/feed", 1, true, false, ""},
		{"temporary", map[string]string{"http://one.example/": "302 /feed"}, "http://one.example/feed", 1, false, false, ""},
		{"303", map[string]string{"http://one.example/": "303 feed"}, "http://one.example/feed", 1, false, false, ""},
		{"307", map[string]string{"http://one.example/": "307 ?x=1"}, "http://one.example/?x=1", 1, false, false, ""},
		{"to https", map[string]string{"http://one.example/": "301 https://one.example/"}, "https://one.example/", 1, true, false, ""},
		{"cross host", map[string]string{"http://one.example/": "301 //two.example/x"}, "http://two.example/x", 1, true, true, ""},
		{"mixed chain", map[string]string{"http://one.example/": "301 /a", "http://one.example/a": "302 /b"}, "http://one.example/b", 2, false, false, ""},
		{"mixed chain, other order", map[string]string{"http://one.example/": "302 /a", "http://one.example/a": "301 /b"}, "http://one.example/b", 2, false, false, ""},
		{"out and back", map[string]string{"http://one.example/": "301 http://two.example/", "http://two.example/": "301 http://one.example/b"}, "http://one.example/b", 2, true, true, ""},
		{"fragment and user info dropped", map[string]string{"http://one.example/": "302 http://a:b@two.example/x#y"}, "http://two.example/x", 1, false, true, ""},
		{"international name", map[string]string{"http://one.example/": "302 http://Bücher.example/ä b"}, "http://xn--bcher-kva.example/%C3%A4%20b", 1, false, true, ""},
		{"stray percent", map[string]string{"http://one.example/": "302 /100%"}, "http://one.example/100%25", 1, false, false, ""},
		{"five", map[string]string{"http://one.example/": "302 /1", "http://one.example/1": "302 /2", "http://one.example/2": "302 /3", "http://one.example/3": "302 /4", "http://one.example/4": "302 /5"}, "http://one.example/5", 5, false, false, ""},
		{"six", map[string]string{"http://one.example/": "302 /1", "http://one.example/1": "302 /2", "http://one.example/2": "302 /3", "http://one.example/3": "302 /4", "http://one.example/4": "302 /5", "http://one.example/5": "302 /6"}, "", 6, false, false, "more than 5"},
		{"itself", map[string]string{"http://one.example/": "302 /"}, "", 1, false, false, "circle"},
		{"loop", map[string]string{"http://one.example/": "302 /a", "http://one.example/a": "302 http://one.example:80/#x"}, "", 2, false, false, "circle"},
		{"nowhere", map[string]string{"http://one.example/": "302"}, "", 0, false, false, "without saying where"},
		{"file", map[string]string{"http://one.example/": "302 file:///etc/passwd"}, "", 0, false, false, "only http and https"},
		{"gopher", map[string]string{"http://one.example/": "301 gopher://two.example:70/"}, "", 0, true, false, "only http and https"},
		{"nonsense", map[string]string{"http://one.example/": "301 http://[::1/"}, "", 0, true, false, "not a valid URL"},
		{"loopback", map[string]string{"http://one.example/": "301 http://127.0.0.1/"}, "", 1, true, true, "private or reserved"},
		{"loopback in IPv6", map[string]string{"http://one.example/": "301 http://[::ffff:7f00:1]/"}, "", 1, true, true, "private or reserved"},
		{"metadata", map[string]string{"http://one.example/": "302 http://169.254.169.254/latest/meta-data/"}, "", 1, false, true, "private or reserved"},
		{"other port", map[string]string{"http://one.example/": "302 http://two.example:6379/"}, "", 1, false, true, "port 6379"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _ := hosts(t, tt.moves, func(r *http.Request) {
					if r.Header.Get("Referer") != "" || r.Header.Get("Authorization") != "" {
						t.Errorf("%s was sent %v", r.Host, r.Header)
					}
				})
				res, err := c.Get(t.Context(), Request{URL: "http://one.example/"})
				if tt.final == "" {
					if err == nil || !strings.Contains(err.Error(), tt.reason) {
						t.Fatalf("%v, want %q", err, tt.reason)
					}
					if k := KindOf(err); k != KindRedirect && k != KindBlocked {
						t.Errorf("kind %s", k)
					}
				} else if err != nil {
					t.Fatal(err)
				} else if string(res.Body()) != tt.final || res.URL != tt.final {
					t.Errorf("ended at %s (%s), want %s", res.Body(), res.URL, tt.final)
				}
				if len(res.Hops) != tt.hops || res.CrossHost != tt.cross || tt.final != "" && res.Permanent != tt.permanent {
					t.Errorf("hops %+v, permanent %v, cross %v", res.Hops, res.Permanent, res.CrossHost)
				}
			})
		})
	}
}

// What belongs to the source's own origin stays there.
func TestRedirectSecrets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		leaks := func(r *http.Request) string {
			var found []string
			for _, name := range []string{"Authorization", "X-Api-Key", "X-Plain-Secret", "Cookie", "If-None-Match", "If-Modified-Since", "A-Im"} {
				if r.Header.Get(name) != "" {
					found = append(found, name)
				}
			}
			return strings.Join(found, " ")
		}
		got := map[string]string{}
		c, _ := hosts(t, map[string]string{
			"https://one.example/feed": "302 /same",
			"https://one.example/same": "302 https://two.example/x",
			"https://two.example/x":    "302 https://one.example/back",
		}, func(r *http.Request) {
			got[r.Host+r.URL.Path] = leaks(r)
			if r.Header.Get("X-Open") != "1" {
				t.Errorf("%s: the open header is missing", r.Host)
			}
		})
		res, err := c.Get(t.Context(), Request{
			URL: "https://one.example/feed", ETag: `"e"`, LastModified: "m", Delta: true, Username: "u", Password: "p",
			Headers: []Header{{Name: "X-Api-Key", Value: "1"}, {Name: "X-Plain-Secret", Value: "1", Secret: true}, {Name: "Cookie", Value: "a=1"}, {Name: "X-Open", Value: "1"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if res.ETag != `"new"` {
			t.Errorf("etag %q", res.ETag)
		}
		const secrets = "Authorization X-Api-Key X-Plain-Secret Cookie"
		for place, want := range map[string]string{
			"one.example/feed": secrets + " If-None-Match If-Modified-Since A-Im",
			"one.example/same": secrets,
			"two.example/x":    "",
			"one.example/back": secrets,
		} {
			if got[place] != want {
				t.Errorf("%s was sent %q, want %q", place, got[place], want)
			}
		}
	})
}

// Validators belong to the address that gave them, if it has the same origin.
func TestRedirectValidators(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		got := map[string]string{}
		c, _ := hosts(t, map[string]string{
			"http://one.example/feed":  "302 /final",
			"http://one.example/cross": "302 http://two.example/final",
		}, func(r *http.Request) { got[r.Host+r.URL.Path] = r.Header.Get("If-None-Match") })
		for _, r := range []Request{
			{URL: "http://one.example/feed", ETag: `"f"`, ValidFor: "http://one.example/final"},
			{URL: "http://one.example/cross", ETag: `"x"`, ValidFor: "http://two.example/final"},
		} {
			if _, err := c.Get(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		for place, want := range map[string]string{"one.example/feed": "", "one.example/final": `"f"`, "one.example/cross": "", "two.example/final": ""} {
			if got[place] != want {
				t.Errorf("%s got %q, want %q", place, got[place], want)
			}
		}
	})
}

func TestRedirectDowngrade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reached := false
		c, _ := hosts(t, map[string]string{
			"https://one.example/":               "301 http://one.example/plain",
			"https://one.example/?auth_token=s3": "301 http://one.example/plain",
		}, func(r *http.Request) { reached = reached || r.TLS == nil })
		for name, r := range map[string]Request{
			"password": {URL: "https://one.example/", Username: "u", Password: "p"},
			"header":   {URL: "https://one.example/", Headers: []Header{{Name: "X-A", Value: "b", Secret: true}}},
			"cookie":   {URL: "https://one.example/", Headers: []Header{{Name: "Cookie", Value: "b=c"}}},
			"token":    {URL: "https://one.example/?auth_token=s3"},
			"userinfo": {URL: "https://u:p@one.example/"},
		} {
			_, err := c.Get(t.Context(), r)
			if KindOf(err) != KindRedirect || !strings.Contains(err.Error(), "https to http") || strings.Contains(err.Error(), "s3") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if reached {
			t.Error("it was asked without encryption")
		}
		res, err := c.Get(t.Context(), Request{URL: "https://one.example/"})
		if err != nil || !res.Hops[0].Downgrade {
			t.Errorf("without secrets it is followed and noted: %+v, %v", res, err)
		}
	})
}
