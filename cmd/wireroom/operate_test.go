package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// TestServeMetrics looks at a server as its operator does: numbers on the private
// address only, and requests and polls in the log under ids, without secrets.
func TestServeMetrics(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := newPublisher(t)
	p.put("/a", rss("A", "one", "two"))
	private := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	text := fmt.Sprintf("server: {listen: \"127.0.0.1:1\", private_listen: %q, access_log: on}\nfetch: {allow_networks: [127.0.0.0/8]}\nsources: [{id: a, url: %q}]\n", private, p.URL+"/a")
	if err := os.WriteFile(filepath.Join(dir, "wireroom.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, dir)
	waitFor(t, s.url+"/feeds/all.rss", "one")
	get(t, s.url+"/feeds/all.rss?q=secretword")
	resp, err := http.Get(s.url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("metrics on the public address: %s", resp.Status)
	}
	body, _ := get(t, "http://"+private+"/metrics")
	parser := expfmt.NewTextParser(model.UTF8Validation)
	got, err := parser.TextToMetricFamilies(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`wireroom_polls_total{kind="feed",outcome="new"} 1`, `wireroom_articles_saved_total{result="new"} 2`, `wireroom_sources{state="ok"} 1`,
		`wireroom_store_articles 2`, `wireroom_http_requests_total{route="/feeds/{name}",code="200"}`, `wireroom_cache_requests_total{result="made"} 1`,
		`wireroom_store_operation_duration_seconds_count{operation="save"} 1`, `wireroom_poll_lateness_seconds_count 1`, `wireroom_claims_active 0`,
	} {
		if !strings.Contains(string(body), "\n"+line) {
			t.Errorf("no %s in the metrics", line)
		}
	}
	if got["wireroom_render_duration_seconds"].GetMetric()[0].GetHistogram().GetSampleCount() == 0 || got["process_start_time_seconds"] == nil {
		t.Error("renderings or the process were not measured")
	}
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("it did not end well: %v", err)
	}
	log := s.log.String()
	for _, want := range []string{`msg=request method=GET path="/feeds/all.rss\?q=…" status=200 .*request=[0-9a-f]{16}\n`, `msg=news source=a poll=[0-9a-f]{16} new=2`} {
		if !regexp.MustCompile(want).MatchString(log) {
			t.Errorf("the log has no %s", want)
		}
	}
	if strings.Contains(log, "secretword") || strings.Contains(log, "client=") {
		t.Error("the log tells of readers")
	}
}
