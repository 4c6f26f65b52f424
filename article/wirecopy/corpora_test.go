package wirecopy

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wireroom/internal/need"
)

// page is one hand-checked article of the corpora.
type page struct {
	ID       string
	Title    string
	Summary  []string
	Sections []struct{ Paragraphs []string }
}

type pageLabel struct {
	ID       string
	Dateline string
	SignOff  string
	Agencies []string
}

func readLines[T any](t *testing.T, name string) []T {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []T
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		var v T
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Paragraphs of real pages must not be taken for wire copy's datelines and
// sign-offs, and those that are must be found.
func TestPages(t *testing.T) {
	t.Parallel()
	dir := need.Corpora(t)
	labels := map[string]pageLabel{}
	for _, l := range readLines[pageLabel](t, filepath.Join(dir, "pages", "labels.jsonl")) {
		labels[l.ID] = l
	}
	var read, falseLines, falseSigns, missed, found int
	for _, p := range readLines[page](t, filepath.Join(dir, "pages", "truth.jsonl")) {
		label := labels[p.ID]
		paragraphs := slices.Clone(p.Summary)
		for _, s := range p.Sections {
			paragraphs = append(paragraphs, s.Paragraphs...)
		}
		hit := false
		for _, text := range paragraphs {
			read++
			if d, _, ok := Dateline(text); ok {
				if label.Dateline != "" && d.Text == label.Dateline {
					hit = true
				} else {
					falseLines++
					t.Errorf("%s: dateline %q in %.80q", p.ID, d.Text, text)
				}
			}
			if c, ok := SignOff(text); ok && !strings.Contains(label.SignOff, c.Text) && !strings.HasSuffix(c.Text, label.SignOff) && c.Text != "***" {
				falseSigns++
				t.Errorf("%s: sign-off %q", p.ID, c.Text)
			}
			if note, _, ok := Note(text); ok {
				t.Errorf("%s: note %q", p.ID, note)
			}
			if NotForPublication(text) {
				t.Errorf("%s: held back %q", p.ID, text)
			}
		}
		if label.Dateline != "" {
			if hit {
				found++
			} else if slices.ContainsFunc(paragraphs, func(s string) bool { return strings.HasPrefix(strings.TrimSpace(s), label.Dateline) }) {
				missed++
				t.Errorf("%s: dateline %q was missed", p.ID, label.Dateline)
			}
		}
		if h := ReadHeadline(p.Title); h.Marked {
			t.Errorf("%s: marks in %q: %+v", p.ID, p.Title, h)
		}
	}
	t.Logf("%d paragraphs, %d false datelines, %d false sign-offs, %d datelines found, %d missed", read, falseLines, falseSigns, found, missed)
	if read < 2000 {
		t.Errorf("only %d paragraphs", read)
	}
}

// The sign-offs and credits that the pages' labels quote must be read.
func TestPageSignOffs(t *testing.T) {
	t.Parallel()
	dir := need.Corpora(t)
	read, n := 0, 0
	for _, l := range readLines[pageLabel](t, filepath.Join(dir, "pages", "labels.jsonl")) {
		if l.SignOff == "" {
			continue
		}
		n++
		if _, ok := SignOff(l.SignOff); ok {
			read++
			continue
		}
		if _, ok := SignOff("Das ist das Ende. " + l.SignOff); ok {
			read++
			continue
		}
		t.Logf("%s: %q was not read", l.ID, l.SignOff)
	}
	t.Logf("%d of %d sign-offs", read, n)
	if read*100 < n*90 {
		t.Errorf("only %d of %d sign-offs were read", read, n)
	}
}
