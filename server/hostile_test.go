package server

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/store"
)

// attacks are our own; the corpus has more.
var attacks = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `javascript:alert(1)`, `</title><script>alert(1)</script>`,
	`</script><script>alert(1)</script>`, `{{.Site}}`, `<svg onload=alert(1)>`, `</textarea><iframe src="javascript:alert(1)">`, "`-alert(1)-`",
	`<!--<script>alert(1)//-->`, `]]><script>alert(1)</script>`, `&lt;script&gt;alert(1)&lt;/script&gt;`, `<math><mi xlink:href="data:text/html,<script>alert(1)</script>">`,
	"\u202eright to left", strings.Repeat("W", 4000), "<style>*{display:none}</style>", `<base href="https://evil.example/">`, `<meta http-equiv=refresh content="0;url=https://evil.example/">`,
}

func hostilePayloads(t *testing.T) []string {
	t.Helper()
	list := append([]string(nil), attacks...)
	dir := os.Getenv("WIREROOM_CORPORA")
	if dir == "" {
		t.Log("without WIREROOM_CORPORA: our own attacks only")
		return list
	}
	f, err := os.Open(filepath.Join(dir, "hostile", "xss.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var line struct{ S string }
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		list = append(list, line.S)
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// hostileRoom has an article for each payload, which stands in every field that
// pages show. Text in a store is clean, markup is sanitised: the payload is text.
func hostileRoom(t *testing.T, payloads []string, markup bool) *newsroom {
	t.Helper()
	n := newNewsroom(t, feed.Channel{ID: "all", Title: "All", Language: "en", Select: article.Query{Limit: 1000}})
	if err := n.store.Sync(t.Context(), []store.Source{{ID: "evil", Host: "evil.example", Republish: article.Full}}); err != nil {
		t.Fatal(err)
	}
	var list []article.Record
	for i, raw := range payloads {
		s := article.Clean(raw)
		r := story("evil", i)
		r.Headline, r.Kicker, r.Standfirst, r.Byline, r.Source.Name, r.Genre, r.Language = s, s, s, s, s, s, "en"
		r.Agencies, r.Keywords, r.Places, r.People, r.Authors = []string{s}, []string{s}, []string{s}, []string{s}, []article.Person{{Name: s, URL: s}}
		r.Subjects, r.Dateline.Text, r.SignOff, r.Rights = []article.Subject{{Name: s}}, s, s, article.Rights{Copyright: s, Terms: s, License: s, Republish: article.Full}
		r.Revision = article.Revision{Kind: "correction", Note: s}
		r.Images = []article.Media{{URL: fmt.Sprintf("https://pictures.example/%d.png", i), Caption: s, Credit: s, Alt: s, Medium: "image"}}
		r.Links.Related = []article.Link{{URL: s, Title: s}, {URL: "https://evil.example/", Title: s}}
		r.Body = article.Body{Text: s}
		if markup {
			r.Body.HTML = s
		}
		list = append(list, r)
	}
	n.file(list...)
	return n
}

// TestHostilePages shows every payload in every place: nothing runs, nothing but
// our own script is there to run, and the layout holds.
func TestHostilePages(t *testing.T) {
	t.Parallel()
	payloads := hostilePayloads(t)
	n := hostileRoom(t, payloads, false)
	for i, s := range payloads {
		wantHarmless(t, n.get("/articles/"+article.ShortID(story("evil", i).ID)), s)
		if v := strings.TrimSpace(article.Clean(s)); i%20 == 0 && v != "" && len(v) <= maxValue {
			wantHarmless(t, n.get("/feeds/all?topic="+url.QueryEscape(v)+"&q="+url.QueryEscape(v), "Accept", "text/html"), s)
		}
	}
	for _, path := range []string{"/", "/feeds/all"} {
		wantHarmless(t, n.get(path, "Accept", "text/html"), path)
	}
}

// wantHarmless parses a page and looks for what could run.
func wantHarmless(t *testing.T, a answer, payload string) {
	t.Helper()
	if a.status != 200 || !strings.Contains(a.header.Get("Content-Security-Policy"), "script-src 'self';") {
		t.Fatalf("%.200q: %d %s", payload, a.status, a.header.Get("Content-Security-Policy"))
	}
	doc, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		ours := map[string]string{}
		for _, at := range n.Attr {
			ours[at.Key] = at.Val
			scheme, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(at.Val)), ":")
			if strings.HasPrefix(at.Key, "on") || at.Key == "style" || at.Key == "srcdoc" ||
				(at.Key == "href" || at.Key == "src" || at.Key == "action") && (scheme == "javascript" || scheme == "data" || scheme == "vbscript") {
				t.Errorf("%.200q: <%s %s=%.200q>", payload, n.Data, at.Key, at.Val)
			}
		}
		switch n.Data {
		case "script":
			if !strings.HasPrefix(ours["src"], "/page.js?v=") && ours["type"] != "application/ld+json" {
				t.Errorf("%.200q: a script: %v", payload, ours)
			}
		case "style", "iframe", "object", "embed", "base", "svg", "math", "frame", "applet":
			t.Errorf("%.200q: <%s>", payload, n.Data)
		case "meta":
			if ours["http-equiv"] != "" {
				t.Errorf("%.200q: %v", payload, ours)
			}
		}
	}
}

// TestHostileInBrowser: the same in Chromium, once without the policy, which must
// not be what saves us, and once with the payloads as markup that no sanitiser
// has seen, where the policy is all there is besides the feed room's own care.
func TestHostileInBrowser(t *testing.T) {
	t.Parallel()
	b := browser(t)
	payloads := hostilePayloads(t)
	for name, bare := range map[string]bool{"without policy": true, "raw markup": false} {
		n := hostileRoom(t, payloads, !bare)
		ctx := tab(t, b, 320, 900)
		call(t, ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: bare})
		call(t, ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
			Source: "window.ran = []; for (const f of ['alert', 'confirm', 'prompt']) window[f] = (...a) => ran.push(f + a); addEventListener('beforeunload', () => ran.push('left'));",
		})
		paths := []string{"/", "/feeds/all"}
		for i := 0; i < len(payloads); i += max(1, len(payloads)/5) {
			paths = append(paths, "/articles/"+article.ShortID(story("evil", i).ID))
		}
		for _, path := range paths {
			do(t, ctx, chromedp.Navigate(n.srv.URL+path))
			ran := eval[[]string](t, ctx, `(() => {
				for (const e of document.querySelectorAll('main *')) for (const k of ['mouseover', 'focus', 'load', 'error', 'toggle', 'animationstart']) e.dispatchEvent(new Event(k));
				return new Promise(done => setTimeout(() => done(window.ran), 100));
			})()`, chromedp.EvalAwaitPromise)
			if len(ran) > 0 || eval[string](t, ctx, "location.pathname") != path {
				t.Errorf("%s, %s: %q ran", name, path, ran)
			}
			wantFits(t, ctx, path)
		}
		// What an attack that got through would do, and that it would be seen.
		ran := eval[[]string](t, ctx, `(() => {
			try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(7)>'); } catch { }
			return new Promise(done => setTimeout(() => done(window.ran), 300));
		})()`, chromedp.EvalAwaitPromise)
		if got := strings.Join(ran, " ") == "alert7"; got != bare {
			t.Errorf("%s: an attack ran: %t", name, got)
		}
		leave(t, ctx)
	}
}
