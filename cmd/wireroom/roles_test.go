package main

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// TestRoles parts polling from publishing: the one serves no feeds, the other asks
// no source.
func TestRoles(t *testing.T) {
	t.Parallel()
	dir, p := t.TempDir(), newPublisher(t)
	p.put("/a", rss("A", "one"))
	writeConfig(t, dir, "", source{"a", p.URL + "/a", ", every: 1s"})
	publisher := serve(t, dir, "--roles", "publish,hub")
	time.Sleep(1500 * time.Millisecond)
	if n := p.tally(); len(n) != 0 {
		t.Errorf("who publishes only has asked a source: %v", n)
	}
	poller := serve(t, dir, "--roles", "poll")
	waitFor(t, publisher.url+"/feeds/all.rss", "one")
	for path, want := range map[string]int{"/feeds/all.rss": 503, "/healthz": 200, "/readyz": 200} {
		resp, err := http.Get(poller.url + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("who polls only: %s is %s, want %d", path, resp.Status, want)
		}
	}
	if err := poller.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := wireroom(t, "", "serve", "--roles", "poll,cook"); code != exitUsage || !strings.Contains(errs, `not "cook"`) {
		t.Errorf("an unknown role: exit %d, %s", code, errs)
	}
}
