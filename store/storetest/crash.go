package storetest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
)

// The crash test's sources and the items of one poll: half of them known from
// the poll before, with another headline, half of them new.
const (
	crashSources = 8
	crashItems   = 20
)

func crashSource(i int) string { return fmt.Sprintf("crash-%d", i) }

// Crash kills a process with SIGKILL at random moments while it saves, again and
// again on one database, and holds what is left against what the process had
// reported: nothing of that may be missing, and a poll that was not reported is
// there whole or not at all. child makes the command of a process that calls
// CrashChild on the test's database.
func Crash(t *testing.T, open Open, child func(t *testing.T) *exec.Cmd, kills int) {
	d := &desk{t: t, Store: open(t), open: open}
	var list []store.Source
	for i := range crashSources {
		list = append(list, src(crashSource(i), fmt.Sprintf("host-%d", i)))
	}
	d.sync(list...)
	rnd := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	reported := make([]int, crashSources)
	for range kills {
		life(t, child(t), time.Duration(rnd.IntN(60_000))*time.Microsecond, reported)
		again := d.second() // as the next process would find it
		total, versions := 0, 0
		for i := range crashSources {
			round := again.survived(i, reported[i])
			reported[i] = round
			total += crashItems/2*round + crashItems/2
			versions += crashItems * round
			if round == 0 {
				total -= crashItems / 2
			}
		}
		st := again.stats()
		d.same("articles and versions", []int{st.Articles, st.Versions}, []int{total, versions})
		d.must(again.Close())
		if t.Failed() {
			return
		}
	}
	if rounds := reported[0]; rounds < kills {
		t.Errorf("only %d rounds in %d lives: the test tried nothing", rounds, kills)
	}
}

// life runs a process until it was killed, delay after it first reported, and
// notes what it reported.
func life(t *testing.T, cmd *exec.Cmd, delay time.Duration, reported []int) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	first := true
	for lines.Scan() {
		var source, round int
		if n, err := fmt.Sscanf(lines.Text(), "saved %d %d", &source, &round); n != 2 || err != nil {
			t.Errorf("the process says %q", lines.Text())
			continue
		}
		reported[source] = round
		if first {
			first = false
			time.AfterFunc(delay, func() { _ = cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || first {
		t.Fatalf("the process ended by itself: %v", err)
	}
}

// survived holds what a source's polls left behind against what was reported,
// and returns the round that is stored.
func (d *desk) survived(i, reported int) int {
	d.t.Helper()
	source := crashSource(i)
	round := int(d.state(source).BodyHash)
	if round < reported || round > reported+1 {
		d.t.Errorf("source %d: round %d is stored, %d was reported", i, round, reported)
	}
	list := d.query(article.Query{Sources: []string{source}, Limit: 1 << 20})
	got := map[string]string{}
	for _, r := range list {
		got[r.Source.GUID] = fmt.Sprint(r.Version, " ", r.Headline)
	}
	want := map[string]string{}
	for n := range round {
		for _, it := range crashPoll(source, n+1) {
			version := 1
			if want[it.Record.Source.GUID] != "" {
				version = 2
			}
			want[it.Record.Source.GUID] = fmt.Sprint(version, " ", it.Record.Headline)
		}
	}
	d.same("articles of "+source, got, want)
	return round
}

// crashPoll are the items of a source's n-th poll.
func crashPoll(source string, n int) []store.Item {
	now := start.Add(time.Duration(n) * time.Hour)
	list := make([]store.Item, crashItems)
	for i := range list {
		list[i] = item(source, n*crashItems/2+i, now, func(r *article.Record) {
			r.Published = start
			r.Headline = fmt.Sprintf("Round %d", n)
		})
	}
	return list
}

// CrashChild polls until it is killed, and says on w what was saved.
func CrashChild(s store.Store, w io.Writer) error {
	ctx := context.Background()
	var now time.Time
	if err := s.States(ctx, func(st store.State) bool {
		if t := st.LastPoll.Add(24 * time.Hour); t.After(now) {
			now = t
		}
		return true
	}); err != nil {
		return err
	}
	if now.Before(start) {
		now = start
	}
	for {
		now = now.Add(2 * time.Hour)
		claims, _, err := s.Claim(ctx, store.ClaimRequest{Worker: "child", Now: now, Lease: time.Minute, Hosts: crashSources})
		if err != nil {
			return err
		}
		var polls []store.Poll
		for _, c := range claims {
			for i := range c.Sources {
				p := poll(c, i, now)
				p.State.BodyHash++
				p.Items = crashPoll(p.State.Source, int(p.State.BodyHash))
				polls = append(polls, p)
			}
		}
		for len(polls) > 0 { // several transactions, of several polls each
			n := min(3, len(polls))
			saved, err := s.Save(ctx, polls[:n])
			if err != nil {
				return err
			}
			for i := range saved {
				if saved[i].Err != nil {
					return saved[i].Err
				}
				var source int
				if _, err := fmt.Sscanf(polls[i].State.Source, "crash-%d", &source); err != nil {
					return err
				}
				fmt.Fprintf(w, "saved %d %d\n", source, polls[i].State.BodyHash)
			}
			polls = polls[n:]
		}
		if _, err := s.Save(ctx, nil, store.Back(time.Time{}, claims...)...); err != nil {
			return err
		}
	}
}
