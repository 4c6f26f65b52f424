package syndication

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireroom/sources/repair"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden reads every document of testdata; what comes out lies beside it.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, in := range files {
		if strings.HasSuffix(in, ".golden") {
			continue
		}
		read++
		t.Run(filepath.Base(in), func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(in)
			if err != nil {
				t.Fatal(err)
			}
			r, err := repair.Document(body, repair.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i := range r.Entries {
				r.Entries[i].Hash = 0 // repair's business
			}
			r.Repairs = nil
			doc, err := Parse(r, Options{URL: "https://fetched.example/dir/feed.xml", ContentLanguage: "nl"})
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(filled(t, doc)); err != nil {
				t.Fatal(err)
			}
			golden := in + ".golden"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("differs from %s; if that is meant, run the test with -update\n%s", golden, got.Bytes())
			}
		})
	}
	if read == 0 {
		t.Error("testdata holds no documents")
	}
}

// filled is a value as JSON has it, without what is empty, so that a golden file
// says only what was read.
func filled(t *testing.T, v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		t.Fatal(err)
	}
	return prune(tree)
}

func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, c := range v {
			if c = prune(c); c == nil {
				delete(v, k)
			} else {
				v[k] = c
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = prune(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	case string:
		if v == "" {
			return nil
		}
	case float64:
		if v == 0 {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	}
	return v
}
