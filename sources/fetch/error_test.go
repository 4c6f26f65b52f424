package fetch

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wireroom/sources/fetch/fetchtest"
)

func TestTLSErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, stranger := fetchtest.NewNetwork(t), fetchtest.NewNetwork(t)
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {})
		with := func(c tls.Certificate) *tls.Config { return &tls.Config{Certificates: []tls.Certificate{c}} }
		n.HandleTLS(t, "good.example:443", h, nil)
		n.HandleTLS(t, "stranger.example:443", h, with(stranger.Certificate(t, time.Time{}, "stranger.example")))
		n.HandleTLS(t, "name.example:443", h, with(n.Certificate(t, time.Time{}, "other.example")))
		n.HandleTLS(t, "expired.example:443", h, with(n.Certificate(t, time.Now().Add(-time.Hour), "expired.example")))
		old := with(n.Certificate(t, time.Time{}, "old.example"))
		old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		n.HandleTLS(t, "old.example:443", h, old)
		n.Handle(t, "plain.example:443", h)
		two := with(n.Certificate(t, time.Time{}, "two.example"))
		two.MaxVersion = tls.VersionTLS12
		n.HandleTLS(t, "two.example:443", h, two)
		n.HandleConn(t, "hangup.example:443", func(c net.Conn) { c.Close() })
		c := newTestClient(t, n)
		for host, want := range map[string]struct {
			kind Kind
			text string
		}{
			"good":     {"", ""},
			"two":      {"", ""},
			"stranger": {KindTLS, "does not trust"},
			"name":     {KindTLS, "another name than name.example"},
			"expired":  {KindTLS, "expired"},
			"old":      {KindTLS, "older than TLS 1.2"},
			"plain":    {KindTLS, "does not speak TLS"},
			"hangup":   {KindConnect, "broke the connection"},
		} {
			_, err := c.Get(t.Context(), Request{URL: "https://" + host + ".example/"})
			if KindOf(err) != want.kind || err != nil && !strings.Contains(err.Error(), want.text) {
				t.Errorf("%s: %v (%s), want %q (%s)", host, err, KindOf(err), want.text, want.kind)
			}
		}
		if d := n.Dials("stranger.example:80"); d > 0 {
			t.Error("it fell back to http")
		}
	})
}

func TestConnectErrors(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	c, err := New(Options{Product: "Test/1", AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Resolver: fakeDNS(t, nil)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for url, want := range map[string]struct {
		kind Kind
		text string
	}{
		"http://" + closed + "/":        {KindConnect, "refused"},
		"http://nowhere.example/":       {KindDNS, "nowhere.example"},
		"http://10.0.0.1/":              {KindBlocked, "allowed networks"},
		"http://192.0.2.1:8080/":        {KindBlocked, "port 8080"},
		"ftp://example.org/":            {KindAddress, "only http"},
		"file:///etc/passwd":            {KindAddress, "only http"},
		"example.org/feed":              {KindAddress, "https://"},
		"":                              {KindAddress, "scheme"},
		"http://":                       {KindAddress, "host"},
		"http://me:s3/cret@127.0.0.1/x": {KindAddress, "not a valid URL"},
	} {
		res, err := c.Get(t.Context(), Request{URL: url})
		if res != nil {
			t.Errorf("%s: a response of nobody", url)
		}
		if KindOf(err) != want.kind || !strings.Contains(err.Error(), want.text) {
			t.Errorf("%s: %v (%s), want %q (%s)", url, err, KindOf(err), want.text, want.kind)
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			if strings.Contains(e.Error(), "s3") || strings.Contains(e.Error(), "cret") {
				t.Errorf("the error tells the password: %v", e)
			}
		}
	}
}

// Without allowed networks a forbidden port is refused before a name is looked up.
func TestPortBeforeDNS(t *testing.T) {
	t.Parallel()
	c, err := New(Options{Product: "Test/1", Resolver: &net.Resolver{PreferGo: true, Dial: nil}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, url := range []string{"http://example.org:22/", "https://example.org:99999/", "http://example.org:0/"} {
		if _, err := c.Get(t.Context(), Request{URL: url}); KindOf(err) != KindBlocked || !strings.Contains(err.Error(), "port") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// Wherever an exchange with secrets fails, its error doesn't tell them.
func TestErrorsKeepSecrets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := fetchtest.NewNetwork(t)
		n.Handle(t, "one.example:80", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/loop":
				w.Header().Set("Location", r.URL.RequestURI())
				w.WriteHeader(302)
			case "/moved":
				w.Header().Set("Location", "http://u:S3CRET@nowhere.example/?token=S3CRET")
				w.WriteHeader(302)
			case "/coding":
				w.Header().Set("Content-Encoding", "gzip, br")
			case "/hangup":
				panic(http.ErrAbortHandler)
			default:
				w.WriteHeader(404)
			}
		}))
		c := newTestClient(t, n)
		for _, path := range []string{"/loop", "/moved", "/coding", "/hangup", "/404"} {
			res, err := c.Get(t.Context(), Request{
				URL: "http://me:S3CRET@one.example" + path + "?token=S3CRET", Headers: []Header{{Name: "X-Key", Value: "S3CRET", Secret: true}},
			})
			if err == nil {
				t.Fatalf("%s: no error", path)
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				if strings.Contains(e.Error(), "S3CRET") {
					t.Errorf("%s: %v", path, e)
				}
			}
			if res == nil {
				continue
			}
			for _, hop := range res.Hops {
				if strings.Contains(hop.From+hop.To, "S3CRET") {
					t.Errorf("%s: %+v", path, hop)
				}
			}
		}
	})
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	if KindOf(nil) != "" || KindOf(errors.New("x")) != "" || KindOf(errors.Join(errors.New("x"), &Error{Kind: KindGone})) != KindGone {
		t.Error("KindOf")
	}
}
