package sqlite

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/storetest"
)

// TestCrowded: a stretch of time in which many articles came is walked along the
// order of all articles for a page, and by itself for whoever wants all that came.
func TestCrowded(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, err := Open(ctx, filepath.Join(t.TempDir(), "w.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	now := storetest.Start
	if err := s.Sync(ctx, []store.Source{{ID: "north", Host: "north.example", FirstDue: now}}); err != nil {
		t.Fatal(err)
	}
	claims, _, err := s.Claim(ctx, store.ClaimRequest{Worker: "test", Now: now, Lease: time.Hour, Hosts: 1})
	if err != nil || len(claims) != 1 {
		t.Fatal(claims, err)
	}
	file := func(from, n int, at time.Time) {
		t.Helper()
		p := store.Poll{Host: claims[0].Host, Token: claims[0].Token, State: claims[0].Sources[0]}
		for i := range n {
			p.Items = append(p.Items, storetest.Typical("north", from+i, at))
		}
		if saved, err := s.Save(ctx, []store.Poll{p}); err != nil || saved[0].New != n {
			t.Fatal(saved, err)
		}
	}
	file(0, 500, now.Add(-48*time.Hour))
	file(500, few+500, now)
	q := article.Query{Entered: article.Span{From: now.Add(-time.Hour)}}
	for limit, alone := range map[int]bool{50: false, few: false, few + 500: true, 5000: true} {
		q.Limit = limit
		e := selection{s: s, ctx: ctx, q: &q, column: "place", stmts: map[string]*sql.Stmt{}}
		if e.tx, err = s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}); err != nil {
			t.Fatal(err)
		}
		ok, err := e.resolve()
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		driver, err := e.rarest()
		if err != nil || (driver != nil) != alone {
			t.Errorf("for %d articles: %+v, %v", limit, driver, err)
		}
		if err := e.tx.Rollback(); err != nil {
			t.Fatal(err)
		}
	}
	q.Limit = 5000
	if list, err := s.Select(ctx, q); err != nil || len(list) != few+500 {
		t.Errorf("%d articles, %v", len(list), err)
	}
}
