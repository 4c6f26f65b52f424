package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRemote uses the commands on a server elsewhere, without a config.
func TestRemote(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	p.put("/a", rss("A", "one"))
	d := openDoors(t, "", source{"a", p.URL + "/a", ""}, source{"lost", p.URL + "/lost", ""})
	waitFor(t, d.url+"/feeds/all.rss", "one")
	for range 200 { // its host is asked once a second
		if d.ask("GET", "/sources/lost", "", 200)["state"] == "failing" {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "token")
	if err := os.WriteFile(file, []byte(d.word+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ask := func(args ...string) (int, string, string) {
		t.Helper()
		return wireroom(t, "", append(args, "--server", d.url, "--token-file", file)...)
	}
	id := strings.ReplaceAll(items(d.ask("GET", "/articles", "", 200))[0]["id"].(string), ":", "%3A")
	p.put("/a", rss("A", "two", "one"))
	for _, k := range []struct {
		args []string
		code int
		want []string
	}{
		{[]string{"sources"}, 0, []string{"a ", "ok", "lost", "failing", "There is nothing at the address"}},
		{[]string{"sources", "a"}, 0, []string{"OUTCOME", "new"}},
		{[]string{"sources", "--json"}, 0, []string{`"state":"failing"`, `"id":"a"`}},
		{[]string{"sources", "nobody"}, 1, []string{`There is no source "nobody".`}},
		{[]string{"feeds"}, 0, []string{"/feeds/all.rss"}},
		{[]string{"feeds", "--json"}, 0, []string{`"atom":`}},
		{[]string{"feeds", "all"}, 0, []string{"/feeds/all.atom"}},
		{[]string{"feeds", "nothing"}, 1, []string{`no feed "nothing"`}},
		{[]string{"article", strings.ReplaceAll(id, "%3A", ":")}, 0, []string{"VERSION", "one"}},
		{[]string{"article", "--json", strings.ReplaceAll(id, "%3A", ":")}, 0, []string{`"headline":"one"`}},
		{[]string{"article", "nothing"}, 1, []string{"There is no article"}},
		{[]string{"refresh", "a", "--force"}, 0, []string{"1 new, 0 updated", "1 sources: 1 new articles"}},
		{[]string{"refresh", "a", "--force", "--json"}, 0, []string{`"outcome":"not-modified"`}},
		{[]string{"refresh", "--force"}, 1, []string{"lost", "failed"}},
		{[]string{"refresh", "nobody"}, 1, []string{"no source"}},
		{[]string{"refresh", "a"}, 0, []string{"skipped"}},
	} {
		code, out, errs := ask(k.args...)
		if code != k.code {
			t.Errorf("%q: exit %d, want %d: %s%s", k.args, code, k.code, out, errs)
		}
		for _, part := range k.want {
			if !strings.Contains(out+errs, part) {
				t.Errorf("%q: no %q in %s%s", k.args, part, out, errs)
			}
		}
		if strings.Contains(out+errs, d.word) {
			t.Errorf("%q prints the token", k.args)
		}
	}
	// The lines have the shape of those of the config's own store.
	_, out, _ := ask("sources", "--json", "a")
	var far, near sourceLine
	if err := json.Unmarshal([]byte(out), &far); err != nil {
		t.Fatal(err)
	}
	_, out, _ = wireroom(t, d.dir, "sources", "--json", "a")
	if err := json.Unmarshal([]byte(out), &near); err != nil {
		t.Fatal(err)
	}
	if far.ID != near.ID || far.URL != near.URL || far.Title != near.Title || far.State != near.State || len(far.History) != len(near.History) || far.History[0].Outcome != near.History[0].Outcome {
		t.Errorf("far %+v\nnear %+v", far, near)
	}
}

func TestRemoteRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, empty, two := write("good", "wr_0\n"), write("empty", "\n"), write("two", "a\nb")
	p := newPublisher(t)
	for _, k := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--server", "news.example", "--token-file", good}, 2, "expected an address"},
		{[]string{"--server", "https://u:p@news.example", "--token-file", good}, 2, "expected an address"},
		{[]string{"--server", p.URL}, 2, "needs --token-file"},
		{[]string{"--token-file", good}, 2, "is for --server"},
		{[]string{"--server", p.URL, "--token-file", filepath.Join(dir, "none")}, 2, "--token-file"},
		{[]string{"--server", p.URL, "--token-file", empty}, 2, "one token"},
		{[]string{"--server", p.URL, "--token-file", two}, 2, "one token"},
		{[]string{"--server", p.URL, "--token-file", good}, 1, "is there a Wireroom"},
		{[]string{"--server", "http://127.0.0.1:1", "--token-file", good}, 1, "can't be asked"},
	} {
		for _, cmd := range []string{"sources", "feeds", "refresh"} {
			if code, out, errs := wireroom(t, "", append([]string{cmd}, k.args...)...); code != k.code || !strings.Contains(errs, k.want) {
				t.Errorf("%s %q: exit %d, want %d and %q: %s%s", cmd, k.args, code, k.code, k.want, out, errs)
			}
		}
	}
}
