package scheduler

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"wireroom/store"
)

// elements finds the text of an element, whatever is in it.
func elements(names string) *regexp.Regexp {
	return regexp.MustCompile(`(?is)(<(?:` + names + `)(?:\s[^>]*)?>\s*(?:<!\[CDATA\[)?)([^<\]]+)`)
}

var (
	ids      = elements("guid|id|atom:id")
	titles   = elements("title")
	stamps   = elements("pubDate|published|updated|dc:date|modified|issued")
	rssLinks = elements("link")
	hrefs    = regexp.MustCompile(`(?i)(<(?:atom:)?link\s[^>]*href=["'])([^"']+)`)
	aboutIDs = regexp.MustCompile(`(?i)(rdf:about=["'])([^"']+)`)
)

// within changes what comes after the first item has begun: the feed's own
// fields stay.
func within(doc []byte, change func([]byte) []byte) []byte {
	at := regexp.MustCompile(`(?i)<(item|entry)[\s>]`).FindIndex(doc)
	if at == nil {
		return doc
	}
	return append(bytes.Clone(doc[:at[0]]), change(bytes.Clone(doc[at[0]:]))...)
}

// text changes the text of elements.
func text(re *regexp.Regexp, f func(string) string) func([]byte) []byte {
	return func(b []byte) []byte {
		return re.ReplaceAllFunc(b, func(m []byte) []byte {
			p := re.FindSubmatch(m)
			return append(bytes.Clone(p[1]), f(string(p[2]))...)
		})
	}
}

func chain(steps ...func([]byte) []byte) func([]byte) []byte {
	return func(b []byte) []byte {
		for _, f := range steps {
			b = f(b)
		}
		return b
	}
}

// churns are ten things that publishers do to their feeds.
var churns = map[string]func([]byte) []byte{
	"scheme of the id":      text(ids, func(s string) string { return strings.NewReplacer("http:", "https:", "urn:", "URN2:").Replace(s) }),
	"host of the id":        text(ids, func(s string) string { return strings.Replace(s, "://", "://cdn7.", 1) }),
	"tracking in the id":    text(ids, func(s string) string { return strings.TrimSpace(s) + "?utm_source=rss" }),
	"another id":            text(ids, func(s string) string { return fmt.Sprintf("urn:x:%x", mark(s, 1)) }),
	"headline in the id":    chain(text(ids, func(s string) string { return strings.TrimSpace(s) + "-updated" }), text(titles, func(s string) string { return strings.TrimSpace(s) + " (updated)" })),
	"date in the id":        chain(text(ids, func(s string) string { return strings.TrimSpace(s) + "-20300101" }), text(stamps, func(string) string { return "Tue, 01 Jan 2030 10:00:00 GMT" })),
	"tracking in the link":  chain(text(ids, trackingIn), text(rssLinks, trackingIn), text(hrefs, trackingIn)),
	"scheme of everything":  chain(text(ids, secure), text(rssLinks, secure), text(hrefs, secure), text(aboutIDs, secure)),
	"host of links and ids": chain(text(ids, moved), text(rssLinks, moved), text(hrefs, moved), text(aboutIDs, moved)),
	"headlines":             text(titles, func(s string) string { return "Now: " + strings.TrimSpace(s) }),
}

func trackingIn(s string) string {
	sep := "?"
	if strings.Contains(s, "?") {
		sep = "&amp;"
	}
	return strings.TrimSpace(s) + sep + "utm_campaign=feed"
}
func secure(s string) string { return strings.Replace(s, "http://", "https://", 1) }
func moved(s string) string {
	return regexp.MustCompile(`^(\s*https?://)(www\.)?`).ReplaceAllString(s, "${1}news.")
}

// beyond are what can't be known again: these items have no link, and with id
// and date (or, of one, its only field) changed, what is left is what a daily
// column has in common with itself.
var beyond = map[string]string{
	"atom_entry_1.xml": "date in the id", "atom_example_6.xml": "date in the id", "atom_example_7.xml": "date in the id",
	"rss_2.0_spec_1.xml": "date in the id", "xml_iso8859.xml": "headlines",
}

// TestChurnOfRealFeeds does each of these things to each feed of the corpora: no
// article comes back as a new one, and none is taken for another.
func TestChurnOfRealFeeds(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("WIREROOM_CORPORA")
	if dir == "" {
		t.Skip("WIREROOM_CORPORA is not set: no feeds to read")
	}
	var files []string
	for _, pattern := range []string{"*.xml"} {
		found, err := filepath.Glob(filepath.Join(dir, "feeds", "feed-rs", "*", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	feeds := 0
	for i, file := range files {
		if i%everyNth != 0 {
			continue
		}
		doc, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		first := newLedger(t)
		n, ok := first.bytes(doc)
		if !ok || n.New == 0 {
			continue
		}
		feeds++
		for name, churn := range churns {
			after := within(doc, churn)
			if bytes.Equal(doc, after) || beyond[filepath.Base(file)] == name {
				continue
			}
			x := newLedger(t)
			x.bytes(doc)
			s, ok := x.bytes(after)
			if !ok {
				continue
			}
			if s.New != 0 || s.Refused != 0 {
				t.Errorf("%s, %s: %+v of %d", filepath.Base(file), name, s, n.New)
			}
			if got := len(x.all()); got != n.New {
				t.Errorf("%s, %s: %d articles, then %d", filepath.Base(file), name, n.New, got)
			}
		}
	}
	t.Logf("%d feeds with articles", feeds)
	if feeds < 20/everyNth {
		t.Error("too few feeds to prove anything")
	}
}

// bytes polls a document as it is; ok is false where it can't be read.
func (x *ledger) bytes(doc []byte) (store.Saved, bool) {
	x.t.Helper()
	x.up.set(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(doc) })
	x.now = x.now.Add(2 * time.Hour)
	claims, _, err := x.store.Claim(context.Background(), store.ClaimRequest{Worker: "t", Now: x.now, Lease: time.Minute, Hosts: 1, Sources: []string{"wire"}})
	if err != nil || len(claims) != 1 {
		x.t.Fatalf("claim: %v %v", claims, err)
	}
	out := x.p.Poll(context.Background(), x.src, claims[0].Sources[0])
	saved, err := x.store.Save(context.Background(), []store.Poll{{Host: claims[0].Host, Token: claims[0].Token, State: out.State, Items: out.Items}})
	if err == nil {
		err = x.store.Release(context.Background(), claims, time.Time{})
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return saved[0], out.State.Error == ""
}
