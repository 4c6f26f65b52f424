package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/catalog"
	"wireroom/store/words"
)

const (
	defaultLimit = 100
	// few is how many articles may be fetched and sorted, where no index has
	// them in the wanted order.
	few = 2000
)

// Select implements store.Store. A feed is read along an index that is in its
// order already: that of the source, of the rarest field it asks for, or of all
// articles. Other conditions are held against each article on the way, so that a
// page costs about its own length, whatever the store holds.
func (s *Store) Select(ctx context.Context, q article.Query) ([]article.Record, error) {
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	sel := selection{s: s, ctx: ctx, q: &q, words: words.Parse(q.Match), column: "place", stmts: map[string]*sql.Stmt{}}
	if q.ByUpdated {
		sel.column = "latest"
	}
	if strings.TrimSpace(q.Match) != "" && sel.words.IsZero() {
		return nil, nil // nothing but signs stands nowhere
	}
	if len(q.Languages)+len(q.Agencies)+len(q.Topics)+len(q.Stories) > 0 {
		if err := s.index.Ensure(ctx, termIndex); err != nil {
			return nil, err
		}
	}
	if !sel.words.IsZero() {
		if err := s.index.Ensure(ctx, wordIndex); err != nil {
			return nil, err
		}
	}
	list, err := sel.run()
	if _, partial := store.Rest(err); err != nil && !partial {
		return nil, s.fault("select", err)
	}
	return list, err
}

// selection is one Select on its way.
type selection struct {
	s      *Store
	ctx    context.Context
	tx     *sql.Tx
	stmts  map[string]*sql.Stmt
	q      *article.Query
	words  words.Query
	column string // that the order goes by: place or latest
	fields []field
}

// field is what one field of the query asks for: any of values.
type field struct {
	kind   catalog.Kind
	values []int64
}

// The kinds of fields that are no terms.
const (
	bySource  catalog.Kind = 0
	byEntered catalog.Kind = 1 // two values: from, to
)

// spot is an article in the order of a query.
type spot struct{ place, seq int64 }

// found is an article that was read.
type found struct {
	ms     int64
	record article.Record
}

// run answers from one state of the file.
func (e *selection) run() (list []article.Record, err error) {
	if e.tx, err = e.s.read.BeginTx(e.ctx, &sql.TxOptions{ReadOnly: true}); err != nil {
		return nil, err
	}
	defer e.tx.Rollback()
	if ok, err := e.resolve(); err != nil || !ok {
		return nil, err
	}
	src, err := e.source()
	if err != nil {
		return nil, err
	}
	return e.collect(src)
}

// resolve turns names into numbers. It reports false if a field can't match.
func (e *selection) resolve() (bool, error) {
	if len(e.q.Sources) > 0 {
		names, err := json.Marshal(e.q.Sources)
		if err != nil {
			return false, err
		}
		var ids []int64
		err = e.rows(func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		}, "SELECT DISTINCT source.id FROM json_each(?) AS name JOIN source ON source.name = name.value WHERE standing > 0", string(names))
		if err != nil || len(ids) == 0 {
			return false, err
		}
		e.fields = append(e.fields, field{bySource, ids})
	}
	if span := e.q.Entered; !span.IsZero() {
		from, to := int64(math.MinInt64), int64(math.MaxInt64)
		if !span.From.IsZero() {
			from = millis(span.From)
		}
		if !span.To.IsZero() {
			to = millis(span.To)
		}
		e.fields = append(e.fields, field{byEntered, []int64{from, to}})
	}
	for kind, terms := range catalog.Wanted(e.q) {
		e.fields = append(e.fields, field{kind, terms})
	}
	slices.SortFunc(e.fields, func(a, b field) int { return cmp.Compare(a.kind, b.kind) })
	return true, nil
}

// source chooses where the candidates come from.
func (e *selection) source() (source, error) {
	if !e.words.IsZero() || e.q.ByUpdated && len(e.fields) > 0 {
		if p, err := e.pile(); err != nil || p != nil {
			return p, err
		}
	}
	if !e.words.IsZero() {
		return newSearch(e), nil
	}
	if e.q.ByUpdated {
		return e.walk(nil), nil
	}
	driver, err := e.rarest()
	if err != nil {
		return nil, err
	}
	return e.walk(driver), nil
}

// pile fetches all that the fields leave, if they are few, and sorts them; nil if
// they are many, or there are no fields.
func (e *selection) pile() (source, error) {
	if len(e.fields) == 0 {
		return nil, nil
	}
	driver, err := e.rarest()
	if err != nil || driver == nil {
		return nil, err
	}
	byPlace := *e
	byPlace.column = "place"
	w := byPlace.walk(driver)
	w.unbounded = e.q.ByUpdated
	list, err := w.next(few)
	if err != nil || len(list) >= few {
		return nil, err
	}
	if e.q.ByUpdated {
		if list, err = e.inOrder(list); err != nil {
			return nil, err
		}
	}
	p := pile(list)
	return &p, nil
}

// inOrder puts articles into the order of the query.
func (e *selection) inOrder(list []spot) ([]spot, error) {
	where, args := e.conditions(nil, true)
	var out []spot
	err := e.rows(func(rows *sql.Rows) error {
		var p spot
		err := rows.Scan(&p.place, &p.seq)
		out = append(out, p)
		return err
	}, "SELECT a."+e.column+", a.seq FROM json_each(?) AS item CROSS JOIN article AS a ON a.seq = item.value JOIN source ON source.id = a.source WHERE "+where,
		append([]any{seqs(list)}, args...)...)
	slices.SortFunc(out, func(a, b spot) int { return cmp.Compare(b.place, a.place) })
	return out, err
}

// rarest returns the field with the fewest articles, as far as it is worth
// knowing; nil if there are no fields, or only a stretch of time in which too many
// came to sort them for every page.
func (e *selection) rarest() (best *field, err error) {
	if len(e.fields) == 1 && e.fields[0].kind != byEntered {
		return &e.fields[0], nil
	}
	least := few + 1
	for i := range e.fields {
		f := &e.fields[i]
		n := 0
		count := func(from string, args ...any) error {
			return e.rows(func(rows *sql.Rows) error { return rows.Scan(&n) }, "SELECT count(*) FROM (SELECT 1 FROM "+from+" LIMIT ?)", append(args, few)...)
		}
		switch f.kind {
		case bySource:
			err = count("article INDEXED BY article_source WHERE source IN (SELECT value FROM json_each(?))", jsonInts(f.values))
		case byEntered:
			if err = count("article INDEXED BY article_entered WHERE entered >= ? AND entered < ?", anys(f.values)...); n >= few {
				n, err = e.crowded(f)
			}
		default:
			err = count("term WHERE term IN (SELECT value FROM json_each(?))", jsonInts(f.values))
		}
		if err != nil {
			return nil, err
		}
		if n < least {
			best, least = f, n
		}
	}
	return best, nil
}

// crowded weighs a stretch of time with many articles: sorting all that came in
// it costs about as much for each as stepping over one that came later does when
// all articles are walked from the newest; and where more are asked for than came
// in it, the walk would not end before the oldest. How many came is told by numbers,
// which changes of others take too: about. It returns few where the stretch
// is the cheaper way, more than that where it is not.
func (e *selection) crowded(f *field) (int, error) {
	if !e.q.After.IsZero() && !e.q.ByUpdated {
		return few + 1, nil // the walk begins where the last page ended
	}
	var first, last, newest int64
	err := e.rows(func(rows *sql.Rows) error { return rows.Scan(&first, &last, &newest) }, `SELECT
		(SELECT seq FROM article WHERE entered >= ?1 ORDER BY entered LIMIT 1), (SELECT seq FROM article WHERE entered < ?2 ORDER BY entered DESC LIMIT 1), (SELECT max(seq) FROM article)`, anys(f.values)...)
	if came := last - first + 1; err == nil && (came <= newest-last || came <= int64(e.q.Limit)) {
		return few, nil
	}
	return few + 1, err
}

// conditions are what must hold of an article a, but for the field that is
// walked. bounded adds where in the order it stands.
func (e *selection) conditions(driver *field, bounded bool) (string, []any) {
	q := e.q
	where, args := []string{"a.status = ?", "source.standing > 0"}, []any{catalog.Status(q.Status)}
	add := func(cond string, a ...any) { where, args = append(where, cond), append(args, a...) }
	if bounded {
		if !q.Since.IsZero() {
			add("a."+e.column+" >= ?", place(q.Since))
		}
		if !q.After.IsZero() {
			add("a."+e.column+" <= ?", place(q.After.Time)|tieMask)
		}
	}
	if !q.Now.IsZero() {
		add("a.embargo <= ? AND (a.expires = 0 OR a.expires > ?)", millis(q.Now), millis(q.Now))
	}
	for i := range e.fields {
		f := &e.fields[i]
		switch {
		case f.kind == byEntered: // also where it is walked: the order is another one
			add("a.entered >= ? AND a.entered < ?", anys(f.values)...)
		case f == driver:
		case f.kind == bySource:
			add("a.source IN (SELECT value FROM json_each(?))", jsonInts(f.values))
		default:
			add("EXISTS (SELECT 1 FROM term AS x WHERE x.place = a.place AND x.term IN ("+marks(len(f.values))+"))", anys(f.values)...)
		}
	}
	return strings.Join(where, " AND "), args
}

// collect reads candidates until the page is full and nothing of the moment at
// its end is missing, since articles of one moment are ordered by id.
func (e *selection) collect(src source) ([]article.Record, error) {
	var list []*found // pointers: a record is large
	var rest error
	_, hurried := e.ctx.Deadline()
	looked := 0
	for want := max(e.q.Limit+1, 16); ; want = min(2*want, longest) { // many that don't answer are read in large steps
		spots, err := src.next(want)
		if err != nil {
			return nil, err
		}
		if list, err = e.read(list, spots); err != nil {
			return nil, err
		}
		if len(spots) < want {
			break
		}
		if looked += len(spots); hurried && looked > store.MostRead && len(list) < e.q.Limit {
			// What is of the last moment may not be whole: it is read again.
			last := spots[len(spots)-1].place >> tieBits
			list = slices.DeleteFunc(list, func(f *found) bool { return f.ms == last })
			rest = &store.Partial{After: article.Cursor{Time: time.UnixMilli(last).UTC()}}
			break
		}
		if n := e.q.Limit; len(list) >= n && list[n-1].ms > spots[len(spots)-1].place>>tieBits {
			break
		}
	}
	slices.SortStableFunc(list, func(a, b *found) int {
		return cmp.Or(cmp.Compare(b.ms, a.ms), cmp.Compare(a.record.ID, b.record.ID))
	})
	records := make([]article.Record, 0, min(len(list), e.q.Limit))
	for _, f := range list[:min(len(list), e.q.Limit)] {
		records = append(records, f.record)
	}
	return records, rest
}

// read appends those of the articles that the query really asks for, in order.
func (e *selection) read(list []*found, spots []spot) ([]*found, error) {
	if len(spots) == 0 {
		return list, nil
	}
	parse := e.s.codec.ParseRecord
	if e.words.IsZero() { // what a search reads is seldom read again
		parse = e.s.unpacked.parse
	}
	var v shown
	var key int
	err := e.rows(func(rows *sql.Rows) error {
		if err := rows.Scan(v.dest(&key)...); err != nil {
			return err
		}
		r, err := parse(v.blob)
		if err != nil {
			return err
		}
		v.complete(&r)
		if f := (&found{spots[key].place >> tieBits, r}); e.holds(f) {
			list = append(list, f)
		}
		return nil
	}, "SELECT item.key, "+recordColumns+" FROM json_each(?) AS item CROSS JOIN article AS a ON a.seq = item.value JOIN source ON source.id = a.source ORDER BY item.key", seqs(spots))
	return list, err
}

// holds reports whether an article belongs to the page, now that its text is at
// hand: hashes may meet, terms may have gone, and phrases are not indexed.
func (e *selection) holds(f *found) bool {
	q, r := e.q, &f.record
	if !q.After.IsZero() && f.ms == floor(q.After.Time) && r.ID <= q.After.ID {
		return false
	}
	return catalog.Answers(q, &e.words, r)
}

// floor is a moment as it stands in a place.
func floor(t time.Time) int64 { return place(t) >> tieBits }

// rows runs a query, prepared once a selection.
func (e *selection) rows(f func(*sql.Rows) error, query string, args ...any) error {
	st := e.stmts[query]
	if st == nil {
		var err error
		if st, err = e.tx.PrepareContext(e.ctx, query); err != nil {
			return err
		}
		e.stmts[query] = st // closed with the transaction
	}
	rows, err := st.QueryContext(e.ctx, args...)
	return each(rows, err, f)
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

func anys(list []int64) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

func seqs(list []spot) string {
	ids := make([]int64, len(list))
	for i, p := range list {
		ids[i] = p.seq
	}
	return jsonInts(ids)
}

func jsonInts(list []int64) string {
	b := append(make([]byte, 0, 12*len(list)+2), '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, v, 10)
	}
	return string(append(b, ']'))
}
