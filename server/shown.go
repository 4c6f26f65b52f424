package server

import (
	"context"

	"wireroom/article"
)

// changes are the next ones: those that the feeds were just shown, or from the
// store.
func (a *archive) changes(ctx context.Context) ([]*article.Record, int64, error) {
	for i, s := range a.shown {
		if s.after == a.at {
			a.shown = a.shown[i+1:]
			return s.list, s.last, nil
		}
	}
	return a.store.Changes(ctx, a.at, changesAt)
}

// shown is a stretch of the store's changes: what came after a number, up to
// another.
type shown struct {
	after, last int64
	list        []*article.Record
}

// mostShown is how many stretches are kept for the archives; reading the rest
// again costs less than holding it.
const mostShown = 4

// hand gives the archives what the feeds were shown, so that it isn't read twice.
func (a *archive) hand(list []shown) {
	a.mu.Lock()
	a.shown = list
	a.mu.Unlock()
}
