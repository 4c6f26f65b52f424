package date

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"wireroom/internal/need"
)

// TestCorpus holds the parser against the hostile dates: want is Unix seconds,
// null for what must be refused, or a word where any or a doubtful reading will
// do.
func TestCorpus(t *testing.T) {
	t.Parallel()
	f, err := os.Open(need.Corpora(t, "hostile", "dates.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := 0
	for lines := bufio.NewScanner(f); lines.Scan(); rows++ {
		var row struct {
			S    string
			Want any
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		got, err := Parse(row.S, Unknown)
		switch want := row.Want.(type) {
		case nil:
			if err == nil {
				t.Errorf("%q is read as %v and must be refused", row.S, got.Time)
			}
		case float64:
			if err != nil || got.Time.Unix() != int64(want) {
				t.Errorf("%q is read as %v (%d), %v, want %d", row.S, got.Time, got.Time.Unix(), err, int64(want))
			}
		case string:
			switch {
			case want == "ambig" && (err != nil || !got.Ambiguous):
				t.Errorf("%q is read as %+v, %v and is ambiguous", row.S, got, err)
			case (want == "any" || want == "parsed") && err != nil:
				t.Errorf("%q: %v", row.S, err)
			}
		}
	}
	if rows == 0 {
		t.Error("no dates in the corpus")
	}
}
