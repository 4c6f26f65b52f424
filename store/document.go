package store

import (
	"cmp"
	"slices"
	"time"
)

// Document is a small piece of state beside sources and articles: a subscription,
// an operator's decision, an archive's list.
type Document struct {
	Kind, Key string    // together its name; a Key may have parts, divided by "/"
	Revision  int64     // grows with every Put; 0: not stored yet
	Due       time.Time // when DueDocuments lists it; zero: never
	Body      []byte
}

// ByName are the indexes of docs in the order of their names, in which stores
// lock them.
func ByName(docs []Document) []int {
	order := make([]int, len(docs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(docs[a].Kind, docs[b].Kind), cmp.Compare(docs[a].Key, docs[b].Key))
	})
	return order
}

// Assignment is an article's place among the others; see Store.Assign.
type Assignment struct {
	Article string // id, or its last part
	Story   string // Record.Story.ID; empty: none
	Text    string // Record.Story.Text; empty: none
}
