//go:build linux

package main

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"wireroom/bench/upstream"
	"wireroom/sources/normalise"
	"wireroom/sources/read"
	"wireroom/store"
	"wireroom/store/packed"
	"wireroom/store/sqlite"
)

// bodies are the documents of a site's feeds, one of each format after the other.
func bodies(b *testing.B, feeds int) (list [][]byte) {
	b.Helper()
	site := upstream.New(upstream.Options{Feeds: feeds})
	door, err := site.Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer door.Close()
	for i := range feeds {
		resp, err := http.Get(door.URL(i))
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
		list = append(list, body)
	}
	return list
}

// spent reports the processor time of the whole process an operation since it was
// called: on a busy machine the time that passes says little.
func spent(b *testing.B) (report func()) {
	b.Helper()
	now := func() time.Duration {
		var u unix.Rusage
		if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	b.ReportAllocs()
	b.ResetTimer()
	start := now()
	return func() { b.ReportMetric(float64(now()-start)/float64(b.N)/1e3, "cpu-µs/op") }
}

// BenchmarkImport is what a feed costs from its bytes to the store, by step: an
// operation is a feed of upstream.Items items.
func BenchmarkImport(b *testing.B) {
	const feeds = 200
	list := bodies(b, feeds)
	now := time.Now()
	normal := func(b *testing.B, i int, source string) []normalise.Article {
		doc, err := read.Document(list[i%feeds], read.Options{URL: fmt.Sprintf("https://news%d.example/feed", i%feeds)})
		if err != nil {
			b.Fatal(err)
		}
		articles, _ := normalise.Document(doc, normalise.Options{Source: source, Authority: "example.org", Now: now, Republish: "full"})
		return articles
	}
	b.Run("read", func(b *testing.B) {
		defer spent(b)()
		for i := range b.N {
			if _, err := read.Document(list[i%feeds], read.Options{URL: "https://news.example/feed"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	known := make(map[uint64]bool)
	for i := range list {
		doc, err := read.Document(list[i], read.Options{})
		if err != nil {
			b.Fatal(err)
		}
		for _, it := range doc.Items[3:] {
			known[it.Hash] = true
		}
	}
	b.Run("read3new", func(b *testing.B) { // as a poll with three new items does
		defer spent(b)()
		for i := range b.N {
			doc, err := read.Document(list[i%feeds], read.Options{URL: "https://news.example/feed", Known: func(h uint64) bool { return known[h] }})
			if err != nil || len(doc.Items) != 3 {
				b.Fatal(err)
			}
		}
	})
	b.Run("normalise", func(b *testing.B) {
		defer spent(b)()
		for i := range b.N {
			normal(b, i, "s")
		}
	})
	b.Run("pack", func(b *testing.B) {
		c, err := packed.NewCodec()
		if err != nil {
			b.Fatal(err)
		}
		var all [feeds][]normalise.Article
		for i := range all {
			all[i] = normal(b, i, "s")
		}
		defer spent(b)()
		var out []byte
		for i := range b.N {
			for _, a := range all[i%feeds] {
				out = c.Told(out[:0], a.Record, a.Plain)
			}
		}
	})
	b.Run("save", func(b *testing.B) {
		st, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "db"), sqlite.Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer st.Close()
		var sources []store.Source
		for i := range b.N {
			sources = append(sources, store.Source{ID: fmt.Sprint("s", i), Host: fmt.Sprint("h", i/10), FirstDue: now})
		}
		if err := st.Sync(b.Context(), sources); err != nil {
			b.Fatal(err)
		}
		defer spent(b)()
		n := 0
		for n < b.N {
			claims, _, err := st.Claim(b.Context(), store.ClaimRequest{Worker: "w", Now: now.Add(time.Minute), Lease: time.Hour, Hosts: 10})
			if err != nil || len(claims) == 0 {
				b.Fatal(err, n)
			}
			var polls []store.Poll
			for _, c := range claims {
				for _, s := range c.Sources {
					s.Due = now.Add(time.Hour)
					p := store.Poll{Host: c.Host, Token: c.Token, State: s, First: true}
					for _, a := range normal(b, n, s.Source) {
						p.Items = append(p.Items, store.Item{Key: a.Key, Record: a.Record, Plain: a.Plain})
					}
					st.Prepare(&p)
					polls = append(polls, p)
					n++
				}
			}
			if _, err := st.Save(b.Context(), polls, store.Back(time.Time{}, claims...)...); err != nil {
				b.Fatal(err)
			}
		}
	})
}
