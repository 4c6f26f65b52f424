package feed

import (
	"slices"
	"strings"

	"wireroom/article"
)

// maxList bounds the lists of an entry; no honest article comes near it.
const maxList = 100

// first is at most maxList of a list.
func first[T any](list []T) []T { return list[:min(len(list), maxList)] }

// lines cleans a list and leaves out what is empty.
func lines(list []string) []string {
	var out []string
	for _, s := range first(list) {
		if s = line(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// credits sets who made the article and on what terms it may be used.
func (e *entry) credits(r *article.Record, s *Site) {
	e.source = originOf(r, s)
	e.owner = person{name: line(r.Publisher.Name), url: webURL(r.Publisher.URL)}
	if e.owner.name == "" {
		e.owner = person{name: e.source.name, url: e.source.home}
	}
	for _, p := range first(r.Authors) {
		if name := nameOf(p.Name); name != "" {
			e.people = append(e.people, person{name: name, url: webURL(p.URL)})
		}
	}
	if len(e.people) == 0 {
		if name := nameOf(r.Byline); name != "" {
			e.people = []person{{name: name}}
		}
	}
	e.agencies = lines(r.Agencies)
	e.contributors = append(e.contributors, e.agencies...)
	e.contributors = append(e.contributors, lines(r.Editors)...)
	e.rights = line(r.Rights.Copyright)
	if e.rights == "" {
		e.rights = e.source.rights
	}
	if terms := line(r.Rights.Terms); terms != "" && terms != e.rights {
		if e.rights != "" {
			e.rights += " · "
		}
		e.rights += terms
	}
	if e.license = webURL(r.Rights.License); e.license == "" {
		e.license = line(r.Rights.License)
	}
}

// origin is the feed that the article came from. feed is empty for a source that
// has none, such as an agency's directory; address then gives ours.
type origin struct {
	name, home, feed, id, rights string
	source                       string // id of the source in our config
}

// address is where the source's feed is, or our feed of its articles.
func (o *origin) address(s *Site, f Format) string {
	if o.feed != "" {
		return o.feed
	}
	return s.SourceFeedURL(o.source, f)
}

// originOf is the source of a record.
func originOf(r *article.Record, s *Site) origin {
	o := origin{
		name: line(r.Source.Name), home: webURL(r.Source.URL), feed: webURL(r.Source.FeedURL),
		id: strings.TrimSpace(clean(r.Source.FeedID)), rights: line(r.Source.Rights), source: r.Source.ID,
	}
	if o.home == "" {
		o.home = webURL(r.Publisher.URL)
	}
	for _, n := range [...]string{r.Publisher.Name, hostOf(o.home), hostOf(o.feed), r.Source.ID} {
		if o.name == "" {
			o.name = line(n)
		}
	}
	if !isID(o.id) {
		o.id = o.feed
	}
	if o.id == "" {
		o.id = s.FeedID(sourceChannel(o.source))
	}
	if o.name == "" {
		o.name = s.name()
	}
	return o
}

// appendCredits writes who is credited and on what terms, which leaves with
// every entry whatever the rights: the source, the agencies, the copyright, the
// terms and the licence.
func (e *entry) appendCredits(out []byte) []byte {
	out = append(out, `<p><small><a href="`...)
	out = append(appendText(out, e.link), `">`...)
	out = append(appendText(out, e.source.name), "</a>"...)
	others := slices.DeleteFunc(slices.Clone(e.agencies), func(a string) bool { return a == e.source.name })
	if len(others) > 0 {
		out = append(appendText(append(out, " ("...), strings.Join(others, ", ")), ')')
	}
	if e.rights != "" {
		out = appendText(append(out, " · "...), e.rights)
	}
	switch {
	case e.license == "":
	case isWebURL(e.license):
		out = appendText(append(out, ` · <a href="`...), e.license)
		out = append(appendText(append(out, `">`...), licenseName(e.license)), "</a>"...)
	default:
		out = appendText(append(out, " · "...), e.license)
	}
	return append(out, "</small></p>"...)
}

// licenseName is what people call a licence: "CC BY-SA 4.0" for the addresses of
// Creative Commons, else the address without its scheme.
func licenseName(u string) string {
	_, rest, _ := strings.Cut(u, "://")
	if path, ok := strings.CutPrefix(strings.TrimPrefix(rest, "www."), "creativecommons.org/licenses/"); ok {
		if kind, version, ok := strings.Cut(strings.Trim(path, "/"), "/"); ok {
			version, _, _ = strings.Cut(version, "/")
			return "CC " + strings.ToUpper(kind) + " " + version
		}
	}
	return strings.TrimRight(rest, "/")
}
