package newswire

import (
	"wireroom/article"
	"wireroom/sources"
)

// Gaps says of an item what a record should have and this one has not, and why:
// by the name of the field in the record's JSON. An item without gaps gives nil.
func Gaps(it *sources.Item) map[string]string {
	r := &it.Record
	gaps := map[string]string{}
	if it.GUID == "" {
		gaps["id"] = "the document names no id of its own; headline and date identify it"
	}
	if r.Headline == "" {
		gaps["headline"] = "the item has no headline, and no text to make one of"
	}
	if r.Language == "" {
		gaps["language"] = "the item names no language, and its text is too short or too much of a table to tell"
	}
	if r.Updated.IsZero() {
		gaps["updated"] = "the item has no date that can be read"
	}
	if r.Body.Text == "" {
		switch {
		case it.ContentURL != "":
			gaps["body"] = "the text lies elsewhere: " + it.ContentURL
		case r.Status == article.Canceled:
			gaps["body"] = "the item withdraws what was sent before and needs no text"
		case r.Standfirst != "":
			gaps["body"] = "the item holds no text but its summary"
		case len(r.Images)+len(r.Media) > 0:
			gaps["body"] = "the item is a picture, film or sound without a caption"
		default:
			gaps["body"] = "the item holds no text"
		}
	}
	if len(gaps) == 0 {
		return nil
	}
	return gaps
}
