//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"wireroom/bench/upstream"
)

// TestScale measures a small store twice, the second time the one that was kept:
// every figure must have been taken, whatever it is.
func TestScale(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds and runs the program")
	}
	results, folder := t.TempDir(), t.TempDir()
	var out bytes.Buffer
	args := []string{"-scale", "-sizes", "20,20", "-rate", "20", "-window", "2s", "-results", results, "-folder", folder}
	if err := run(t.Context(), args, nil, &out, t.Output()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(results, "*-scale.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var r scaleReport
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Sizes) != 2 || r.Ratio <= 0 {
		t.Fatalf("%+v", r)
	}
	if first, then := r.Sizes[0].Articles, r.Sizes[1].Articles; first != 20*upstream.Items || then <= first {
		t.Errorf("%d articles, then %d; the news of the first run must be among them", first, then)
	}
	for _, f := range r.Sizes {
		if f.Bytes < 100 || f.Latency.N == 0 {
			t.Errorf("%+v", f)
		}
		for _, w := range []window{f.Quiet, f.News} {
			if w.Polls == 0 || w.CPU <= 0 || w.Late.N == 0 || w.Memory.Now < 1<<20 || w.Memory.Peak < w.Memory.Now {
				t.Errorf("%+v", w)
			}
		}
		if f.Quiet.NotModified != f.Quiet.Polls || f.News.NotModified == f.News.Polls {
			t.Errorf("of %d and %d polls %d and %d were answered by 304", f.Quiet.Polls, f.News.Polls, f.Quiet.NotModified, f.News.NotModified)
		}
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	var list []time.Duration
	for i := range 100 {
		list = append(list, time.Duration(100-i)*time.Millisecond)
	}
	if got, want := spreadOf(list), (spread{N: 100, P50: 51, P99: 100, Max: 100}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := spreadOf(nil); got != (spread{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

// TestReader holds the reader of the combined feed to whole links.
func TestReader(t *testing.T) {
	t.Parallel()
	at := time.Now()
	r := newReader("")
	r.expect(at, []string{"https://a.example/1", "https://a.example/12", "https://a.example/2"})
	r.found([]byte(`{"url":"https://a.example/12"}`), at.Add(time.Second))
	r.found([]byte(`{"url":"https://a.example/1"}`), at.Add(2*time.Second))
	took, missing := r.result()
	if len(took) != 2 || took[0] != time.Second || took[1] != 2*time.Second || missing != 1 {
		t.Errorf("%v, %d missing", took, missing)
	}
	r.found(nil, at.Add(forgotten+time.Second))
	if _, missing := r.result(); missing != 1 || len(r.waiting) != 0 {
		t.Errorf("%d missing, %d awaited", missing, len(r.waiting))
	}
}
