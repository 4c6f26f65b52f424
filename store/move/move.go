// Package move carries a store from one place to another, row by row, and holds
// what arrived against what was sent. In go two stores, of the same or of
// different kinds; out comes the second one, equal to the first. It fetches and
// renders nothing.
//
// States go before articles: a state that is older than its articles only makes
// a poll bring what is known already, but one that is newer would hide articles
// behind a 304. So a store may be copied while it is in use, and once more, which
// is short, after its servers were stopped.
package move

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"wireroom/store"
	"wireroom/store/catalog"
)

// Shelf is a store whose rows can be taken out and put in as they are.
type Shelf interface {
	store.Store

	// Sources lists all sources above after in order of id (bytes), those that are
	// no longer in the config too.
	Sources(ctx context.Context, after string, limit int) ([]catalog.SourceRow, error)
	// TakeSources puts sources in, or in the place of those with the same id.
	TakeSources(ctx context.Context, rows []catalog.SourceRow) error

	// Rows lists the articles whose last change is above after, lowest first.
	Rows(ctx context.Context, after int64, limit int) ([]catalog.ArticleRow, error)
	// TakeRows puts articles in, or in the place of those with the same key.
	TakeRows(ctx context.Context, rows []catalog.ArticleRow) error

	// LastChange is the number of the last change of an article that is there.
	LastChange(ctx context.Context) (int64, error)

	// Forgotten lists the keys of forgotten articles above after, in order of source
	// (bytes) and key.
	Forgotten(ctx context.Context, after catalog.ForgottenRow, limit int) ([]catalog.ForgottenRow, error)
	// TakeForgotten puts such keys in, and takes out the articles that have them.
	TakeForgotten(ctx context.Context, rows []catalog.ForgottenRow) error

	// AllDocuments lists documents of all kinds above the name of after, in order
	// of kind and key (bytes).
	AllDocuments(ctx context.Context, after store.Document, limit int) ([]store.Document, error)
	// TakeDocuments puts documents in with their revisions; those of the same name
	// make room.
	TakeDocuments(ctx context.Context, docs []store.Document) error

	// Recount sets the sequence, and counts articles and versions anew.
	Recount(ctx context.Context, sequence int64) error
	// Examine has the database check itself.
	Examine(ctx context.Context) error
}

// Sizes of what is moved in one transaction.
const (
	sourceBatch   = 500
	articleBatch  = 200
	documentBatch = 200
	keyBatch      = 2000
)

// markKind and markKey name the document by which a store is known to be a copy.
const (
	markKind = "store"
	markKey  = "copied"
)

// mark is that document.
type mark struct {
	From     string `json:"from"`
	Sequence int64  `json:"sequence"` // of the source when it was last copied whole; -1: not yet
}

// Progress is told while rows are moved.
type Progress struct {
	Step  string // sources, documents, articles, check
	Done  int
	Total int // about
}

// ErrMoved says that the source was written to while it was copied.
var ErrMoved = errors.New("the source was written to meanwhile: stop its servers and run the copy again, which goes on where this one ended")

// Copy makes to equal to from. from is what the first store is called, without
// secrets; it is remembered, so that a copy that was broken off goes on and
// nothing else is overwritten.
func Copy(ctx context.Context, from, to Shelf, name string, told func(Progress)) error {
	m, err := begin(ctx, to, name)
	if err != nil {
		return err
	}
	stats, err := from.Stats(ctx)
	if err != nil {
		return err
	}
	c := copying{ctx: ctx, from: from, to: to, told: told}
	if err := c.sources(stats.Sources); err != nil {
		return err
	}
	if err := c.documents(); err != nil {
		return err
	}
	if err := c.articles(stats.Articles); err != nil {
		return err
	}
	if err := c.forgotten(); err != nil {
		return err
	}
	if m.Sequence, err = from.Sequence(ctx); err != nil {
		return err
	}
	if err := to.Recount(ctx, m.Sequence); err != nil {
		return err
	}
	if err := c.compare(stats.Articles); err != nil {
		return err
	}
	return put(ctx, to, m)
}

// begin finds out whether the target may be written to: it is empty, or an
// earlier copy of the same store that nobody has changed since.
func begin(ctx context.Context, to Shelf, name string) (mark, error) {
	m := mark{From: name, Sequence: -1}
	doc, err := to.Document(ctx, markKind, markKey)
	if err == nil {
		var old mark
		if err := json.Unmarshal(doc.Body, &old); err != nil {
			return m, fmt.Errorf("the target's note on where it was copied from: %w", err)
		}
		sequence, err := to.Sequence(ctx)
		switch {
		case err != nil:
			return m, err
		case old.From != name:
			return m, fmt.Errorf("the target is a copy of %s: name an empty one", old.From)
		case old.Sequence >= 0 && old.Sequence != sequence:
			return m, errors.New("the target is in use, its articles have changed since they were copied: name an empty one")
		}
	} else if !errors.Is(err, store.ErrNotFound) {
		return m, err
	} else if st, err := to.Stats(ctx); err != nil {
		return m, err
	} else if rows, err := to.Sources(ctx, "", 1); err != nil {
		return m, err
	} else if len(rows) > 0 || st.Articles > 0 {
		return m, fmt.Errorf("the target holds %d sources and %d articles that are no copy: name an empty one", st.Sources, st.Articles)
	}
	return m, put(ctx, to, m)
}

func put(ctx context.Context, to Shelf, m mark) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	doc, err := to.Document(ctx, markKind, markKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	doc.Kind, doc.Key, doc.Body = markKind, markKey, body
	return to.Put(ctx, []store.Document{doc})
}

// copying is one Copy on its way.
type copying struct {
	ctx      context.Context
	from, to Shelf
	told     func(Progress)
}

func (c *copying) tell(step string, done, total int) {
	if c.told != nil {
		c.told(Progress{step, done, max(total, done)})
	}
}

func (c *copying) sources(total int) error {
	n := 0
	for rows, err := range sources(c.ctx, c.from) {
		if err == nil {
			err = c.to.TakeSources(c.ctx, rows)
		}
		if err != nil {
			return fmt.Errorf("copy sources: %w", err)
		}
		n += len(rows)
		c.tell("sources", n, total)
	}
	return nil
}

// documents makes the target's documents the source's: what is not there any
// more goes, too.
func (c *copying) documents() error {
	there := map[[2]string]bool{}
	for docs, err := range documents(c.ctx, c.from) {
		if err == nil {
			err = c.to.TakeDocuments(c.ctx, docs)
		}
		if err != nil {
			return fmt.Errorf("copy documents: %w", err)
		}
		for _, d := range docs {
			there[[2]string{d.Kind, d.Key}] = true
		}
		c.tell("documents", len(there), 0)
	}
	for docs, err := range documents(c.ctx, c.to) {
		if err != nil {
			return err
		}
		var gone []store.Document
		for _, d := range docs {
			if !there[[2]string{d.Kind, d.Key}] {
				gone = append(gone, d)
			}
		}
		if err := c.to.Delete(c.ctx, gone); err != nil {
			return err
		}
	}
	return nil
}

// forgotten comes last: it takes out of the target what went from the source
// since it was copied.
func (c *copying) forgotten() error {
	for rows, err := range forgotten(c.ctx, c.from) {
		if err == nil {
			err = c.to.TakeForgotten(c.ctx, rows)
		}
		if err != nil {
			return fmt.Errorf("copy what was forgotten: %w", err)
		}
	}
	return nil
}

// articles goes on after the last change that has arrived.
func (c *copying) articles(total int) error {
	after, err := c.to.LastChange(c.ctx)
	if err != nil {
		return err
	}
	st, err := c.to.Stats(c.ctx)
	if err != nil {
		return err
	}
	n := st.Articles
	for rows, err := range articles(c.ctx, c.from, after) {
		if err == nil {
			err = c.to.TakeRows(c.ctx, rows)
		}
		if err != nil {
			return fmt.Errorf("copy articles: %w", err)
		}
		n += len(rows)
		c.tell("articles", n, total)
	}
	return nil
}
