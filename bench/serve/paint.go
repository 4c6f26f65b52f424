//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/chromedp/chromedp"
)

// painted is what Chromium says of a page; times in milliseconds from the click.
type painted struct {
	First, Largest float64 // paint
	Shift          float64 // of what stood on the page already (CLS)
	Blocked        float64 // by tasks of more than 50 ms, what is above them (TBT)
	Bytes          float64 // without pictures, as sent, with headers
	Requests       float64
}

// askChromium waits until the page has come to rest.
const askChromium = `new Promise(done => {
	let shift = 0, largest = 0, blocked = 0;
	new PerformanceObserver(l => l.getEntries().forEach(e => shift += e.hadRecentInput ? 0 : e.value)).observe({ type: 'layout-shift', buffered: true });
	new PerformanceObserver(l => l.getEntries().forEach(e => largest = e.startTime)).observe({ type: 'largest-contentful-paint', buffered: true });
	new PerformanceObserver(l => l.getEntries().forEach(e => blocked += e.duration - 50)).observe({ type: 'longtask', buffered: true });
	setTimeout(() => {
		const sent = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].filter(e => e.initiatorType !== 'img');
		done({ First: performance.getEntriesByName('first-contentful-paint')[0]?.startTime || 0, Largest: largest, Shift: shift, Blocked: blocked,
			Bytes: sent.reduce((n, e) => n + e.transferSize, 0), Requests: sent.length });
	}, 1500);
})`

// paints is how often Chromium opens each page, each time with an empty cache.
const paints = 5

// paint lets Chromium open a page of each kind, on a desktop and a phone, and
// prints medians. Where there is no Chromium it says so.
func paint(ctx context.Context, w *wireroom, kinds []pageKind, out io.Writer) error {
	path, err := lookup("chromium")
	if err != nil {
		fmt.Fprintln(out, "chromium is not installed: nothing is painted")
		return nil
	}
	u, err := url.Parse(w.source.URL)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "wireroom-chromium-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(dir),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("host-resolver-rules", "MAP "+pictureHost+" "+u.Host+", MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	ctx, cancel := chromedp.NewExecAllocator(ctx, options...)
	defer cancel()
	browser, cancel := chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(browser); err != nil {
		return fmt.Errorf("start %s: %w", path, err)
	}
	fmt.Fprintf(out, "%-26s %6s %12s %14s %12s %12s %9s %8s\n", "page in Chromium", "width", "first paint", "largest paint", "layout shift", "blocked", "bytes", "requests")
	for _, k := range kinds {
		for _, width := range []int64{1200, 390} {
			var list []painted
			for range paints {
				p, err := paintOne(browser, w.base+k.paths[0], width)
				if err != nil {
					return fmt.Errorf("%s: %w", k.name, err)
				}
				list = append(list, p)
			}
			of := func(f func(painted) float64) float64 {
				var all []float64
				for _, p := range list {
					all = append(all, f(p))
				}
				return median(all)
			}
			shift := slices.MaxFunc(list, func(a, b painted) int { return int((a.Shift - b.Shift) * 1e6) }).Shift
			fmt.Fprintf(out, "%-26s %6d %9.0f ms %11.0f ms %12.4f %9.0f ms %9.0f %8.0f\n", k.name, width, of(func(p painted) float64 { return p.First }),
				of(func(p painted) float64 { return p.Largest }), shift, of(func(p painted) float64 { return p.Blocked }), of(func(p painted) float64 { return p.Bytes }), of(func(p painted) float64 { return p.Requests }))
		}
	}
	return nil
}

// paintOne opens an address in a window of its own that knows nothing yet.
func paintOne(browser context.Context, address string, width int64) (painted, error) {
	tab, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	defer cancel()
	tab, stop := context.WithTimeout(tab, time.Minute)
	defer stop()
	if err := chromedp.Do(tab, chromedp.EmulateViewport(width, 900), chromedp.Navigate(address)); err != nil {
		return painted{}, err
	}
	return chromedp.Run(tab, chromedp.Evaluate[painted](askChromium, chromedp.EvalAwaitPromise))
}
