package scheduler

import (
	"context"
	"fmt"
	"maps"
	"time"

	"wireroom/store"
)

// Skip says why a source was not refreshed.
type Skip struct {
	Source string
	Why    string
}

// busyHost is how long Refresh waits for a host that others hold.
const busyHost = time.Minute

// Refresh polls the named sources now, beside whatever else polls on the same
// store, and returns when their polls are saved. A source that was polled within
// the last five minutes is left alone unless force is set; one whose server asked
// to wait (Retry-After) is left alone in any case. One of which more is waiting
// is polled until nothing is. Options.Saved is told of each poll, skipped of the
// others.
func (s *Scheduler) Refresh(ctx context.Context, ids []string, force bool, skipped func(Skip)) error {
	left := map[string]bool{}
	for _, id := range ids {
		why, err := s.refusal(ctx, id, force)
		if err != nil {
			return err
		}
		if why != "" {
			skipped(Skip{id, why})
			continue
		}
		left[id] = true
	}
	renewing, stop := context.WithCancel(ctx)
	defer stop()
	go s.renew(renewing)
	for range maxRounds {
		round := maps.Clone(left)
		c := s.newCommitter()
		go c.run()
		err := s.refreshAll(ctx, round, c, skipped)
		c.close()
		if err != nil {
			return err
		}
		if s.settled(ctx, left); len(left) == 0 {
			break
		}
	}
	return nil
}

// maxRounds is how often one refresh polls a source of which more is waiting.
const maxRounds = 100

// settled takes out of a list the sources of which nothing more is waiting.
func (s *Scheduler) settled(ctx context.Context, list map[string]bool) {
	for id := range list {
		st, err := s.Store.State(ctx, id)
		if err != nil || st.Failures > 0 || st.Detail.Why != moreWaits || st.Due.After(s.Now()) {
			delete(list, id)
		}
	}
}

// refusal says why a source may not be polled now, empty if it may.
func (s *Scheduler) refusal(ctx context.Context, id string, force bool) (string, error) {
	src := s.source(id)
	if src == nil {
		return "", fmt.Errorf("there is no source %q", id)
	}
	st, err := s.Store.State(ctx, id)
	if err != nil {
		return "", fmt.Errorf("source %s: %w", id, err)
	}
	now := s.Now()
	switch {
	case src.Paused:
		return "paused in the config", nil
	case st.Detail.Gone:
		return "gone (410): remove it or give it a new address", nil
	case st.Detail.RetryAfter.After(now):
		return "the server asked to wait until " + st.Detail.RetryAfter.Format(time.RFC3339), nil
	case !force && isWeb(src.URL) && now.Sub(st.LastPoll) < refreshFloor:
		return fmt.Sprintf("polled %s ago; --force polls it all the same", now.Sub(st.LastPoll).Round(time.Second)), nil
	}
	return "", nil
}

// refreshAll claims and polls until nothing is left.
func (s *Scheduler) refreshAll(ctx context.Context, left map[string]bool, c *committer, skipped func(Skip)) error {
	done := make(chan struct{}, s.Workers)
	busy := 0
	defer func() {
		for ; busy > 0; busy-- {
			<-done
		}
	}()
	last := s.Now()
	for len(left) > 0 {
		claims, err := s.claimNamed(ctx, left, s.Workers-busy)
		if err != nil {
			return err
		}
		for _, claim := range claims {
			for _, st := range claim.Sources {
				delete(left, st.Source)
			}
			busy++
			last = s.Now()
			go func() { s.host(ctx, claim, c); done <- struct{}{} }()
		}
		if busy > 0 {
			last = s.Now()
		} else if s.Now().Sub(last) > busyHost {
			for id := range left {
				skipped(Skip{id, "its host is being polled by somebody else or asked to be left alone"})
			}
			return nil
		}
		wait := 50 * time.Millisecond
		if len(claims) > 0 {
			wait = time.Millisecond
		}
		busy -= s.sleep(ctx, wait, done, busy == s.Workers)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

func (s *Scheduler) claimNamed(ctx context.Context, left map[string]bool, hosts int) ([]store.Claim, error) {
	if hosts <= 0 {
		return nil, nil
	}
	names := make([]string, 0, len(left))
	for id := range left {
		names = append(names, id)
	}
	claims, _, err := s.Store.Claim(ctx, store.ClaimRequest{Worker: s.Name, Now: s.Now(), Lease: s.Lease, Hosts: hosts, Sources: names})
	return claims, err
}

// With claims a source's host, whenever it is free within a minute, and saves
// what poll makes of the source's state.
func (s *Scheduler) With(ctx context.Context, source string, poll func(context.Context, *Source, *store.State) Outcome) error {
	src := s.source(source)
	if src == nil {
		return fmt.Errorf("there is no source %q", source)
	}
	var claims []store.Claim
	for waited := time.Duration(0); ; waited += busyLook {
		var err error
		if claims, err = s.claimNamed(ctx, map[string]bool{source: true}, 1); err != nil {
			return err
		}
		if len(claims) > 0 {
			break
		}
		if waited > busyHost {
			return fmt.Errorf("source %s: its host is held by somebody else", source)
		}
		if !pause(ctx, busyLook) {
			return ctx.Err()
		}
	}
	c := s.newCommitter()
	go c.run()
	defer c.close()
	claim := claims[0]
	for i := range claim.Sources {
		st := &claim.Sources[i]
		if out := poll(ctx, src, st); ctx.Err() == nil {
			c.save(&store.Poll{Host: claim.Host, Token: claim.Token, State: *st, Items: out.Items, HostNotBefore: out.HostNotBefore, First: out.First})
		}
	}
	c.release(claim, time.Time{})
	return nil
}

// busyLook is how often a busy host is looked at.
const busyLook = 100 * time.Millisecond
