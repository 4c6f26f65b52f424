package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/store"
)

// keepClosed is for what never changes (RFC 8246).
var keepClosed = []string{"public, max-age=31536000, immutable"}

// archive answers /feeds/ID/archive/N.rss, .atom and .json.
func (s *Server) archive(w http.ResponseWriter, r *http.Request) {
	ed := s.Publisher.current.Load()
	if ed == nil {
		w.Header().Set("Retry-After", "5")
		plain(w, http.StatusServiceUnavailable, "no feeds yet\n")
		return
	}
	name, ext, ok := cutLast(r.PathValue("name"), '.')
	number, err := strconv.Atoi(name)
	f := ed.feeds[r.PathValue("id")]
	if !ok || err != nil || strconv.Itoa(number) != name || f == nil || formatOf(ext) < 0 {
		s.notFound(w, r)
		return
	}
	snap, closed, err := s.Publisher.archived(r.Context(), ed, f.channel, number, feed.Format(ext))
	if errors.Is(err, errNoArchive) {
		s.notFound(w, r)
		return
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header()["Cache-Control"] = f.keep
	if closed {
		w.Header()["Cache-Control"] = keepClosed
	}
	serveSnapshot(w, r, snap)
}

// shelved is an archive document as it was made.
type shelved struct {
	snap   *feed.Snapshot
	closed bool
}

// archived makes an archive document, or finds it made.
func (p *Publisher) archived(ctx context.Context, ed *edition, c feed.Channel, number int, f feed.Format) (*feed.Snapshot, bool, error) {
	if c.Merges() {
		return nil, false, errNoArchive
	}
	key := "archive " + strconv.Itoa(ed.number) + " " + strconv.Itoa(number) + " " + string(f) + " " + c.ID
	made, err := p.cache.get(ctx, key, p.sequence.Load(), func(ctx context.Context, before any) (any, int64, error) {
		page, err := p.archive.page(ctx, c.ID, number, time.Now())
		if err != nil {
			return nil, 0, err
		}
		var was *feed.Snapshot
		if old, ok := before.(shelved); ok {
			was = old.snap
		}
		snap, err := p.snap(feed.Prepare(ed.site, c, page), f, was)
		if err != nil {
			return nil, 0, err
		}
		return shelved{snap, page.Nav.Archived()}, weight(snap), nil
	})
	if err != nil {
		return nil, false, err
	}
	d := made.(shelved)
	return d.snap, d.closed, nil
}

// errNoArchive says that there is no such document.
var errNoArchive = errors.New("there is no such archive")

// page is the page of an archive document, by its number. The one after the
// newest closed one is there too, and open: the newest names it as its successor.
func (a *archive) page(ctx context.Context, id string, number int, now time.Time) (feed.Page, error) {
	v := a.view(id)
	if number < 1 || number > v.closed+1 {
		return feed.Page{}, errNoArchive
	}
	list := archived{Items: v.open}
	open := number == v.closed+1
	if !open {
		var err error
		if list, err = a.closed(ctx, id, number); err != nil {
			return feed.Page{}, err
		}
	}
	p := feed.Page{Nav: feed.Nav{Self: feed.Place{Archive: strconv.Itoa(number)}, Open: open, Current: &feed.Place{}}}
	if day, err := time.Parse(time.DateOnly, list.Day); err == nil {
		p.Updated = day
	}
	if number > 1 {
		p.Nav.PrevArchive = &feed.Place{Archive: strconv.Itoa(number - 1)}
	}
	if !open {
		p.Nav.NextArchive = &feed.Place{Archive: strconv.Itoa(number + 1)}
	}
	for _, it := range list.Items {
		r, err := a.version(ctx, it)
		switch {
		case errors.Is(err, store.ErrNotFound):
			continue
		case err != nil:
			return feed.Page{}, fmt.Errorf("archive %d of %s: %w", number, id, err)
		case expired(&r, now) || r.Status == article.Withheld:
			continue
		}
		p.Records = append(p.Records, r)
	}
	return p, nil
}

// version reads an article as it was; where it was canceled since, as it is. Its
// place among the others, which changes, is left out.
func (a *archive) version(ctx context.Context, it ref) (article.Record, error) {
	r, err := a.store.Article(ctx, it.ID)
	r.Story = article.Story{}
	if err != nil || r.Version == it.Version || r.Status != article.Usable {
		return r, err
	}
	history, err := a.store.History(ctx, it.ID)
	if err != nil {
		return r, err
	}
	for i := range history {
		if history[i].Version == it.Version {
			history[i].Story = article.Story{}
			return history[i], nil
		}
	}
	return r, nil
}

// view is a feed's archive at a moment.
type archiveView struct {
	closed    int
	open      []ref
	last      ref
	byUpdated bool
}

func (a *archive) view(id string) archiveView {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.shelves[id]
	if s == nil {
		return archiveView{}
	}
	return archiveView{closed: s.Closed, open: slices.Clone(s.Open), last: s.last, byUpdated: s.channel.Select.ByUpdated}
}

// hold adds to a feed's current page what no closed archive has, and the newest
// article of the newest one, so that the two overlap.
func (a *archive) hold(ctx context.Context, id string, page *feed.Page, now time.Time) error {
	v := a.view(id)
	if v.closed == 0 {
		return nil
	}
	page.Nav.PrevArchive = &feed.Place{Archive: strconv.Itoa(v.closed)}
	page.Hold = make(map[string]bool, len(v.open)+1)
	there := make(map[string]bool, len(page.Records))
	for i := range page.Records {
		there[page.Records[i].ID] = true
	}
	for _, it := range append(v.open, v.last) {
		page.Hold[it.ID] = true
		if there[it.ID] {
			continue
		}
		r, err := a.store.Article(ctx, it.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if r.Status == article.Usable && !expired(&r, now) && !r.Embargo.After(now) {
			page.Records = append(page.Records, r)
		}
	}
	slices.SortStableFunc(page.Records, func(x, y article.Record) int {
		return feed.CursorOf(&y, v.byUpdated).Time.Compare(feed.CursorOf(&x, v.byUpdated).Time)
	})
	return nil
}
