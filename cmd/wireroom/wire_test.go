package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCorrectionAndCancellation: an agency's update, correction and cancellation
// of one item, in whatever order they come and whether one by one or at once, end
// with the item gone from the feed and a tombstone in its place.
func TestCorrectionAndCancellation(t *testing.T) {
	t.Parallel()
	const update, correction, cancel = "g2-reuters-update.xml", "g2-reuters-correction.xml", "g2-reuters-cancel.xml"
	for i, deliveries := range [][][]string{
		{{update}, {correction}, {cancel}},
		{{correction}, {cancel}},
		{{cancel}, {correction}},
		{{update}, {cancel}, {correction}},
		{{cancel, correction}},
		{{update, correction, cancel}},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			in := filepath.Join(dir, "wire")
			if err := os.Mkdir(in, 0o700); err != nil {
				t.Fatal(err)
			}
			writeConfig(t, dir, "", source{"reuters", "file://" + in, ""})
			n := 0
			for _, files := range deliveries {
				for _, name := range files {
					deliver(t, name, filepath.Join(in, fmt.Sprintf("%02d.xml", n)))
					n++
				}
				if code, out, errs := wireroom(t, dir, "refresh"); code != 0 {
					t.Fatalf("refresh: exit %d: %s%s", code, out, errs)
				}
			}
			body, _ := get(t, serve(t, dir).url+"/feeds/all.atom")
			feed := string(body)
			if strings.Contains(feed, "Ferries") || strings.Contains(feed, "<entry") {
				t.Errorf("the item is still there:\n%s", feed)
			}
			if !strings.Contains(feed, ":deleted-entry ") && !strings.Contains(feed, "<deleted-entry ") {
				t.Errorf("no tombstone:\n%s", feed)
			}
		})
	}
}

// TestCorrection: without a cancellation the correction stands, though it came
// first and its version's number is the lower one.
func TestCorrection(t *testing.T) {
	t.Parallel()
	for i, order := range [][]string{{"g2-reuters-update.xml", "g2-reuters-correction.xml"}, {"g2-reuters-correction.xml", "g2-reuters-update.xml"}} {
		dir := t.TempDir()
		in := filepath.Join(dir, "wire")
		if err := os.Mkdir(in, 0o700); err != nil {
			t.Fatal(err)
		}
		writeConfig(t, dir, "", source{"reuters", "file://" + in, ""})
		for n, name := range order {
			deliver(t, name, filepath.Join(in, fmt.Sprintf("%02d.xml", n)))
			if code, out, errs := wireroom(t, dir, "refresh"); code != 0 {
				t.Fatalf("refresh: exit %d: %s%s", code, out, errs)
			}
		}
		body, _ := get(t, serve(t, dir).url+"/feeds/all.atom")
		if feed := string(body); !strings.Contains(feed, "strike of eight days") || strings.Count(feed, "<entry") != 1 {
			t.Errorf("order %d: the correction does not stand:\n%s", i, feed)
		}
	}
}

// deliver puts a file where an agency would, some time ago, with the dates of
// these days: tombstones don't stay for ever.
func deliver(t *testing.T, name, to string) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "..", "sources", "newswire", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	for from, daysAgo := range map[string]int{"2018-01-21T": 2, "2018-01-22T": 1} {
		day := time.Now().UTC().AddDate(0, 0, -daysAgo).Format("2006-01-02T")
		body = bytes.ReplaceAll(body, []byte(from), []byte(day))
	}
	if err := os.WriteFile(to, body, 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(to, old, old); err != nil {
		t.Fatal(err)
	}
}
