package sqlite

import (
	"cmp"
	"database/sql"
	"math"
	"slices"
	"strings"
)

// search yields the articles that hold the words of a query. The word index is
// in the order of arrival, a feed is in the order of publication: nearly the
// same, but not quite. So the last arrivals among the matches are fetched and
// sorted, and given out as far down as nothing older that arrived earlier can
// stand above them. Those few that do (strays) are candidates themselves.
type search struct {
	e       *selection
	terms   string
	below   int64  // arrivals before this one have not been looked at
	stretch int    // how many matches to fetch next
	ready   []spot // in order, all above what is still to come
	held    []spot // below it
	over    bool
	seen    map[int64]bool // strays that were taken up
}

// strays is how many articles that arrived too early are looked at one by one.
const strays = 64

func newSearch(e *selection) *search {
	terms := e.words.Terms()
	for i, t := range terms {
		terms[i] = `"` + t + `"`
	}
	return &search{e: e, terms: strings.Join(terms, " AND "), below: math.MaxInt64, stretch: max(500, 4*e.q.Limit), seen: map[int64]bool{}}
}

func (s *search) next(n int) ([]spot, error) {
	for len(s.ready) < n && !s.over {
		if err := s.more(); err != nil {
			return nil, err
		}
	}
	n = min(n, len(s.ready))
	list := s.ready[:n:n]
	s.ready = s.ready[n:]
	return list, nil
}

// more looks at the next matches in the order of arrival.
func (s *search) more() error {
	ids := make([]int64, 0, s.stretch)
	err := s.e.rows(func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, "SELECT rowid FROM word WHERE word MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?", s.terms, s.below, s.stretch)
	if err != nil {
		return err
	}
	s.over = len(ids) < s.stretch
	if len(ids) > 0 {
		s.below = ids[len(ids)-1]
	}
	s.stretch = min(4*s.stretch, 1<<17)
	if err := s.take(jsonInts(ids)); err != nil {
		return err
	}
	sure := int64(math.MinInt64)
	if !s.over {
		if sure, err = s.frontier(); err != nil {
			return err
		}
		if since := s.e.q.Since; !since.IsZero() && sure < place(since) {
			s.over, sure = true, math.MinInt64 // the rest is older than was asked for
		}
	}
	slices.SortFunc(s.held, func(a, b spot) int { return cmp.Compare(b.place, a.place) })
	i, _ := slices.BinarySearchFunc(s.held, sure, func(p spot, sure int64) int { return cmp.Compare(sure, p.place) })
	s.ready = append(s.ready, s.held[:i]...)
	s.held = slices.Clone(s.held[i:])
	return nil
}

// take holds those of the articles that the other fields leave.
func (s *search) take(ids string) error {
	where, args := s.e.conditions(nil, true)
	return s.e.rows(func(rows *sql.Rows) error {
		var p spot
		err := rows.Scan(&p.place, &p.seq)
		if !s.seen[p.seq] {
			s.held = append(s.held, p)
		}
		return err
	}, "SELECT a."+s.e.column+", a.seq FROM json_each(?) AS item CROSS JOIN article AS a ON a.seq = item.value CROSS JOIN source ON source.id = a.source WHERE "+where,
		append([]any{ids}, args...)...)
}

// frontier takes up the first strays and returns the place up to which it did:
// above it nothing is missing.
func (s *search) frontier() (int64, error) {
	sure := int64(math.MinInt64)
	var list []spot
	for _, o := range s.e.orders() {
		n, last := 0, int64(0)
		err := s.e.rows(func(rows *sql.Rows) error {
			var p step
			err := rows.Scan(&p.place, &p.seq, &p.passed)
			if n, last = n+1, p.place; !p.passed {
				list = append(list, p.spot)
			}
			return err
		}, "SELECT "+o.by+", a.seq, "+o.passed+" FROM "+o.from+" WHERE "+o.which+"a.seq < ? AND "+o.by+" < ? ORDER BY "+o.by+" DESC LIMIT ?", 0, s.below, s.e.top(), strays+1)
		if err != nil {
			return 0, err
		}
		if n > strays {
			sure = max(sure, last)
		}
	}
	list = slices.DeleteFunc(list, func(p spot) bool { return p.place <= sure || s.seen[p.seq] })
	err := s.take(seqs(list))
	for _, p := range list {
		s.seen[p.seq] = true
	}
	return sure, err
}
