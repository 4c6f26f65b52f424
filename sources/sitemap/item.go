package sitemap

import (
	"hash/fnv"
	"html"
	"io"
	"strconv"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/article/date"
	"wireroom/sources"
)

// item adds one entry; entries that the store knows unchanged are only counted.
func (r *reader) item(e entry, order date.Order, seen map[string]bool) {
	u := address(r.o.URL, e.loc)
	if u == "" || seen[u] {
		return
	}
	seen[u] = true
	hash := e.hash()
	if r.o.Known != nil && r.o.Known(hash) {
		r.doc.Known++
		return
	}
	it := sources.Item{GUID: e.loc, Hash: hash, Base: u, PublishedText: e.published, UpdatedText: e.lastmod}
	rec := &it.Record
	rec.Links.Canonical = u
	rec.Headline = text(e.title)
	rec.Language = article.Language(e.language)
	rec.Published = instant(e.published, order)
	rec.Updated = instant(e.lastmod, order)
	if rec.Published.IsZero() && len(e.films) > 0 {
		rec.Published = instant(e.films[0].published, order)
	}
	if rec.Updated.Before(rec.Published) {
		rec.Updated = rec.Published
	}
	rec.Publisher.Name = text(e.name)
	rec.Genre = genre(e.genres)
	rec.Paywall = strings.EqualFold(e.access, "subscription")
	rec.Keywords = list(e.keywords)
	for _, t := range list(e.tickers) {
		rec.Subjects = append(rec.Subjects, article.Subject{Scheme: "ticker", Code: t})
	}
	r.pictures(rec, e)
	if r.doc.Title == "" {
		r.doc.Title = rec.Publisher.Name
	}
	if r.doc.Language == "" {
		r.doc.Language = rec.Language
	}
	r.doc.Items = append(r.doc.Items, it)
}

// pictures adds images and films.
func (r *reader) pictures(rec *article.Record, e entry) {
	for _, p := range e.images {
		if u := address(r.o.URL, p.loc); u != "" {
			rec.Images = append(rec.Images, article.Media{URL: u, Medium: "image", Caption: text(p.caption), Title: text(p.title), Copyright: text(p.license)})
		}
	}
	for _, f := range e.films {
		thumb := address(r.o.URL, f.thumbnail)
		u := address(r.o.URL, f.content)
		if u == "" {
			u = address(r.o.URL, f.player)
		}
		if u == "" {
			continue
		}
		seconds, _ := strconv.Atoi(f.duration)
		rec.Media = append(rec.Media, article.Media{URL: u, Medium: "video", Title: text(f.title), Caption: text(f.description), Thumbnail: thumb, Duration: max(seconds, 0)})
		if rec.Headline == "" {
			rec.Headline = text(f.title)
		}
	}
}

// hash is over all that an entry says, so that it is known again unread.
func (e *entry) hash() uint64 {
	h := fnv.New64a()
	put := func(list ...string) {
		for _, s := range list {
			_, _ = io.WriteString(h, s)
			h.Write([]byte{0})
		}
	}
	put(e.loc, e.lastmod, e.title, e.published, e.name, e.language, e.keywords, e.genres, e.access, e.tickers)
	for _, p := range e.images {
		put(p.loc, p.caption, p.title, p.license)
	}
	for _, f := range e.films {
		put(f.thumbnail, f.title, f.description, f.content, f.player, f.duration, f.published)
	}
	return h.Sum64()
}

// text folds white space and undoes HTML's references, which many sitemaps
// escape twice.
func text(s string) string {
	if strings.Contains(s, "&") && strings.Contains(s, ";") {
		s = html.UnescapeString(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// list parts keywords at commas.
func list(s string) []string {
	var out []string
	for k := range strings.SplitSeq(s, ",") {
		if k = text(k); k != "" && len(out) < 64 {
			out = append(out, k)
		}
	}
	return out
}

// genre turns Google's genres into ours.
func genre(s string) string {
	for g := range strings.SplitSeq(strings.ToLower(s), ",") {
		switch strings.TrimSpace(g) {
		case "oped", "opinion":
			return "opinion"
		case "satire":
			return "satire"
		case "pressrelease":
			return "press release"
		case "blog", "usergenerated":
			return "blog"
		}
	}
	return ""
}

func instant(s string, order date.Order) time.Time {
	if s == "" {
		return time.Time{}
	}
	r, err := date.Parse(s, order)
	if err != nil {
		return time.Time{}
	}
	return r.Time.UTC()
}

// address resolves a reference to an absolute http or https URL; empty for no
// reference and for one that leads elsewhere.
func address(base, ref string) string {
	if strings.TrimSpace(ref) == "" {
		return ""
	}
	if u := article.Resolve(base, ref); strings.HasPrefix(u, "http://") || strings.HasPrefix(u, "https://") {
		return u
	}
	return ""
}
