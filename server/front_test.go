package server

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/store"
)

func TestLeading(t *testing.T) {
	t.Parallel()
	plain := func(id string) *itemView { return &itemView{Card: feed.Card{ID: id, Source: id}} }
	told := plain("told")
	told.Further = []furtherView{{Source: "x"}, {Source: "y"}, {Source: "y"}}
	pictured := plain("pictured")
	pictured.Picture = &feed.Picture{URL: "https://pictures.example/1"}
	flash := plain("flash")
	flash.Urgency = 1
	old := plain("old") // beyond those that are looked at
	old.Urgency = 1
	list := []*itemView{plain("1"), plain("2"), pictured, told, flash}
	for i := range candidates {
		list = append(list, plain(fmt.Sprint("n", i)))
	}
	list = append(list, old)
	top, rest := leading(list, 4)
	var got []string
	for _, v := range top {
		got = append(got, v.ID)
	}
	if want := []string{"flash", "told", "pictured", "1"}; !slices.Equal(got, want) {
		t.Errorf("leading: %v, want %v", got, want)
	}
	if len(top)+len(rest) != len(list) || rest[0].ID != "2" || top[0].Size != "lead" || top[1].Size != "second" {
		t.Errorf("%d and %d of %d", len(top), len(rest), len(list))
	}
	if top, rest := leading(nil, 4); len(top)+len(rest) != 0 {
		t.Error("something leads an empty page")
	}
}

func TestToggled(t *testing.T) {
	t.Parallel()
	for _, k := range []struct{ given, name, value, want string }{
		{"", "agency", "AFP", "/p?agency=AFP"},
		{"agency=AFP", "agency", "afp", "/p"},
		{"agency=AFP", "agency", "DPA", "/p?agency=AFP&agency=DPA"},
		{"q=a+b&lang=en", "topic", "x&y", "/p?lang=en&topic=x%26y&q=a+b"},
		{"lang=en&after=zzz", "lang", "en", "/p"},
	} {
		given, err := url.ParseQuery(k.given)
		if err != nil {
			t.Fatal(err)
		}
		if got := toggled("/p", given, k.name, k.value); got != k.want {
			t.Errorf("%s with %s=%s: %s, want %s", k.given, k.name, k.value, got, k.want)
		}
	}
}

func TestFacets(t *testing.T) {
	t.Parallel()
	a, b := story("north", 1), story("south", 2)
	a.Agencies, a.Keywords, a.Kicker, a.Subjects = []string{"AFP"}, []string{"Economy", "ECONOMY"}, "economy", []article.Subject{{Name: "Economy"}}
	b.Language, b.Kicker = "de", "Sport"
	got := fmt.Sprint(facetsOf("/p", []article.Record{a, b}, url.Values{"agency": {"DPA"}}))
	want := fmt.Sprint([]facetView{
		{"Source", []facetValue{{"north", "", "auto", "/p?agency=DPA&source=north", 1, false}, {"south", "", "auto", "/p?agency=DPA&source=south", 1, false}}},
		{"Agency", []facetValue{{"DPA", "", "auto", "/p", 0, true}, {"AFP", "", "auto", "/p?agency=AFP&agency=DPA", 1, false}}},
		{"Topic", []facetValue{{"Economy", "", "auto", "/p?agency=DPA&topic=Economy", 1, false}, {"Sport", "", "auto", "/p?agency=DPA&topic=Sport", 1, false}}},
		{"Language", []facetValue{{"Deutsch", "de", "ltr", "/p?agency=DPA&lang=de", 1, false}, {"English", "en", "ltr", "/p?agency=DPA&lang=en", 1, false}}},
	})
	if got != want {
		t.Errorf("facets\n%s, want\n%s", got, want)
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	version := func(n int, headline, kind string, status article.Status) article.Record {
		r := story("north", 1)
		r.Version, r.Headline, r.Revision.Kind, r.Status = n, headline, kind, status
		r.Body.WordCount = 100 + n
		return r
	}
	show := func(list ...article.Record) string {
		out := ""
		for _, v := range versionsOf(list, time.Now()) {
			out += fmt.Sprintf("%d %s %q (%s); ", v.Number, v.Kind, v.Headline, v.Changes)
		}
		return out
	}
	held := version(3, "Held", "", article.Usable)
	held.Embargo = time.Now().Add(time.Hour)
	second := version(2, "Better", "update", article.Usable)
	second.Body.Text += " More."
	for _, k := range []struct{ why, got, want string }{
		{"only one", show(version(1, "A", "", article.Usable)), ""},
		{"an update", show(version(1, "Good", "", article.Usable), second), `2 update "Better" (headline, text (+1 words)); 1 first "Good" (); `},
		{"withheld and embargoed", show(version(1, "A", "", article.Usable), version(2, "Secret", "", article.Withheld), held), ""},
		{"what was wrong is not repeated", show(version(1, "Wrong", "", article.Usable), version(2, "Right", "correction", article.Usable)), `2 correction "Right" (headline); 1 first "" (); `},
	} {
		if k.got != k.want {
			t.Errorf("%s: %s, want %s", k.why, k.got, k.want)
		}
	}
}

// TestPagesFollow: pages are made once an edition, follow changes, and don't
// name what is private.
func TestPagesFollow(t *testing.T) {
	t.Parallel()
	n := newSampleRoom(t)
	front := n.get("/")
	if again := n.get("/", "If-None-Match", front.header.Get("ETag")); again.status != 304 {
		t.Errorf("again: %d", again.status)
	}
	zipped := n.get("/", "Accept-Encoding", "br")
	if zipped.header.Get("Content-Encoding") != "br" || len(zipped.body)*2 > len(front.body) || zipped.header.Get("Vary") == "" {
		t.Errorf("%d bytes in %q of %d", len(zipped.body), zipped.header.Get("Content-Encoding"), len(front.body))
	}
	if strings.Contains(front.body, "/feeds/secret") || strings.Contains(front.body, "Newsroom") {
		t.Error("a private feed is on the front page")
	}
	if a := n.get("/feeds/secret", "Accept", "text/html"); a.status != 401 {
		t.Errorf("a private page: %d", a.status)
	}
	r := samples[0].record(0, "")
	r.Version, r.Status, r.Updated = 3, article.Canceled, time.Now().UTC()
	n.file(r)
	if a := n.get("/"); strings.Contains(a.body, samples[0].headline) || a.header.Get("ETag") == front.header.Get("ETag") {
		t.Error("a withdrawn article is still on the front page")
	}
	if err := n.pub.Set(t.Context(), feed.Site{BaseURL: "https://news.example/wire/", Name: "Elsewhere"}, sampleChannels()[5:]); err != nil {
		t.Fatal(err)
	}
	if a := n.get("/"); a.status != 200 || !strings.Contains(a.body, `href="/wire/page.css?v=`) || strings.Contains(a.body, "Newsroom") {
		t.Errorf("with private feeds only: %d %s", a.status, a.body)
	}
}

// BenchmarkFront is the front page over a store of WIREROOM_ARTICLES articles (2000),
// with a new article now and then: the slowest hundredth is reported.
func BenchmarkFront(b *testing.B) {
	total, _ := strconv.Atoi(os.Getenv("WIREROOM_ARTICLES"))
	total = max(total, 2000)
	n := newNewsroom(b)
	fill(b, n, total)
	b.ReportAllocs()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		if i%200 == 0 { // every second, at 200 requests a second
			n.file(fresh("south", total+i))
		}
		begin := time.Now()
		if a := n.get("/", "Accept-Encoding", "br"); a.status != 200 || len(a.body) > 100_000 {
			b.Fatalf("%d, %d bytes", a.status, len(a.body))
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
}

// fill stores many articles quickly.
func fill(b *testing.B, n *newsroom, total int) {
	b.Helper()
	ctx := context.Background()
	claims, _, err := n.store.Claim(ctx, store.ClaimRequest{Worker: "fill", Now: time.Now(), Lease: time.Hour, Hosts: 1, Sources: []string{"north"}})
	if err != nil || len(claims) != 1 {
		b.Fatalf("claim: %v", err)
	}
	const batch = 5000
	for from := 0; from < total; from += batch {
		var items []store.Item
		for i := from; i < min(from+batch, total); i++ {
			r := story("north", i)
			r.Published = start.Add(-time.Duration(total-i) * time.Second)
			r.Updated, r.FirstSeen = r.Published, r.Published
			items = append(items, store.Item{Key: r.ID, Record: &r})
		}
		saved, err := n.store.Save(ctx, []store.Poll{{Host: claims[0].Host, Token: claims[0].Token, State: claims[0].Sources[0], Items: items}})
		if err == nil {
			err = saved[0].Err
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if _, err := n.store.Save(ctx, nil, store.Back(time.Time{}, claims...)...); err != nil {
		b.Fatal(err)
	}
	if err := n.pub.Set(ctx, feed.Site{BaseURL: n.srv.URL, Name: "Test", Art: Art(n.srv.URL)}, []feed.Channel{{ID: "all", Title: "All", Language: "en"}}); err != nil {
		b.Fatal(err)
	}
}
