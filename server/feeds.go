package server

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"wireroom/feed"
)

// cacheControl lets readers and proxies keep a feed for five minutes, and show
// the old one while we are away.
const cacheControl = "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400"

// feed answers /feeds/ID.rss, .atom, .json, and the page /feeds/ID.
func (s *Server) feed(w http.ResponseWriter, r *http.Request) {
	ed := s.Publisher.current.Load()
	if ed == nil {
		w.Header().Set("Retry-After", "5")
		plain(w, http.StatusServiceUnavailable, "no feeds yet\n")
		return
	}
	name := r.PathValue("name")
	if f := ed.feeds[name]; f != nil {
		s.feedPage(w, r, ed, f)
		return
	}
	id, ext, ok := cutLast(name, '.')
	if f := ed.feeds[id]; ok && f != nil {
		if snap := f.snapshots[feed.Format(ext)]; snap != nil {
			serveSnapshot(w, r, snap)
			return
		}
	}
	s.notFound(w, r)
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
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

// serveSnapshot hands a snapshot out: a lookup and a write.
func serveSnapshot(w http.ResponseWriter, r *http.Request, snap *feed.Snapshot) {
	h := w.Header()
	body, _ := snap.Body(negotiate(r.Header.Values("Accept-Encoding")))
	h["Etag"] = []string{body.ETag}
	h["Cache-Control"] = []string{cacheControl}
	h["Vary"] = []string{"Accept-Encoding"}
	h["Last-Modified"] = []string{snap.LastModified}
	h["Access-Control-Allow-Origin"] = []string{"*"}
	h["Access-Control-Expose-Headers"] = []string{"ETag, Last-Modified, Link"}
	if snap.Link != "" {
		h["Link"] = []string{snap.Link}
	}
	if notModified(r, snap) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Type"] = []string{snap.ContentType}
	h["X-Robots-Tag"] = []string{"noindex, follow"}
	h["Accept-Ranges"] = []string{"none"}
	if body.Coding != "" {
		h["Content-Encoding"] = []string{body.Coding}
	}
	setLength(h, len(body.Bytes))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body.Bytes)
	}
}

// notModified compares validators (RFC 9110 §13.1): If-None-Match wins over
// If-Modified-Since, which is compared as "not older than", because readers send
// dates of their own.
func notModified(r *http.Request, snap *feed.Snapshot) bool {
	if tags := r.Header.Values("If-None-Match"); len(tags) > 0 {
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

// negotiate chooses the content coding by the q-values of Accept-Encoding
// (RFC 9110 §12.5.3); of equal ones the smallest to send. Empty is identity.
func negotiate(headers []string) string {
	var wanted [4]float64 // br, zstd, gzip, identity
	for i := range wanted {
		wanted[i] = -1
	}
	other := -1.0
	for _, line := range headers {
		for part := range strings.SplitSeq(line, ",") {
			name, q := quality(part)
			switch name {
			case "br":
				wanted[0] = q
			case "zstd":
				wanted[1] = q
			case "gzip", "x-gzip":
				wanted[2] = q
			case "identity":
				wanted[3] = q
			case "*":
				other = q
			}
		}
	}
	best, at := 0.0, ""
	for i, coding := range [...]string{"br", "zstd", "gzip"} {
		q := wanted[i]
		if q < 0 {
			q = other
		}
		if q > best && q >= wanted[3] {
			best, at = q, coding
		}
	}
	return at
}

// quality is one element of an Accept header: its name and weight.
func quality(part string) (string, float64) {
	name, params, _ := strings.Cut(part, ";")
	q := 1.0
	if v, ok := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(params, " ", "")), "q="); ok {
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			q = min(max(f, 0), 1)
		} else {
			q = 0
		}
	}
	return strings.ToLower(strings.TrimSpace(name)), q
}
