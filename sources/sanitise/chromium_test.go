package sanitise

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"wireroom/internal/need"
)

// watch runs before everything else in the page. Every function that an attack
// calls to show itself is replaced by one that notes the call; a dialog can't
// come up unseen.
const watch = `<script>
window.ran = [];
for (const f of ['alert', 'confirm', 'prompt', 'print', 'open', 'eval', 'msgbox'])
	window[f] = (...a) => { ran.push(f + ' ' + a + ' ' + (document.currentScript ? 'in a script' : '')) };
addEventListener('error', e => { if (e.message) ran.push('error ' + e.message) });
addEventListener('securitypolicyviolation', e => ran.push('policy ' + e.blockedURI));
const ours = document.currentScript;
</script>`

// inspect runs last. It fires the events that attacks wait for at every element,
// writes every payload a second time through innerHTML, and looks for whatever
// could run, load or navigate.
const inspect = `<script id="last">
const last = document.currentScript, payloads = JSON.parse(document.getElementById('payloads').textContent);
function look(root) {
	for (const e of root.querySelectorAll('*')) {
		if (/^(script|style|object|embed|applet|frame|frameset|base|meta|link|form|input|textarea|template|noscript|svg|portal)$/i.test(e.localName)) ran.push('element ' + e.outerHTML);
		for (const a of e.attributes) {
			if (/^on|^style$|^id$|^name$|^class$|^srcdoc$|^ping$|^action$|^formaction$/i.test(a.localName)) ran.push('attribute ' + e.outerHTML);
			if (/^(href|src|poster|cite|data|background)$/i.test(a.localName) && !/^(https?:|mailto:|data:image\/(png|jpeg|gif|webp);)/.test(a.value)) ran.push('URL ' + e.outerHTML);
		}
		if (e.href && /^(javascript|data|vbscript)/.test(e.protocol)) ran.push('link ' + e.outerHTML);
		for (const t of ['mouseover', 'mouseout', 'mousedown', 'mouseup', 'focus', 'blur', 'load', 'error', 'toggle', 'begin', 'start', 'submit', 'resize', 'keydown', 'input', 'change', 'select', 'scroll', 'wheel', 'pointerover', 'copy', 'animationstart', 'click'])
			e.dispatchEvent(new Event(t));
	}
}
addEventListener('load', () => {
	look(document.getElementById('page'));
	const second = document.createElement('div');
	document.body.append(second);
	for (const p of payloads) {
		const d = document.createElement('div');
		second.append(d);
		d.innerHTML = p;
		if (d.innerHTML !== new DOMParser().parseFromString('<body><div>' + p + '</div>', 'text/html').body.firstChild.innerHTML) ran.push('two trees of ' + p);
	}
	look(second);
	setTimeout(() => { document.documentElement.setAttribute('data-ran', JSON.stringify(ran)) }, 1500);
});
</script>`

// TestChromium renders all payloads in one page with scripting on and proves
// that nothing ran. The same page with the payloads as they came shows that it
// would have been seen.
func TestChromium(t *testing.T) {
	t.Parallel()
	chromium := findChromium(t)
	all := append([]string(nil), attacks...)
	if os.Getenv("WIREROOM_CORPORA") != "" {
		all = append(all, payloads(t)...)
	} else {
		t.Log("without WIREROOM_CORPORA: our own attacks only")
	}
	var safe []string
	for _, s := range all {
		safe = append(safe, HTML(s, base, Options{}), HTML(s, base, Options{DataImages: true, Frames: []string{player}}))
	}
	if ran := render(t, chromium, safe); len(ran) > 0 {
		t.Errorf("%d things ran or are live: %q", len(ran), ran)
	}
	control := []string{`<img src=x onerror=alert(1)>`, `<p onmouseover=alert(2)>x</p>`, `<a href="javascript:alert(3)">x</a>`}
	if ran := strings.Join(render(t, chromium, control), "\n"); !strings.Contains(ran, "alert 1") || !strings.Contains(ran, "alert 2") || !strings.Contains(ran, "URL <a") {
		t.Errorf("the page does not see attacks that work: %s", ran)
	}
}

// render shows the payloads in a page and returns what its watch noted.
func render(t *testing.T, chromium string, all []string) []string {
	t.Helper()
	list, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	fmt.Fprintf(&page, "<!DOCTYPE html><html><head><meta charset=utf-8>%s</head><body><script type=application/json id=payloads>%s</script><div id=page>", watch, strings.ReplaceAll(string(list), "<", `\u003c`))
	for _, s := range all {
		fmt.Fprintf(&page, "<div>%s</div>\n", s)
	}
	page.WriteString("</div>" + inspect + "</body></html>")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page.Bytes())
	}))
	defer server.Close()

	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--virtual-time-budget=10000", "--user-data-dir="+t.TempDir(), "--dump-dom", server.URL)
	cmd.WaitDelay = 5 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	dom, err := cmd.Output()
	if err != nil {
		t.Fatalf("chromium: %v: %.500s", err, stderr.String())
	}
	m := regexp.MustCompile(`<html[^>]* data-ran="([^"]*)"`).FindSubmatch(dom)
	if m == nil {
		t.Fatalf("the page did not come to its end; it may have been left: %.500s", dom)
	}
	var ran []string
	if err := json.Unmarshal([]byte(html.UnescapeString(string(m[1]))), &ran); err != nil {
		t.Fatal(err)
	}
	return ran
}

func findChromium(t *testing.T) string {
	t.Helper()
	return need.Program(t, "chromium", "chromium-browser", "google-chrome", "headless-shell")
}
