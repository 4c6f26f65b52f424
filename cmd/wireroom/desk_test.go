package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"wireroom/server/token"
)

// operator is somebody before a browser without scripts.
type operator struct {
	t      *testing.T
	url    string
	client *http.Client
}

var hidden = regexp.MustCompile(`name="token" value="([^"]+)"`)

// sit logs in at the desk.
func (d *doorway) sit() *operator {
	d.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	o := &operator{d.t, d.url, &http.Client{Jar: jar}}
	if page := o.read(o.client.PostForm(d.url+"/desk/login", url.Values{"password": {d.word}})); !strings.Contains(page, "Overview") {
		d.t.Fatalf("not logged in: %s", page)
	}
	return o
}

func (o *operator) read(resp *http.Response, err error) string {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return string(body)
}

func (o *operator) open(path string) string {
	o.t.Helper()
	return o.read(o.client.Get(o.url + path))
}

// send sends a form of the page at path to an address.
func (o *operator) send(page, to string, form ...string) string {
	o.t.Helper()
	m := hidden.FindStringSubmatch(o.open(page))
	if m == nil {
		o.t.Fatalf("%s has no form", page)
	}
	v := url.Values{"token": {m[1]}}
	for i := 0; i < len(form); i += 2 {
		v.Set(form[i], form[i+1])
	}
	return o.read(o.client.PostForm(o.url+to, v))
}

// TestDesk runs a newsroom from the desk.
func TestDesk(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	p.put("/a", rss("A", "one", "two"))
	p.put("/b", rss("B", "three"))
	p.put("/", `<html><head><link rel="alternate" type="application/rss+xml" href="/b"></head><body>x</body></html>`)
	d := openDoors(t, "", source{"a", p.URL + "/a", ""})
	waitFor(t, d.url+"/feeds/all.rss", "two")
	o := d.sit()
	has := func(page string, parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !strings.Contains(page, part) {
				t.Errorf("no %q in %s", part, page)
			}
		}
	}
	has(o.send("/desk/add", "/desk/find", "url", p.URL), p.URL+"/b", "Preview")
	has(o.send("/desk/add", "/desk/preview", "url", p.URL+"/b"), "three")
	has(o.send("/desk/add", "/desk/sources", "url", p.URL+"/b", "id", "bee"), "The source was added", "at the desk")
	waitFor(t, d.url+"/feeds/all.rss", "three")
	has(o.send("/desk/sources/bee", "/desk/sources/bee/refresh", "do", "try"), "Trying", "Asking the site.", "It answered: 304 Not Modified", "Done: not modified (304).", "See its history")
	has(o.send("/desk/sources/bee", "/desk/sources/bee", "do", "pause"), "The source is paused", "Resume")
	has(o.send("/desk/sources/a", "/desk/sources/a", "do", "rename", "title", "Agency <A>"), "Agency &lt;A&gt;", "with changes made at the desk")
	get(t, d.url+"/feeds/all.atom")
	has(o.open("/desk/feeds"), "Go-http-client")

	id := regexp.MustCompile(`/desk/articles/([a-z2-7]+)`).FindStringSubmatch(o.open("/desk/articles?q=two"))
	if id == nil {
		t.Fatal("the article is not listed")
	}
	path := "/desk/articles/" + id[1]
	has(o.send(path, path, "reason", "Wrong.", "sure", "yes"), "The article was withdrawn", "canceled: Wrong.")
	left := false
	for range 100 {
		if f := waitFor(t, d.url+"/feeds/all.rss", "three"); len(f.Items) == 2 {
			left = true
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if !left {
		t.Error("what was withdrawn stays in the feed")
	}
	has(o.open("/articles/"+id[1]), "ithdrawn")
	has(o.send("/desk", "/desk/logout"), "Password")
	has(o.open("/desk/sources"), "Password")
}

func TestPasswordCommand(t *testing.T) {
	t.Parallel()
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"password"}, strings.NewReader("correct horse\r\n"), &out, &errs); code != 0 || !token.MatchPassword(strings.TrimSpace(out.String()), "correct horse") {
		t.Errorf("exit %d: %s%s", code, out.String(), errs.String())
	}
	if code := run(t.Context(), []string{"password"}, strings.NewReader("short"), &out, &errs); code != 2 || !strings.Contains(errs.String(), "at least 8") {
		t.Errorf("a short password: exit %d: %s", code, errs.String())
	}
}
