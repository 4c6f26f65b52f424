package newswire

import (
	"errors"

	"wireroom/article"
	"wireroom/sources"
)

// AddText puts the text that lay at an item's ContentURL into the item. The
// item's own properties stand; the text's fill what they leave open.
func AddText(it *sources.Item, body []byte, o Options) error {
	doc, err := Parse(body, o)
	if err != nil {
		return err
	}
	if len(doc.Items) != 1 {
		return errors.New("the text is not one item")
	}
	r, t := &it.Record, &doc.Items[0].Record
	if t.Body.Text == "" {
		return errors.New("the text is empty")
	}
	r.Body = t.Body
	it.ContentURL = ""
	r.Headline = first(r.Headline, t.Headline)
	r.Standfirst = first(r.Standfirst, t.Standfirst)
	r.Byline = first(r.Byline, t.Byline)
	r.Language = first(r.Language, t.Language)
	r.SignOff = first(r.SignOff, t.SignOff)
	r.Revision.Note = first(r.Revision.Note, t.Revision.Note)
	if len(r.Authors) == 0 {
		r.Authors = t.Authors
	}
	if r.Dateline.Text == "" {
		r.Dateline = t.Dateline
	}
	r.Editors = union(r.Editors, t.Editors)
	r.Agencies = union(r.Agencies, t.Agencies)
	if r.Provenance == nil {
		r.Provenance = map[string]string{}
	}
	for k, v := range t.Provenance {
		if r.Provenance[k] == "" && (k != "status" || r.Status == article.Usable) {
			r.Provenance[k] = v
		}
	}
	return nil
}
