package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store/sqlite"
)

// TestKill kills a refreshing process at random moments. Afterwards the store
// opens, holds everything that was reported, and after one more refresh every
// story that the publisher ever served, once.
func TestKill(t *testing.T) {
	const sources, rounds = 40, 50
	dir := t.TempDir()
	p := newPublisher(t)
	var list []source
	for i := range sources {
		list = append(list, source{fmt.Sprintf("s%02d", i), fmt.Sprintf("%s/%d", p.host(t, i), i), ""})
	}
	writeConfig(t, dir, "", list...)
	random := rand.New(rand.NewPCG(1, 2))
	stories := map[string][]string{}
	publish := func(round int) {
		for i := range sources {
			id := list[i].id
			stories[id] = append([]string{fmt.Sprintf("round %d", round)}, stories[id]...)
			p.put(fmt.Sprintf("/%d", i), rss(id, stories[id][:min(len(stories[id]), 20)]...))
		}
	}
	killed := 0
	for round := range rounds {
		publish(round)
		ctx, cancel := context.WithCancel(t.Context())
		cmd := program(ctx, dir, "refresh", "--force", "--json")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(700)) * time.Millisecond)
		cancel() // SIGKILL
		if err := cmd.Wait(); err != nil {
			killed++
		}
		if round%10 == 9 { // the leases of the dead run out; the documents hold 20 stories, so nothing may be missed for longer
			catchUp(t, dir)
		}
	}
	catchUp(t, dir)
	t.Logf("%d of %d refreshes were killed", killed, rounds)
	if killed == 0 {
		t.Error("no refresh was killed: the test proves nothing")
	}
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, "data/wireroom.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got := map[string]int{}
	for i := range sources {
		recs, err := s.Select(t.Context(), article.Query{Sources: []string{list[i].id}, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range recs {
			got[list[i].id+"/"+r.Headline]++
		}
	}
	for id, all := range stories {
		for _, story := range all {
			if n := got[id+"/"+story]; n != 1 {
				t.Errorf("%s: %q is stored %d times", id, story, n)
			}
		}
	}
}

// catchUp refreshes until every source was polled; hosts that a killed process
// had claimed come free when their leases run out.
func catchUp(t *testing.T, dir string) {
	t.Helper()
	for range 10 {
		code, out, errs := wireroom(t, dir, "refresh", "--force", "--json")
		if code != 0 {
			t.Fatalf("refresh: exit %d: %s%s", code, out, errs)
		}
		skipped := 0
		dec := json.NewDecoder(strings.NewReader(out))
		for dec.More() {
			var r report
			if err := dec.Decode(&r); err != nil {
				t.Fatal(err)
			}
			if r.Outcome == "skipped" {
				skipped++
			}
		}
		if skipped == 0 {
			return
		}
	}
	t.Fatal("some sources stay unpolled")
}
