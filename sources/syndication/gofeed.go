package syndication

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	gofeedatom "github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	gofeedrss "github.com/mmcdole/gofeed/rss"
)

// content is what a document holds: the elements of the feed, and of each item.
type content struct {
	about fields
	items []fields
}

// parseRSS and parseAtom read a document: those of the plain form are all in the
// shaper's hands, of others gofeed reads what shape leaves to it. Of gofeed these are
// the readers of the two formats alone; its universal parser would add detection by
// the first 4 KiB, a second copy of all and a scan for pictures.
func (f *reading) parseRSS() (content, error) {
	f.shaper = borrow()
	if !f.long {
		if c, err := f.shaper.plainRSS(f.r.Body); err == nil {
			return c, nil
		}
	}
	s, err := f.shaper.rss(f.r.Body)
	if err != nil {
		return content{}, err
	}
	feed, err := new(gofeedrss.Parser).Parse(bytes.NewReader(s.doc))
	if err != nil {
		return content{}, err
	}
	return s.fromRSS(feed), nil
}

func (f *reading) parseAtom() (content, error) {
	f.shaper = borrow()
	if !f.long {
		if c, err := f.shaper.plainAtom(f.r.Body); err == nil {
			return c, nil
		}
	}
	s, err := f.shaper.atom(f.r.Body)
	if err != nil {
		return content{}, err
	}
	feed, err := new(gofeedatom.Parser).Parse(bytes.NewReader(s.doc))
	if err != nil {
		return content{}, err
	}
	return s.fromAtom(feed), nil
}

// release gives the memory of the elements back; none may be read from then on.
func (f *reading) release() {
	if f.shaper != nil {
		f.shaper.giveBack()
		f.shaper = nil
	}
}

func (s *shaped) fromRSS(feed *gofeedrss.Feed) content {
	list := s.fields(feed.Extensions)
	for _, l := range feed.Links {
		list = append(list, element{name: "link", value: l})
	}
	if feed.Image != nil {
		list = append(list, element{name: "image", children: newFields([]element{{name: "url", value: feed.Image.URL}})})
	}
	list = append(list, listing("skiphours", "hour", feed.SkipHours), listing("skipdays", "day", feed.SkipDays))
	c := content{about: newFields(list)}
	for i, it := range feed.Items {
		list := s.itemFields(i, len(feed.Items), it.Extensions)
		for _, l := range it.Links {
			list = append(list, element{name: "link", value: l})
		}
		for _, t := range it.Categories {
			list = append(list, element{name: "category", value: t.Value, attrs: []attribute{{"domain", t.Domain}}})
		}
		for _, e := range it.Enclosures {
			list = append(list, element{name: "enclosure", attrs: []attribute{{"url", e.URL}, {"type", e.Type}, {"length", e.Length}}})
		}
		if it.Source != nil {
			list = append(list, element{name: "source", value: it.Source.Title, attrs: []attribute{{"url", it.Source.URL}}})
		}
		list = append(list, element{name: "comments", value: it.Comments})
		c.items = append(c.items, newFields(list))
	}
	return c
}

func listing(name, child string, texts []string) element {
	var list []element
	for _, t := range texts {
		list = append(list, element{name: child, value: t})
	}
	return element{name: name, children: newFields(list)}
}

func (s *shaped) fromAtom(feed *gofeedatom.Feed) content {
	list := s.fields(feed.Extensions)
	list = people("author", feed.Authors, links(feed.Links, list))
	c := content{about: newFields(list)}
	for i, e := range feed.Entries {
		list := s.itemFields(i, len(feed.Entries), e.Extensions)
		list = people("contributor", e.Contributors, people("author", e.Authors, links(e.Links, list)))
		for _, t := range e.Categories {
			list = append(list, element{name: "category", attrs: []attribute{{"term", t.Term}, {"scheme", t.Scheme}, {"label", t.Label}}})
		}
		if o := e.Source; o != nil {
			list = append(list, element{name: "source", children: newFields(people("author", o.Authors, links(o.Links, s.fields(o.Extensions))))})
		}
		c.items = append(c.items, newFields(list))
	}
	return c
}

func links(from []*gofeedatom.Link, to []element) []element {
	for _, l := range from {
		to = append(to, element{name: "link", attrs: []attribute{{"rel", l.Rel}, {"href", l.Href}, {"type", l.Type}, {"title", l.Title}, {"length", l.Length}}})
	}
	return to
}

func people(name string, from []*gofeedatom.Person, to []element) []element {
	for _, p := range from {
		to = append(to, element{name: name, children: newFields([]element{{name: "name", value: p.Name}, {name: "uri", value: p.URI}})})
	}
	return to
}

// fields are those of a scope that is not an item: what shape kept aside, with what
// gofeed read.
func (s *shaped) fields(e ext.Extensions) []element {
	kept := -1
	for _, m := range e[own][marker] {
		if n, err := strconv.Atoi(m.Attrs[number]); err == nil {
			kept = n
		}
	}
	return s.merged(kept, e)
}

// itemFields are those of item i of n. Where shape has seen another number of items,
// none gets what was kept aside, so that none gets another's.
func (s *shaped) itemFields(i, n int, e ext.Extensions) []element {
	if len(s.items) != n {
		return s.fields(e)
	}
	return s.merged(s.items[i], e)
}

// merged are the fields kept aside under a number, and those that gofeed read in
// their places among them.
func (s *shaped) merged(kept int, e ext.Extensions) (list []element) {
	if kept < 0 || kept >= len(s.kept) {
		for name, read := range e[own] {
			for _, x := range read {
				list = append(list, fromExtension(name, x))
			}
		}
		return list
	}
	list = slices.Clip(s.kept[kept].list)
	used := map[string]int{}
	for i, x := range list {
		if x.value != childful {
			continue
		}
		if read, n := e[own][x.name], used[x.name]; n < len(read) {
			list[i], used[x.name] = fromExtension(x.name, read[n]), n+1
		}
	}
	return list
}

// fromExtension is an element as gofeed has it.
func fromExtension(name string, e ext.Extension) element {
	x := element{name: name, value: strings.TrimSpace(e.Value)}
	for name, value := range e.Attrs {
		x.attrs = append(x.attrs, attribute{name, value})
	}
	var list []element
	for name, children := range e.Children {
		for _, c := range children {
			list = append(list, fromExtension(name, c))
		}
	}
	x.children = newFields(list)
	return x
}
