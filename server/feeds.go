package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"wireroom/feed"
	"wireroom/store"
)

// cacheControl lets readers and proxies keep a feed as long as its ttl says, and
// show the old one while we are away.
func cacheControl(c *feed.Channel) string {
	seconds := int(max(cmp.Or(c.TTL, defaultTTL), time.Minute) / time.Second)
	scope := "public"
	if c.Private() {
		scope = "private"
	}
	return fmt.Sprintf(scope+", max-age=%d, stale-while-revalidate=%d, stale-if-error=86400", seconds, 2*seconds)
}

const defaultTTL = 5 * time.Minute

// document is one that can be handed out.
type document struct {
	key     string
	channel feed.Channel
	format  feed.Format
	snap    *feed.Snapshot
}

// feed answers /feeds/ID.rss, .atom, .json, and /feeds/ID, which is any of them
// or the page for people; all with or without a query.
func (s *Server) feed(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	id, ext, ok := cutLast(name, '.')
	ed := s.Publisher.edition(r.Context(), id)
	if ed == nil {
		w.Header().Set("Retry-After", "5")
		plain(w, http.StatusServiceUnavailable, "no feeds yet\n")
		return
	}
	if f := ed.feeds[name]; f != nil {
		s.feedByType(w, r, ed, f)
		return
	}
	if f := ed.feeds[id]; ok && f != nil && formatOf(ext) >= 0 {
		s.feedIn(w, r, ed, f, feed.Format(ext))
		return
	}
	s.notFound(w, r)
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// feedByType answers an address without extension.
func (s *Server) feedByType(w http.ResponseWriter, r *http.Request, ed *edition, f *published) {
	w.Header().Set("Vary", varyByType)
	format, page := negotiateType(r.Header)
	if page {
		s.feedPage(w, r, ed, f)
		return
	}
	want, err := parseQuery(f.channel, r.URL.RawQuery)
	if err == nil {
		w.Header().Set("Content-Location", ed.site.FeedURL(&want.channel, format, feed.Place{After: want.after}))
	}
	s.feedIn(w, r, ed, f, format)
}

// feedIn answers in one format.
func (s *Server) feedIn(w http.ResponseWriter, r *http.Request, ed *edition, f *published, format feed.Format) {
	w.Header()["Cache-Control"] = f.keep
	want := &wanted{channel: f.channel}
	if r.URL.RawQuery != "" {
		var err error
		if want, err = parseQuery(f.channel, r.URL.RawQuery); err != nil {
			s.refuse(w, r, err)
			return
		}
	}
	if want.canonical() == "" {
		doc, err := s.Publisher.document(f, format)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		s.serveDocument(w, r, ed, doc, f.compose)
		return
	}
	doc, err := s.Publisher.query(r.Context(), ed, want, format)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if want.canonical() != r.URL.RawQuery {
		w.Header().Set("Content-Location", ed.site.FeedURL(&want.channel, format, feed.Place{After: want.after}))
	}
	s.serveDocument(w, r, ed, doc, func(ctx context.Context) (feed.Page, error) {
		page, err := s.Publisher.compose(ctx, want, time.Now())
		page.Updated = doc.snap.Updated
		return page, err
	})
}

// refuse tells why a query was not answered.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Del("Cache-Control")
	w.Header().Del("Content-Location")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if text, ok := client(err); ok {
		plain(w, http.StatusBadRequest, text+"\n")
		return
	}
	w.Header().Set("Retry-After", "5")
	switch {
	case errors.Is(err, store.ErrNotReady):
		w.Header().Set("Retry-After", "30")
		plain(w, http.StatusServiceUnavailable, "An index is being made. Please try again in a minute.\n")
	case errors.Is(err, errBusy):
		plain(w, http.StatusServiceUnavailable, "Too many queries are being answered. Please try again in a few seconds.\n")
	case errors.Is(err, context.Canceled): // nobody reads this
	default:
		s.Log.ErrorContext(r.Context(), "a query could not be answered", "error", err)
		plain(w, http.StatusServiceUnavailable, "The query can't be answered now. Please try again later.\n")
	}
}

// preflight answers what a browser asks before a script of another site reads.
func (s *Server) preflight(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since, A-IM, Accept")
	h.Set("Access-Control-Max-Age", "86400")
	h.Set("Allow", "GET, HEAD, OPTIONS")
	w.WriteHeader(http.StatusNoContent)
}

// What an answer depends on.
const (
	varyFixed  = "A-IM, If-None-Match, Accept-Encoding, Sec-Fetch-Dest"
	varyByType = "Accept, " + varyFixed
)

// opened reports whether somebody opens the address in a browser. Browsers show
// the feed types as bare text; the same bytes as XML they show with our style.
func opened(r *http.Request) bool {
	dest := r.Header["Sec-Fetch-Dest"]
	return len(dest) == 1 && dest[0] == "document"
}

// serveDocument hands out a document, or what came to it since the version that
// the reader has.
func (s *Server) serveDocument(w http.ResponseWriter, r *http.Request, ed *edition, doc document, compose func(context.Context) (feed.Page, error)) {
	if asksForDelta(r) && !notModified(r, doc.snap) {
		if part := s.Publisher.delta(r.Context(), ed.site, doc, tagsOf(r.Header["If-None-Match"]), compose); part != nil {
			serveDelta(w, r, doc.snap, part)
			return
		}
	}
	serveSnapshot(w, r, doc.snap)
}

// serveSnapshot hands a snapshot out. Cache-Control is set already.
func serveSnapshot(w http.ResponseWriter, r *http.Request, snap *feed.Snapshot) {
	h := w.Header()
	body, _ := snap.Body(negotiate(r.Header["Accept-Encoding"]))
	documentHeader(h, snap, body.ETag)
	if notModified(r, snap) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	contentHeader(h, snap, body)
	if opened(r) && snap.ContentType != feed.JSON.ContentType() {
		h["Content-Type"] = []string{"application/xml; charset=utf-8"}
	}
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body.Bytes)
	}
}

// documentHeader is what every answer about a document carries, a 304 too.
func documentHeader(h http.Header, snap *feed.Snapshot, etag string) {
	h["Etag"] = []string{etag}
	if h["Vary"] == nil {
		h["Vary"] = []string{varyFixed}
	}
	h["Last-Modified"] = []string{snap.LastModified}
	h["Access-Control-Allow-Origin"] = []string{"*"}
	h["Access-Control-Expose-Headers"] = []string{"ETag, Last-Modified, Link"}
	if snap.Link != "" {
		h["Link"] = []string{snap.Link}
	}
}

// contentHeader is what goes with a body.
func contentHeader(h http.Header, snap *feed.Snapshot, body feed.Body) {
	h["Content-Type"] = []string{snap.ContentType}
	h["X-Robots-Tag"] = []string{"noindex, follow"}
	h["Accept-Ranges"] = []string{"none"}
	if body.Coding != "" {
		h["Content-Encoding"] = []string{body.Coding}
	}
	setLength(h, len(body.Bytes))
}

// notModified compares validators (RFC 9110 §13.1): If-None-Match wins over
// If-Modified-Since, which is compared as "not older than", because readers send
// dates of their own.
func notModified(r *http.Request, snap *feed.Snapshot) bool {
	if tags := r.Header["If-None-Match"]; len(tags) > 0 {
		return matches(tags, snap.Tag)
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !snap.Updated.Truncate(time.Second).After(since)
}

// matches is the weak comparison of If-None-Match with a snapshot's tag, in any
// coding. Commas can't stand in our tags, so a list is split at them.
func matches(headers []string, tag string) bool {
	for _, line := range headers {
		for t := range strings.SplitSeq(line, ",") {
			if t = strings.TrimSpace(t); t == "*" || feed.TagOf(t) == tag {
				return true
			}
		}
	}
	return false
}
