package server

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/store"
)

// frontView is what only the front page has: the newspaper's first page.
type frontView struct {
	Date     dateView // of the newest article
	Top      []*itemView
	Latest   []*itemView
	All      string // where Latest goes on
	Sections []sectionView
}

// sectionView is a feed on the front page.
type sectionView struct {
	Title, Description, URL, Lang, Dir string
	Formats                            []linkView
	Items                              []*itemView
}

// How much stands on the front page.
const (
	frontTop      = 5
	frontLatest   = 14
	frontRecords  = 60 // looked at for both, because stories are brought together
	frontSections = 12 // with articles; further feeds are only named
	sectionItems  = 4
)

func (s *Server) front(w http.ResponseWriter, r *http.Request) {
	ed := s.Publisher.whole(r.Context())
	if ed == nil {
		w.Header().Set("Retry-After", "5")
		plain(w, http.StatusServiceUnavailable, "no feeds yet\n")
		return
	}
	page, err := s.current(ed, "front", true, func() (*sheet, error) { return s.printFront(ed) })
	if err != nil {
		s.refusePage(w, r, err)
		return
	}
	serveSheet(w, r, page)
}

func (s *Server) printFront(ed *edition) (*sheet, error) {
	v, front := s.view(ed), &frontView{}
	v.Front, v.Canonical = front, strings.TrimRight(ed.site.BaseURL, "/")+"/"
	v.Description = "News of many sources, brought together. Read here, or subscribe in any feed reader."
	shown := map[string]bool{}
	var newcomers []newcomer
	lead := ed.main()
	if lead != nil {
		records := lead.page.Records
		newcomers = newcomersOf(ed, records)
		items := itemsOf(ed, records[:min(len(records), frontRecords)])
		if len(items) > 0 {
			front.Date = items[0].Date
		}
		front.Top, items = leading(items, frontTop)
		front.Latest = items[:min(len(items), frontLatest)]
		for _, it := range front.Latest {
			it.Level = 3
		}
		for _, list := range [][]*itemView{front.Top, front.Latest} {
			for _, it := range list {
				shown[it.ID] = true
			}
		}
		page := ed.local(ed.site.PageURL(&lead.channel))
		front.All, v.Live = page, liveURL(page, newcomers)
		v.Alternates = formats(ed, &lead.channel)
	}
	for i := range ed.channels {
		if c := &ed.channels[i]; !c.Private() {
			front.Sections = append(front.Sections, sectionOf(ed, c, c.ID != lead.channel.ID && i <= frontSections, shown))
		}
	}
	return s.print("front", v, newcomers)
}

// sectionOf is a feed with its newest articles, those first that the page
// doesn't show yet.
func sectionOf(ed *edition, c *feed.Channel, articles bool, shown map[string]bool) sectionView {
	v := sectionView{
		Title: title(c), Description: c.Description, URL: ed.local(ed.site.PageURL(c)),
		Lang: c.Language, Dir: side(c.Language), Formats: formats(ed, c),
	}
	if !articles {
		return v
	}
	records := ed.feeds[c.ID].page.Records
	var again []*itemView
	for _, it := range itemsOf(ed, records[:min(len(records), frontRecords)]) {
		it.Level, it.Size = 3, "brief"
		if shown[it.ID] {
			again = append(again, it)
		} else if len(v.Items) < sectionItems {
			v.Items = append(v.Items, it)
		}
	}
	if missing := sectionItems - len(v.Items); missing > 0 {
		v.Items = append(v.Items, again[:min(len(again), missing)]...)
	}
	return v
}

// feedView is what only the page of a feed has.
type feedView struct {
	Top, Items  []*itemView
	Count       int        // of the articles that the filters count
	Formats     []linkView // where to subscribe to just what is shown
	Active      []linkView // the filters that hold; each leads to the page without it
	Groups      []facetView
	First, Next string // addresses of the first page and of the next one
	Lang, Dir   string
}

// feedTop is how many articles stand on top of a feed's own page.
const feedTop = 4

func (s *Server) feedPage(w http.ResponseWriter, r *http.Request, ed *edition, f *published) {
	want, err := parseQuery(f.channel, r.URL.RawQuery)
	if err != nil {
		s.refusePage(w, r, err)
		return
	}
	page, err := s.sheetOf(r.Context(), ed, f, want, true)
	if err != nil {
		s.refusePage(w, r, err)
		return
	}
	serveSheet(w, r, page)
}

// whole is the current document of a feed as the first of its pages.
func whole(page feed.Page, c *feed.Channel) feed.Page {
	page.Nav.Next = nil
	if n := len(page.Records); n > 0 && n >= cmp.Or(c.Select.Limit, feed.DefaultLimit) {
		page.Nav.Next = &feed.Place{After: feed.CursorOf(&page.Records[n-1], c.Select.ByUpdated)}
	}
	return page
}

func (s *Server) printFeed(ed *edition, f *published, want *wanted, page feed.Page) (*sheet, error) {
	c, v := &want.channel, s.view(ed)
	own := ed.local(ed.site.PageURL(&f.channel))
	newcomers := newcomersOf(ed, page.Records)
	items := itemsOf(ed, page.Records)
	out := &feedView{
		Items: items, Count: len(f.page.Records), Formats: formats(ed, c), Lang: c.Language, Dir: side(c.Language),
		Active: activeFilters(own, want), Groups: facetsOf(own, f.page.Records, want.given),
	}
	v.Feed, v.Current, v.Alternates = out, own, out.Formats
	v.Heading, v.Description, v.HeadingLang, v.HeadingDir = title(&f.channel), f.channel.Description, f.channel.Language, side(f.channel.Language)
	v.Title = title(c) + " – " + v.Site
	v.Canonical = ed.site.PageURL(c)
	v.Search = searchOf(own, title(&f.channel), want)
	if want.canonical() == "" {
		out.Top, out.Items = leading(items, feedTop)
	} else {
		v.Robots = "noindex, follow"
	}
	if page.Nav.Next != nil {
		out.Next = ed.local(pageURL(ed, c, page.Nav.Next.After))
	}
	if want.after.IsZero() {
		v.Live = liveURL(ed.local(ed.site.PageURL(c)), newcomers)
	} else {
		out.First = ed.local(ed.site.PageURL(c))
	}
	return s.print("feed", v, newcomers)
}

// newcomersOf are the articles of a page as a stream tells of them.
func newcomersOf(ed *edition, records []article.Record) []newcomer {
	list := make([]newcomer, 0, len(records))
	for i := range records {
		r := &records[i]
		// Copies: a record's strings lie in its text, which must not be kept for them.
		list = append(list, newcomer{ID: strings.Clone(r.ID), Headline: strings.Clone(r.Headline), URL: ed.local(ed.site.ArticleURL(r.ID)), seen: r.FirstSeen})
	}
	return list
}

// refusePage tells people why a query was not answered.
func (s *Server) refusePage(w http.ResponseWriter, r *http.Request, err error) {
	if text, ok := client(err); ok {
		s.message(w, r, http.StatusBadRequest, "This query can't be read", text)
		return
	}
	if errors.Is(err, store.ErrNotReady) {
		w.Header().Set("Retry-After", "30")
		s.message(w, r, http.StatusServiceUnavailable, "Just a moment", "So many articles were not looked through before. An index is being made of them; please try again in a minute.")
		return
	}
	if !errors.Is(err, errBusy) && r.Context().Err() == nil {
		s.Log.ErrorContext(r.Context(), "a page could not be made", "path", r.URL.Path, "error", err)
	}
	w.Header().Set("Retry-After", "5")
	s.message(w, r, http.StatusServiceUnavailable, "Please try again", "There is too much to do just now. Please try again in a few seconds.")
}
