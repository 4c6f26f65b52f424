package metrics

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDashboard holds the Grafana dashboard to the metrics that there are, and
// each of our metrics to being shown.
func TestDashboard(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../../examples/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Type    string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(src, &board); err != nil {
		t.Fatal(err)
	}
	have := scrape(t, &used(t).Registry)
	shown, taken := map[string]bool{}, map[[2]int]string{}
	word := regexp.MustCompile(`\b(?:wireroom|go|process)_[a-z0-9_]+`)
	for _, p := range board.Panels {
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("%s shows nothing", p.Title)
		}
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" || x >= 24 {
					t.Fatalf("%s lies over %q or beyond the edge", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
		for _, q := range p.Targets {
			if strings.Count(q.Expr, "(") != strings.Count(q.Expr, ")") || strings.Count(q.Expr, "{") != strings.Count(q.Expr, "}") {
				t.Errorf("%s: unbalanced: %s", p.Title, q.Expr)
			}
			names := word.FindAllString(q.Expr, -1)
			if len(names) == 0 {
				t.Errorf("%s: no metric in %s", p.Title, q.Expr)
			}
			for _, n := range names {
				base, isBucket := strings.CutSuffix(n, "_bucket")
				switch f := have[base]; {
				case f == nil && strings.HasPrefix(n, "process_"): // there is no /proc here
				case f == nil || isBucket != (f.GetType().String() == "HISTOGRAM"):
					t.Errorf("%s: there is no metric %s", p.Title, n)
				}
				shown[base] = true
			}
		}
	}
	elsewhere := map[string]bool{"wireroom_config_loaded_timestamp_seconds": true, "wireroom_cache_bytes": true, "wireroom_store_sequence": true}
	for name := range have {
		if strings.HasPrefix(name, "wireroom_") && !shown[name] && !elsewhere[name] {
			t.Errorf("%s is not on the dashboard", name)
		}
	}
}
