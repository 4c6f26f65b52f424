//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/bench/upstream"
	"wireroom/store"
	"wireroom/store/postgres/pgtest"
	"wireroom/store/sqlite"
)

// TestMain lets the test binary be the bare client, as the command is.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "-limit" {
		if err := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// TestBench runs small benches to their end: the program is built and served, the
// report written. Whatever it costs, nothing may be lost or doubled.
func TestBench(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds and runs the program")
	}
	t.Run("file", func(t *testing.T) { t.Parallel(); small(t, "*-20.json", "-tls", "-latency", "1ms") })
	t.Run("replicas", func(t *testing.T) {
		t.Parallel()
		if pgtest.Find() == "" {
			pgtest.Missing(t)
		}
		r := small(t, "*-20-postgres-2.json", "-postgres", "-replicas", "2")
		for _, p := range r.Phases {
			if p.Server <= 0 || p.Server >= p.Ours {
				t.Errorf("%s: of %v s the database server's are %v", p.Phase, p.Ours, p.Server)
			}
		}
	})
}

func small(t *testing.T, name string, more ...string) (r report) {
	t.Helper()
	dir := t.TempDir()
	var out bytes.Buffer
	args := append([]string{"-feeds", "20", "-hosts", "20", "-runs", "1", "-cycles", "1", "-results", dir}, more...)
	if err := run(t.Context(), args, nil, &out, t.Output()); err != nil { // the program writes there too
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, name))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	if want := 20*upstream.Items + 4*upstream.News; r.Items != want || r.Lost+r.Doubled+r.Strange > 0 {
		t.Errorf("%d items, want %d; %d lost, %d doubled, %d strange", r.Items, want, r.Lost, r.Doubled, r.Strange)
	}
	for _, p := range r.Phases {
		if p.Ours <= 0 || p.Phase != returning && p.Limit <= 0 {
			t.Errorf("%s was not measured: %+v", p.Phase, p)
		}
		if !strings.Contains(out.String(), string(p.Phase)) {
			t.Errorf("the table has no %s:\n%s", p.Phase, &out)
		}
	}
	if r.Peak < 1<<20 || r.Polling < 1<<20 || r.Disk < 100 || r.Rate <= 0 {
		t.Errorf("%d and %d bytes resident, %f stored an item, %f polls a second", r.Peak, r.Polling, r.Disk, r.Rate)
	}
	return r
}

// TestAccount holds the check to finding what is wrong.
func TestAccount(t *testing.T) {
	t.Parallel()
	site := upstream.New(upstream.Options{Feeds: 1})
	door, err := site.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	db := filepath.Join(t.TempDir(), "bare.db")
	bare, err := startLimit(t.Context(), db, []string{door.URL(0)}, os.Environ(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := bare.round(); err != nil || s.Polls != 1 || s.CPU <= 0 {
		t.Errorf("a round: %+v, %v", s, err)
	}
	if n, err := bare.peak(); err != nil || n < 1<<20 {
		t.Errorf("%d bytes resident, %v", n, err)
	}
	if err := bare.close(); err != nil {
		t.Error(err)
	}

	var links []string
	door.Served(0, func(link string) { links = append(links, link) })
	links = append(links[1:], links[1], "https://elsewhere.example/") // one lost, one twice, one from nowhere
	file := filepath.Join(t.TempDir(), "w.db")
	fill(t, file, links)
	s, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := take(t.Context(), s, 1, door)
	if want := (account{items: upstream.Items, lost: 1, doubled: 1, strange: 1}); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

// fill stores an article for each id that source 0 gave.
func fill(t *testing.T, file string, links []string) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Sync(t.Context(), []store.Source{{ID: sourceID(0), Host: "h", FirstDue: time.Now()}}); err != nil {
		t.Fatal(err)
	}
	claims, _, err := s.Claim(t.Context(), store.ClaimRequest{Now: time.Now().Add(time.Second), Lease: time.Minute, Hosts: 1})
	if err != nil || len(claims) != 1 {
		t.Fatal(claims, err)
	}
	p := store.Poll{Host: "h", Token: claims[0].Token, State: claims[0].Sources[0]}
	for i, link := range links {
		id := "tag:example.org,2026:" + string(rune('a'+i%26)) + string(rune('a'+i/26))
		p.Items = append(p.Items, store.Item{Key: id, Record: &article.Record{
			ID: id, Version: 1, Status: article.Usable, Headline: link, Published: time.Now(), Updated: time.Now(), FirstSeen: time.Now(),
			Source: article.Source{ID: sourceID(0), GUID: link},
		}})
	}
	saved, err := s.Save(t.Context(), []store.Poll{p})
	if err != nil || saved[0].New != len(links) {
		t.Fatalf("%+v, %v", saved, err)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		list []float64
		want float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{3, 1, 2}, 2}, {[]float64{4, 1, 3, 2}, 2.5}} {
		if got := median(c.list); got != c.want {
			t.Errorf("median of %v: %v, want %v", c.list, got, c.want)
		}
	}
	if got := processor("processor\t: 0\nmodel name\t: Some Chip\n", "amd64"); got != "Some Chip" {
		t.Errorf("processor %q", got)
	}
	p := &program{dir: t.TempDir()}
	log := "gc 1 @0.1s 1%: 0.1+0.2+0.0 ms clock, 0.1+0.1/0.2/0.0+0.1 ms cpu, 4->5->2 MB, 5 MB goal\nother\ngc 2 @0.2s 1%: 0.1 ms clock, 1 ms cpu, 6->6->3 MB, 7 MB goal\n"
	if err := os.WriteFile(p.logFile(), []byte(log), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := p.allocated(); err != nil || got != 8<<20 {
		t.Errorf("allocated %d, %v; want 4 MB before the first collection and 4 after it", got, err)
	}
}
