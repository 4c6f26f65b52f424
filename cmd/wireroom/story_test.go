package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/scheduler/stories"
	"wireroom/server"
	"wireroom/store"
	"wireroom/store/sqlite"
)

// version is one telling of an event in testdata/day.txt: the first is an
// agency's copy, which papers print, the others are papers' own.
type telling struct{ headline, text string }

// day reads the events of a day, by the hour at which they begin.
func day(t *testing.T) map[int][]telling {
	t.Helper()
	data, err := os.ReadFile("testdata/day.txt")
	if err != nil {
		t.Fatal(err)
	}
	events := map[int][]telling{}
	for part := range strings.SplitSeq("\n"+string(data), "\n# ") {
		hour, rest, ok := strings.Cut(part, "\n")
		if !ok || strings.TrimSpace(hour) == "" {
			continue
		}
		n, err := strconv.Atoi(hour)
		if err != nil {
			t.Fatal(err)
		}
		for version := range strings.SplitSeq(rest, "\n--\n") {
			headline, text, _ := strings.Cut(strings.TrimSpace(version), "\n")
			events[n] = append(events[n], telling{headline, text})
		}
	}
	return events
}

// paperHeadline is the headline that a paper puts over an agency's copy.
func paperHeadline(own int, v telling) string {
	if own%3 == 0 {
		return v.headline
	}
	words := strings.Fields(v.text)
	return strings.Join(words[:7+own%4], " ")
}

// file stores what a source brought.
func file(t *testing.T, s store.Store, source string, list ...article.Record) {
	t.Helper()
	ctx := t.Context()
	claims, _, err := s.Claim(ctx, store.ClaimRequest{Worker: "t", Now: time.Now(), Lease: time.Minute, Hosts: 1, Sources: []string{source}})
	if err != nil || len(claims) != 1 {
		t.Fatalf("claim %s: %d, %v", source, len(claims), err)
	}
	p := store.Poll{Host: claims[0].Host, Token: claims[0].Token, State: claims[0].Sources[0]}
	for _, r := range list {
		p.Items = append(p.Items, store.Item{Key: "g:" + r.ID, Record: &r})
	}
	saved, err := s.Save(ctx, []store.Poll{p}, store.Back(time.Time{}, claims...)...)
	if err != nil || saved[0].Err != nil {
		t.Fatal(err, saved)
	}
}

// desk20 is a server with twenty sources and one feed that has each story once.
type desk20 struct {
	t      *testing.T
	store  *sqlite.Store
	keeper *stories.Keeper
	pub    *server.Publisher
	srv    *httptest.Server
	begin  time.Time
	now    time.Time
	filed  int
}

func newDesk20(t *testing.T) *desk20 {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	d := &desk20{t: t, store: s, begin: time.Now().UTC().Add(-26 * time.Hour).Truncate(time.Second)}
	var rows []store.Source
	for i := range 20 {
		rows = append(rows, store.Source{ID: fmt.Sprint("paper", i), Host: fmt.Sprintf("paper%d.example", i)})
	}
	if err := s.Sync(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	d.keeper = stories.New(stories.Options{Store: s, Name: "test", Now: func() time.Time { return d.now }, Lease: 48 * time.Hour})
	if d.pub, err = server.NewPublisher(s, nil); err != nil {
		t.Fatal(err)
	}
	srv := server.New(server.Options{Store: s, Publisher: d.pub})
	d.srv = httptest.NewServer(srv.Handler())
	t.Cleanup(d.srv.Close)
	channel := feed.Channel{ID: "once", Title: "Once", Language: "en", Once: feed.OnceStory}
	texts := feed.Channel{ID: "texts", Title: "Texts", Language: "en", Once: feed.OnceText}
	if err := d.pub.Set(t.Context(), feed.Site{BaseURL: d.srv.URL, Name: "Test", Authority: "x.example"}, []feed.Channel{channel, texts}); err != nil {
		t.Fatal(err)
	}
	return d
}

// print has a paper publish a telling.
func (d *desk20) print(paper, event, n int, headline, text string) {
	source := fmt.Sprint("paper", paper)
	d.filed++
	r := article.Record{
		ID: fmt.Sprintf("tag:x.example,2026:e%dn%dp%d", event, n, paper), Version: 1, Status: article.Usable, Language: "en", Headline: headline,
		Published: d.now, Updated: d.now, FirstSeen: d.now,
		Source: article.Source{ID: source, Name: "Paper " + strconv.Itoa(paper), URL: "https://" + source + ".example/"},
		Links:  article.Links{Canonical: fmt.Sprintf("https://%s.example/%d/%d", source, event, n)},
		Body:   article.Body{Text: text, WordCount: article.WordCount(text)},
	}
	file(d.t, d.store, source, r)
}

// turn lets the keeper and the publisher take notice.
func (d *desk20) turn() {
	d.t.Helper()
	if err := d.keeper.Turn(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	if err := d.pub.Update(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

// hour lets the papers print what they have at an hour of the day: each event is
// printed by several of them in the hours after it began.
func (d *desk20) hour(h int, events map[int][]telling) {
	d.now = d.begin.Add(time.Duration(h) * time.Hour)
	for begin := range 24 {
		tellings := events[begin]
		age := h - begin
		if len(tellings) == 0 || age < 0 || age > 6 {
			continue
		}
		for k := range 2 { // two papers an hour
			paper := (begin*7 + age*2 + k) % 20
			v := tellings[0]
			headline := paperHeadline(paper, v)
			if own := age + k; own >= 3 { // later on they have their own
				v = tellings[1+own%2]
				headline = v.headline
			}
			d.print(paper, begin, age, headline, v.text)
		}
	}
	d.turn()
}

// TestDayOnce: newsboat, subscribed to a feed with each story once, over a day
// of twenty sources, shows each event once.
func TestDayOnce(t *testing.T) {
	t.Parallel()
	d, events := newDesk20(t), day(t)
	newsboat := newsboat(t, d.srv.URL+"/feeds/once.atom\n")
	for h := range 24 {
		d.hour(h, events)
		if h >= 5 && h%2 == 1 {
			newsboat("-x", "reload")
		}
	}
	newsboat("-x", "reload")
	got := newsboat("-x", "print-unread")
	if n, _, _ := strings.Cut(got, " "); n != strconv.Itoa(len(events)) {
		t.Errorf("%d events told by %d articles: newsboat has %q", len(events), d.filed, got)
	}
	if d.filed < 100 {
		t.Errorf("%d articles make no day", d.filed)
	}
}

// TestMerged: an entry that stands for several articles leads to them, at every
// id that it ever had; the command explains, splits and joins.
func TestMerged(t *testing.T) {
	t.Parallel()
	d, events := newDesk20(t), day(t)
	v := events[5]
	d.now = d.begin.Add(5 * time.Hour)
	d.print(1, 5, 0, v[0].headline, v[0].text)
	d.now = d.now.Add(time.Hour)
	d.print(2, 5, 1, "Another headline over the same copy", v[0].text+" More of it on page two.")
	d.now = d.now.Add(time.Hour)
	d.print(3, 5, 2, v[1].headline, v[1].text)
	d.print(4, 6, 0, events[6][0].headline, events[6][0].text)
	d.turn()

	texts, once := d.get("/feeds/texts.json"), d.get("/feeds/once.json")
	if n := strings.Count(texts, `"date_published"`); n != 3 {
		t.Errorf("%d texts: %s", n, texts)
	}
	if n := strings.Count(once, `"date_published"`); n != 2 || !strings.Contains(once, "Further coverage") || !strings.Contains(once, "https://paper1.example/5/0") {
		t.Errorf("%d stories: %s", n, once)
	}
	if !strings.Contains(once, `"id":"tag:x.example,2026:e5n0p1"`) {
		t.Errorf("the entry has not the id of the first article: %s", once)
	}
	a, err := d.store.Article(t.Context(), "e5n1p2")
	if err != nil || a.Story.Text == "" {
		t.Fatalf("%+v %v", a.Story, err)
	}
	for path, want := range map[string]string{
		"/articles/e5n1p2.json": "/articles/", "/articles/e5n0p1": "/articles/", "/articles/e5n2p3": "", "/articles/e6n0p4": "", "/articles/nothing-2": "404",
	} {
		location, status := d.visit(path)
		primary := strings.HasSuffix(location, "e5n1p2") || strings.HasSuffix(location, "e5n0p1.json") || strings.HasSuffix(location, "e5n0p1") || strings.HasSuffix(location, "e5n1p2.json")
		switch {
		case want == "404" && status != 404, want == "" && status != 200:
			t.Errorf("%s: %d", path, status)
		case want == "/articles/" && status != 200 && (status != 302 || !primary):
			t.Errorf("%s: %d to %q", path, status, location)
		}
	}
	moved := 0
	for _, path := range []string{"/articles/e5n1p2", "/articles/e5n0p1"} { // one of the two stands for both
		if _, status := d.visit(path); status == 302 {
			moved++
		}
	}
	if moved != 1 {
		t.Errorf("%d of two articles with one text lead to the other", moved)
	}

	split, err := stories.Split(t.Context(), d.store, []string{"e5n0p1"}, time.Now())
	if err != nil || !strings.HasSuffix(split, "s-e5n0p1-2") {
		t.Fatalf("%s %v", split, err)
	}
	d.turn()
	if once := d.get("/feeds/once.json"); !strings.Contains(once, `"id":"tag:x.example,2026:e5n0p1-2"`) || strings.Count(once, `"date_published"`) != 3 {
		t.Errorf("after the split: %s", once)
	}
	if location, status := d.visit("/articles/e5n0p1-2"); status != 302 || !strings.HasSuffix(location, "/articles/e5n0p1") {
		t.Errorf("the new story's entry: %d to %q", status, location)
	}
}

// TestSettling: an article waits for its story, a moment and no longer.
func TestSettling(t *testing.T) {
	t.Parallel()
	d, events := newDesk20(t), day(t)
	d.now = time.Now().UTC().Truncate(time.Millisecond).Add(time.Minute) // as if it came this instant, however slow the test
	d.print(1, 5, 0, events[5][0].headline, events[5][0].text)
	d.turn()
	if once := d.get("/feeds/once.json"); strings.Contains(once, `"date_published"`) {
		t.Errorf("shown before its story was looked for: %s", once)
	}
	d.now = d.now.Add(-2 * time.Minute)
	d.print(2, 7, 0, events[7][0].headline, events[7][0].text)
	d.turn()
	if once := d.get("/feeds/once.json"); strings.Count(once, `"date_published"`) != 1 || !strings.Contains(once, "e7n0p2") {
		t.Errorf("a minute later: %s", once)
	}
}

func (d *desk20) get(path string) string {
	d.t.Helper()
	w := httptest.NewRecorder()
	server.New(server.Options{Store: d.store, Publisher: d.pub}).Handler().ServeHTTP(w, httptest.NewRequest("GET", d.srv.URL+path, nil))
	if w.Code != 200 {
		d.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

func (d *desk20) visit(path string) (location string, status int) {
	d.t.Helper()
	w := httptest.NewRecorder()
	server.New(server.Options{Store: d.store, Publisher: d.pub}).Handler().ServeHTTP(w, httptest.NewRequest("GET", d.srv.URL+path, nil))
	return w.Header().Get("Location"), w.Code
}

// TestStoryCommand: what the operator sees and does.
func TestStoryCommand(t *testing.T) {
	t.Parallel()
	d, events := newDesk20(t), day(t)
	d.now = d.begin.Add(5 * time.Hour)
	for i, v := range events[8] {
		d.print(i, 8, i, v.headline, v.text)
	}
	d.print(7, 9, 0, events[9][0].headline, events[9][0].text)
	d.turn()
	shown, err := tell(t.Context(), d.store, "tag:x.example,2026:s-e8n0p0")
	if err != nil || len(shown.Articles) != 3 || shown.Best == "" {
		t.Fatalf("%+v %v", shown, err)
	}
	if !slices.ContainsFunc(shown.Articles, func(m toldMember) bool { return m.Why != nil && len(m.Why.Why) > 2 }) {
		t.Errorf("nothing is explained: %+v", shown)
	}
	var b strings.Builder
	if err := showStory(&b, shown); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"3 articles", "Gunmen free inmates", "came in by", "words", "prior", "paper1"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
