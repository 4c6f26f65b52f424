package server

import (
	"context"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"wireroom/article"
	"wireroom/internal/need"
)

// TestPagesInBrowser goes the ways that people go, in Chromium.
func TestPagesInBrowser(t *testing.T) {
	t.Parallel()
	b := browser(t)
	w := &walk{newSampleRoom(t), b}
	t.Run("read", w.read)
	t.Run("filter", w.filter)
	t.Run("search", w.search)
	t.Run("subscribe", w.subscribe)
	t.Run("live", w.live)
	t.Run("dark", w.dark)
	t.Run("narrow", w.narrow)
	t.Run("no script", w.noScript)
	t.Run("keyboard", w.keyboard)
	t.Run("print", w.print)
	t.Run("paint", w.paint)
	t.Run("still", w.still)
	t.Run("axe", w.axe)
}

// walk is a visitor of the sample newsroom.
type walk struct {
	*newsroom
	browser context.Context
}

func (w *walk) open(t *testing.T, path string, width int64) context.Context {
	t.Helper()
	ctx := tab(t, w.browser, width, 900)
	do(t, ctx, chromedp.Navigate(w.srv.URL+path))
	return ctx
}

// paths are a page of each kind.
func (w *walk) paths() []string {
	first := samples[0].record(0, "")
	arabic := samples[5].record(5, "")
	return []string{
		"/", "/feeds/all", "/feeds/all?agency=NWA&q=harbour", "/feeds/all?q=nowhere", "/feeds/arabic", "/nothing",
		"/articles/" + article.ShortID(first.ID), "/articles/" + article.ShortID(arabic.ID),
	}
}

func headlines(t *testing.T, ctx context.Context) []string {
	t.Helper()
	return eval[[]string](t, ctx, "[...document.querySelectorAll('main .item h2, main .item h3')].map(h => h.textContent)")
}

// follow clicks on what a selector finds and waits until the other page is there.
func follow(t *testing.T, ctx context.Context, selector string) string {
	t.Helper()
	eval[bool](t, ctx, "window.before = true")
	do(t, ctx, chromedp.Click(chromedp.CSS(selector)))
	await(t, ctx, "!window.before && document.readyState === 'complete'")
	return eval[string](t, ctx, "location.pathname + location.search")
}

func (w *walk) read(t *testing.T) {
	ctx := w.open(t, "/", 1200)
	if got := eval[string](t, ctx, "document.querySelector('.lead h2').textContent"); got != samples[0].headline {
		t.Errorf("%q leads: the story that three sources tell, with a picture, should", got)
	}
	for what, selector := range map[string]string{
		"kicker": ".lead .kicker", "standfirst": ".lead .standfirst", "source": ".lead .source", "agency": ".lead .agency", "time": ".lead time",
		"caption": ".lead .caption", "credit": ".lead figcaption small", "further coverage": ".lead .further a", "a section": ".sections .brief",
	} {
		if strings.TrimSpace(eval[string](t, ctx, "document.querySelector('"+selector+"')?.textContent || ''")) == "" {
			t.Errorf("the leading story has no %s", what)
		}
	}
	if n := eval[int](t, ctx, "document.querySelectorAll('.lead .further li').length"); n != 2 {
		t.Errorf("%d other articles of the story, want 2", n)
	}
	if body := eval[string](t, ctx, "document.body.textContent"); strings.Contains(body, "Newsroom's own") {
		t.Error("a private feed is named")
	}
	if path := follow(t, ctx, ".lead h2 a"); !strings.HasPrefix(path, "/articles/") {
		t.Errorf("the headline leads to %s", path)
	}
	text := eval[string](t, ctx, "document.querySelector('main').innerText")
	for _, want := range []string{"Jonas Reke", "Mika Storm", "VELDEN (Northwire)", "ih/mt", "Velden Port Authority", "Adds the harbour master", "Ferries return to Velden", "CC BY-NC"} {
		if !strings.Contains(text, want) {
			t.Errorf("the article's page has no %q", want)
		}
	}
	if eval[string](t, ctx, "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent).headline") != samples[0].headline {
		t.Error("the article's page has no JSON-LD")
	}
	if path := follow(t, ctx, ".record dd a[href*='agency=']"); path != "/feeds/all?agency=NWA" {
		t.Errorf("the agency leads to %s", path)
	}
}

func (w *walk) filter(t *testing.T) {
	ctx := w.open(t, "/feeds/all", 1200)
	if path := follow(t, ctx, ".filters a[href='/feeds/all?agency=NWA']"); path != "/feeds/all?agency=NWA" {
		t.Fatalf("the filter leads to %s", path)
	}
	if got := headlines(t, ctx); len(got) != 4 {
		t.Errorf("by the agency: %q", got)
	}
	path := follow(t, ctx, ".filters a[href*='topic=']:not([aria-current])")
	if !strings.HasPrefix(path, "/feeds/all?agency=NWA&topic=") {
		t.Errorf("two filters: %s", path)
	}
	feed := eval[string](t, ctx, "document.querySelector('#subscribe a[type=\"application/rss+xml\"]').href")
	if strings.TrimPrefix(feed, w.srv.URL) != strings.Replace(path, "/feeds/all?", "/feeds/all.rss?", 1) {
		t.Errorf("what is shown at %s is subscribed to at %s", path, feed)
	}
	n := len(headlines(t, ctx)) + eval[int](t, ctx, "document.querySelectorAll('.further li').length")
	if a := w.get(strings.TrimPrefix(feed, w.srv.URL)); strings.Count(a.body, "<item>") != n {
		t.Errorf("the page has %d articles, its feed %d", n, strings.Count(a.body, "<item>"))
	}
	if path := follow(t, ctx, ".active a[href^='/feeds/all?topic=']"); !strings.HasPrefix(path, "/feeds/all?topic=") {
		t.Errorf("without the agency: %s", path)
	}
}

func (w *walk) search(t *testing.T) {
	ctx := w.open(t, "/feeds/all?lang=en", 1200)
	eval[bool](t, ctx, "window.before = true")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("input[name=q]"), "bridge"+kb.Enter))
	await(t, ctx, "!window.before && document.readyState === 'complete'")
	if path := eval[string](t, ctx, "location.pathname + location.search"); path != "/feeds/all?lang=en&q=bridge" {
		t.Errorf("searching leads to %s", path)
	}
	if got := headlines(t, ctx); len(got) != 1 || !strings.Contains(got[0], "swing bridge") {
		t.Errorf("found %q", got)
	}
	ctx = w.open(t, "/feeds/all?q=nowhere", 1200)
	if got := eval[string](t, ctx, "document.querySelector('.empty').textContent"); !strings.Contains(got, "No article matches") {
		t.Errorf("nothing found: %q", got)
	}
}

func (w *walk) subscribe(t *testing.T) {
	ctx := w.open(t, "/feeds/economy", 1200)
	links := eval[[]string](t, ctx, "[...document.querySelectorAll('#subscribe a[type]')].map(a => a.href)")
	if len(links) != 3 {
		t.Fatalf("addresses: %q", links)
	}
	for _, l := range links {
		if a := w.get(strings.TrimPrefix(l, w.srv.URL)); a.status != http.StatusOK || !strings.Contains(a.body, "Central bank holds rate") {
			t.Errorf("%s: %d", l, a.status)
		}
	}
	readers := eval[[]string](t, ctx, "[...document.querySelectorAll('#subscribe a[href^=\"feed:\"]')].map(a => a.getAttribute('href'))")
	if len(readers) != 3 || readers[0] != "feed:"+links[0] {
		t.Errorf("for the reader's own program: %q", readers)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("#subscribe button[data-copy]")))
	await(t, ctx, "document.querySelector('#subscribe button').textContent === 'Copied'")
	if n := eval[int](t, ctx, "document.querySelectorAll('head link[rel=alternate]').length"); n != 3 {
		t.Errorf("%d feeds in the head", n)
	}
}

// live: what comes is offered; nothing moves until it is asked for.
func (w *walk) live(t *testing.T) {
	ctx := w.open(t, "/", 1200)
	for range 100 { // until the page listens
		if w.listening() > 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	eval[bool](t, ctx, "scrollTo(0, 400), window.place = document.querySelector('.second h2').getBoundingClientRect().top, true")
	fresh := samples[11].record(-1, "")
	fresh.ID, fresh.Headline, fresh.Urgency = article.Mint("news.example", "meridian", "fresh"), "Lighthouse lit again after forty years", 1
	fresh.FirstSeen = time.Now().UTC()
	w.file(fresh)
	await(t, ctx, "document.querySelector('#live button')?.textContent === '1 new article'")
	if !eval[bool](t, ctx, "scrollY === 400 && document.querySelector('.second h2').getBoundingClientRect().top === window.place") {
		t.Error("what was being read has moved")
	}
	if got := eval[string](t, ctx, "document.title"); !strings.HasPrefix(got, "(1) ") {
		t.Errorf("title %q", got)
	}
	follow(t, ctx, "#live button")
	if got := strings.Join(headlines(t, ctx), "\n"); !strings.Contains(got, fresh.Headline) {
		t.Errorf("the new article is not there:\n%s", got)
	}
	if !eval[bool](t, ctx, "scrollY === 0 && !document.querySelector('#live button')") {
		t.Error("the page does not begin anew")
	}
}

func (w *walk) dark(t *testing.T) {
	ctx := w.open(t, "/", 1200)
	const look = "getComputedStyle(document.body).backgroundColor + ' ' + getComputedStyle(document.body).color"
	prefer(t, ctx, "light")
	light := eval[string](t, ctx, look)
	prefer(t, ctx, "dark")
	if dark := eval[string](t, ctx, look); dark == light || !strings.HasPrefix(dark, "rgb(23,") {
		t.Errorf("light %s, dark %s", light, dark)
	}
}

// narrow: at 320 pixels (WCAG 1.4.10) nothing overflows and targets are large
// enough (2.5.8).
func (w *walk) narrow(t *testing.T) {
	ctx := tab(t, w.browser, 320, 900)
	for _, path := range w.paths() {
		do(t, ctx, chromedp.Navigate(w.srv.URL+path))
		wantFits(t, ctx, path)
		small := eval[[]string](t, ctx, `[...document.querySelectorAll('a, button, input')].filter(e => {
			const r = e.getBoundingClientRect(), inline = getComputedStyle(e).display === 'inline';
			return r.width > 1 && r.height > 1 && !inline && (r.height < 23.5 || r.width < 23.5) && !e.closest('.skip, .meta');
		}).map(e => e.outerHTML + ' ' + e.getBoundingClientRect().height)`)
		if len(small) > 0 {
			t.Errorf("%s: too small to be hit: %q", path, small)
		}
	}
}

func wantFits(t *testing.T, ctx context.Context, path string) {
	t.Helper()
	if over := eval[[]string](t, ctx, `document.scrollingElement.scrollWidth <= innerWidth ? [] :
		[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 200))`); len(over) > 0 {
		t.Errorf("%s overflows: %q", path, over)
	}
}

func (w *walk) noScript(t *testing.T) {
	ctx := tab(t, w.browser, 1200, 900)
	call(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	do(t, ctx, chromedp.Navigate(w.srv.URL+"/feeds/all"))
	if eval[bool](t, ctx, "[...document.querySelectorAll('button[data-copy]')].some(b => b.checkVisibility())") {
		t.Error("a button shows that can do nothing")
	}
	if got := eval[string](t, ctx, "document.querySelector('.top time').textContent"); !strings.HasSuffix(got, "UTC") {
		t.Errorf("time %q", got)
	}
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("input[name=q]"), "bridge"+kb.Enter), chromedp.WaitVisible(chromedp.CSS(".active")))
	if got := headlines(t, ctx); len(got) != 1 {
		t.Errorf("search: %q", got)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS(".item h2 a")), chromedp.WaitVisible(chromedp.CSS(".record")))
	if got := eval[string](t, ctx, "document.querySelector('h1').textContent"); !strings.Contains(got, "swing bridge") {
		t.Errorf("article: %q", got)
	}
}

func (w *walk) keyboard(t *testing.T) {
	ctx := w.open(t, "/feeds/all", 1200)
	do(t, ctx, chromedp.KeyEvent(kb.Tab))
	if !eval[bool](t, ctx, "document.activeElement.className === 'skip' && document.activeElement.getBoundingClientRect().top >= 0") {
		t.Fatal("the first key does not show the way past the head")
	}
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	await(t, ctx, "location.hash === '#main'")
	do(t, ctx, chromedp.KeyEvent(kb.Tab))
	if !eval[bool](t, ctx, "document.activeElement.closest('main') !== null") {
		t.Error("the next key is not among the articles")
	}
	seen := map[string]bool{}
	for range 150 {
		where := eval[string](t, ctx, `(() => {
			const e = document.activeElement, s = getComputedStyle(e);
			if (e === document.body) return '';
			const shown = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && e.matches(':focus-visible');
			return (shown ? '' : 'unseen: ' + e.outerHTML + ' ') + (e.closest('.item') ? 'item' : e.closest('.filters') ? 'filters' : e.closest('.subscribe') ? e.tagName : e.closest('footer') ? 'footer' : 'else');
		})()`)
		if strings.HasPrefix(where, "unseen") {
			t.Errorf("the focus does not show: %s", where)
		}
		seen[where] = true
		if where == "footer" {
			break
		}
		do(t, ctx, chromedp.KeyEvent(kb.Tab))
	}
	for _, want := range []string{"item", "filters", "A", "BUTTON", "INPUT", "footer"} {
		if !seen[want] {
			t.Errorf("the keyboard does not reach %s: %v", want, seen)
		}
	}
}

// print leaves out what paper can't do.
func (w *walk) print(t *testing.T) {
	ctx := w.open(t, w.paths()[6], 1200)
	call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	if shown := eval[[]string](t, ctx, "['.search', '.mast nav', 'button'].filter(s => document.querySelector(s)?.checkVisibility())"); len(shown) > 0 {
		t.Errorf("on paper: %q", shown)
	}
	if !eval[bool](t, ctx, "document.querySelector('.text').checkVisibility()") {
		t.Error("the text is not on paper")
	}
}

// paint measures what a visitor waits for, by the browser's own figures.
func (w *walk) paint(t *testing.T) {
	ctx := tab(t, w.browser, 390, 900)
	for _, path := range []string{"/", "/feeds/all"} {
		do(t, ctx, chromedp.Navigate(w.srv.URL+path))
		got := eval[struct{ Paint, Shift, Bytes float64 }](t, ctx, `new Promise(done => setTimeout(() => {
			let shift = 0;
			new PerformanceObserver(l => l.getEntries().forEach(e => shift += e.value)).observe({ type: 'layout-shift', buffered: true });
			setTimeout(() => done({
				Paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime || 0, Shift: shift,
				Bytes: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].filter(e => e.initiatorType !== 'img').reduce((n, e) => n + e.encodedBodySize, 0),
			}), 100);
		}, 700))`, chromedp.EvalAwaitPromise)
		t.Logf("%s: first paint after %.0f ms, layout shift %.3f, %.0f bytes without pictures", path, got.Paint, got.Shift, got.Bytes)
		if got.Shift > 0.1 || got.Bytes == 0 || got.Bytes > 100_000 {
			t.Errorf("%s: layout shift %.3f, %.0f bytes", path, got.Shift, got.Bytes)
		}
	}
}

// still: the script moves nothing, however narrow the page; all lines stay as many
// and as high as they were.
func (w *walk) still(t *testing.T) {
	const heights = "[...document.querySelectorAll('.item, .mast, .story header')].map(e => Math.round(e.getBoundingClientRect().height))"
	for _, width := range []int64{320, 390, 1200} {
		for _, path := range []string{"/", "/feeds/all?lang=en", "/feeds/arabic", w.paths()[6]} {
			before := tab(t, w.browser, width, 900)
			call(t, before, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			do(t, before, chromedp.Navigate(w.srv.URL+path))
			after := w.open(t, path, width)
			if a, b := eval[[]int](t, before, heights), eval[[]int](t, after, heights); !slices.Equal(a, b) {
				t.Errorf("%s at %d pixels: %v, and with the script %v", path, width, a, b)
			}
			leave(t, before)
			leave(t, after)
		}
	}
}

// axe holds each kind of page to WCAG 2.2 AA, one after the other light and dark,
// wide and narrow.
func (w *walk) axe(t *testing.T) {
	file := os.Getenv("WIREROOM_AXE")
	if file == "" {
		need.Missing(t, "WIREROOM_AXE does not name axe-core's script")
	}
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx := tab(t, w.browser, 1200, 900)
	call(t, ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}) // for axe's own script
	faults := func(path string) []string {
		do(t, ctx, chromedp.Navigate(w.srv.URL+path))
		if path == "" { // so that it is seen that faults would be
			eval[bool](t, ctx, "document.querySelector('h1 a').style.color = '#ddd', document.documentElement.removeAttribute('lang'), true")
		}
		eval[bool](t, ctx, string(script)+"; true")
		return eval[[]string](t, ctx, `axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
			.then(r => r.violations.map(v => v.impact + ' ' + v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html + ' ' + n.any.concat(n.all).map(a => a.message)).join('; ')))`, chromedp.EvalAwaitPromise)
	}
	for i, path := range append(w.paths(), "/") {
		width, scheme := int64(1200), "light"
		if i%2 == 1 {
			scheme = "dark"
		}
		if i%4 > 1 {
			width = 320
		}
		prefer(t, ctx, scheme)
		do(t, ctx, chromedp.EmulateViewport(width, 900))
		for _, fault := range faults(path) {
			t.Errorf("%s, %s, %d pixels: %s", path, scheme, width, fault)
		}
	}
	prefer(t, ctx, "light")
	if control := strings.Join(faults(""), "\n"); !strings.Contains(control, "color-contrast") || !strings.Contains(control, "html-has-lang") {
		t.Errorf("axe does not see faults: %s", control)
	}
}

// listening is how many streams are open.
func (n *newsroom) listening() int {
	n.handler.streams.mu.Lock()
	defer n.handler.streams.mu.Unlock()
	return n.handler.streams.count
}
