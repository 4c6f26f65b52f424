package feed

import (
	"cmp"
	"slices"
	"time"

	"wireroom/article"
)

// Once says what a feed has once: each article, each text though several sources
// carry it, or each story though it is told in other words.
type Once string

// What a feed may have once. The empty Once is OnceArticle.
const (
	OnceArticle Once = "article"
	OnceText    Once = "text"
	OnceStory   Once = "story"
)

// group is the id of what an article is one of, empty if it stands for itself.
func (o Once) group(r *article.Record) string {
	switch {
	case o == OnceStory && r.Story.ID != "":
		return r.Story.ID
	case o == OnceText || o == OnceStory:
		return r.Story.Text
	}
	return ""
}

// Merges reports whether the feed makes one entry of several articles. Such a
// feed has no archive: an archive never changes, and a story does.
func (c *Channel) Merges() bool { return c.Once == OnceText || c.Once == OnceStory }

// EntryID is the id under which a feed has an article: its own, or, where the
// feed has texts or stories once, that of the article with which the group began.
func (c *Channel) EntryID(r *article.Record) string {
	if g := c.Once.group(r); g != "" {
		return article.EntryID(g)
	}
	return r.ID
}

// Stories are the ids of the stories that records belong to, where the feed
// makes one entry of several articles; whoever composes it reads all of their
// articles, or the entry would depend on which of them were at hand.
func (c *Channel) Stories(records []article.Record) []string {
	if !c.Merges() {
		return nil
	}
	var ids []string
	for i := range records {
		if id := records[i].Story.ID; id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// maxCoverage is how many other articles an entry lists.
const maxCoverage = 20

// merge makes one record of each group: the article that represents it, under the
// group's id, published with the first of them and updated with the last, with
// the others as further coverage. Records of no group stay as they are.
func merge(c *Channel, list []*article.Record) []*article.Record {
	if !c.Merges() {
		return list
	}
	groups := map[string][]*article.Record{}
	var out []*article.Record
	for _, r := range list {
		g := c.Once.group(r)
		if g == "" {
			out = append(out, r)
			continue
		}
		groups[g] = append(groups[g], r)
	}
	for g, members := range groups {
		out = append(out, represent(c, g, members))
	}
	order(out, c.Select.ByUpdated)
	return out
}

// represent makes the record of a group.
func represent(c *Channel, id string, members []*article.Record) *article.Record {
	rep := *best(c, members)
	own := rep.ID
	for _, m := range members {
		if t := m.Published; !t.IsZero() && t.Before(rep.Published) {
			rep.Published = t
		}
		if t := latest(m); t.After(rep.Updated) {
			rep.Updated = t
		}
	}
	rep.ID = article.EntryID(id)
	rep.Story.Also = coverage(own, rep.Links.Canonical, members)
	return &rep
}

func latest(r *article.Record) time.Time {
	if r.Updated.After(r.Published) {
		return r.Updated
	}
	return r.Published
}

// best is the article that stands for a group: of each text its primary, of
// those the best.
func best(c *Channel, members []*article.Record) *article.Record {
	texts := map[string][]*article.Record{}
	var names []string
	for _, m := range members {
		name := cmp.Or(m.Story.Text, m.ID)
		if texts[name] == nil {
			names = append(names, name)
		}
		texts[name] = append(texts[name], m)
	}
	var list []*article.Record
	for _, name := range names {
		list = append(list, texts[name][article.Primary(texts[name])])
	}
	return list[article.Best(list, c.Prefer)]
}

// coverage are the other articles of a group, newest first, each address once.
func coverage(own, link string, members []*article.Record) []article.Also {
	others := slices.Clone(members)
	order(others, false)
	seen := map[string]bool{link: true}
	var out []article.Also
	for _, m := range others {
		u := cmp.Or(webURL(m.Links.Canonical), webURL(m.Links.Via))
		if m.ID == own || u == "" || seen[u] || len(out) == maxCoverage {
			continue
		}
		seen[u] = true
		out = append(out, article.Also{Source: cmp.Or(line(m.Source.Name), line(m.Publisher.Name), line(m.Source.ID)), URL: u, Title: line(m.Headline)})
	}
	return out
}

// further is the heading over the other articles of a story, by language.
var further = map[string]string{
	"en": "Further coverage", "de": "Weitere Berichte", "fr": "À lire aussi", "es": "Más cobertura", "it": "Altri articoli",
	"pt": "Mais cobertura", "nl": "Meer berichten", "sv": "Fler artiklar", "da": "Flere artikler", "no": "Flere saker", "pl": "Więcej na ten temat",
}

// appendCoverage lists the other articles of the story with their sources.
func appendCoverage(out []byte, r *article.Record) []byte {
	if len(r.Story.Also) == 0 {
		return out
	}
	heading := further["en"]
	for tag, h := range further {
		if article.SpeaksLanguage(r.Language, tag) {
			heading = h
		}
	}
	out = append(appendText(append(out, "<p>"...), heading), "</p>\n<ul>\n"...)
	for _, a := range r.Story.Also[:min(len(r.Story.Also), maxCoverage)] {
		u := webURL(a.URL)
		if u == "" {
			continue
		}
		source, title := line(a.Source), line(a.Title)
		out = append(appendText(append(out, `<li><a href="`...), u), `">`...)
		out = append(appendText(out, cmp.Or(title, source, u)), "</a>"...)
		if source != "" && title != "" {
			out = append(appendText(append(out, " ("...), source), ')')
		}
		out = append(out, "</li>\n"...)
	}
	return append(out, "</ul>\n"...)
}
