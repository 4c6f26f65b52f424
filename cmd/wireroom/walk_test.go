package main

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wireroom/internal/need"
)

// newsboatOf is a reader with a cache of its own.
type newsboatOf struct {
	t         *testing.T
	path, dir string
}

func subscribe(t *testing.T, path, feed string) *newsboatOf {
	t.Helper()
	n := &newsboatOf{t, path, t.TempDir()}
	if err := os.WriteFile(filepath.Join(n.dir, "urls"), []byte(feed+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return n
}

// reload has the reader ask for its feed.
func (n *newsboatOf) reload() {
	n.t.Helper()
	cmd := exec.CommandContext(n.t.Context(), n.path, "-u", "urls", "-c", "cache.db", "-C", os.DevNull, "-x", "reload")
	cmd.Dir = n.dir
	cmd.Env = append(os.Environ(), "HOME="+n.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		n.t.Fatalf("newsboat: %v\n%s", err, out)
	}
}

// titles are those that the reader has in its cache, sorted.
func (n *newsboatOf) titles() []string {
	n.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(n.dir, "cache.db"))
	if err != nil {
		n.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(n.t.Context(), "SELECT title FROM rss_item WHERE deleted = 0 ORDER BY title")
	if err != nil {
		n.t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			n.t.Fatal(err)
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		n.t.Fatal(err)
	}
	return list
}

// TestFirstSteps walks as docs/first-steps.md tells newcomers to.
func TestFirstSteps(t *testing.T) {
	t.Parallel()
	newsboat := need.Program(t, "newsboat")
	p := newPublisher(t)
	dir := t.TempDir()
	config := filepath.Join(dir, "wireroom.yaml")
	writeConfig(t, dir, "")
	s := serve(t, dir) // 1

	command := func(args ...string) string { // 2
		t.Helper()
		code, out, errs := wireroom(t, dir, args...)
		if code != 0 {
			t.Fatalf("wireroom %s: exit %d: %s%s", strings.Join(args, " "), code, out, errs)
		}
		return out
	}
	var ids []string
	for i, name := range []string{"One", "Two", "Three"} {
		site := p.host(t, 40+i)
		p.put("/site"+name, `<html><head><title>Site</title><link rel="alternate" type="application/rss+xml" href="/feed`+name+`"></head><body><p>Welcome.</p></body></html>`)
		p.put("/feed"+name, rss(name, "first of "+name, "second of "+name))
		m := regexp.MustCompile(`added ([a-z0-9-]+): `).FindStringSubmatch(command("add", site+"/site"+name))
		if m == nil {
			t.Fatal("it does not say what was added")
		}
		ids = append(ids, m[1])
	}
	for _, name := range []string{"One", "Two", "Three"} { // they are on hosts of their own: any may be the last
		waitFor(t, s.url+"/feeds/all.rss", "second of "+name)
	}
	if out := command("sources"); strings.Count(out, " ok ") != 3 {
		t.Errorf("sources: %s", out)
	}

	appendTo(t, config, fmt.Sprintf("feeds:\n  - {id: mine, title: Mine, select: {sources: [%s, %s]}}\n", ids[0], ids[1])) // 3
	waitFor(t, s.url+"/feeds/mine.rss", "second of Two")
	if out := command("feeds"); !strings.Contains(out, "/feeds/mine.rss") {
		t.Errorf("feeds: %s", out)
	}

	reader := subscribe(t, newsboat, s.url+"/feeds/mine.rss") // 4
	reader.reload()
	if got := reader.titles(); !slices.Equal(got, []string{"first of One", "first of Two", "second of One", "second of Two"}) {
		t.Errorf("newsboat has %q", got)
	}

	p.put("/feedOne", rss("One", "third of One", "first of One", "second of One")) // 5
	command("refresh", "--force")
	waitFor(t, s.url+"/feeds/mine.rss", "third of One")
	if page, _ := get(t, s.url+"/feeds/mine"); !strings.Contains(string(page), "third of One") {
		t.Error("the page does not show what is new")
	}
	reader.reload()
	if got := reader.titles(); !slices.Contains(got, "third of One") {
		t.Errorf("newsboat has %q", got)
	}

	appendTo(t, config, "desk: {password: \"at least eight characters\"}\n") // 6
	o := (&doorway{serving: s, t: t, dir: dir, word: "at least eight characters"}).knock()
	id := regexp.MustCompile(`/desk/articles/([a-z2-7]+)">third of One`).FindStringSubmatch(o.open("/desk/articles?q=third"))
	if id == nil {
		t.Fatal("the desk does not find the article")
	}
	path := "/desk/articles/" + id[1]
	if page := o.send(path, path, "reason", "Wrong.", "sure", "yes"); !strings.Contains(page, "The article was withdrawn") {
		t.Fatalf("not withdrawn: %s", page)
	}
	gone := false
	for range 100 {
		if f := waitFor(t, s.url+"/feeds/mine.rss", "first of One"); len(f.Items) == 4 {
			gone = true
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if page, _ := get(t, s.url+"/feeds/mine"); !gone || strings.Contains(string(page), "third of One") {
		t.Error("what was withdrawn is still published")
	}
	fresh := subscribe(t, newsboat, s.url+"/feeds/mine.rss")
	fresh.reload()
	if got := fresh.titles(); len(got) != 4 || slices.Contains(got, "third of One") {
		t.Errorf("newsboat has %q", got)
	}
	reader.reload()
	t.Logf("newsboat that had it before keeps what it fetched: %q", reader.titles())
}

// knock waits until the desk opens, and logs in.
func (d *doorway) knock() *operator {
	d.t.Helper()
	o := &operator{t: d.t, url: d.url, client: &http.Client{}}
	for range 200 {
		if strings.Contains(o.open("/desk/login"), "Password") {
			return d.sit()
		}
		time.Sleep(50 * time.Millisecond)
	}
	d.t.Fatal("the desk stays shut")
	return nil
}

// appendTo writes more into a file, as an editor would.
func appendTo(t *testing.T, name, text string) {
	t.Helper()
	old, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(old, text...), 0o600); err != nil {
		t.Fatal(err)
	}
}
