package server

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

	"wireroom/feed"
)

//go:embed assets/*.html assets/*.css assets/*.js assets/*.png
var assets embed.FS

// Addresses of our own.
const (
	cssPath     = "/page.css"
	scriptPath  = "/page.js"
	feedCSSPath = "/feed.css" // of feeds that are opened in a browser
	HubPath     = "/hub"
)

// Stylesheet is the address of the style of feeds.
func Stylesheet(base string) string { return strings.TrimRight(base, "/") + feedCSSPath }

// pages are the templates, and what pages load.
type pages struct {
	templates     func() *template.Template // parsed when the first page is made
	style, script asset
}

// asset is a file whose address has a hash, so that it can be kept for ever.
type asset struct {
	body      []byte
	mediaType string
	path      string
}

func newPages() *pages {
	return &pages{
		templates: sync.OnceValue(func() *template.Template { return template.Must(template.ParseFS(assets, "assets/*.html")) }),
		style:     newAsset("assets/page.css", cssPath, "text/css; charset=utf-8"),
		script:    newAsset("assets/page.js", scriptPath, "text/javascript; charset=utf-8"),
	}
}

func newAsset(name, path, mediaType string) asset {
	body, err := assets.ReadFile(name)
	if err != nil {
		panic(err) // embedded: the program is broken
	}
	return asset{body, mediaType, fmt.Sprintf("%s?v=%x", path, xxhash.Sum64(body))}
}

func (a *asset) serve(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.mediaType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	setLength(h, len(a.body))
	_, _ = w.Write(a.body)
}

// view is what every template gets.
type view struct {
	Title, Site, Version    string
	Root                    string // path that all addresses of ours begin with, without a slash at its end
	CSS, Script             string
	Canonical               string
	Robots                  string
	Alternates              []linkView
	Nav                     []linkView // the feeds
	Current                 string     // the one of them that this page is about
	Search                  searchView
	Heading, Description    string
	HeadingLang, HeadingDir string
	Data                    template.JS // JSON-LD of the article
	Front                   *frontView
	Feed                    *feedView
	Article                 *articleView
	Live                    string // address of the stream of new articles
}

type linkView struct {
	Name, Type, Title, URL, Lang, Dir string
	Reader                            template.URL // opens in the reader's own program
	On                                bool
}

// view is the frame of every page.
func (s *Server) view(ed *edition) *view {
	v := &view{Site: ed.site.Name, Version: ed.site.Version, Root: ed.root()}
	v.CSS, v.Script = v.Root+s.pages.style.path, v.Root+s.pages.script.path
	if v.Site == "" {
		v.Site = "Wireroom"
	}
	v.Title = v.Site
	for i := range ed.channels {
		if c := &ed.channels[i]; !c.Private() {
			v.Nav = append(v.Nav, linkView{Name: title(c), URL: ed.local(ed.site.PageURL(c)), Lang: c.Language, Dir: side(c.Language)})
		}
	}
	if f := ed.main(); f != nil {
		v.Search = searchView{Action: ed.local(ed.site.PageURL(&f.channel)), Label: "Search all articles"}
		if f.channel.ID != mainFeed {
			v.Search.Label = "Search " + title(&f.channel)
		}
	}
	return v
}

// mainFeed is the feed that the front page leads with, where there is one.
const mainFeed = "all"

// main is the feed that stands for the whole: "all", or else the first public one.
func (ed *edition) main() *published {
	if f := ed.feeds[mainFeed]; f != nil && !f.channel.Private() {
		return f
	}
	for i := range ed.channels {
		if !ed.channels[i].Private() {
			return ed.feeds[ed.channels[i].ID]
		}
	}
	return nil
}

// root is the path of the base URL. Links between pages are paths, so that they
// work under whatever host the pages are seen.
func (ed *edition) root() string {
	u, err := url.Parse(ed.site.BaseURL)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.EscapedPath(), "/")
}

// local is an address of ours as a path.
func (ed *edition) local(address string) string {
	if rest, ok := strings.CutPrefix(address, strings.TrimRight(ed.site.BaseURL, "/")); ok {
		return ed.root() + rest
	}
	return address
}

// formats are the addresses of a feed in the order in which they are offered.
func formats(ed *edition, c *feed.Channel) []linkView {
	var list []linkView
	for _, f := range feed.Formats() {
		u := ed.site.FeedURL(c, f, feed.Place{})
		list = append(list, linkView{Name: f.Name(), Type: f.MediaType(), Title: title(c) + " (" + f.Name() + ")", URL: u, Reader: template.URL("feed:" + u)})
	}
	return list
}

func title(c *feed.Channel) string {
	if c.Title != "" {
		return c.Title
	}
	return c.ID
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
	v := s.view(ed)
	v.Heading, v.Description, v.Title = heading, text, heading+" – "+v.Site
	v.Robots = "noindex"
	s.show(w, r, status, "message", v)
}

// policy lets a page load pictures, sounds and films from anywhere, and its style
// and its one script from here; the script may talk to this server only and may
// not make markup from text; nothing frames the page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src http: https: data:; media-src http: https:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// pageTime is how long browsers may show a page without asking.
const pageTime = "public, max-age=60"

func (s *Server) execute(name string, v *view) ([]byte, error) {
	var b bytes.Buffer
	if err := s.pages.templates().ExecuteTemplate(&b, name, v); err != nil {
		return nil, fmt.Errorf("make the page %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// show writes a page that is made for this request, with a validator.
func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, name string, v *view) {
	body, err := s.execute(name, v)
	if err != nil {
		s.Log.ErrorContext(r.Context(), "a page can't be made", "error", err)
		plain(w, http.StatusInternalServerError, "Something went wrong here. Please try again later.\n")
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	for _, l := range v.Alternates {
		h.Add("Link", alternate(l))
	}
	keep := pageTime
	if status != http.StatusOK {
		keep = "no-store"
	}
	send(w, r, status, htmlType, body, time.Time{}, keep)
}

const htmlType = "text/html; charset=utf-8"

func alternate(l linkView) string {
	return fmt.Sprintf("<%s>; rel=\"alternate\"; type=%q", l.URL, l.Type)
}

func setLength(h http.Header, n int) { h.Set("Content-Length", strconv.Itoa(n)) }

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
