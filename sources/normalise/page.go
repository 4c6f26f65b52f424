package normalise

import (
	"maps"

	"wireroom/article"
	"wireroom/sources"
)

// WithPage lays what an article's own page says over what its feed's item says.
// The item keeps its identity, its dates where it has them and its address; the
// page gives the text and everything that stands around it.
func WithPage(it *sources.Item, page *article.Record, base string) {
	r := it.Record
	out := *page
	out.Links.Canonical = first(r.Links.Canonical, page.Links.Canonical)
	out.Links.Via, out.Links.Comments = first(r.Links.Via, page.Links.Via), first(r.Links.Comments, page.Links.Comments)
	out.Headline = first(page.Headline, r.Headline)
	out.Standfirst = first(page.Standfirst, r.Standfirst)
	out.Language = first(page.Language, r.Language)
	out.Source, out.Status, out.Embargo, out.Expires = r.Source, r.Status, r.Embargo, r.Expires
	if !r.Published.IsZero() {
		out.Published = r.Published
	}
	if !r.Updated.IsZero() {
		out.Updated = r.Updated
	}
	if len(page.Authors) == 0 {
		out.Authors, out.Byline = r.Authors, first(page.Byline, r.Byline)
	}
	if len(page.Images) == 0 {
		out.Images = r.Images
	}
	if len(page.Media) == 0 {
		out.Media = r.Media
	}
	out.Subjects = append(out.Subjects, r.Subjects...)
	out.Keywords = append(out.Keywords, r.Keywords...)
	out.Rights.Copyright = first(r.Rights.Copyright, page.Rights.Copyright)
	out.Rights.License = first(r.Rights.License, page.Rights.License)
	out.Rights.Terms = first(r.Rights.Terms, page.Rights.Terms)
	out.Provenance = maps.Clone(page.Provenance)
	if out.Provenance == nil {
		out.Provenance = map[string]string{}
	}
	if page.Body.Text == "" && page.Body.HTML == "" {
		out.Body = r.Body
	} else {
		out.Provenance["body"] = "html"
		it.Base = base
	}
	it.Record = out
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
