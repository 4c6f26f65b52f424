package server

import (
	"errors"
	"html/template"
	"net/http"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/store"
)

// article answers /articles/ID, the page, and /articles/ID.json, ninjs 3.0.
func (s *Server) article(w http.ResponseWriter, r *http.Request) {
	ed := s.Publisher.current.Load()
	if ed == nil {
		w.Header().Set("Retry-After", "5")
		plain(w, http.StatusServiceUnavailable, "no feeds yet\n")
		return
	}
	id, data := strings.CutSuffix(r.PathValue("id"), ".json")
	rec, err := s.Store.Article(r.Context(), id)
	now := time.Now()
	switch {
	case errors.Is(err, store.ErrNotFound):
		s.unknown(w, r, ed, id)
	case err == nil && (rec.Status == article.Withheld || rec.Embargo.After(now)):
		s.notFound(w, r)
	case err != nil:
		s.Log.ErrorContext(r.Context(), "an article can't be read", "id", id, "error", err)
		w.Header().Set("Retry-After", "30")
		s.message(w, r, http.StatusServiceUnavailable, "Something went wrong", "The article can't be shown now. Please try again later.")
	case rec.Status == article.Canceled && data:
		s.ninjs(w, r, ed, rec, http.StatusGone) // the notice says so to machines
	case rec.Status == article.Canceled:
		s.message(w, r, http.StatusGone, "Withdrawn", "This article was withdrawn by its source.")
	case expired(&rec, now):
		s.message(w, r, http.StatusGone, "No longer here", "This article is no longer available.")
	case s.elsewhere(w, r, ed, &rec): // another stands for the same text
	case data:
		s.ninjs(w, r, ed, rec, http.StatusOK)
	default:
		s.articlePage(w, r, ed, rec)
	}
}

// articlePage shows an article, with the feeds of its source first, and the same
// record as schema.org in its head.
func (s *Server) articlePage(w http.ResponseWriter, r *http.Request, ed *edition, rec article.Record) {
	data, err := feed.JSONLD(ed.site, rec)
	if err != nil {
		s.notFound(w, r) // it may not be published
		return
	}
	v := s.view(ed)
	if v.Article, err = s.recordView(r.Context(), ed, rec); err != nil {
		s.Log.ErrorContext(r.Context(), "an article's page can't be made", "id", rec.ID, "error", err)
		w.Header().Set("Retry-After", "30")
		s.message(w, r, http.StatusServiceUnavailable, "Something went wrong", "The article can't be shown now. Please try again later.")
		return
	}
	v.Title, v.Description = v.Article.Headline+" – "+v.Site, v.Article.Summary
	v.Canonical = v.Article.Link // who wrote it is who is to be found
	v.Data = template.JS(data)   // escaped for a script element by the feed room
	for _, f := range feed.Formats() {
		v.Alternates = append(v.Alternates, linkView{
			Name: f.Name(), Type: f.MediaType(), Title: v.Article.Source + " (" + f.Name() + ")", URL: ed.site.SourceFeedURL(rec.Source.ID, f),
		})
	}
	v.Alternates = append(v.Alternates, linkView{Name: "ninjs", Type: "application/json", Title: "ninjs 3.0", URL: ed.site.ArticleURL(rec.ID) + ".json"})
	s.show(w, r, http.StatusOK, "article", v)
}

func (s *Server) ninjs(w http.ResponseWriter, r *http.Request, ed *edition, rec article.Record, status int) {
	body, err := feed.Ninjs(ed.site, rec)
	if err != nil {
		s.notFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "ETag, Last-Modified, Link")
	h.Set("Link", "<"+ed.site.ArticleURL(rec.ID)+`>; rel="alternate"; type="text/html"`)
	h.Set("X-Robots-Tag", "noindex, follow")
	send(w, r, status, feed.NinjsType, body, rec.Updated, "public, max-age=60")
}

// send writes a body that was made for this request, with validators. The date
// is left out if it is zero.
func send(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte, updated time.Time, keep string) {
	snap := feed.Snapshot{Tag: feed.Tag(body), Updated: updated}
	h := w.Header()
	h.Set("ETag", `"`+snap.Tag+`"`)
	h.Set("Cache-Control", keep)
	if !updated.IsZero() {
		h.Set("Last-Modified", updated.UTC().Format(http.TimeFormat))
	}
	if status == http.StatusOK && (len(r.Header["If-None-Match"]) > 0 || !updated.IsZero()) && notModified(r, &snap) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", contentType)
	setLength(h, len(body))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}
