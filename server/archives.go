package server

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"wireroom/feed"
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
	if !ok || err != nil || strconv.Itoa(number) != name || f == nil || f.snapshots[feed.Format(ext)] == nil {
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
