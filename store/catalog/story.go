package catalog

import (
	"wireroom/article"
	"wireroom/store"
)

// Assign gives a record its place among the others and reports whether that
// changed it.
func Assign(r *article.Record, a store.Assignment) bool {
	if r.Story.ID == a.Story && r.Story.Text == a.Text {
		return false
	}
	r.Story.ID, r.Story.Text = a.Story, a.Text
	return true
}
