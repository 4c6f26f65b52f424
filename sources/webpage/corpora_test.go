package webpage

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"wireroom/article"
	"wireroom/internal/need"
)

// labelled is what was read off one page of the corpora by hand.
type labelled struct {
	ID       string
	Kicker   string
	Agencies []string
	Dateline string
	SignOff  string
	Genre    string
}

// listedPage is one page of the corpora and its hand-checked text.
type listedPage struct {
	ID, File, URL, Title string
	Summary              []string
	Sections             []struct{ Headline, Paragraphs []string }
}

func readLines[T any](t testing.TB, name string) (out []T) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		var v T
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func readPage(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// records reads every page of the corpora. Under the race detector it reads every
// eighth, and the test is over.
func records(t *testing.T, dir string, pages []listedPage) map[string]*article.Record {
	t.Helper()
	if slack > 1 {
		var some []listedPage
		for i := 0; i < len(pages); i += 8 {
			some = append(some, pages[i])
		}
		pages = some
		defer t.Skip("the race detector has time for every eighth page only; .ci/run reads all without it")
	}
	out := make(map[string]*article.Record, len(pages))
	var mu sync.Mutex
	var wg sync.WaitGroup
	work := make(chan listedPage)
	for range 2 {
		wg.Go(func() {
			for p := range work {
				res, err := Extract(readPage(t, filepath.Join(dir, p.File)), Options{URL: p.URL})
				if err != nil {
					t.Errorf("%s: %v", p.ID, err)
					continue
				}
				mu.Lock()
				out[p.ID] = &res.Record
				mu.Unlock()
			}
		})
	}
	for _, p := range pages {
		work <- p
	}
	close(work)
	wg.Wait()
	return out
}

// tally counts what was found of what was to be found.
type tally struct{ right, wrong, missed int }

func (c *tally) one(want, got string, same func(a, b string) bool) {
	switch {
	case want != "" && got != "" && same(want, got):
		c.right++
	default:
		if got != "" {
			c.wrong++
		}
		if want != "" {
			c.missed++
		}
	}
}

func (c *tally) f1() float64 {
	return 2 * float64(c.right) / max(float64(2*c.right+c.wrong+c.missed), 1)
}

// The labels of the pages: kicker, agencies, dateline and sign-off, as F1 over
// all pages. Kicker and dateline must be the same words; a sign-off that was
// printed with more or less around it counts.
func TestLabels(t *testing.T) {
	dir := need.Corpora(t, "pages")
	pages := readLines[listedPage](t, filepath.Join(dir, "truth.jsonl"))
	got := records(t, dir, pages)
	var kicker, agencies, dateline, signOff, genre tally
	words := func(a, b string) bool { return fold(a) == fold(b) }
	for _, l := range readLines[labelled](t, filepath.Join(dir, "labels.jsonl")) {
		r := got[l.ID]
		if r == nil {
			r = &article.Record{}
		}
		kicker.one(l.Kicker, r.Kicker, words)
		dateline.one(l.Dateline, r.Dateline.Text, words)
		signOff.one(l.SignOff, r.SignOff, func(a, b string) bool {
			a, b = fold(a), fold(b)
			return a != "" && b != "" && (strings.Contains(a, b) || strings.Contains(b, a))
		})
		genre.one(l.Genre, r.Genre, words)
		for _, a := range l.Agencies {
			if containsFold(r.Agencies, a) {
				agencies.right++
			} else {
				agencies.missed++
			}
		}
		for _, a := range r.Agencies {
			if !containsFold(l.Agencies, a) {
				agencies.wrong++
			}
		}
	}
	for _, c := range []struct {
		name  string
		tally *tally
		least float64
	}{{"kicker", &kicker, 0.90}, {"agencies", &agencies, 0.90}, {"dateline", &dateline, 0.90}, {"sign-off", &signOff, 0.90}, {"genre", &genre, 0.55}} {
		t.Logf("%-9s right %3d  wrong %3d  missed %3d  F1 %.3f", c.name, c.tally.right, c.tally.wrong, c.tally.missed, c.tally.f1())
		if c.tally.f1() < c.least {
			t.Errorf("%s: F1 %.3f, want at least %.2f", c.name, c.tally.f1(), c.least)
		}
	}
}

// The paragraphs of the pages, exactly: a coarse guard against a rule that helps
// one page and spoils many. The scorer of the corpora has the fine figures.
func TestParagraphs(t *testing.T) {
	dir := need.Corpora(t, "pages")
	pages := readLines[listedPage](t, filepath.Join(dir, "truth.jsonl"))
	got := records(t, dir, pages)
	var sum float64
	for _, p := range pages {
		want := map[string]int{}
		n := 0
		for _, s := range p.Sections {
			for _, l := range s.Paragraphs {
				want[fold(l)]++
				n++
			}
		}
		right, said := 0, 0
		if r := got[p.ID]; r != nil {
			for _, s := range r.Body.Sections {
				for _, b := range s.Blocks {
					lines := b.Items
					if b.Type == "paragraph" || b.Type == "quote" {
						lines = []string{b.Text}
					}
					for _, l := range lines {
						said++
						if f := fold(l); want[f] > 0 {
							want[f]--
							right++
						} else if slices.ContainsFunc(p.Summary, func(s string) bool { return fold(s) == f }) {
							said--
						}
					}
				}
			}
		}
		sum += 2 * float64(right) / max(float64(n+said), 1)
	}
	mean := sum / float64(len(pages))
	t.Logf("mean F1 of paragraphs %.3f on %d pages", mean, len(pages))
	if mean < 0.93 {
		t.Errorf("mean F1 of paragraphs %.3f, want at least 0.93", mean)
	}
}

func BenchmarkExtract(b *testing.B) {
	dir := need.Corpora(b, "pages")
	var pages [][]byte
	var urls []string
	size := 0
	for _, p := range readLines[listedPage](b, filepath.Join(dir, "truth.jsonl")) {
		pages, urls = append(pages, readPage(b, filepath.Join(dir, p.File))), append(urls, p.URL)
		size += len(pages[len(pages)-1])
	}
	b.ReportAllocs()
	b.SetBytes(int64(size / len(pages)))
	i := 0
	for b.Loop() {
		if _, err := Extract(pages[i%len(pages)], Options{URL: urls[i%len(pages)]}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
