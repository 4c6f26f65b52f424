package normalise

import (
	"iter"
	"maps"
	"strings"

	"wireroom/article"
	"wireroom/sources"
)

// trace keeps account of what gave a record's fields, where it is wanted.
type trace struct {
	from map[string]string
	on   bool
}

// begin notes that what the item says comes from its document, unless the reader
// knows better.
func (t *trace) begin(r *article.Record, doc *sources.Document) {
	if t.on {
		t.from = maps.Clone(r.Provenance)
		if t.from == nil {
			t.from = map[string]string{}
		}
		t.add(r, input(doc.Format))
	}
}

// add notes that the fields which nobody has given yet come from input.
func (t *trace) add(r *article.Record, input string) {
	if !t.on {
		return
	}
	for name, has := range fields(r) {
		if group, _, _ := strings.Cut(name, "."); has && t.from[name] == "" && t.from[group] == "" {
			t.from[name] = input
		}
	}
}

// end writes the account into the record, without the fields that are gone.
func (t *trace) end(r *article.Record) {
	if !t.on {
		return
	}
	for _, pair := range [...][2]string{{"published", "updated"}, {"updated", "published"}} {
		if have := t.from[pair[1]]; t.from[pair[0]] == "" && have != "" {
			t.from[pair[0]] = have
		}
	}
	t.add(r, "poll") // the dates of what has none
	if r.Derived {
		t.from["headline"] = "text"
	}
	for name, has := range fields(r) {
		if !has {
			delete(t.from, name)
		}
	}
	r.Provenance = t.from
}

// input names what a document of the format is to its items.
func input(format string) string {
	switch format {
	case "rss", "atom", "json", "h-feed":
		return "feed"
	case "sitemap":
		return "sitemap"
	case "":
		return "html"
	}
	return "wire"
}

// fields are those that some input gives, by the names that Provenance has for
// them, and whether the record has them. What we give ourselves (id, version,
// source, first seen) is not among them.
func fields(r *article.Record) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for _, f := range [...]struct {
			name string
			has  bool
		}{
			{"revision", r.Revision != article.Revision{}}, {"urgency", r.Urgency != 0}, {"genre", r.Genre != ""}, {"paywall", r.Paywall},
			{"language", r.Language != ""}, {"headline", r.Headline != ""}, {"kicker", r.Kicker != ""}, {"standfirst", r.Standfirst != ""},
			{"slugline", r.Slugline != ""}, {"byline", r.Byline != ""}, {"authors", len(r.Authors) > 0}, {"editors", len(r.Editors) > 0},
			{"sign_off", r.SignOff != ""}, {"dateline", r.Dateline.Text != "" || len(r.Dateline.Places) > 0}, {"agencies", len(r.Agencies) > 0},
			{"publisher", r.Publisher != article.Publisher{}}, {"published", !r.Published.IsZero()}, {"updated", !r.Updated.IsZero()},
			{"embargo_until", !r.Embargo.IsZero()}, {"expires", !r.Expires.IsZero()},
			{"links.canonical", r.Links.Canonical != ""}, {"links.short", r.Links.Short != ""}, {"links.via", r.Links.Via != ""},
			{"links.comments", r.Links.Comments != ""}, {"links.related", len(r.Links.Related) > 0},
			{"subjects", len(r.Subjects) > 0}, {"places", len(r.Places) > 0}, {"people", len(r.People) > 0},
			{"organisations", len(r.Organisations) > 0}, {"keywords", len(r.Keywords) > 0},
			{"body", r.Body.Text != "" || r.Body.HTML != "" || len(r.Body.Sections) > 0}, {"images", len(r.Images) > 0}, {"media", len(r.Media) > 0},
			{"rights.copyright", r.Rights.Copyright != ""}, {"rights.terms", r.Rights.Terms != ""}, {"rights.license", r.Rights.License != ""},
		} {
			if !yield(f.name, f.has) {
				return
			}
		}
	}
}
