package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wireroom/article"
	"wireroom/store"
)

// maxMatches bounds how many of the newest matches of a search are looked at.
const maxMatches = 20_000

// found is an article as it comes out of a query.
type found struct {
	id     string
	at     int64
	record article.Record
}

// plan is one query of a Select: what it reads along, and what must hold.
type plan struct {
	from  string
	where []string
	args  []any
}

func (p plan) and(cond string, args ...any) plan {
	return plan{p.from, append(slices.Clip(p.where), cond), append(slices.Clip(p.args), args...)}
}

// Select implements store.Store. Each value of the most telling field is walked
// along an index that is already in the feed's order, and the newest of all are
// taken; the other fields are held against each article on the way. So a page
// costs about its own length, however many articles there are.
func (s *Store) Select(ctx context.Context, q article.Query) ([]article.Record, error) {
	if q.Limit <= 0 {
		q.Limit = 100
	}
	var all []found
	seen := map[string]bool{}
	for _, p := range plans(&q) {
		list, err := s.run(ctx, p, &q)
		if err != nil {
			return nil, fmt.Errorf("store: select: %w", explain(err))
		}
		for _, f := range list {
			if !seen[f.id] {
				seen[f.id] = true
				all = append(all, f)
			}
		}
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(a.id, b.id)) })
	records := make([]article.Record, 0, min(len(all), q.Limit))
	for _, f := range all[:min(len(all), q.Limit)] {
		records = append(records, f.record)
	}
	return records, nil
}

// order is the column that a query is ordered by.
func order(q *article.Query) string {
	if q.ByUpdated {
		return "a.updated"
	}
	return "a.published"
}

// plans are the queries whose results together are the answer.
func plans(q *article.Query) []plan {
	base := plan{from: "article a"}.and("a.status = ?", code(q.Status)).and("s.active")
	at := order(q)
	if !q.Since.IsZero() {
		base = base.and(at+" >= ?", ms(q.Since))
	}
	if !q.Now.IsZero() {
		base = base.and("a.embargo <= ?", ms(q.Now)).and("(a.expires = 0 OR a.expires > ?)", ms(q.Now))
	}
	if !q.After.IsZero() {
		t := ms(q.After.Time)
		base = base.and(at+" <= ?", t).and("("+at+" < ? OR a.id > ?)", t, article.ShortID(q.After.ID))
	}
	if m := match(q.Match); m != "" {
		base = base.and("a.seq IN (SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?)", m, maxMatches)
	} else if strings.TrimSpace(q.Match) != "" {
		return nil // nothing but signs: found nowhere
	}
	return drive(base, q)
}

// drive chooses what is walked: the values of one field, each along its index.
func drive(base plan, q *article.Query) []plan {
	fields := [][]string{kinds("t:", q.Topics), kinds("a:", q.Agencies), nil, kinds("l:", q.Languages)}
	driver := -1
	if !q.ByUpdated && q.Match == "" {
		for i, f := range fields {
			if len(f) > 0 && driver < 0 || i == 2 && len(q.Sources) > 0 && driver < 0 {
				driver = i
			}
		}
	}
	for i, f := range fields {
		if len(f) > 0 && i != driver {
			base = base.and("EXISTS (SELECT 1 FROM term x WHERE x.term IN ("+marks(len(f))+") AND x.published = a.published AND x.article = a.seq)", anys(f)...)
		}
	}
	if len(q.Sources) > 0 && driver != 2 {
		base = base.and("s.name IN ("+marks(len(q.Sources))+")", anys(q.Sources)...)
	}
	switch {
	case driver == 2:
		return each(base, q.Sources, "article a", "a.source = (SELECT id FROM source WHERE name = ?)")
	case driver >= 0:
		return each(base, fields[driver], "term d CROSS JOIN article a ON a.seq = d.article", "d.term = ?")
	}
	return []plan{base}
}

func each(base plan, values []string, from, cond string) []plan {
	list := make([]plan, 0, len(values))
	for _, v := range values {
		p := base.and(cond, v)
		p.from = from
		list = append(list, p)
	}
	return list
}

func kinds(prefix string, values []string) []string {
	var list []string
	for _, v := range values {
		if v = strings.ToLower(strings.TrimSpace(v)); v != "" {
			list = append(list, prefix+v)
		}
	}
	return list
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

func (s *Store) run(ctx context.Context, p plan, q *article.Query) ([]found, error) {
	by := order(q)
	sorted := by + " DESC, a.id"
	if strings.HasPrefix(p.from, "term ") {
		sorted = "d.published DESC, a.id"
	}
	query := "SELECT a.id, " + by + ", a.record, s.name, s.title, s.republish FROM " + p.from + " JOIN source s ON s.id = a.source WHERE " +
		strings.Join(p.where, " AND ") + " ORDER BY " + sorted + " LIMIT ?"
	rows, err := s.read.QueryContext(ctx, query, append(slices.Clip(p.args), q.Limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []found
	for rows.Next() {
		var f found
		if f.record, err = s.scan(rows, &f.id, &f.at); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, rows.Err()
}

// scan reads the columns before the record, the record, and what its source's
// config says of it now.
func (s *Store) scan(rows *sql.Rows, before ...any) (article.Record, error) {
	var packed sql.RawBytes
	var name, title, republish string
	if err := rows.Scan(append(before, &packed, &name, &title, &republish)...); err != nil {
		return article.Record{}, err
	}
	r, err := s.codec.unpack(packed)
	if title != "" {
		r.Source.Name = title
	}
	if republish != "" {
		r.Rights.Republish = article.Republish(republish)
	}
	return r, err
}

// match makes an FTS5 query: every word and every "quoted phrase" must occur.
func match(s string) string {
	var parts []string
	for i, piece := range strings.Split(s, `"`) {
		words := strings.Fields(searchable(piece))
		if i%2 == 1 {
			words = []string{strings.Join(words, " ")}
		} else if len(words) > 0 && strings.IndexFunc(piece, unspaced) >= 0 {
			words = nil
			for _, w := range strings.Fields(piece) {
				words = append(words, strings.Join(strings.Fields(searchable(w)), " "))
			}
		}
		for _, w := range words {
			if strings.ContainsFunc(w, wordSign) {
				parts = append(parts, `"`+w+`"`)
			}
		}
	}
	return strings.Join(parts, " AND ")
}

// wordSign tells what FTS5's tokenizer keeps from what it drops.
func wordSign(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80
}

// Article implements store.Store.
func (s *Store) Article(ctx context.Context, id string) (article.Record, error) {
	list, err := s.records(ctx, "a.id = ?", article.ShortID(id))
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return article.Record{}, fmt.Errorf("article %s: %w", id, err)
	}
	return list[0], nil
}

func (s *Store) records(ctx context.Context, where string, args ...any) ([]article.Record, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT a.record, s.name, s.title, s.republish FROM article a JOIN source s ON s.id = a.source WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []article.Record
	for rows.Next() {
		r, err := s.scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// History implements store.Store.
func (s *Store) History(ctx context.Context, id string) ([]article.Record, error) {
	last, err := s.Article(ctx, id)
	if err != nil {
		return nil, err
	}
	rows, err := s.read.QueryContext(ctx, "SELECT record FROM version WHERE article = (SELECT seq FROM article WHERE id = ?) ORDER BY version", article.ShortID(id))
	if err != nil {
		return nil, fmt.Errorf("article %s: %w", id, err)
	}
	defer rows.Close()
	var list []article.Record
	for rows.Next() {
		var packed sql.RawBytes
		if err := rows.Scan(&packed); err != nil {
			return nil, fmt.Errorf("article %s: %w", id, err)
		}
		r, err := s.codec.unpack(packed)
		if err != nil {
			return nil, fmt.Errorf("article %s: %w", id, err)
		}
		list = append(list, r)
	}
	return append(list, last), errors.Join(rows.Err())
}

// Changes implements store.Store.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]article.Record, int64, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT a.change, a.record, s.name, s.title, s.republish FROM article a JOIN source s ON s.id = a.source WHERE a.change > ? ORDER BY a.change LIMIT ?", after, limit)
	if err != nil {
		return nil, after, fmt.Errorf("store: changes: %w", err)
	}
	defer rows.Close()
	var list []article.Record
	last := after
	for rows.Next() {
		var n int64
		r, err := s.scan(rows, &n)
		if err != nil {
			return nil, after, fmt.Errorf("store: changes: %w", err)
		}
		list, last = append(list, r), n
	}
	return list, last, rows.Err()
}
