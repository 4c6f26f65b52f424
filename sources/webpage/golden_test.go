package webpage

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Each page of testdata has the record that it must give beside it. A new case is
// a new page; run with -update and look at what came out.
func TestGolden(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("testdata/*.html")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) < 10 || len(texts) < 1 {
		t.Fatalf("only %d pages and %d texts", len(pages), len(texts))
	}
	for _, name := range append(pages, texts...) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			page, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			url := ""
			if strings.HasSuffix(name, ".html") {
				url = "https://www.site.example/section/" + strings.TrimSuffix(filepath.Base(name), ".html")
			}
			res, err := Extract(page, Options{URL: url})
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", " ")
			if err := enc.Encode(res.Record); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(name, filepath.Ext(name)) + ".json"
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), b.String()); d != "" {
				t.Errorf("record differs (-want +got):\n%s", d)
			}
		})
	}
}
