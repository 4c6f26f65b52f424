package main

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"wireroom/store/postgres/pgtest"
)

// database starts a PostgreSQL for one test.
func database(t *testing.T, settings ...string) *pgtest.Server {
	t.Helper()
	pg, err := pgtest.Start(settings...)
	if errors.Is(err, exec.ErrNotFound) {
		pgtest.Missing(t)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pg.Close(); err != nil {
			t.Error(err)
		}
	})
	return pg
}

// TestPostgres lets two servers and a refresh share one database: what one of
// them polls all of them serve, byte by byte, and nobody tells the password.
func TestPostgres(t *testing.T) {
	t.Parallel()
	pg, dir, p := database(t), t.TempDir(), newPublisher(t)
	var list []source
	for i := range 6 {
		id := fmt.Sprintf("s%d", i)
		list = append(list, source{id, fmt.Sprintf("%s/%d", p.host(t, 60+i), i), ", every: 1h"})
		p.put(fmt.Sprintf("/%d", i), rss(id, "first of "+id))
	}
	address := strings.Replace(pg.Schema(t), "postgres://", "postgres://postgres:hunter2@", 1)
	writeConfig(t, dir, fmt.Sprintf("store: %q", address), list...)
	var said []*bytes.Buffer
	t.Cleanup(func() { // the servers have ended
		for _, log := range said {
			if strings.Contains(log.String(), "hunter2") {
				t.Errorf("a server tells the password: %s", log)
			}
		}
	})
	one, two := serve(t, dir), serve(t, dir, "--log-level", "debug")
	said = []*bytes.Buffer{one.log, two.log}
	for i := range list {
		waitFor(t, one.url+"/feeds/all.atom", "first of "+list[i].id)
		waitFor(t, two.url+"/feeds/all.atom", "first of "+list[i].id)
	}
	if n := p.tally(); n[200] != len(list) || n[304] != 0 {
		t.Errorf("two servers asked %v times for %d documents", n, len(list))
	}
	for i := range list {
		p.put(fmt.Sprintf("/%d", i), rss(list[i].id, "second of "+list[i].id, "first of "+list[i].id))
	}
	code, out, errs := wireroom(t, dir, "refresh", "--force")
	if code != 0 || !strings.Contains(out, "6 new articles") {
		t.Fatalf("refresh beside the servers: exit %d: %s%s", code, out, errs)
	}
	for i := range list {
		waitFor(t, one.url+"/feeds/all.rss", "second of "+list[i].id)
		waitFor(t, two.url+"/feeds/all.rss", "second of "+list[i].id)
	}
	a, b := edition(t, one.url, "all"), edition(t, two.url, "all")
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			t.Errorf("the servers serve different %s", documents("all")[i])
		}
	}
	if strings.Contains(out+errs, "hunter2") {
		t.Errorf("refresh tells the password: %s%s", out, errs)
	}
	if code, out, errs := wireroom(t, dir, "sources"); code != 0 || !strings.Contains(out, "s5") {
		t.Errorf("sources: exit %d: %s%s", code, out, errs)
	}
}
