package desk

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	cd "github.com/chromedp/chromedp"

	"wireroom/internal/need"
	"wireroom/server/control/controltest"
)

// chromium starts a browser that reaches nothing but 127.0.0.1.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := need.Program(t, "chromium")
	options := append(cd.DefaultExecAllocatorOptions[:], cd.ExecPath(path), cd.NoSandbox, cd.DisableGPU, cd.UserDataDir(t.TempDir()),
		cd.Flag("disable-dev-shm-usage", true), cd.Flag("hide-scrollbars", true), cd.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"), cd.WSURLReadTimeout(time.Minute))
	ctx, cancel := cd.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(cancel)
	ctx, cancel = cd.NewContext(ctx)
	t.Cleanup(func() { _ = cd.Cancel(ctx); cancel() })
	if err := cd.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func eval[T any](t *testing.T, ctx context.Context, expression string, o ...cd.EvaluateOption) T {
	t.Helper()
	v, err := cd.Run(ctx, cd.Evaluate[T](expression, o...))
	if err != nil {
		t.Fatalf("%.100s: %v", expression, err)
	}
	return v
}

// TestBrowser looks at the desk with Chromium: logged in by keyboard, wide and on
// a phone, light and dark, nothing sticks out, and axe-core finds no fault.
func TestBrowser(t *testing.T) {
	t.Parallel()
	ctx := chromium(t)
	axe, err := os.ReadFile(os.Getenv("WIREROOM_AXE"))
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("WIREROOM_AXE does not name axe-core's script: %v", err)
	}
	if err != nil {
		t.Log("WIREROOM_AXE does not name axe-core's script: it is not asked")
	}
	room, base := controltest.New(t), ""
	srv := httptest.NewServer(New(Options{
		Room: room, Store: room.Store, Secret: func() Secret { return Secret{Password: password, Session: time.Hour} }, Base: func() string { return base }, Site: func() string { return "The Courier" },
		Client: func(*http.Request) netip.Addr { return netip.Addr{} }, Now: func() time.Time { return controltest.Now }, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}))
	t.Cleanup(srv.Close)
	base = srv.URL
	do := func(list ...cd.Action[cd.Void]) {
		t.Helper()
		if err := cd.Do(ctx, list...); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := cd.Call(ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}); err != nil { // for axe's own script
		t.Fatal(err)
	}
	look := func(path string) {
		t.Helper()
		for _, k := range []struct {
			width  int64
			scheme string
		}{{1200, "light"}, {320, "dark"}} {
			if _, err := cd.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: k.scheme}}}); err != nil {
				t.Fatal(err)
			}
			do(cd.EmulateViewport(k.width, 900), cd.Navigate(srv.URL+path))
			if over := eval[int](t, ctx, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				t.Errorf("%s at %d pixels sticks out by %d", path, k.width, over)
			}
			if len(axe) == 0 {
				continue
			}
			eval[bool](t, ctx, string(axe)+"; true")
			for _, fault := range eval[[]string](t, ctx, `axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
				.then(r => r.violations.map(v => v.impact + ' ' + v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html).join('; ')))`, cd.EvalAwaitPromise) {
				t.Errorf("%s, %s, %d pixels: %s", path, k.scheme, k.width, fault)
			}
		}
	}
	look("/desk/login")
	do(cd.Navigate(srv.URL + "/desk/sources"))
	// The field gets the focus when the page is first painted.
	if name := eval[string](t, ctx, "new Promise(done => requestAnimationFrame(() => setTimeout(() => done(document.activeElement.name || ''))))", cd.EvalAwaitPromise); name != "password" {
		t.Fatalf("the focus is on %q", name)
	}
	do(cd.KeyEvent(password+"\r"), cd.WaitVisible("nav.counts"))
	if path := eval[string](t, ctx, "location.pathname"); path != "/desk/sources" {
		t.Errorf("the login leads to %s", path)
	}
	last := lastPart(controltest.Story("north", 1).ID)
	for _, path := range []string{"/desk", "/desk/sources", "/desk/sources/north", "/desk/sources/west", "/desk/add", "/desk/articles", "/desk/articles/" + last, "/desk/feeds", "/desk/nowhere"} {
		look(path)
	}
	do(cd.Navigate(srv.URL+"/desk/sources/north"), cd.Click(`button[value="try"]`), cd.WaitVisible(".steps .good"))
	if steps := eval[int](t, ctx, "document.querySelectorAll('.steps li').length"); steps != 7 {
		t.Errorf("a try has %d steps", steps)
	}
	look(eval[string](t, ctx, "location.pathname"))
	do(cd.Navigate(srv.URL+"/desk/sources/north"), cd.Click(`button[value="pause"]`), cd.WaitVisible(`button[value="resume"]`))
	if note := eval[string](t, ctx, "document.querySelector('.note').textContent"); note != notes["paused"] {
		t.Errorf("it says %q", note)
	}
}
