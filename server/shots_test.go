package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"wireroom/article"
)

// TestScreenshots draws the pictures of the pages for docs/:
//
//	WIREROOM_SHOTS=../docs go test -run TestScreenshots ./server
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("WIREROOM_SHOTS")
	if dir == "" {
		t.Skip("WIREROOM_SHOTS is not set")
	}
	n, b := newSampleRoom(t), browser(t)
	page := "/articles/" + article.ShortID(samples[0].record(0, "").ID)
	for name, shot := range map[string]struct {
		path          string
		width, height int64
		scheme        string
	}{
		"front-page":       {"/", 1200, 1400, "light"},
		"front-page-dark":  {"/", 1200, 1000, "dark"},
		"front-page-phone": {"/", 390, 1200, "light"},
		"feed-page":        {"/feeds/all", 1200, 1500, "light"},
		"feed-page-filter": {"/feeds/all?agency=NWA&q=harbour", 1200, 800, "light"},
		"feed-page-rtl":    {"/feeds/arabic", 390, 900, "light"},
		"article-page":     {page, 1200, 2200, "light"},
		"article-phone":    {page, 390, 1200, "dark"},
	} {
		ctx := tab(t, b, shot.width, shot.height)
		prefer(t, ctx, shot.scheme)
		do(t, ctx, chromedp.Navigate(n.srv.URL+shot.path))
		eval[bool](t, ctx, "Promise.all([...document.images].filter(i => i.getBoundingClientRect().top < innerHeight).map(i => i.decode())).then(() => true)", chromedp.EvalAwaitPromise)
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(eval[string](t, ctx, "document.body.textContent"), "ZgotmplZ") {
			t.Errorf("%s: an address was refused", name)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
			t.Fatal(err)
		}
		leave(t, ctx)
		if len(png) > 250<<10 {
			t.Errorf("%s is too large: %d KB", name, len(png)>>10)
		}
	}
}
