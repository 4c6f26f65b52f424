package server

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"wireroom/feed"
)

// sheet is a page as it is sent, made once for all who ask, and which articles
// stand on it, newest first.
type sheet struct {
	snap      *feed.Snapshot
	links     []string // values of Link
	newcomers []newcomer
}

// sheets are the pages of one edition that need nothing but the edition. They
// are made when the first reader comes.
type sheets struct{ made sync.Map }

// get returns the page of a name; only one reader makes it.
func (s *sheets) get(name string, make func() (*sheet, error)) (*sheet, error) {
	f, ok := s.made.Load(name)
	if !ok {
		f, _ = s.made.LoadOrStore(name, sync.OnceValues(make))
	}
	return f.(func() (*sheet, error))()
}

// print makes a sheet of a view.
func (s *Server) print(name string, v *view, list []newcomer) (*sheet, error) {
	body, err := s.execute(name, v)
	if err != nil {
		return nil, err
	}
	out := &sheet{snap: s.Publisher.compressor.Pack(body, htmlType, time.Time{}, ""), newcomers: list}
	for _, l := range v.Alternates {
		out.links = append(out.links, alternate(l))
	}
	return out, nil
}

// serveSheet hands a sheet out.
func serveSheet(w http.ResponseWriter, r *http.Request, page *sheet) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", pageTime)
	h["Link"] = page.links
	if h.Get("Vary") == "" {
		h.Set("Vary", "Accept-Encoding")
	}
	body, _ := page.snap.Body(negotiate(r.Header["Accept-Encoding"]))
	h.Set("ETag", body.ETag)
	if matches(r.Header["If-None-Match"], page.snap.Tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", htmlType)
	if body.Coding != "" {
		h.Set("Content-Encoding", body.Coding)
	}
	setLength(h, len(body.Bytes))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body.Bytes)
	}
}

// sheetOf is the first page of a feed, or a later one or a part of it as a query
// wants it.
func (s *Server) sheetOf(ctx context.Context, ed *edition, f *published, want *wanted) (*sheet, error) {
	if want.canonical() == "" {
		return ed.sheets.get("feed "+f.channel.ID, func() (*sheet, error) { return s.printFeed(ed, f, want, whole(f.page, &f.channel)) })
	}
	p := s.Publisher
	key := fmt.Sprintf("%d %s", ed.number, documentKey(&want.channel, "html", want.after))
	made, err := p.cache.get(ctx, key, p.sequence.Load(), func(ctx context.Context, _ any) (any, int64, error) {
		page, err := p.compose(ctx, want, time.Now())
		if err != nil {
			return nil, 0, err
		}
		out, err := s.printFeed(ed, f, want, page)
		if err != nil {
			return nil, 0, err
		}
		return out, weight(out.snap) + int64(len(out.newcomers))*overhead, nil
	})
	if err != nil {
		return nil, err
	}
	return made.(*sheet), nil
}
