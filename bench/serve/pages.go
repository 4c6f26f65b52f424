//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"wireroom/article"
)

// pages measures what people look at, from a store with many articles: each kind
// of page asked for by one reader for the first time, then at an even rate while
// nothing changes, and while an article comes every second; then what Chromium
// makes of them.
func pages(ctx context.Context, s *settings, dir string, out, log io.Writer) error {
	file := s.stock
	if file == "" {
		file = filepath.Join(dir, "stock.db")
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	if err := stocked(ctx, file, s.pages, log); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "stock.yaml"), []byte(stockConfig()), 0o600); err != nil {
		return err
	}
	w, err := startWireroom(ctx, s.binary, dir, 10, fmt.Sprintf("store: %q\ninclude: [stock.yaml]\n", "sqlite:"+file))
	if err != nil {
		return err
	}
	defer w.stop()
	if err := w.settle(ctx, log); err != nil {
		return err
	}
	kinds := s.kindsOfPages()
	calm, first := make([]figures, len(kinds)), make([]figures, len(kinds))
	for i, k := range kinds {
		if first[i], err = inTurn(ctx, w.base, k.first); err != nil {
			return err
		}
		if calm[i], err = even(ctx, w.base, k.paths, k.rate, s.length); err != nil {
			return err
		}
	}
	growing, stop := context.WithCancel(ctx)
	defer stop()
	grown := make(chan error, 1)
	go func() { grown <- w.source.grow(growing) }()
	fmt.Fprintf(out, "%-26s %9s %6s %7s   %-26s   %-26s   %-26s\n", "page", "addresses", "req/s", "bytes", "first: p50 p99 max, ms", "calm: p50 p99 max", "with news: p50 p99 max")
	faults := 0
	for i, k := range kinds {
		if _, err := inTurn(ctx, w.base, k.first); err != nil { // nobody came to them for a while
			return err
		}
		busy, err := even(ctx, w.base, k.again, k.rate, s.length)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%-26s %9d %6d %7d   %-26s   %-26s   %-26s\n", k.name, len(k.paths), k.rate, calm[i].bytes, first[i].times(), calm[i].times(), busy.times())
		if n := first[i].faults + calm[i].faults + busy.faults; n > 0 {
			fmt.Fprintf(out, "  %d of %d were not answered\n", n, first[i].requests+calm[i].requests+busy.requests)
			faults += n
		}
	}
	stop()
	if err := <-grown; err != nil {
		return err
	}
	used, err := cpu(w.pid)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "processor time of the program from its start: %s; resident %s\n", used.Round(100*time.Millisecond), resident(w.pid))
	if err := paint(ctx, w, kinds, out); err != nil {
		return err
	}
	if faults > 0 {
		return errors.New("there were faults")
	}
	return nil
}

func (f *figures) times() string {
	if f.requests == 0 {
		return ""
	}
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }
	return fmt.Sprintf("%7s %8s %8s", ms(f.p50), ms(f.p99), ms(f.max))
}

// settle waits until the program has nothing to catch up with: what a new store
// makes it do (archives, stories) is not what pages cost.
func (w *wireroom) settle(ctx context.Context, log io.Writer) error {
	begun := time.Now()
	for quiet := 0; quiet < 5; {
		before, err := cpu(w.pid)
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Second):
		}
		after, err := cpu(w.pid)
		if err != nil {
			return err
		}
		if quiet++; after-before > 400*time.Millisecond {
			quiet = 0
		}
		if time.Since(begun) > time.Hour {
			return errors.New("the program does not come to rest")
		}
	}
	fmt.Fprintf(log, "the program came to rest after %s\n", time.Since(begun).Round(time.Second))
	return nil
}

// resident is the memory of a process that is in use, as the kernel tells.
func resident(pid int) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "unknown"
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(line)
}

// stockConfig names the sources of the store, which are not polled, and some
// feeds beside all.
func stockConfig() string {
	var b strings.Builder
	b.WriteString("feeds:\n")
	for _, f := range []string{
		`{id: afp, title: AFP, select: {agencies: [AFP]}}`, `{id: dpa, title: dpa and Reuters, select: {agencies: [dpa, Reuters]}}`,
		`{id: german, title: Deutsch, language: de, select: {languages: [de]}}`, `{id: french, title: Français, language: fr, select: {languages: [fr]}}`,
		`{id: japanese, title: 日本語, language: ja, select: {languages: [ja]}}`,
		`{id: stories, title: Stories, once: story}`,
	} {
		b.WriteString("  - " + f + "\n")
	}
	for g := range 4 {
		ids := make([]string, 25)
		for i := range ids {
			ids[i] = stockSource(g*25 + i)
		}
		fmt.Fprintf(&b, "  - {id: region-%d, title: Region %d, select: {sources: [%s]}}\n", g, g, strings.Join(ids, ", "))
	}
	b.WriteString("sources:\n")
	for i := range stockSources {
		fmt.Fprintf(&b, "  - {id: %s, url: 'https://%s.example/feed', title: %s, paused: true, republish: summary}\n", stockSource(i), stockSource(i), stockTitle(i))
	}
	return b.String()
}

// pageKind is one kind of page with addresses of it, for the calm run and for the
// one with news.
type pageKind struct {
	name         string
	rate         int
	first        []string // asked for one after the other before
	paths, again []string
}

// strange is how much seldomer pages are asked for whose every address is new.
const strange = 10

func (s *settings) kindsOfPages() []pageKind {
	r := rand.New(rand.NewPCG(3, 3))
	n := max(s.pages, stockSources)
	text := func() []string { return strings.Fields(strings.ToLower(s.any(r, n).Headline)) }
	var filters, searches, articles []string
	for _, agency := range []string{"", "AFP", "dpa", "Reuters"} {
		for _, lang := range []string{"", "en", "de", "fr", "es", "pt-BR", "ja"} {
			for _, source := range []string{"", stockSource(r.IntN(stockSources))} {
				q := url.Values{}
				for name, v := range map[string]string{"agency": agency, "lang": lang, "source": source} {
					if v != "" {
						q.Set(name, v)
					}
				}
				if len(q) > 0 {
					filters = append(filters, "/feeds/all?"+q.Encode())
				}
			}
		}
	}
	for range 15 {
		words := text()
		searches = append(searches, search(words[0]), search(words[1]+" "+words[2]), search(`"`+words[3]+" "+words[4]+`"`),
			search(words[5])+"&lang=de")
	}
	for range 5000 {
		articles = append(articles, "/articles/"+article.ShortID(s.any(r, n).ID))
	}
	unheard := func() (list []string) {
		seen := map[string]bool{}
		for len(list) < max(1, s.rate/strange)*int(s.length.Seconds()+1) {
			words := text()
			for _, q := range []string{words[0], words[1] + " " + words[2], words[3] + " " + words[4] + " " + words[5]} {
				if path := search(q); !seen[path] && !slices.Contains(searches, path) {
					seen[path] = true
					list = append(list, path)
				}
			}
		}
		return list
	}
	return []pageKind{
		{"the front page", s.rate, []string{"/"}, []string{"/"}, []string{"/"}},
		{"a feed's page", s.rate, []string{"/feeds/all"}, []string{"/feeds/all"}, []string{"/feeds/all"}},
		{"filtered", s.rate, filters, filters, filters},
		{"searched", s.rate, searches, searches, searches},
		{"an article", s.rate, articles[:100], articles, articles},
		{"searched for something new", max(1, s.rate/strange), nil, unheard(), unheard()},
	}
}

func search(words string) string { return "/feeds/all?q=" + url.QueryEscape(words) }

// any is one of the articles of the store.
func (s *settings) any(r *rand.Rand, n int) article.Record {
	i := r.IntN(n)
	return *stockItem(stockSource(i%stockSources), i, time.Now()).Record
}
