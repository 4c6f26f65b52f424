package server

import (
	"container/list"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"wireroom/feed"
)

// history remembers which entries the former versions of our documents had, so
// that a reader who names one by its ETag gets only what is new (RFC 3229 with
// feed). It lives in memory: after a restart, readers get whole documents once.
type history struct {
	mu    sync.Mutex
	docs  map[string][]*list.Element // by address of the document, oldest first; of *version
	order *list.List                 // all of them, oldest in front
	bytes int64
	limit int64
}

type version struct {
	doc, tag string
	index    feed.Index
	at       time.Time
	bytes    int64
}

// The bounds of a history. A version is kept until there are 200 later ones, and
// longer, up to seven days, while there are not too many.
const (
	historyBytes = 64 << 20
	historyLen   = 200
	historyMost  = 2000
	historyAge   = 7 * 24 * time.Hour
	indexBytes   = 16 // of an entry in an index
)

func newHistory() *history {
	return &history{docs: map[string][]*list.Element{}, order: list.New(), limit: historyBytes}
}

// add remembers the version of a document that is being put up.
func (h *history) add(doc string, snap *feed.Snapshot, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	of := h.docs[doc]
	if n := len(of); n > 0 && of[n-1].Value.(*version).tag == snap.Tag {
		return
	}
	v := &version{doc: doc, tag: snap.Tag, index: snap.Index, at: now, bytes: int64(overhead + len(doc) + indexBytes*snap.Index.Len())}
	h.docs[doc] = append(of, h.order.PushBack(v))
	h.bytes += v.bytes
	for n := len(h.docs[doc]); n > historyMost || n > historyLen+1 && now.Sub(h.docs[doc][0].Value.(*version).at) > historyAge; n-- {
		h.forget(doc)
	}
	for h.bytes > h.limit && h.order.Len() > 0 {
		h.forget(h.order.Front().Value.(*version).doc)
	}
}

// forget drops the oldest version of a document.
func (h *history) forget(doc string) {
	of := h.docs[doc]
	h.bytes -= h.order.Remove(of[0]).(*version).bytes
	if of[0] = nil; len(of) == 1 {
		delete(h.docs, doc)
		return
	}
	h.docs[doc] = of[1:]
}

// tagsOf are the tags in If-None-Match headers.
func tagsOf(headers []string) []string {
	var tags []string
	for _, line := range headers {
		for t := range strings.SplitSeq(line, ",") {
			tags = append(tags, feed.TagOf(t))
		}
	}
	return tags
}

// find returns the newest of the versions with these tags.
func (h *history) find(doc string, tags []string) (tag string, index feed.Index, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	of := h.docs[doc]
	for i := len(of) - 1; i >= 0; i-- {
		if v := of[i].Value.(*version); slices.Contains(tags, v.tag) {
			return v.tag, v.index, true
		}
	}
	return "", feed.Index{}, false
}

// asksForDelta reports whether a request accepts the instance manipulation
// "feed" and says what it has (RFC 3229, section 10.5.3).
func asksForDelta(r *http.Request) bool {
	accepted := r.Header["A-Im"]
	if len(accepted) == 0 || r.Method != http.MethodGet || len(r.Header["If-None-Match"]) == 0 {
		return false
	}
	for _, line := range accepted {
		for part := range strings.SplitSeq(line, ",") {
			if name, q := quality(part); name == "feed" && q > 0 {
				return true
			}
		}
	}
	return false
}

// delta returns what came to a document since the newest of the versions that
// somebody has, or nil where the whole document is called for. compose gives the
// page that the document was made from.
func (p *Publisher) delta(ctx context.Context, site feed.Site, doc document, have []string, compose func(context.Context) (feed.Page, error)) *feed.Snapshot {
	tag, index, ok := p.history.find(doc.key, have)
	if !ok || tag == doc.snap.Tag {
		return nil
	}
	made, err := p.cache.get(ctx, "delta "+tag+" "+doc.snap.Tag+" "+doc.key, 0, func(ctx context.Context, _ any) (any, int64, error) {
		page, err := compose(ctx)
		if err != nil {
			return nil, 0, err
		}
		whole := feed.Prepare(site, doc.channel, page)
		if !whole.Updated().Equal(doc.snap.Updated) || !whole.Index().Equal(doc.snap.Index) {
			return (*feed.Snapshot)(nil), 0, nil // the store went on meanwhile
		}
		part, ok := whole.Delta(doc.format, index)
		if !ok {
			return (*feed.Snapshot)(nil), 0, nil
		}
		snap, err := part.Snap(doc.format, p.compressor)
		if err != nil {
			return nil, 0, err
		}
		return snap, weight(snap), nil
	})
	if err != nil {
		p.log.Warn("a delta could not be made; the whole document is sent", "document", doc.key, "error", err)
		return nil
	}
	return made.(*feed.Snapshot)
}

// weight is how many bytes a snapshot takes once all codings were asked for: they
// are about as long as the document together.
func weight(s *feed.Snapshot) int64 {
	return int64(2*len(s.Identity.Bytes) + indexBytes*s.Index.Len() + len(s.Link))
}

// serveDelta answers 226: the entity tag is that of the whole document, which the
// reader has from now on.
func serveDelta(w http.ResponseWriter, r *http.Request, whole, part *feed.Snapshot) {
	h := w.Header()
	coding := negotiate(r.Header["Accept-Encoding"])
	full, _ := whole.Body(coding)
	body, _ := part.Body(coding)
	documentHeader(h, whole, full.ETag)
	h["Cache-Control"] = []string{"no-store, im"}
	h["IM"] = []string{"feed"}
	contentHeader(h, whole, body)
	w.WriteHeader(http.StatusIMUsed)
	_, _ = w.Write(body.Bytes)
}
