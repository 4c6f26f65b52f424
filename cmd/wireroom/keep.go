package main

import (
	"context"
	"slices"
	"time"

	"wireroom/cmd/wireroom/config"
	"wireroom/store"
)

const (
	forgetEvery = time.Hour // how often old articles are looked for
	forgetBatch = 500       // in one transaction, so that polls are saved in between
)

// expiries are what is to be forgotten by the config: sources with a keep of their
// own, grouped by it, then all others.
func expiries(c *config.Config, now time.Time) []store.Expiry {
	own := map[config.Duration][]string{}
	var except []string
	for _, s := range c.Sources {
		if s.Keep != 0 {
			own[s.Keep], except = append(own[s.Keep], s.ID), append(except, s.ID)
		}
	}
	var list []store.Expiry
	for keep, sources := range own {
		list = append(list, store.Expiry{Before: now.Add(-time.Duration(keep)), Sources: sources})
	}
	slices.SortFunc(list, func(a, b store.Expiry) int { return a.Before.Compare(b.Before) })
	if c.Keep != 0 {
		list = append(list, store.Expiry{Before: now.Add(-time.Duration(c.Keep)), Except: except})
	}
	return list
}

// tidy forgets now and then, until ctx ends.
func (d *desk) tidy(ctx context.Context) error {
	t := time.NewTicker(forgetEvery)
	defer t.Stop()
	for {
		d.forget(ctx, d.config())
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

// forget removes what the config says not to keep. Feeds show it until their next
// sweep.
func (d *desk) forget(ctx context.Context, c *config.Config) {
	for _, e := range expiries(c, d.now()) {
		total := 0
		for ctx.Err() == nil {
			n, err := d.store.Forget(ctx, e, forgetBatch)
			if err != nil {
				if ctx.Err() == nil {
					d.log.Error("old articles could not be removed; it is tried again in an hour", "error", err)
				}
				return
			}
			if total += n; n < forgetBatch {
				break
			}
		}
		if total > 0 {
			d.log.Info("old articles were removed", "articles", total, "before", e.Before.Format(time.RFC3339))
		}
	}
}
