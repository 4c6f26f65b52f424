package scheduler

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
)

// TestWatch follows polls step by step.
func TestWatch(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newTestPoller(t, u.URL+"/feed")
	var steps []Step
	x.src.Watch = func(s Step) { steps = append(steps, s) }
	want := func(name string, list ...Step) {
		t.Helper()
		x.poll()
		for i := range steps { // how much it was is not the question
			if (steps[i].Bytes > 0) != (steps[i].Stage == Answered && steps[i].Status == http.StatusOK) {
				t.Errorf("%s: %+v", name, steps[i])
			}
			steps[i].Bytes = 0
		}
		if !slices.Equal(steps, list) {
			t.Errorf("%s: %+v", name, steps)
		}
		steps = nil
	}
	u.set(ok(feedOf(3, 2, 1), `"v1"`))
	want("the first poll", Step{Stage: Asking}, Step{Stage: Answered, Status: 200}, Step{Stage: Reading, Items: 3}, Step{Stage: Saving})
	want("the same again", Step{Stage: Asking}, Step{Stage: Answered, Status: 304}, Step{Stage: Saving})
	u.set(ok(feedOf(4, 3, 2), `"v2"`))
	want("one more", Step{Stage: Asking}, Step{Stage: Answered, Status: 200}, Step{Stage: Reading, Items: 1, Known: 2}, Step{Stage: Saving})
	u.set(status(http.StatusNotFound))
	want("nothing there", Step{Stage: Asking}, Step{Stage: Answered, Status: 404}, Step{Stage: Saving})

	x.src.Page = true
	u.set(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/feed" {
			fmt.Fprint(w, "<html><body><p>Nothing.</p></body></html>")
			return
		}
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>W</title><item><title>A</title><guid isPermaLink="false">a</guid><link>%[1]s/a</link></item><item><title>B</title><guid isPermaLink="false">b</guid><link>%[1]s/b</link></item></channel></rss>`, u.URL)
	})
	want("with pages", Step{Stage: Asking}, Step{Stage: Answered, Status: 200}, Step{Stage: Reading, Items: 2},
		Step{Stage: Paging, Page: 1, Pages: 2}, Step{Stage: Paging, Page: 2, Pages: 2}, Step{Stage: Saving})
}
