package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestStoreMoves takes a desk from SQLite to PostgreSQL and back through a
// backup; readers see the same feeds everywhere.
func TestStoreMoves(t *testing.T) {
	t.Parallel()
	pg, dir, p := database(t), t.TempDir(), newPublisher(t)
	var list []source
	for i := range 3 {
		id := fmt.Sprintf("s%d", i)
		list = append(list, source{id, fmt.Sprintf("%s/%d", p.host(t, 70+i), i), ", every: 1h"})
		p.put(fmt.Sprintf("/%d", i), rss(id, "first of "+id, "second of "+id))
	}
	do := func(wantCode int, want string, args ...string) {
		t.Helper()
		code, out, errs := wireroom(t, dir, args...)
		if code != wantCode || !strings.Contains(out+errs, want) || strings.Contains(out+errs, "hunter2") {
			t.Fatalf("%v: exit %d, want %d and %q: %s%s", args, code, wantCode, want, out, errs)
		}
	}
	writeConfig(t, dir, "", list...)
	do(0, "6 new articles", "refresh")
	before := editionOf(t, dir)
	do(0, "is sound: 3 sources, 6 articles", "store", "check")

	address := strings.Replace(pg.Schema(t), "postgres://", "postgres://postgres:hunter2@", 1)
	do(0, "3 sources, 6 articles, 6 versions", "store", "copy", "config", address)
	do(0, "6 articles", "store", "copy", "config", address) // again: nothing to do
	do(0, "is sound", "store", "check", address)
	do(1, "is a copy of", "store", "copy", "sqlite:"+filepath.Join(dir, "other.db"), address)
	do(2, "the same store", "store", "copy", address, address)
	do(2, "expected sqlite:FILE or postgres://", "store", "check", "mysql://u:hunter2@h/x")
	do(2, "accepts 2 arg(s)", "store", "copy", "config")

	writeConfig(t, dir, fmt.Sprintf("store: %q", address), list...)
	p.tally()
	do(0, "0 new articles", "refresh", "--force")
	if n := p.tally(); n[304] != 3 {
		t.Errorf("validators were lost: %v", n)
	}
	if after := editionOf(t, dir); after != before {
		t.Errorf("the feed has changed:\n%s\n%s", before, after)
	}
	file := filepath.Join(dir, "backup.db")
	do(0, "wrote", "store", "backup", file)
	do(1, "is there already", "store", "backup", file)
	if left, err := filepath.Glob(file + "?*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	writeConfig(t, dir, "store: sqlite:backup.db", list...)
	if after := editionOf(t, dir); after != before {
		t.Errorf("the feed has changed:\n%s\n%s", before, after)
	}
	do(0, "wrote", "store", "backup", filepath.Join(dir, "second.db"))
	do(0, "is sound: 3 sources, 6 articles", "store", "check", "sqlite:"+filepath.Join(dir, "second.db"))
	if err := os.WriteFile(filepath.Join(dir, "second.db"), []byte("no database at all, but long enough to be one"), 0o600); err != nil {
		t.Fatal(err)
	}
	do(1, "no SQLite database", "store", "check", "sqlite:"+filepath.Join(dir, "second.db"))
}

// editionOf is what a server on the config of dir serves, once every article has
// found its story.
func editionOf(t *testing.T, dir string) string {
	t.Helper()
	s := serve(t, dir)
	defer func() { _ = s.cmd.Process.Signal(os.Interrupt) }()
	storied(s.url)
	var all strings.Builder
	for _, body := range edition(t, s.url, "all") {
		all.Write(body)
	}
	return all.String()
}

// storied waits until every article of a server's main feed has found its story.
func storied(url string) {
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		body, _ := document(url + "/feeds/all.json")
		if n := strings.Count(body, `"_source":`); n > 0 && strings.Count(body, `"story":`) == n {
			return
		}
	}
}
