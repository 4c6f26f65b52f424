package stories

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"wireroom/article"
	"wireroom/story"
)

// page is how many articles are read at a time. The window is read in slices of
// time, each so short that a page holds it, for they are sorted there; what came
// within an instant is read whole.
const (
	page    = 500
	slice   = time.Hour
	instant = time.Second
)

// begin fills the engine with the articles of the window, as they are stored.
// The first time of all, and after a pause as long as the window, they are
// decided on as well; otherwise only what changed since is.
func (k *Keeper) begin(ctx context.Context) error {
	last, err := k.Store.Sequence(ctx)
	if err != nil {
		return fmt.Errorf("read the window: %w", err)
	}
	k.engine, k.pinned = story.New(k.Engine), time.Time{}
	if err := k.obey(ctx); err != nil {
		return err
	}
	now := k.Now().UTC()
	from, width := now.Add(-k.Engine.Window).Truncate(slice), slice
	for !from.After(now) {
		list, whole, err := k.entered(ctx, article.Span{From: from, To: from.Add(width)}, width == instant)
		if err != nil {
			return err
		}
		if !whole {
			width = max(instant, width/8)
			continue
		}
		records := make([]*article.Record, len(list))
		for i := range list {
			records[i] = &list[i]
		}
		if k.place.Begun {
			for _, r := range records {
				k.engine.Restore(r)
			}
		} else if err := k.decide(ctx, records); err != nil {
			return err
		}
		if ok, err := k.hold(ctx); err != nil || !ok {
			return cmp.Or(err, fmt.Errorf("the lease was lost while the window was read"))
		}
		if from = from.Add(width); len(list) < page/4 {
			width = min(slice, 2*width)
		}
	}
	if !k.place.Begun {
		k.place.Begun, k.place.Sequence = true, last
		if err := k.keep(ctx); err != nil {
			return err
		}
	}
	k.told = time.Time{}
	return nil
}

// entered reads the articles that came in a stretch of time, in the order in
// which they came. Unless they are wanted whatever they are, it gives up where
// they are more than a page.
func (k *Keeper) entered(ctx context.Context, span article.Span, whatever bool) (all []article.Record, whole bool, err error) {
	q := article.Query{Entered: span, Limit: page}
	for {
		list, err := k.Store.Select(ctx, q)
		if err != nil {
			return nil, false, fmt.Errorf("read the window: %w", err)
		}
		all = append(all, list...)
		if len(list) < page {
			break
		}
		if !whatever {
			return nil, false, nil
		}
		r := &list[len(list)-1]
		q.After = article.Cursor{Time: r.Published, ID: r.ID}
	}
	slices.SortFunc(all, func(a, b article.Record) int {
		return cmp.Or(a.FirstSeen.Compare(b.FirstSeen), cmp.Compare(a.ID, b.ID))
	})
	return all, true, nil
}
