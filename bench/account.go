//go:build linux

package main

import (
	"context"
	"fmt"

	"wireroom/article"
	"wireroom/bench/upstream"
	"wireroom/store"
)

// account says whether the store holds what was handed out.
type account struct {
	items   int // handed out
	lost    int // ... and not stored
	doubled int // stored more than once
	strange int // stored and never handed out
}

// pageSize is how many articles of a source are read at once.
const pageSize = 500

// take holds a store against a door's book.
func take(ctx context.Context, s store.Store, feeds int, door *upstream.Door) (a account, err error) {
	for feed := range feeds {
		stored := map[string]int{}
		for after := (article.Cursor{}); ; {
			list, err := s.Select(ctx, article.Query{Sources: []string{sourceID(feed)}, After: after, Limit: pageSize})
			if err != nil {
				return a, fmt.Errorf("account: %w", err)
			}
			for i := range list {
				stored[list[i].Source.GUID]++
			}
			if len(list) < pageSize {
				break
			}
			last := &list[len(list)-1]
			after = article.Cursor{Time: last.Published, ID: last.ID}
		}
		a.feed(stored, feed, door)
	}
	return a, nil
}

// feed adds one feed to the account.
func (a *account) feed(stored map[string]int, feed int, door *upstream.Door) {
	door.Served(feed, func(link string) {
		a.items++
		switch n := stored[link]; {
		case n == 0:
			a.lost++
		case n > 1:
			a.doubled++
		}
		delete(stored, link)
	})
	a.strange += len(stored)
}
