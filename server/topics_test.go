package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"wireroom/feed"
	"wireroom/server/hub"
)

// TestHubLinks: a feed's own documents name the hub, in the body and in the
// header of GET and HEAD; its queries, pages and archives don't.
func TestHubLinks(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	if err := n.pub.Set(t.Context(), feed.Site{BaseURL: n.srv.URL, Hub: n.srv.URL + HubPath}, n.pub.current.Load().channels); err != nil {
		t.Fatal(err)
	}
	n.file(story("north", 1))
	for _, format := range feed.Formats() {
		self := "/feeds/all." + string(format)
		for path, want := range map[string]bool{self: true, self + "?utm_source=x": true, self + "?source=north": false} {
			for _, method := range []string{"GET", "HEAD"} {
				a := n.ask(method, path)
				link := a.header.Get("Link")
				if strings.Contains(link, `/hub>; rel="hub"`) != want || !strings.Contains(link, `rel="self"`) {
					t.Errorf("%s %s: Link %s", method, path, link)
				}
				if method == "GET" && strings.Contains(a.body, n.srv.URL+"/hub") != want {
					t.Errorf("%s: hub in the body: %t", path, !want)
				}
			}
		}
	}
	var doc struct{ Hubs []struct{ Type, URL string } }
	if err := json.Unmarshal([]byte(n.get("/feeds/all.json").body), &doc); err != nil || len(doc.Hubs) != 1 || doc.Hubs[0].Type != "WebSub" || doc.Hubs[0].URL != n.srv.URL+"/hub" {
		t.Errorf("JSON Feed: %+v %v", doc, err)
	}
}

// TestTopics: the hub hears of a new edition once it is served, and sends what
// came since the version that a subscriber has.
func TestTopics(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	changed := n.pub.Changed()
	n.file(story("north", 1))
	select {
	case <-changed:
	default:
		t.Fatal("nobody was told")
	}
	at := n.srv.URL + "/feeds/all.atom"
	first, ok := n.pub.Topic(at)
	number := n.pub.Topics()[at]
	if !ok || string(first.Body) != n.get("/feeds/all.atom").body || first.URL != at || first.ContentType != feed.Atom.ContentType() {
		t.Fatalf("topic: %t %s", ok, first.URL)
	}
	n.file(story("north", 2))
	second, _ := n.pub.Topic(at)
	if second.Tag == first.Tag || second.Stamp <= first.Stamp || number == 0 || n.pub.Topics()[at] == number {
		t.Errorf("versions %v, %v", first.Version, second.Version)
	}
	part := string(n.pub.Since(t.Context(), at, first.Tag))
	if !strings.Contains(part, "Story 2") || strings.Contains(part, "Story 1") {
		t.Errorf("since the first: %s", part)
	}
	for name, got := range map[string][]byte{
		"since the newest": n.pub.Since(t.Context(), at, second.Tag), "since an unknown one": n.pub.Since(t.Context(), at, "x"),
		"of an unknown topic": n.pub.Since(t.Context(), n.srv.URL+"/feeds/x.atom", first.Tag),
	} {
		if got != nil {
			t.Errorf("%s: %s", name, got)
		}
	}
	for _, address := range []string{"", n.srv.URL, n.srv.URL + "/feeds/all", at + "?source=north", n.srv.URL + "/feeds/all.exe", "https://other.example/feeds/all.atom"} {
		if _, ok := n.pub.Topic(address); ok {
			t.Errorf("%q is a topic", address)
		}
	}
}

// TestHubOverHTTP subscribes to the server's hub through its address.
func TestHubOverHTTP(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	pushed := make(chan string, 10)
	reader := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
			pushed <- "verified"
			return
		}
		body, _ := io.ReadAll(r.Body)
		pushed <- r.Header.Get("Content-Type") + " " + string(body)
	}))
	defer reader.Close()
	h := hub.New(hub.Options{Store: n.store, Feeds: n.pub, Out: http.DefaultTransport, Address: n.srv.URL + HubPath})
	n.srv.Config.Handler = New(Options{Store: n.store, Publisher: n.pub, Hub: h}).Handler()
	done := make(chan error, 1)
	changed := n.pub.Changed()
	go func() { done <- h.Run(t.Context(), changed) }()
	resp, err := http.PostForm(n.srv.URL+HubPath, url.Values{"hub.mode": {"subscribe"}, "hub.topic": {n.srv.URL + "/feeds/all.rss"}, "hub.callback": {reader.URL}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		t.Fatalf("subscribe: %s", resp.Status)
	}
	wait := func() string {
		t.Helper()
		select {
		case s := <-pushed:
			return s
		case <-time.After(20 * time.Second):
			t.Fatal("nothing came")
			return ""
		}
	}
	if got := wait(); got != "verified" {
		t.Fatalf("first came %s", got)
	}
	subscribed := 0
	for subscribed == 0 { // the reader hears of it before the store does
		time.Sleep(10 * time.Millisecond)
		if err := hub.List(t.Context(), n.store, func(*hub.Subscription) error { subscribed++; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	n.file(story("north", 1))
	if got, want := wait(), feed.RSS.ContentType()+" "+n.get("/feeds/all.rss").body; got != want {
		t.Errorf("pushed %s", got)
	}
	for method, want := range map[string]int{"GET": 405, "PUT": 405, "OPTIONS": 204} {
		if a := n.ask(method, HubPath); a.status != want {
			t.Errorf("%s: %d, want %d", method, a.status, want)
		}
	}
}

// TestOpenedInBrowser: somebody who opens a feed gets the same bytes as XML,
// with the address of a style that is there.
func TestOpenedInBrowser(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	if err := n.pub.Set(t.Context(), feed.Site{BaseURL: n.srv.URL, Stylesheet: Stylesheet(n.srv.URL)}, n.pub.current.Load().channels); err != nil {
		t.Fatal(err)
	}
	n.file(story("north", 1))
	for _, format := range feed.Formats() {
		path := "/feeds/all." + string(format)
		plain, opened := n.get(path), n.get(path, "Sec-Fetch-Dest", "document")
		want := "application/xml; charset=utf-8"
		if format == feed.JSON {
			want = plain.header.Get("Content-Type")
		} else if style := fmt.Sprintf(`<?xml-stylesheet type="text/css" href="%s/feed.css"?>`, n.srv.URL); !strings.Contains(plain.body, style) {
			t.Errorf("%s: no stylesheet", path)
		}
		if opened.body != plain.body || opened.header.Get("Content-Type") != want || opened.header.Get("ETag") != plain.header.Get("ETag") {
			t.Errorf("%s opened: %v", path, opened.header)
		}
		if plain.header.Get("Content-Type") != format.ContentType() || !strings.Contains(plain.header.Get("Vary"), "Sec-Fetch-Dest") {
			t.Errorf("%s: %v", path, plain.header)
		}
	}
	style := n.get("/feed.css")
	if style.status != 200 || style.header.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(style.header.Get("Cache-Control"), "max-age=") ||
		n.get("/feed.css", "If-None-Match", style.header.Get("ETag")).status != http.StatusNotModified {
		t.Errorf("style: %d %v", style.status, style.header)
	}
}
