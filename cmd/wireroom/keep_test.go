package main

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/cmd/wireroom/config"
	"wireroom/store"
	"wireroom/store/sqlite"
)

// TestKeep forgets what the config does not keep: by a source's own word, else by
// the config's.
func TestKeep(t *testing.T) {
	t.Parallel()
	c, err := config.Parse("f.yaml", []byte(`{keep: 10d, sources: [
		{id: a, url: "https://a.example/"}, {id: b, url: "https://b.example/", keep: 30d}, {id: c, url: "https://c.example/", keep: 2d}]}`), func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var rows []store.Source
	for _, src := range c.Sources {
		rows = append(rows, store.Source{ID: src.ID, Host: src.ID, FirstDue: now})
	}
	if err := s.Sync(t.Context(), append(rows, store.Source{ID: "left", Host: "left", FirstDue: now})); err != nil {
		t.Fatal(err)
	}
	claims, _, err := s.Claim(t.Context(), store.ClaimRequest{Now: now, Lease: time.Minute, Hosts: 9})
	if err != nil {
		t.Fatal(err)
	}
	for _, claim := range claims {
		p := store.Poll{Host: claim.Host, Token: claim.Token, State: claim.Sources[0]}
		for days := range 40 {
			at := now.Add(-time.Duration(days)*24*time.Hour - time.Hour)
			key := claim.Host + at.String()
			p.Items = append(p.Items, store.Item{Key: key, Record: &article.Record{ID: article.Mint("x.example", claim.Host, key), Headline: key, Published: at, Updated: at, FirstSeen: at}})
		}
		if _, err := s.Save(t.Context(), []store.Poll{p}); err != nil {
			t.Fatal(err)
		}
	}
	d := &desk{store: s, log: slog.New(slog.DiscardHandler), now: func() time.Time { return now }}
	d.forget(t.Context(), c)
	for source, want := range map[string]int{"a": 10, "b": 30, "c": 2, "left": 10} {
		list, err := s.Select(t.Context(), article.Query{Sources: []string{source}, Limit: 100})
		if err != nil || len(list) != want {
			t.Errorf("%s has %d articles left (%v), want %d", source, len(list), err, want)
		}
	}
	if list := expiries(&config.Config{}, now); len(list) != 0 {
		t.Errorf("without keep %v is forgotten", list)
	}
}
