package server

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
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

// sheets are the pages of one edition that need nothing but the edition, by name.
// They are made when the first reader comes.
type sheets struct{ made sync.Map } // of *printing

// printing is a page that is made once.
type printing struct {
	number int // of the edition
	make   func() (*sheet, error)

	once  sync.Once
	begun atomic.Bool
	done  atomic.Bool
	sheet *sheet
	err   error
	good  atomic.Int64 // when it was last the current one, in Unix nanoseconds
}

func (x *printing) print() {
	x.begun.Store(true)
	x.once.Do(func() {
		defer func() {
			if p := recover(); p != nil { // nobody else would, where no reader waits
				x.err = fmt.Errorf("panic: %v", p)
			}
			x.make = nil // it holds the edition, and the page may be kept longer
			x.done.Store(true)
		}()
		x.sheet, x.err = x.make()
	})
}

// current returns the page of a name in an edition; only one reader makes it. Where
// late is true nobody waits for it: meanwhile the one of an edition before is good,
// if it was current a moment ago.
func (s *Server) current(ed *edition, name string, late bool, make func() (*sheet, error)) (*sheet, error) {
	v, ok := ed.sheets.made.Load(name)
	if !ok {
		v, _ = ed.sheets.made.LoadOrStore(name, &printing{number: ed.number, make: make})
	}
	x := v.(*printing)
	if !x.done.Load() {
		if before, ok := s.printed.Load(name); ok && late {
			before := before.(*printing)
			if before.number == ed.number && time.Since(time.Unix(0, before.good.Load())) < s.Publisher.cache.lenient {
				if !x.begun.Swap(true) {
					go x.print()
				}
				return before.sheet, nil
			}
		}
		x.print()
	}
	if x.err == nil {
		x.good.Store(time.Now().UnixNano())
		if now, _ := s.printed.Load(name); now != any(x) {
			s.printed.Store(name, x)
		}
	}
	return x.sheet, x.err
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
// wants it. Where late is true, it may be a little late.
func (s *Server) sheetOf(ctx context.Context, ed *edition, f *published, want *wanted, late bool) (*sheet, error) {
	if want.canonical() == "" {
		return s.current(ed, "feed "+f.channel.ID, late, func() (*sheet, error) { return s.printFeed(ed, f, want, whole(f.page, &f.channel)) })
	}
	p := s.Publisher
	key := fmt.Sprintf("%d %s", ed.number, documentKey(&want.channel, "html", want.after))
	get := p.cache.get
	if late {
		get = p.cache.lately
	}
	made, err := get(ctx, key, p.sequence.Load(), func(ctx context.Context, _ any) (any, int64, error) {
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
