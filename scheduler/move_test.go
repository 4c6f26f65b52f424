package scheduler

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestPollRemembersTheOrderOfDates: which of 03/04 is the day is known from
// earlier documents where the new one does not tell.
func TestPollRemembersTheOrderOfDates(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newTestPoller(t, u.URL)
	doc := func(dates ...string) string {
		var b strings.Builder
		b.WriteString(`<rss version="2.0"><channel><title>T</title>`)
		for _, d := range dates {
			fmt.Fprintf(&b, `<item><title>Of %s</title><guid>%s</guid><pubDate>%s</pubDate></item>`, d, d, d)
		}
		return b.String() + `</channel></rss>`
	}
	u.set(ok(doc("10/11/2026 12:00", "21/10/2026 12:00"), ""))
	x.poll()
	u.set(ok(doc("11/11/2026 12:00", "10/11/2026 12:00", "09/11/2026 08:30"), ""))
	x.now = x.now.Add(time.Hour)
	out := x.poll()
	if len(out.Items) != 2 {
		t.Fatalf("%d items", len(out.Items))
	}
	if got := out.Items[1].Record.Published.Format(time.DateTime); got != "2026-11-09 08:30:00" {
		t.Errorf("09/11 is %s", got)
	}
}

// TestPollMerges: a source that has moved to where another one reads rests, and
// is back when the other one is gone.
func TestPollMerges(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newTestPoller(t, u.URL+"/old")
	u.set(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
			return
		}
		fmt.Fprint(w, feedOf(1))
	})
	other := &Source{ID: "other", URL: u.URL + "/new"}
	sched := New(Options{})
	sched.SetSources([]*Source{x.src, other})
	x.p.Twin = sched.Twin
	for range 4 {
		x.poll()
		x.now = x.now.Add(13 * time.Hour)
		u.set(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/old" {
				http.Redirect(w, r, "/new", http.StatusMovedPermanently)
				return
			}
			fmt.Fprint(w, feedOf(x.now.Hour()+1))
		})
	}
	asked := len(u.asked)
	if x.poll(); x.st.Detail.Merged != "other" || len(u.asked) != asked || !strings.Contains(x.st.Detail.Why, "other") || x.st.Due.Sub(x.now) != 24*time.Hour {
		t.Errorf("merged into %q, asked %d times, because %q", x.st.Detail.Merged, len(u.asked)-asked, x.st.Detail.Why)
	}
	sched.SetSources([]*Source{x.src})
	if x.poll(); x.st.Detail.Merged != "" || len(u.asked) == asked {
		t.Errorf("it rests for the sake of nobody: %+v", x.st.Detail)
	}
}
