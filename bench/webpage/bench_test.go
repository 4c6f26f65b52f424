// Package webpage compares the reading of pages with go-trafilatura on the same
// pages. It is a module of its own, so that the program does not depend on what
// it is compared with:
//
//	cd bench/webpage && WIREROOM_CORPORA=… go test -bench . -cpu 1
package webpage

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"

	"wireroom/internal/need"
	"wireroom/sources/webpage"
)

type page struct {
	body []byte
	url  string
	at   *url.URL
}

// pages are those of the corpora.
func pages(b *testing.B) (out []page) {
	b.Helper()
	dir := need.Corpora(b, "pages")
	f, err := os.Open(filepath.Join(dir, "truth.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		var l struct{ File, URL string }
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			b.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Join(dir, l.File))
		if err != nil {
			b.Fatal(err)
		}
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(z)
		if err != nil {
			b.Fatal(err)
		}
		at, err := url.Parse(l.URL)
		if err != nil {
			b.Fatal(err)
		}
		out = append(out, page{body, l.URL, at})
	}
	if err := sc.Err(); err != nil {
		b.Fatal(err)
	}
	return out
}

// run reads all pages once an iteration and reports pages a second, and what one
// page takes of memory and allocations.
func run(b *testing.B, read func(p page) error) {
	list := pages(b)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		for _, p := range list {
			if err := read(p); err != nil {
				b.Fatal(p.url, err)
			}
		}
	}
	runtime.ReadMemStats(&after)
	n := float64(b.N * len(list))
	b.ReportMetric(n/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/n, "B/page")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/n, "allocs/page")
}

func BenchmarkWireroom(b *testing.B) {
	run(b, func(p page) error {
		_, err := webpage.Extract(p.body, webpage.Options{URL: p.url})
		return err
	})
}

func BenchmarkTrafilatura(b *testing.B) {
	run(b, func(p page) error {
		_, err := trafilatura.Extract(bytes.NewReader(p.body), trafilatura.Options{OriginalURL: p.at})
		return err
	})
}

// BenchmarkParse is the parsing alone, which both pay.
func BenchmarkParse(b *testing.B) {
	run(b, func(p page) error {
		_, err := html.Parse(bytes.NewReader(p.body))
		return err
	})
}
