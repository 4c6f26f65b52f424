package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireroom/server/token"
)

// doorway is a server whose API and desk are open.
type doorway struct {
	*serving
	t    *testing.T
	dir  string
	word string // of a token for everything, and the desk's password
}

// more is what stands in the config besides.
func openDoors(t *testing.T, more string, sources ...source) *doorway {
	t.Helper()
	word, hash, err := token.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d := &doorway{t: t, dir: t.TempDir(), word: word}
	more += fmt.Sprintf("\ndesk: {password_hash: %q}\napi: {tokens: [{name: test, hash: %q, scopes: [read, refresh, edit, kill]}]}", hash, hash)
	writeConfig(t, d.dir, more, sources...)
	d.serving = serve(t, d.dir)
	return d
}

// ask sends a request to the API and decodes the answer.
func (d *doorway) ask(method, path, body string, status int) map[string]any {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+d.word)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	if resp.StatusCode != status {
		d.t.Fatalf("%s %s: %s, want %d: %s", method, path, resp.Status, status, text)
	}
	var v map[string]any
	if len(text) > 0 && strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(text, &v); err != nil {
			d.t.Fatalf("%v in %s", err, text)
		}
	}
	return v
}

func items(v map[string]any) []map[string]any {
	var out []map[string]any
	list, _ := v["items"].([]any)
	for _, it := range list {
		out = append(out, it.(map[string]any))
	}
	return out
}

// TestRoom runs a newsroom by its API alone.
func TestRoom(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	p.put("/a", rss("A", "one", "two"))
	p.put("/b", rss("B", "three"))
	p.put("/", `<html><head><link rel="alternate" type="application/rss+xml" href="/b"></head><body>x</body></html>`)
	d := openDoors(t, "", source{"a", p.URL + "/a", ""}, source{"quiet", p.URL + "/quiet", ", paused: true"})
	config := filepath.Join(d.dir, "wireroom.yaml")
	before, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, d.url+"/feeds/all.rss", "two")

	found := items(d.ask("POST", "/discover", fmt.Sprintf(`{"url":%q}`, p.URL+"/"), 200))
	if len(found) != 1 || found[0]["url"] != p.URL+"/b" {
		t.Fatalf("found %v", found)
	}
	if shown := items(d.ask("POST", "/preview", fmt.Sprintf(`{"url":%q}`, p.URL+"/b"), 200)); len(shown) != 1 || shown[0]["headline"] != "three" {
		t.Errorf("preview: %v", shown)
	}
	d.ask("POST", "/preview", fmt.Sprintf(`{"url":%q}`, p.URL+"/"), 502)
	d.ask("POST", "/sources", fmt.Sprintf(`{"url":%q,"id":"b","title":"Bee"}`, p.URL+"/b"), 201)
	d.ask("POST", "/sources", fmt.Sprintf(`{"url":%q}`, p.URL+"/b"), 409)
	d.ask("POST", "/sources", fmt.Sprintf(`{"url":%q,"id":"a"}`, p.URL+"/c"), 409)
	d.ask("POST", "/sources", fmt.Sprintf(`{"url":%q,"id":"no good"}`, p.URL+"/c"), 422)
	if got := items(d.ask("POST", "/refresh", `{"sources":["b","quiet"],"force":true}`, 200)); len(got) != 2 {
		t.Errorf("refresh: %v", got)
	}
	f := waitFor(t, d.url+"/feeds/all.json", "three")
	if len(f.Items) != 3 {
		t.Errorf("%d items, want 3", len(f.Items))
	}

	// Stories are joined and split.
	idOf := func(q string) string {
		list := items(d.ask("GET", "/articles?q="+q, "", 200))
		if len(list) != 1 {
			t.Fatalf("%s: %v", q, list)
		}
		return strings.ReplaceAll(list[0]["id"].(string), ":", "%3A")
	}
	one, three := idOf("one"), idOf("three")
	inStory := func(id string) any {
		s, _ := d.ask("GET", "/articles/"+id, "", 200)["story"].(map[string]any)
		return s["id"]
	}
	d.ask("DELETE", "/articles/"+one+"/story", "", 409)
	joined := d.ask("POST", "/articles/"+one+"/story", fmt.Sprintf(`{"with":[%q]}`, strings.ReplaceAll(three, "%3A", ":")), 200)["story"]
	if inStory(one) != joined || inStory(three) != joined {
		t.Errorf("story %v has %v and %v", joined, inStory(one), inStory(three))
	}
	d.ask("POST", "/articles/"+one+"/story", `{"with":[]}`, 422)
	d.ask("POST", "/articles/"+one+"/story", `{"with":["nothing"]}`, 404)
	d.ask("DELETE", "/articles/"+three+"/story", "", 200)
	if inStory(one) == inStory(three) {
		t.Error("the story was not split")
	}

	// An article is withdrawn for ever: also when its source still has it.
	list := items(d.ask("GET", "/articles?source=a&q=two", "", 200))
	if len(list) != 1 {
		t.Fatalf("articles: %v", list)
	}
	id := strings.ReplaceAll(list[0]["id"].(string), ":", "%3A")
	d.ask("POST", "/articles/"+id+"/cancel", `{"reason":" "}`, 422)
	if got := d.ask("POST", "/articles/"+id+"/cancel", `{"reason":"It was wrong."}`, 200); got["status"] != "canceled" || got["revision"].(map[string]any)["note"] != "It was wrong." {
		t.Errorf("withdrawn: %v", got)
	}
	d.ask("POST", "/articles/"+id+"/cancel", `{"reason":"Twice."}`, 200)
	p.put("/a", rss("A", "four", "one", "two"))
	d.ask("POST", "/refresh", `{"sources":["a"],"force":true}`, 200)
	f = waitFor(t, d.url+"/feeds/all.json", "four")
	for _, it := range f.Items {
		if it.Title == "two" {
			t.Error("what was withdrawn is back")
		}
	}
	st := d.ask("GET", "/sources/a", "", 200)
	var outcomes []string
	for _, h := range st["history"].([]any) {
		outcomes = append(outcomes, h.(map[string]any)["outcome"].(string))
	}
	if got := strings.Join(outcomes, " "); got != "new withdrawn new" {
		t.Errorf("history: %s", got)
	}

	// Changes are laid over the config, which stays as it is.
	d.ask("PATCH", "/sources/a", `{"title":"The A","every":"30m","paused":true}`, 200)
	d.ask("PATCH", "/sources/a", `{"every":"1s"}`, 200) // this network is the operator's own: seconds are allowed
	d.ask("PATCH", "/sources/a", `{"every":"soon"}`, 422)
	d.ask("PATCH", "/sources/a", `{"every":"1ms"}`, 422)
	if got := d.ask("GET", "/sources/a", "", 200); got["name"] != "The A" || got["every"] != "1s" || got["state"] != "paused" || got["changed"] != true {
		t.Errorf("changed: %v", got)
	}
	if got := d.ask("POST", "/refresh", `{"sources":["a"],"force":true}`, 200); items(got)[0]["outcome"] != "skipped" {
		t.Errorf("a paused source: %v", got)
	}
	d.ask("DELETE", "/sources/a", "", 409)
	d.ask("DELETE", "/sources/b", "", 204)
	d.ask("GET", "/sources/b", "", 404)
	if after, err := os.ReadFile(config); err != nil || string(after) != string(before) {
		t.Errorf("the config was changed: %v\n%s", err, after)
	}
	if code, out, errs := wireroom(t, d.dir, "sources"); code != 0 || !strings.Contains(out, "The A") {
		t.Errorf("the commands know nothing of it: %s%s", out, errs)
	}
	imported := d.ask("POST", "/opml", `<opml version="2.0"><body><outline text="Bee" xmlUrl="`+p.URL+`/b"/><outline xmlUrl="`+p.URL+`/a"/></body></opml>`, 200)
	if len(imported["added"].([]any)) != 1 || imported["known"] != 1. {
		t.Errorf("imported: %v", imported)
	}
	d.ask("POST", "/opml", `<html>`, 422)
	d.ask("GET", "/opml", "", 200)
}

// TestUnwritable says so where changes can't be kept.
func TestUnwritable(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	p.put("/a", rss("A", "one"))
	d := openDoors(t, "", source{"a", p.URL + "/a", ""})
	if err := os.WriteFile(filepath.Join(d.dir, "wireroom.d"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := d.ask("PATCH", "/sources/a", `{"paused":true}`, 409); !strings.Contains(got["detail"].(string), "can't be written") {
		t.Errorf("%v", got)
	}
	if got := d.ask("GET", "/sources/a", "", 200); got["paused"] == true {
		t.Error("what was not written holds")
	}
}

// TestGuarded holds what operators can make the program fetch to the guard: no
// private networks, no files, no other schemes.
func TestGuarded(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	p.put("/a", rss("A", "one"))
	d := openDoors(t, "fetch: {allow_networks: [127.99.0.0/16]}")
	secret := filepath.Join(d.dir, "secret.xml")
	if err := os.WriteFile(secret, []byte(rss("Secret", "hidden")), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{p.URL + "/a", "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://localhost/", "http://0/", "http://2130706433/", "http://127.1/"} {
		for _, path := range []string{"/discover", "/preview"} {
			got := d.ask("POST", path, fmt.Sprintf(`{"url":%q}`, address), 502)
			if s := fmt.Sprint(got["detail"]); strings.Contains(s, "one") {
				t.Errorf("%s %s: %s", path, address, s)
			}
		}
	}
	for _, address := range []string{"file://" + secret, secret, "secret.xml", "../secret.xml", "gopher://x.example/", "javascript:alert(1)", "", "http://", "https://a b/"} {
		for _, path := range []string{"/discover", "/preview", "/sources"} {
			r, err := http.NewRequestWithContext(t.Context(), "POST", d.url+"/api/v1"+path, strings.NewReader(fmt.Sprintf(`{"url":%q}`, address)))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+d.word)
			r.Header.Set("Content-Type", "application/json")
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			// A bare name is a host that there is none of.
			if resp.StatusCode == 200 || resp.StatusCode >= 500 && resp.StatusCode != 502 || strings.Contains(string(text), "hidden") {
				t.Errorf("%s %q: %s %s", path, address, resp.Status, text)
			}
		}
	}
}
