package syndication

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"wireroom/article"
)

// Candidate is an address that may be a feed.
type Candidate struct {
	URL   string // absolute
	Title string // as the page names it; may be empty
	Type  string // MIME type as the page names it; may be empty
	Guess bool   // the page doesn't name it: it is one of the usual addresses
}

// The bounds of what Discover looks at and returns.
const (
	maxPage       = 4 << 20
	maxCandidates = 40
)

// Discover finds the feeds that an HTML page names; base is the page's address.
// The best come first: link elements in the page's order (feeds of comments after
// the others), then links that look like feeds. A page that names none gets
// guesses: the usual addresses of feeds, then those of news sitemaps. Nothing is
// fetched; the caller sees what is behind an address.
func Discover(page []byte, base string) []Candidate {
	d := discovery{base: base, seen: map[string]bool{article.CanonicalURL(base): true}}
	d.read(page[:min(len(page), maxPage)])
	found := slices.Concat(d.named, d.comments, d.linked)
	if len(found) == 0 {
		d.guess(base)
		found = d.guesses
	}
	return found[:min(len(found), maxCandidates)]
}

type discovery struct {
	base                             string
	seen                             map[string]bool
	named, comments, linked, guesses []Candidate
}

func (d *discovery) read(page []byte) {
	z := html.NewTokenizer(bytes.NewReader(page))
	open := -1 // the place in linked of the link whose text is being read
	based := false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			if open >= 0 && d.linked[open].Title == "" {
				d.linked[open].Title = article.Cut(article.Line(string(z.Text())), 256)
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "a" {
				open = -1
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			if !more {
				continue
			}
			switch string(name) {
			case "base":
				if u := absolute(d.base, attributesOf(z)["href"]); u != "" && !based {
					d.base, based = u, true
				}
			case "link":
				d.link(attributesOf(z))
			case "a":
				open = d.anchor(attributesOf(z))
			}
		}
	}
}

func attributesOf(z *html.Tokenizer) map[string]string {
	m := make(map[string]string)
	for {
		key, value, more := z.TagAttr()
		if _, ok := m[string(key)]; !ok {
			m[string(key)] = string(value)
		}
		if !more {
			return m
		}
	}
}

// link reads <link rel="alternate"> and, rarer, <link rel="feed">.
func (d *discovery) link(a map[string]string) {
	rel := strings.Fields(strings.ToLower(a["rel"]))
	if !slices.Contains(rel, "alternate") && !slices.Contains(rel, "feed") || slices.Contains(rel, "stylesheet") {
		return
	}
	kind := mime(a["type"])
	if !feedType(kind, a["href"]) && (kind != "" || !slices.Contains(rel, "feed")) {
		return
	}
	c := Candidate{URL: absolute(d.base, a["href"]), Title: article.Cut(article.Line(a["title"]), 256), Type: kind}
	if !d.fresh(c.URL) {
		return
	}
	if aboutComments(c) {
		d.comments = append(d.comments, c)
	} else {
		d.named = append(d.named, c)
	}
}

// feedType reports MIME types of feeds. Plain JSON is one only if the address
// says so: WordPress names its API that way on every page.
func feedType(kind, href string) bool {
	switch kind {
	case "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/x-rss+xml",
		"application/x.atom+xml", "application/rss", "application/atom", "text/rss", "text/rss+xml", "text/atom+xml":
		return true
	case "application/xml", "text/xml":
		return !strings.Contains(href, "oembed")
	case "application/json":
		return strings.Contains(strings.ToLower(href), "feed") && !strings.Contains(href, "wp-json")
	}
	return false
}

func aboutComments(c Candidate) bool {
	u, t := strings.ToLower(c.URL), strings.ToLower(c.Title)
	for _, w := range [...]string{"comment", "kommentar", "commentaire", "comentario", "commenti"} {
		if strings.Contains(t, w) || strings.Contains(u, "/"+w) {
			return true
		}
	}
	return false
}

// anchor reads <a href>; it returns the place of a new candidate, else -1.
func (d *discovery) anchor(a map[string]string) int {
	if len(d.linked) >= maxCandidates {
		return -1
	}
	u := absolute(d.base, a["href"])
	if u == "" || !(feedType(mime(a["type"]), u) || d.looksFeed(u)) || !d.fresh(u) {
		return -1
	}
	d.linked = append(d.linked, Candidate{URL: u, Title: article.Cut(article.Line(a["title"]), 256), Type: mime(a["type"])})
	return len(d.linked) - 1
}

// looksFeed reports whether an address looks like that of a feed: by the end of
// its name or its host anywhere, on the page's own site by a word of its path or
// query as well.
func (d *discovery) looksFeed(address string) bool {
	u, err := url.Parse(strings.ToLower(address))
	if err != nil {
		return false
	}
	host, path := u.Hostname(), strings.TrimSuffix(u.Path, "/")
	for _, end := range [...]string{".rss", ".atom", ".rdf", "/rss.xml", "/atom.xml", "/feed.xml", "/feed.json"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	if strings.HasPrefix(host, "feeds.") || strings.HasPrefix(host, "rss.") || host == "feedproxy.google.com" {
		return path != ""
	}
	own, err := url.Parse(d.base)
	if err != nil || article.RegistrableDomain(host) != article.RegistrableDomain(own.Host) {
		return false
	}
	for _, end := range [...]string{"/feed", "/rss", "/rss2", "/atom", "/feeds", "/index.xml", "-rss.xml", "_rss.xml"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	for _, in := range [...]string{"/feed/", "/rss/", "/feeds/", "/atom/"} {
		if strings.Contains(path, in) && !strings.HasSuffix(path, ".html") {
			return true
		}
	}
	for _, q := range [...]string{"feed=rss", "feed=atom", "format=rss", "format=atom", "format=feed", "type=rss", "type=atom", "output=rss"} {
		if strings.Contains(u.RawQuery, q) {
			return true
		}
	}
	return false
}

// fresh notes an address and reports whether it is new.
func (d *discovery) fresh(u string) bool {
	key := article.CanonicalURL(u)
	if key == "" || d.seen[key] {
		return false
	}
	d.seen[key] = true
	return true
}

// guess adds the usual addresses: below the page first, where content systems have
// the feed of a section, then at the root of the site.
func (d *discovery) guess(page string) {
	u, err := url.Parse(page)
	if err != nil || absolute(page, "/") == "" {
		return
	}
	add := func(ref, kind string) {
		if a := absolute(page, ref); d.fresh(a) {
			d.guesses = append(d.guesses, Candidate{URL: a, Type: kind, Guess: true})
		}
	}
	if dir := strings.TrimSuffix(u.EscapedPath(), "/"); dir != "" && !strings.Contains(dir[strings.LastIndexByte(dir, '/'):], ".") {
		add(dir+"/feed/", "")
		add(dir+"/rss.xml", "")
	}
	for _, p := range [...]string{"/feed/", "/rss.xml", "/feed.xml", "/atom.xml", "/rss", "/index.xml", "/feed.json", "/rss/", "/index.rdf", "/feeds/posts/default"} {
		add(p, "")
	}
	for _, p := range [...]string{"/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml"} {
		add(p, "application/xml")
	}
}
