package postgres

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/catalog"
	"wireroom/store/words"
)

const (
	defaultLimit = 100
	mostRead     = 2000 // articles read at a time
	fewSources   = 200  // that are walked one by one
	fewEntered   = 5000 // that are sorted for every page
)

// Select implements store.Store. The planner chooses between the index that is
// in the feed's order and those of terms and words; what it finds is held
// against the record.
func (s *Store) Select(ctx context.Context, q article.Query) ([]article.Record, error) {
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	e := selection{q: &q, words: words.Parse(q.Match), terms: catalog.Wanted(&q)}
	if strings.TrimSpace(q.Match) != "" && e.words.IsZero() {
		return nil, ctx.Err() // nothing but signs stands nowhere
	}
	if len(e.terms) > 0 {
		if err := s.index.Ensure(ctx, termIndex); err != nil {
			return nil, err
		}
	}
	if !e.words.IsZero() {
		if err := s.index.Ensure(ctx, wordIndex); err != nil {
			return nil, err
		}
	}
	var list []article.Record
	var rest article.Cursor
	err := s.view(ctx, "select", func(tx pgx.Tx) (err error) {
		list, rest, err = s.run(ctx, tx, e)
		return err
	})
	if err == nil && !rest.IsZero() {
		err = &store.Partial{After: rest}
	}
	return list, err
}

// selection is what a Select asks for.
type selection struct {
	q       *article.Query
	words   words.Query
	terms   map[catalog.Kind][]int64
	sources []int64
	sparse  bool // few articles came in the stretch of time that is asked for
	args    []any
}

// arg adds an argument and returns its mark.
func (e *selection) arg(v any) string {
	e.args = append(e.args, v)
	return fmt.Sprint("$", len(e.args))
}

// run reads page after page until enough articles really answer, and says where it
// goes on if it gave up before.
func (s *Store) run(ctx context.Context, tx pgx.Tx, e selection) (list []article.Record, rest article.Cursor, err error) {
	q := *e.q
	if len(q.Sources) > 0 {
		rows, err := tx.Query(ctx, "SELECT id FROM source WHERE name = ANY($1) AND standing > 0", askable(q.Sources))
		if err == nil {
			e.sources, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		}
		if err != nil || len(e.sources) == 0 {
			return nil, rest, err
		}
	}
	if !q.Entered.IsZero() {
		n := 0
		if err := tx.QueryRow(ctx, "SELECT count(*) FROM (SELECT 1 FROM entry WHERE "+e.entered("entered")+" LIMIT "+e.arg(fewEntered)+") AS a", e.args...).Scan(&n); err != nil {
			return nil, rest, err
		}
		e.sparse = n < fewEntered
	}
	_, hurried := ctx.Deadline()
	looked := 0
	for n := q.Limit; len(list) < q.Limit; n = min(2*n, mostRead) {
		found := 0
		var last article.Record
		e.q, e.args = &q, nil
		query := e.query(n)
		err := s.records(ctx, tx, func(r article.Record) {
			found, last = found+1, r
			if len(list) < q.Limit && catalog.Answers(&q, &e.words, &r) {
				list = append(list, r)
			}
		}, nil, query, e.args...)
		if err != nil {
			return nil, rest, err
		}
		if found < n {
			break
		}
		q.After = article.Cursor{Time: catalog.When(&q, &last), ID: last.ID}
		if looked += found; hurried && looked > store.MostRead && len(list) < q.Limit {
			return list, q.After, nil
		}
	}
	return list, rest, nil
}

// query writes the statement for the first n articles.
func (e *selection) query(n int) string {
	by := "published"
	if e.q.ByUpdated {
		by = "updated"
	}
	from, where := "entry AS a", e.conditions(by)
	if e.sparse { // found by their time and sorted, which the planner can't know to be the better way
		from = "(SELECT * FROM entry WHERE " + e.entered("entered") + " OFFSET 0) AS a"
	}
	order := " ORDER BY a." + by + " DESC, a.id LIMIT " + e.arg(n)
	columns := "SELECT " + recordColumns + " FROM "
	if len(e.terms) > 0 {
		from += " JOIN term ON term.article = a.seq"
	}
	if !e.words.IsZero() {
		from += " JOIN word ON word.article = a.seq"
	}
	switch {
	case len(e.sources) == 0:
		return columns + from + " JOIN source ON source.id = a.source WHERE source.standing > 0 AND " + where + order
	case len(e.terms) == 0 && e.words.IsZero() && !e.q.ByUpdated && len(e.sources) <= fewSources:
		// The newest of each, along its index, then the newest of all.
		return columns + "unnest(" + e.arg(e.sources) + "::bigint[]) AS wanted (id) CROSS JOIN LATERAL (SELECT a.* FROM " + from +
			" WHERE a.source = wanted.id AND " + where + order + ") AS a JOIN source ON source.id = a.source" + order
	}
	return columns + from + " JOIN source ON source.id = a.source WHERE a.source = ANY(" + e.arg(e.sources) + ") AND " + where + order
}

// entered is the condition that an article came in the stretch of time.
func (e *selection) entered(column string) string {
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	if t := e.q.Entered.From; !t.IsZero() {
		from = millis(t)
	}
	if t := e.q.Entered.To; !t.IsZero() {
		to = millis(t)
	}
	return column + " >= " + e.arg(from) + " AND " + column + " < " + e.arg(to)
}

// conditions are what must hold of an article a.
func (e *selection) conditions(by string) string {
	q := e.q
	where := []string{"a.status = 0"}
	if n := catalog.Status(q.Status); n > 0 {
		where = []string{fmt.Sprint("a.status > 0 AND a.status = ", n)}
	}
	add := func(cond string) { where = append(where, cond) }
	if !q.Since.IsZero() {
		add("a." + by + " >= " + e.arg(millis(q.Since)))
	}
	if !q.After.IsZero() {
		t := e.arg(millis(q.After.Time))
		add("a." + by + " <= " + t + " AND (a." + by + " < " + t + " OR a.id > " + e.arg([]byte(q.After.ID)) + ")")
	}
	if !q.Now.IsZero() {
		now := e.arg(millis(q.Now))
		add("a.embargo <= " + now + " AND (a.expires = 0 OR a.expires > " + now + ")")
	}
	if !q.Entered.IsZero() && !e.sparse {
		add(e.entered("a.entered"))
	}
	for _, kind := range []catalog.Kind{catalog.Language, catalog.Agency, catalog.Topic, catalog.Story} {
		if terms := e.terms[kind]; len(terms) > 0 {
			add("term.terms && " + e.arg(terms))
		}
	}
	if terms := e.words.Terms(); len(terms) > 0 {
		hashes := make([]int32, len(terms))
		for i, w := range terms {
			hashes[i] = wordHash(w)
		}
		slices.Sort(hashes)
		add("word.words @> " + e.arg(hashes))
	}
	return strings.Join(where, " AND ")
}
