package move

import (
	"context"
	"iter"
	"math"

	"wireroom/store"
	"wireroom/store/catalog"
)

// pages yields what next gives out, page after page, until one is empty.
func pages[T any](next func() ([]T, error)) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		for {
			page, err := next()
			if len(page) == 0 && err == nil {
				return
			}
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

func sources(ctx context.Context, s Shelf) iter.Seq2[[]catalog.SourceRow, error] {
	after := ""
	return pages(func() ([]catalog.SourceRow, error) {
		page, err := s.Sources(ctx, after, sourceBatch)
		if len(page) > 0 {
			after = page[len(page)-1].Source.ID
		}
		return page, err
	})
}

func articles(ctx context.Context, s Shelf, after int64) iter.Seq2[[]catalog.ArticleRow, error] {
	return pages(func() ([]catalog.ArticleRow, error) {
		page, err := s.Rows(ctx, after, articleBatch)
		if len(page) > 0 {
			after = page[len(page)-1].Change
		}
		return page, err
	})
}

func forgotten(ctx context.Context, s Shelf) iter.Seq2[[]catalog.ForgottenRow, error] {
	after := catalog.ForgottenRow{Key: math.MinInt64}
	return pages(func() ([]catalog.ForgottenRow, error) {
		page, err := s.Forgotten(ctx, after, keyBatch)
		if len(page) > 0 {
			after = page[len(page)-1]
		}
		return page, err
	})
}

// documents leaves out the note of Copy.
func documents(ctx context.Context, s Shelf) iter.Seq2[[]store.Document, error] {
	var after store.Document
	return pages(func() ([]store.Document, error) {
		for {
			page, err := s.AllDocuments(ctx, after, documentBatch)
			if err != nil || len(page) == 0 {
				return nil, err
			}
			after = page[len(page)-1]
			kept := page[:0]
			for _, d := range page {
				if d.Kind != markKind || d.Key != markKey {
					kept = append(kept, d)
				}
			}
			if len(kept) > 0 {
				return kept, nil
			}
		}
	})
}
