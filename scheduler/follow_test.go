package scheduler

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/sources"
	"wireroom/sources/fetch"
	"wireroom/store"
)

// newWirePoller polls a source that wants a key, without waiting between pages.
func newWirePoller(t *testing.T, url string) *testPoller {
	x := newTestPoller(t, url)
	x.p.Pace = time.Nanosecond
	x.src.Headers = []fetch.Header{{Name: "X-Api-Key", Value: "secret", Secret: true}}
	return x
}

func headlines(out Outcome) string {
	var list []string
	for _, it := range out.Items {
		list = append(list, it.Record.Headline)
	}
	return strings.Join(list, " ")
}

// apItem is one item of AP's feed, whose text lies elsewhere.
func apItem(n int, text string) string {
	return fmt.Sprintf(`{"item":{"uri":"https://ap.example/%d","altids":{"itemid":"ap%d"},"version":0,"type":"text","pubstatus":"usable","headline":"Story-%d","language":"en",
		"versioncreated":"2026-11-24T0%d:00:00Z","firstcreated":"2026-11-24T0%d:00:00Z","renditions":{"nitf":{"href":%q}}}}`, n, n, n, n, n, text)
}

// TestPollWireByCursor: a wire's feed is read to its end, and the next poll goes
// on where this one stopped; the texts of its items are read from where they lie.
func TestPollWireByCursor(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	other := newUpstream(t) // another host, where some texts lie
	x := newWirePoller(t, u.URL+"/feed?q=a&include=*")
	latest, broken := 3, false
	text := func(w http.ResponseWriter, r *http.Request) {
		if broken {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(w, `<?xml version="1.0"?><nitf><body><body.content><block><p>RIGA (AP) — The text of %s is this.</p></block></body.content></body></nitf>`, r.URL.Path)
	}
	other.set(text)
	u.set(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case strings.HasPrefix(r.URL.Path, "/text/"):
			text(w, r)
		case r.Header.Get("X-Api-Key") != "secret" || r.URL.Query().Get("include") != "*":
			w.WriteHeader(http.StatusForbidden)
		case r.URL.Query().Get("seq") == "lost":
			http.NotFound(w, r)
		default:
			seq, items := 0, ""
			_, _ = fmt.Sscan(r.URL.Query().Get("seq"), &seq)
			if seq < latest {
				if seq++; seq == 2 {
					items = apItem(seq, other.URL+"/text/2")
				} else {
					items = apItem(seq, fmt.Sprintf("/text/%d", seq))
				}
			}
			fmt.Fprintf(w, `{"api_version":"2","data":{"next_page":"%s/feed?seq=%d","items":[%s]}}`, u.URL, seq, items)
		}
	})
	out := x.poll()
	if got := headlines(out); got != "Story-1 Story-2 Story-3" || x.st.Error != "" {
		t.Fatalf("first poll: %q, %q", got, x.st.Error)
	}
	for _, it := range out.Items {
		if !strings.Contains(it.Record.Body.Text, "is this.") || it.Record.Dateline.Agency != "AP" {
			t.Errorf("%s without its text: %+v", it.Record.Headline, it.Record.Body)
		}
	}
	for _, h := range other.asked {
		if h.Get("X-Api-Key") != "" {
			t.Error("the key was told to another host")
		}
	}
	n := len(u.asked)
	latest = 4
	x.now = x.now.Add(time.Hour)
	if got := headlines(x.poll()); got != "Story-4" || len(u.asked) != n+3 { // the page, its text, the empty page after it
		t.Errorf("second poll: %q in %d requests", got, len(u.asked)-n)
	}
	broken, latest = true, 5
	x.now = x.now.Add(time.Hour)
	if out = x.poll(); headlines(out) != "Story-5" || out.Items[0].Record.Body.Text != "" {
		t.Errorf("an item without its text: %+v", out.Items)
	}
	broken = false
	x.now = x.now.Add(time.Hour)
	if out = x.poll(); headlines(out) != "Story-5" || out.Items[0].Record.Body.Text == "" {
		t.Errorf("the text that could not be had was not asked for again: %q", headlines(out))
	}
	x.setExtra(t, "cursor", u.URL+"/feed?seq=lost&include=*")
	x.now = x.now.Add(time.Hour)
	if x.poll(); x.st.Error == "" {
		t.Error("a place that the wire does not know was no error")
	}
	x.now = x.now.Add(time.Hour)
	if got := headlines(x.poll()); !strings.HasPrefix(got, "Story-1 Story-2") {
		t.Errorf("after the place was lost: %q", got)
	}
	x.setExtra(t, "cursor", other.URL+"/feed")
	if x.poll(); x.st.Error != "" {
		t.Errorf("a cursor that leads to another host was followed: %s", x.st.Error)
	}
}

// setExtra puts something into the state, as a poll before would have.
func (x *testPoller) setExtra(t *testing.T, key, value string) {
	t.Helper()
	x.st.Detail.Extra = maps.Clone(x.st.Detail.Extra)
	x.st.Detail.Extra[key] = value
}

// A text that can't be had for good does not hold the wire up.
func TestPollWireGivesUp(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newWirePoller(t, u.URL+"/feed")
	u.set(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/text/"):
			w.WriteHeader(http.StatusInternalServerError)
		case r.URL.Query().Get("seq") == "":
			fmt.Fprintf(w, `{"api_version":"2","data":{"next_page":"%s/feed?seq=1","items":[%s]}}`, u.URL, apItem(1, "/text/1"))
		default:
			fmt.Fprintf(w, `{"api_version":"2","data":{"next_page":"%s/feed?seq=1","items":[]}}`, u.URL)
		}
	})
	for i := range maxTries {
		if x.st.Detail.Extra[extraCursor] != "" {
			t.Fatalf("given up at poll %d", i)
		}
		x.poll()
		x.now = x.now.Add(time.Hour)
	}
	if !strings.HasSuffix(x.st.Detail.Extra[extraCursor], "seq=1") || x.st.Detail.Extra[extraTries] != "" {
		t.Errorf("after %d polls: %v", maxTries, x.st.Detail.Extra)
	}
}

// TestPollQueue: entries of a queue are taken out of it only after the poll that
// brought them was saved.
func TestPollQueue(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newWirePoller(t, u.URL+"/wireq/tok/entries.json")
	queue := []string{"r1", "r2"}
	refuse := 0
	var deleted []string
	u.set(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case r.Header.Get("X-Api-Key") != "secret":
			w.WriteHeader(http.StatusForbidden)
		case r.Method == http.MethodDelete:
			receipt := strings.TrimPrefix(r.URL.Path, "/wireq/tok/entry/")
			if refuse > 0 && len(deleted) == 1 {
				w.WriteHeader(refuse)
				return
			}
			deleted = append(deleted, receipt)
			queue = slices.DeleteFunc(queue, func(q string) bool { return q == receipt })
			w.WriteHeader(http.StatusNoContent)
		default:
			var entries []string
			for _, q := range queue {
				entries = append(entries, fmt.Sprintf(`{"format":"digitalwires@0.9.1","urn":"urn:%s","version":1,"version_created":"2026-11-24T07:00:00Z","pubstatus":"usable","language":"de","headline":"Meldung-%s","article_html":"<p>Text.</p>","_wireq_receipt":%q}`, q, q, q))
			}
			fmt.Fprintf(w, `{"entries": [%s]}`, strings.Join(entries, ","))
		}
	})
	before := x.st
	out := x.poll()
	if headlines(out) != "Meldung-r1 Meldung-r2" || len(deleted) != 0 || !x.st.Due.Equal(x.now) {
		t.Fatalf("first poll: %q, %d taken out, due %s, error %q", headlines(out), len(deleted), x.st.Due, x.st.Error)
	}
	x.st = before // the store was not reached
	if out = x.poll(); len(out.Items) != 2 || len(deleted) != 0 {
		t.Fatalf("%d items, %d taken out before they were stored", len(out.Items), len(deleted))
	}
	refuse = http.StatusTooManyRequests
	x.poll()
	if len(deleted) != 1 || x.st.Detail.Extra[extraReceipts] != u.URL+"/wireq/tok/entry/r2" || x.st.History[1].Outcome != "rate-limited" {
		t.Fatalf("%v taken out, %v, %+v", deleted, x.st.Detail.Extra, x.st.History)
	}
	refuse = http.StatusGone // its time ran out
	queue = []string{"r3"}
	x.now = x.now.Add(time.Hour)
	if out = x.poll(); headlines(out) != "Meldung-r3" {
		t.Fatalf("%q, %q", headlines(out), x.st.Error)
	}
	refuse = 0
	if out = x.poll(); len(out.Items) != 0 || x.st.Error != "" || len(x.st.Detail.Extra) != 0 || !x.st.Due.After(x.now) {
		t.Errorf("an empty queue: %d items, error %q, state %v, due %s", len(out.Items), x.st.Error, x.st.Detail.Extra, x.st.Due)
	}
}

// TestPollSitemapIndex: of an index the sitemaps are read that are new or have
// changed.
func TestPollSitemapIndex(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newWirePoller(t, u.URL+"/sitemap.xml")
	var asked []string
	index := map[string]string{"a.xml": "2026-11-20", "b.xml": "2026-11-22", "undated.xml": "", "deeper.xml": "2026-11-23"}
	for i := range 12 {
		index[fmt.Sprintf("old-%02d.xml", i)] = fmt.Sprintf("2020-01-%02d", i+1)
	}
	u.set(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name != "robots.txt" {
			asked = append(asked, name)
		}
		w.Header().Set("ETag", `"x"`)
		list := index
		switch name {
		case "robots.txt":
			http.NotFound(w, r)
			return
		case "deeper.xml":
			list = map[string]string{"below.xml": "2026-11-23"}
			fallthrough
		case "sitemap.xml":
			if name == "sitemap.xml" && r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			fmt.Fprint(w, `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
			for _, n := range slices.Sorted(maps.Keys(list)) {
				fmt.Fprintf(w, `<sitemap><loc>%s/%s</loc>`, u.URL, n)
				if list[n] != "" {
					fmt.Fprintf(w, `<lastmod>%s</lastmod>`, list[n])
				}
				fmt.Fprint(w, `</sitemap>`)
			}
			fmt.Fprint(w, `</sitemapindex>`)
		default:
			fmt.Fprintf(w, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>%s/from-%s</loc><news:news><news:title>From-%s</news:title><news:publication_date>2026-11-23</news:publication_date></news:news></url></urlset>`, u.URL, name, name)
		}
	})
	poll := func() (Outcome, string) {
		asked = nil
		x.now = x.now.Add(24 * time.Hour)
		out := x.poll()
		if x.st.Error != "" {
			t.Fatal(x.st.Error)
		}
		return out, strings.Join(asked, " ")
	}
	out, got := poll()
	if !strings.Contains(got, "sitemap.xml deeper.xml below.xml b.xml a.xml old-11.xml") || strings.Contains(got, "old-00") || len(asked) > maxFollowed+2 {
		t.Errorf("asked for %s", got)
	}
	if got := headlines(out); !strings.Contains(got, "From-below.xml From-b.xml From-a.xml") || x.st.Detail.Format != "sitemapindex" {
		t.Errorf("items %q, format %s", got, x.st.Detail.Format)
	}
	if _, got = poll(); !strings.HasPrefix(got, "sitemap.xml") || strings.Contains(got, "old-") || strings.Contains(got, " a.xml") || !strings.Contains(got, "undated.xml") {
		t.Errorf("second poll asked for %s", got)
	}
	delete(index, "undated.xml")
	index["a.xml"], index["old-03.xml"] = "2026-11-26", "2026-11-25"
	if out, got = poll(); got != "sitemap.xml a.xml old-03.xml" || headlines(out) != "From-old-03.xml" {
		t.Errorf("third poll asked for %s, items %q", got, headlines(out))
	}
	if _, got = poll(); got != "sitemap.xml" || x.st.History[3].Outcome != "not-modified" {
		t.Errorf("fourth poll asked for %s, %+v", got, x.st.History[3])
	}
	index["news-sitemap.xml"], index["a.xml"] = "", "2026-11-27"
	x.st.ETag = ""
	if out, got = poll(); got != "sitemap.xml news-sitemap.xml" || headlines(out) != "From-news-sitemap.xml" {
		t.Errorf("with a sitemap for news: asked for %s, items %q", got, headlines(out))
	}
}

func TestForNews(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://x.example/news-sitemap.xml": true, "https://x.example/sitemap_news.xml": true, "https://x.example/googlenews.xml": true,
		"https://x.example/sitemap.xml?type=news": true, "https://x.example/sitemaps/latest.xml.gz": true, "https://x.example/sitemap-NEWS-1.xml": true,
		"https://news.example/sitemap.xml": false, "https://x.example/news/archive.xml": false, "https://x.example/newsletter-sitemap.xml": false, "https://x.example/%zz": false,
	} {
		if forNews(address) != want {
			t.Errorf("%s: %t", address, !want)
		}
	}
}

func TestVisitsAreBounded(t *testing.T) {
	t.Parallel()
	v := visits{}
	for i := range 3 * maxSitemaps {
		v.note(sources.Part{URL: fmt.Sprint(i), Updated: time.Unix(int64(i), 0)}, time.Time{})
	}
	v.forget()
	if len(v) != maxSitemaps || v[visitKey(sources.Part{URL: fmt.Sprint(3*maxSitemaps - 1)})] == 0 {
		t.Errorf("%d visits", len(v))
	}
}

// What agencies put beside the news into a folder is passed over.
func TestPollFolderPassesOverWhatIsNoNews(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, doc := range map[string]string{
		"plan.xml":  `<?xml version="1.0"?><planningItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x" version="1"><itemMeta/></planningItem>`,
		"story.xml": `<?xml version="1.0"?><nitf><head><docdata><doc-id id-string="a1"/><date.issue norm="20261124T060000Z"/></docdata></head><body><body.head><hedline><hl1>Story</hl1></hedline></body.head><body.content><p>Text.</p></body.content></body></nitf>`,
	} {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(doc), 0o600); err != nil {
			t.Fatal(err)
		}
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
	}
	x := newTestPoller(t, "file://"+dir)
	x.p.Folders = []string{dir}
	x.now = time.Now()
	out := x.poll()
	if headlines(out) != "Story" || x.st.Error != "" || out.Items[0].Record.Status != article.Usable {
		t.Errorf("%q, error %q", headlines(out), x.st.Error)
	}
	if err := os.Remove(filepath.Join(dir, "story.xml")); err != nil {
		t.Fatal(err)
	}
	y := newTestPoller(t, "file://"+dir)
	y.p.Folders, y.now = x.p.Folders, x.now
	if y.poll(); y.st.Error != "" {
		t.Errorf("a folder with nothing else: %s", y.st.Error)
	}
}

// TestRefreshEmptiesQueue: a refresh polls a queue until nothing waits in it, and
// takes out what it stored.
func TestRefreshEmptiesQueue(t *testing.T) {
	t.Parallel()
	o := newOffice(t, map[string][]string{"h.example": {"a", "b"}})
	rounds := 0
	o.Poll = func(ctx context.Context, src *Source, st *store.State) Outcome {
		out := o.poll(ctx, src, st)
		if src.ID != "a" {
			return out
		}
		if rounds++; rounds < 4 {
			st.Due, st.Detail.Why = time.Now(), moreWaits
		} else {
			st.Detail.Why = "floor"
		}
		return out
	}
	if err := o.Refresh(t.Context(), []string{"a", "b"}, true, func(s Skip) { t.Errorf("skipped: %+v", s) }); err != nil {
		t.Fatal(err)
	}
	if got := o.polled(); !slices.Equal(got, []string{"a", "a", "a", "a", "b"}) {
		t.Errorf("polled %v", got)
	}
}
