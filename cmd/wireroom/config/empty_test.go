package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAddToEmpty adds to lists that have nothing in them.
func TestAddToEmpty(t *testing.T) {
	t.Parallel()
	for _, src := range []string{
		"sources: []\nfeeds: [{id: a}]\n", "sources:\n  []\nfeeds: [{id: a}]\n", "sources:\nfeeds: [{id: a}]\n", "sources: [ ] # mine\nfeeds: [{id: a}]", "sources:\n# mine\n\nfeeds: [{id: a}]\n",
		"sources:\r\nfeeds: [{id: a}]\r\n", "feeds: [{id: a}]\nsources: []", "feeds: [{id: a}]\nsources:", "sources: # mine\nfeeds: [{id: a}]\n",
	} {
		path := filepath.Join(t.TempDir(), "wireroom.yaml")
		if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := AddSources(path, []Source{{ID: "one", URL: "https://one.example/feed"}}, none); err != nil {
			t.Errorf("%q: %v", src, err)
			continue
		}
		if err := AddSources(path, []Source{{ID: "two", URL: "https://two.example/feed"}}, none); err != nil {
			t.Errorf("%q, twice: %v", src, err)
			continue
		}
		c, err := Load(path, none)
		if err != nil || len(c.Sources) != 2 || len(c.Feeds) != 1 {
			t.Errorf("%q: %v", src, err)
		}
		if out, _ := os.ReadFile(path); strings.Contains(src, "# mine") && !strings.Contains(string(out), "# mine") {
			t.Errorf("%q lost its comment: %q", src, out)
		}
	}
}
