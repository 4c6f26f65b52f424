package server

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/text/language"

	"wireroom/article"
	"wireroom/feed"
)

//go:embed assets/*.html assets/*.css assets/*.png
var assets embed.FS

// Addresses of our own.
const (
	cssPath     = "/page.css"
	feedCSSPath = "/feed.css" // of feeds that are opened in a browser
	HubPath     = "/hub"
)

// Stylesheet is the address of the style of feeds.
func Stylesheet(base string) string { return strings.TrimRight(base, "/") + feedCSSPath }

// pages are the templates and the style.
type pages struct {
	templates *template.Template
	style     []byte
	styleURL  string // with a hash, so that it can be kept for ever
}

func newPages() *pages {
	style, err := assets.ReadFile("assets/page.css")
	if err != nil {
		panic(err) // embedded: the program is broken
	}
	return &pages{
		templates: template.Must(template.ParseFS(assets, "assets/pages.html")),
		style:     style,
		styleURL:  fmt.Sprintf("%s?v=%x", cssPath, xxhash.Sum64(style)),
	}
}

// view is what a template gets.
type view struct {
	Lang, Dir            string
	Title, Site, Base    string
	Heading, Description string
	Version, CSS         string
	Alternates           []linkView
	Formats              []linkView
	Feeds                []feedView
	Articles             []articleView
	Next                 string // address of the next page
	Article              *articleView
	Data                 template.JS // JSON-LD of the article
}

type linkView struct{ Name, Type, Title, URL string }

type feedView struct {
	Page, Title, Description string
	Formats                  []linkView
}

type articleView struct {
	URL, Kicker, Headline, Standfirst string
	Source, Agencies, Byline          string
	Date, Stamp, Lang, Dir, Original  string
	Content                           template.HTML
}

func (s *Server) view(ed *edition, lang string) *view {
	v := &view{Lang: lang, Dir: direction(lang), Site: ed.site.Name, Version: ed.site.Version, Base: strings.TrimRight(ed.site.BaseURL, "/"), CSS: s.pages.styleURL}
	if v.Lang == "" {
		v.Lang = "en"
	}
	if v.Site == "" {
		v.Site = "Wireroom"
	}
	v.Title = v.Site
	return v
}

// formats are the addresses of a feed in the order in which they are offered.
func formats(ed *edition, c *feed.Channel) []linkView {
	var list []linkView
	for _, f := range feed.Formats() {
		list = append(list, linkView{Name: f.Name(), Type: f.MediaType(), Title: title(c) + " (" + f.Name() + ")", URL: ed.site.FeedURL(c, f, feed.Place{})})
	}
	return list
}

func title(c *feed.Channel) string {
	if c.Title != "" {
		return c.Title
	}
	return c.ID
}

const frontArticles = 20

func (s *Server) front(w http.ResponseWriter, r *http.Request) {
	ed := s.Publisher.current.Load()
	if ed == nil {
		w.Header().Set("Retry-After", "5")
		plain(w, http.StatusServiceUnavailable, "no feeds yet\n")
		return
	}
	v := s.view(ed, "en")
	for i := range ed.channels {
		c := &ed.channels[i]
		if c.Private() {
			continue
		}
		v.Feeds = append(v.Feeds, feedView{Page: ed.site.PageURL(c), Title: title(c), Description: c.Description, Formats: formats(ed, c)})
	}
	if f := ed.feeds["all"]; f != nil && !f.channel.Private() {
		v.Alternates = formats(ed, &f.channel)
		v.Articles = views(ed, f.page.Records[:min(len(f.page.Records), frontArticles)])
	}
	s.show(w, r, http.StatusOK, "front", v)
}

func (s *Server) feedPage(w http.ResponseWriter, r *http.Request, ed *edition, f *published) {
	want, page := &wanted{channel: f.channel}, (*part)(nil)
	var err error
	if r.URL.RawQuery != "" {
		if want, err = parseQuery(f.channel, r.URL.RawQuery); err != nil {
			s.refusePage(w, r, err)
			return
		}
	}
	c := &want.channel
	if want.canonical() == "" {
		page = partOf(ed, c, &f.page)
		if n := len(f.page.Records); n >= cmp.Or(c.Select.Limit, feed.DefaultLimit) {
			page.next = pageURL(ed, c, feed.CursorOf(&f.page.Records[n-1], c.Select.ByUpdated))
		}
	} else if page, err = s.Publisher.part(r.Context(), ed, want); err != nil {
		s.refusePage(w, r, err)
		return
	}
	v := s.view(ed, c.Language)
	v.Heading, v.Description = title(c), c.Description
	v.Title = v.Heading + " – " + v.Site
	v.Formats = formats(ed, c)
	v.Alternates = v.Formats
	v.Articles, v.Next = page.articles, page.next
	s.show(w, r, http.StatusOK, "feed", v)
}

// refusePage tells people why a query was not answered.
func (s *Server) refusePage(w http.ResponseWriter, r *http.Request, err error) {
	if text, ok := client(err); ok {
		s.message(w, r, http.StatusBadRequest, "This query can't be read", text)
		return
	}
	if !errors.Is(err, errBusy) && r.Context().Err() == nil {
		s.Log.Error("a page could not be made", "path", r.URL.Path, "error", err)
	}
	w.Header().Set("Retry-After", "5")
	s.message(w, r, http.StatusServiceUnavailable, "Please try again", "There is too much to do just now. Please try again in a few seconds.")
}

func views(ed *edition, list []article.Record) []articleView {
	out := make([]articleView, 0, len(list))
	for i := range list {
		a := viewOf(ed, &list[i])
		if list[i].Links.Canonical != "" {
			a.URL = list[i].Links.Canonical
		}
		out = append(out, a)
	}
	return out
}

func viewOf(ed *edition, r *article.Record) articleView {
	a := articleView{
		URL: ed.site.ArticleURL(r.ID), Kicker: r.Kicker, Headline: r.Headline, Source: r.Source.Name,
		Agencies: strings.Join(r.Agencies, ", "), Byline: r.Byline,
		Date: r.Published.UTC().Format("2 January 2006, 15:04 UTC"), Stamp: r.Published.UTC().Format(time.RFC3339),
		Lang: r.Language, Dir: direction(r.Language),
	}
	if r.Rights.Republish != article.LinkOnly {
		a.Standfirst = article.Cut(r.Standfirst, 400)
	}
	if a.Byline == "" {
		var names []string
		for _, p := range r.Authors {
			names = append(names, p.Name)
		}
		a.Byline = strings.Join(names, ", ")
	}
	return a
}

// direction is rtl for the scripts that are written so.
func direction(lang string) string {
	t, err := language.Parse(lang)
	if err != nil {
		return ""
	}
	switch script, _ := t.Script(); script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm":
		return "rtl"
	}
	return ""
}

func (s *Server) about(w http.ResponseWriter, r *http.Request) {
	s.message(w, r, http.StatusOK, "About these feeds",
		"Wireroom reads many sources, keeps one record for each article and publishes combined feeds. Ids never change; "+
			"corrections replace an article in place. In JSON feeds, _source names where an article was read, and _credits its agencies and rights. "+
			"Any feed can be narrowed in its address: ?agency=AFP&lang=en&topic=economy&source=dw&q=harbour&since=2026-01-31, "+
			"each as often as needed; all parameters must match, of several values of one any. An article's record is at its address with .json.")
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	s.message(w, r, http.StatusNotFound, "Not here", "There is no such page. The front page lists all feeds.")
}

func (s *Server) message(w http.ResponseWriter, r *http.Request, status int, heading, text string) {
	ed := s.Publisher.current.Load()
	if ed == nil {
		plain(w, status, text+"\n")
		return
	}
	v := s.view(ed, "en")
	v.Heading, v.Description, v.Title = heading, text, heading+" – "+v.Site
	s.show(w, r, status, "message", v)
}

// policy lets a page load pictures from anywhere and its style from here; no
// script runs, nothing frames it.
const policy = "default-src 'none'; script-src 'none'; style-src 'self'; img-src http: https: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// show writes a page with a validator.
func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, name string, v *view) {
	var b bytes.Buffer
	if err := s.pages.templates.ExecuteTemplate(&b, name, v); err != nil {
		s.Log.Error("a page can't be made", "page", name, "error", err)
		plain(w, http.StatusInternalServerError, "Something went wrong here. Please try again later.\n")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	for _, l := range v.Alternates {
		h.Add("Link", fmt.Sprintf("<%s>; rel=\"alternate\"; type=%q", l.URL, l.Type))
	}
	if status == http.StatusOK {
		h.Set("Cache-Control", "public, max-age=60")
		h.Set("ETag", fmt.Sprintf(`W/"%x"`, xxhash.Sum64(b.Bytes())))
		if matches(r.Header["If-None-Match"], feed.TagOf(h.Get("ETag"))) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	} else {
		h.Set("Cache-Control", "no-store")
	}
	setLength(h, b.Len())
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes())
	}
}

func setLength(h http.Header, n int) { h.Set("Content-Length", strconv.Itoa(n)) }

func (s *Server) css(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	setLength(h, len(s.pages.style))
	_, _ = w.Write(s.pages.style)
}

// feedCSS is under an address without a hash, which must not be in feeds: their
// bytes would change with it.
func (s *Server) feedCSS(w http.ResponseWriter, r *http.Request) {
	body, err := assets.ReadFile("assets/feed.css")
	if err != nil {
		s.notFound(w, r)
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	send(w, r, http.StatusOK, "text/css; charset=utf-8", body, time.Time{}, "public, max-age=86400")
}

// modified is the date of the newest document.
func (ed *edition) modified() time.Time {
	var t time.Time
	for _, f := range ed.feeds {
		if f.channel.Private() {
			continue
		}
		if u := f.snapshots[feed.RSS].Updated; u.After(t) {
			t = u
		}
	}
	return t
}

// public are the channels that anybody may read.
func (ed *edition) public() []feed.Channel {
	return slices.DeleteFunc(slices.Clone(ed.channels), func(c feed.Channel) bool { return c.Private() })
}

// opml is the list of the feeds in RSS.
func (s *Server) opml(w http.ResponseWriter, r *http.Request) {
	ed := s.Publisher.current.Load()
	if ed == nil {
		w.Header().Set("Retry-After", "5")
		plain(w, http.StatusServiceUnavailable, "no feeds yet\n")
		return
	}
	body, err := feed.OPML(ed.site, ed.public(), ed.modified())
	if err != nil {
		s.Log.Error("the list of feeds can't be made", "error", err)
		plain(w, http.StatusInternalServerError, "Something went wrong here. Please try again later.\n")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/x-opml; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("ETag", fmt.Sprintf(`"%x"`, xxhash.Sum64(body)))
	if matches(r.Header["If-None-Match"], feed.TagOf(h.Get("ETag"))) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	setLength(h, len(body))
	_, _ = w.Write(body)
}
