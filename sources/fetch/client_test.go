package fetch

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wireroom/sources/fetch/fetchtest"
)

func itoa(n int) string { return strconv.Itoa(n) }

func mustURL(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// newTestClient makes a client of a network in memory.
func newTestClient(t testing.TB, n *fetchtest.Network, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{Product: "Test/1.0", Contact: "desk@example.org", Dial: n.Dial, RootCAs: n.Roots}
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// serve makes a client and a network with one host, one.example, at both ports.
func serve(t testing.TB, h http.HandlerFunc) (*Client, *fetchtest.Network) {
	t.Helper()
	n := fetchtest.NewNetwork(t)
	n.Handle(t, "one.example:80", h)
	n.HandleTLS(t, "one.example:443", h, nil)
	return newTestClient(t, n), n
}

func TestGet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Type", "application/rss+xml; charset=utf-8")
			h.Set("Content-Language", "de-CH")
			h.Set("Content-Location", "/feed.de?x=1")
			h.Set("ETag", `W/"odd"thing`)
			h.Set("Last-Modified", "Tue, 1 Feb 2000 00:00:00 gmt")
			h.Set("Cache-Control", "public, max-age=600")
			h.Set("Age", "100")
			h.Add("Link", `<https://hub.example/>; rel="hub", </feed>; rel=self`)
			_, _ = w.Write([]byte("<rss/>"))
		})
		res, err := c.Get(t.Context(), Request{URL: "HTTPS://One.Example:443/feed#frag"})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Release()
		if got := string(res.Body()); got != "<rss/>" {
			t.Errorf("body %q", got)
		}
		want := map[string][2]string{
			"URL":              {res.URL, "https://one.example/feed"},
			"content type":     {res.ContentType, "application/rss+xml; charset=utf-8"},
			"part's type":      {res.Parts[0].ContentType, "application/rss+xml; charset=utf-8"},
			"content language": {res.ContentLanguage, "de-CH"},
			"content location": {res.ContentLocation, "https://one.example/feed.de?x=1"},
			"etag":             {res.ETag, `W/"odd"thing`},
			"last modified":    {res.LastModified, "Tue, 1 Feb 2000 00:00:00 gmt"},
			"hubs":             {strings.Join(res.Hubs(), " "), "https://hub.example/"},
			"self":             {res.Self(), "https://one.example/feed"},
			"freshness":        {res.Freshness.For.String(), "8m20s"},
		}
		for what, pair := range want {
			if pair[0] != pair[1] {
				t.Errorf("%s is %q, want %q", what, pair[0], pair[1])
			}
		}
		if res.Status != 200 || res.Wire != 6 || res.Decoded != 6 || res.Truncated || res.Permanent || len(res.Hops) > 0 {
			t.Errorf("%+v", res)
		}
	})
}

func TestRequestHeaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got http.Header
		var host string
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { got, host = r.Header, r.Host })
		tests := []struct {
			name string
			req  Request
			want http.Header
		}{
			{"plain", Request{}, http.Header{
				"User-Agent":      {"Test/1.0 (+mailto:desk@example.org)"},
				"Accept":          {AcceptFeeds},
				"Accept-Encoding": {"gzip, br, zstd"},
			}},
			{"validators verbatim", Request{ETag: `w/"A b"`, LastModified: "yesterday, about noon", Subscribers: 3, FeedID: "a (b)\r\n;c"}, http.Header{
				"User-Agent":        {"Test/1.0 (+mailto:desk@example.org; 3 subscribers; feed-id=abc)"},
				"Accept":            {AcceptFeeds},
				"Accept-Encoding":   {"gzip, br, zstd"},
				"If-None-Match":     {`w/"A b"`},
				"If-Modified-Since": {"yesterday, about noon"},
			}},
			{"delta", Request{ETag: `"1"`, Delta: true}, http.Header{
				"User-Agent":      {"Test/1.0 (+mailto:desk@example.org)"},
				"Accept":          {AcceptFeeds},
				"Accept-Encoding": {"gzip, br, zstd"},
				"If-None-Match":   {`"1"`},
				"A-Im":            {"feed"},
			}},
			{"no delta without an ETag", Request{LastModified: "x", Delta: true}, http.Header{
				"User-Agent":        {"Test/1.0 (+mailto:desk@example.org)"},
				"Accept":            {AcceptFeeds},
				"Accept-Encoding":   {"gzip, br, zstd"},
				"If-Modified-Since": {"x"},
			}},
			{"validators of another address", Request{ETag: `"1"`, ValidFor: "http://one.example/other"}, http.Header{
				"User-Agent":      {"Test/1.0 (+mailto:desk@example.org)"},
				"Accept":          {AcceptFeeds},
				"Accept-Encoding": {"gzip, br, zstd"},
			}},
			{"own headers", Request{
				UserAgent: "Mozilla/5.0 (compatible)", Accept: "text/x", Username: "u", Password: "p:w",
				Headers: []Header{{Name: "x-key", Value: "k"}, {Name: "Accept-Encoding", Value: "x"}, {Name: "If-None-Match", Value: "x"},
					{Name: "bad name", Value: "x"}, {Name: "X-Bad", Value: "a\r\nb"}, {Name: "cookie", Value: "a=b"}},
			}, http.Header{
				"User-Agent":      {"Mozilla/5.0 (compatible)"},
				"Accept":          {"text/x"},
				"Accept-Encoding": {"gzip, br, zstd"},
				"Authorization":   {"Basic dTpwOnc="},
				"X-Key":           {"k"},
				"Cookie":          {"a=b"},
			}},
			{"a validator that is no header text", Request{ETag: "a\nb", LastModified: "c\x00"}, http.Header{
				"User-Agent":      {"Test/1.0 (+mailto:desk@example.org)"},
				"Accept":          {AcceptFeeds},
				"Accept-Encoding": {"gzip, br, zstd"},
			}},
		}
		for _, tt := range tests {
			tt.req.URL = "http://one.example/feed"
			res, err := c.Get(t.Context(), tt.req)
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			res.Release()
			for name := range got {
				if _, ok := tt.want[name]; !ok {
					t.Errorf("%s: sent %s: %q", tt.name, name, got[name])
				}
			}
			for name, want := range tt.want {
				if strings.Join(got[name], "|") != strings.Join(want, "|") {
					t.Errorf("%s: %s is %q, want %q", tt.name, name, got[name], want)
				}
			}
			if host != "one.example" {
				t.Errorf("%s: host %q", tt.name, host)
			}
		}
	})
}

func TestUserInfoBecomesCredentials(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			u, p, _ := r.BasicAuth()
			_, _ = w.Write([]byte(u + "/" + p))
		})
		res, err := c.Get(t.Context(), Request{URL: "http://me:s%40cret@one.example/"})
		if err != nil {
			t.Fatal(err)
		}
		if string(res.Body()) != "me/s@cret" || strings.Contains(res.URL, "@") {
			t.Errorf("%q from %s", res.Body(), res.URL)
		}
	})
}

func TestNotModified(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		etag := ""
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if etag != "" {
				w.Header().Set("ETag", etag)
			}
			w.Header().Set("Cache-Control", "max-age=3600")
			w.WriteHeader(http.StatusNotModified)
		})
		res, err := c.Get(t.Context(), Request{URL: "http://one.example/", ETag: `"a"`, LastModified: "then"})
		if err != nil || !res.NotModified || res.ETag != `"a"` || res.LastModified != "then" || res.Freshness.For != time.Hour || res.Body() != nil {
			t.Errorf("%+v, %v", res, err)
		}
		etag = `"b"`
		res, err = c.Get(t.Context(), Request{URL: "http://one.example/", ETag: `"a"`, LastModified: "then"})
		if err != nil || res.ETag != `"b"` || res.LastModified != "then" {
			t.Errorf("a 304 may bring new validators: %+v, %v", res, err)
		}
		_, err = c.Get(t.Context(), Request{URL: "http://one.example/"})
		if KindOf(err) != KindProtocol {
			t.Errorf("a 304 that nobody asked for: %v", err)
		}
	})
}

func TestDelta(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("A-IM") == "feed" {
				w.Header().Set("IM", "feed")
				w.Header().Set("ETag", `"2"`)
				w.WriteHeader(http.StatusIMUsed)
			}
			_, _ = w.Write([]byte("<rss/>"))
		})
		res, err := c.Get(t.Context(), Request{URL: "http://one.example/", ETag: `"1"`, Delta: true})
		if err != nil || !res.Delta || res.ETag != `"2"` || string(res.Body()) != "<rss/>" {
			t.Errorf("%+v, %v", res, err)
		}
	})
}

func TestStatusKinds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			status, _ := strconv.Atoi(r.URL.Path[1:])
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(status)
			_, _ = w.Write([]byte("sorry"))
		})
		for status, kind := range map[int]Kind{
			204: KindStatus, 206: KindStatus, 300: KindStatus, 305: KindStatus, 400: KindStatus, 401: KindForbidden, 402: KindStatus,
			403: KindForbidden, 404: KindNotFound, 407: KindForbidden, 408: KindTimeout, 410: KindGone, 418: KindStatus,
			429: KindRateLimited, 451: KindForbidden, 500: KindServer, 502: KindServer, 503: KindUnavailable, 504: KindServer,
			520: KindServer,
		} {
			res, err := c.Get(t.Context(), Request{URL: "http://one.example/" + itoa(status)})
			if KindOf(err) != kind || res == nil || res.Status != status || res.Body() != nil {
				t.Errorf("%d: %v (%s), want %s", status, err, KindOf(err), kind)
				continue
			}
			e := err.(*Error)
			if want := time.Now().Add(2 * time.Minute); !e.RetryAfter.Equal(want) || !res.RetryAfter.Equal(want) || e.Status != status {
				t.Errorf("%d: retry after %s, want %s", status, e.RetryAfter, want)
			}
			if !strings.Contains(err.Error(), itoa(status)) || !strings.Contains(err.Error(), ":") {
				t.Errorf("%d: the text does not help: %s", status, err)
			}
		}
	})
}

func TestChallenge(t *testing.T) {
	t.Parallel()
	pages := map[string]struct {
		status int
		header http.Header
		body   string
		want   Kind
	}{
		"cloudflare's header": {403, http.Header{"Cf-Mitigated": {"challenge"}}, "", KindChallenge},
		"and with 429":        {429, http.Header{"Cf-Mitigated": {"challenge"}}, "", KindChallenge},
		"cloudflare's page":   {503, http.Header{"Content-Type": {"text/html"}}, "<title>Just a moment...</title>", KindChallenge},
		"script of it":        {403, nil, "<script>window._cf_chl_opt={}</script>", KindChallenge},
		"aws":                 {202, http.Header{"X-Amzn-Waf-Action": {"challenge"}}, "", KindChallenge},
		"vercel":              {429, http.Header{"X-Vercel-Mitigated": {"challenge"}}, "", KindChallenge},
		"anubis":              {401, http.Header{"Content-Type": {"text/html"}}, `<script src="/.within.website/x/cmd/anubis/static/js/main.mjs">`, KindChallenge},
		"plain 403":           {403, http.Header{"Content-Type": {"text/html"}}, "<h1>Forbidden</h1>", KindForbidden},
		"json 403":            {403, http.Header{"Content-Type": {"application/json"}}, `{"about":"_cf_chl_opt"}`, KindForbidden},
		"a feed about it":     {200, http.Header{"Content-Type": {"text/html"}}, "<title>Just a moment...</title>", ""},
	}
	for name, p := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
					for k, v := range p.header {
						w.Header()[k] = v
					}
					w.WriteHeader(p.status)
					_, _ = w.Write([]byte(p.body))
				})
				_, err := c.Get(t.Context(), Request{URL: "https://one.example/"})
				if KindOf(err) != p.want {
					t.Errorf("%v (%s)", err, KindOf(err))
				}
			})
		})
	}
}

func TestHTTP2AndReuse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, n := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.Proto)) })
		for range 5 {
			for url, proto := range map[string]string{"https://one.example/": "HTTP/2.0", "http://one.example/": "HTTP/1.1"} {
				res, err := c.Get(t.Context(), Request{URL: url})
				if err != nil || string(res.Body()) != proto {
					t.Fatalf("%s by %q, %v", url, res.Body(), err)
				}
				res.Release()
			}
		}
		if n.Dials("one.example:443") != 1 || n.Dials("one.example:80") != 1 {
			t.Errorf("%d and %d dials", n.Dials("one.example:443"), n.Dials("one.example:80"))
		}
	})
}

// An error page must not cost the connection.
func TestReuseAfterErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, n := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/moved" {
				http.Redirect(w, r, "/404", http.StatusFound)
				return
			}
			http.NotFound(w, r)
		})
		for range 4 {
			if _, err := c.Get(t.Context(), Request{URL: "http://one.example/moved"}); KindOf(err) != KindNotFound {
				t.Fatal(err)
			}
		}
		if d := n.Dials("one.example:80"); d != 1 {
			t.Errorf("%d dials", d)
		}
	})
}

func TestCanceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := c.Get(ctx, Request{URL: "http://one.example/"})
		if KindOf(err) != KindCanceled {
			t.Errorf("%v", err)
		}
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err = c.Get(ctx, Request{URL: "http://one.example/"}); KindOf(err) != KindTimeout {
			t.Errorf("%v", err)
		}
	})
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"no product":       {},
		"space":            {Product: "My Reader/1"},
		"digits":           {Product: "R2D2/1"},
		"newline":          {Product: "Test/1\r\nX: y"},
		"bad contact":      {Product: "Test/1", Contact: "me)"},
		"port 0":           {Product: "Test/1", Ports: []int{0}},
		"port 70000":       {Product: "Test/1", Ports: []int{70000}},
		"ftp proxy":        {Product: "Test/1", Proxy: mustURL(t, "ftp://proxy")},
		"proxy of nothing": {Product: "Test/1", Proxy: mustURL(t, "http:///x")},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	for contact, want := range map[string]string{
		"":                        "Test/1",
		"a@b.example":             "Test/1 (+mailto:a@b.example)",
		"https://b.example/about": "Test/1 (+https://b.example/about)",
		"b.example":               "Test/1 (+https://b.example)",
		"+https://b.example":      "Test/1 (+https://b.example)",
	} {
		c, err := New(Options{Product: "Test/1", Contact: contact})
		if err != nil || c.agent != want {
			t.Errorf("%q: %q, %v", contact, c.agent, err)
		}
	}
}
