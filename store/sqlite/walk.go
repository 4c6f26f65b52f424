package sqlite

import (
	"container/heap"
	"database/sql"
	"math"

	"wireroom/store/catalog"
)

// source yields candidates in the order of a query, n at a time; fewer than n
// are the last.
type source interface {
	next(n int) ([]spot, error)
}

// pile is a list in order.
type pile []spot

func (p *pile) next(n int) ([]spot, error) {
	n = min(n, len(*p))
	list := (*p)[:n:n]
	*p = (*p)[n:]
	return list, nil
}

// walk reads along an index; where a field has several values, along several at
// once, merged.
type walk struct {
	e         *selection
	driver    *field
	unbounded bool // the order is not that of the query, so its bounds don't apply
	begun     bool
	query     string
	args      []any
	lanes     lanes
	last      int64
}

func (e *selection) walk(driver *field) *walk {
	return &walk{e: e, driver: driver, last: math.MaxInt64}
}

func (w *walk) next(n int) ([]spot, error) {
	if !w.begun {
		if err := w.begin(); err != nil {
			return nil, err
		}
	}
	list := make([]spot, 0, min(n, 1024))
	for len(list) < n && len(w.lanes) > 0 {
		l := w.lanes[0]
		p := l.buffer[0]
		if l.buffer = l.buffer[1:]; len(l.buffer) == 0 {
			if err := w.fill(l); err != nil {
				return nil, err
			}
		}
		if len(l.buffer) == 0 {
			heap.Pop(&w.lanes)
		} else {
			heap.Fix(&w.lanes, 0)
		}
		if p.place != w.last { // else it has two of the values
			list = append(list, p)
			w.last = p.place
		}
	}
	return list, nil
}

// statusIndex is the index of what is not usable, by the column of the order.
var statusIndex = map[string]string{"place": "article_status", "latest": "article_gone"}

// allOfSources: a feed that selects at least one in so many of the sources is
// read along all articles.
const allOfSources = 10

// begin makes the query that the lanes share, and the lanes.
func (w *walk) begin() error {
	w.begun = true
	e := w.e
	if err := w.simplify(); err != nil {
		return err
	}
	by, values := "a."+e.column, []int64{0}
	var from, which string
	switch {
	case w.driver == nil && catalog.Status(e.q.Status) > 0:
		from, which, values = "article AS a INDEXED BY "+statusIndex[e.column], "a.status > 0 AND a.status = ? AND ", []int64{int64(catalog.Status(e.q.Status))}
	case w.driver == nil:
		from, which = "article AS a INDEXED BY article_"+e.column, "? = 0 AND "
	case w.driver.kind == byEntered:
		from, which = "article AS a INDEXED BY article_entered", "? = 0 AND "
	case w.driver.kind == bySource:
		from, which, values = "article AS a INDEXED BY article_source", "a.source = ? AND ", w.driver.values
	default:
		by, from, which, values = "d.place", "term AS d CROSS JOIN article AS a ON a.place = d.place", "d.term = ? AND ", w.driver.values
	}
	where, args := e.conditions(w.driver, !w.unbounded)
	w.query = "SELECT " + by + ", a.seq FROM " + from + " CROSS JOIN source ON source.id = a.source WHERE " + which + by + " < ? AND " + where +
		" ORDER BY " + by + " DESC LIMIT ?"
	w.args = args
	for _, v := range values {
		l := &lane{value: v, below: w.top(), stretch: max(8, min(e.q.Limit+1, 2*e.q.Limit/len(values)))}
		if err := w.fill(l); err != nil {
			return err
		}
		if len(l.buffer) > 0 {
			w.lanes = append(w.lanes, l)
		}
	}
	heap.Init(&w.lanes)
	return nil
}

// simplify gives up walking source by source where the feed has most of them.
func (w *walk) simplify() error {
	if w.driver == nil || w.driver.kind != bySource || len(w.driver.values) <= 64 {
		return nil
	}
	var all int
	err := w.e.rows(func(rows *sql.Rows) error { return rows.Scan(&all) }, "SELECT count(*) FROM source WHERE standing > 0")
	if err == nil && len(w.driver.values)*allOfSources > all {
		w.driver = nil
	}
	return err
}

// top is above the first place that can be on the page.
func (w *walk) top() int64 {
	if w.unbounded {
		return math.MaxInt64
	}
	return w.e.top()
}

func (e *selection) top() int64 {
	if e.q.After.IsZero() {
		return math.MaxInt64
	}
	return (place(e.q.After.Time) | tieMask) + 1
}

// lane is one value of the field that is walked, read a stretch at a time.
type lane struct {
	value   int64
	buffer  []spot
	below   int64
	stretch int
	over    bool
}

// longest is the longest stretch.
const longest = 1000

func (w *walk) fill(l *lane) error {
	if l.over {
		return nil
	}
	l.buffer = l.buffer[:0]
	args := append([]any{l.value, l.below}, w.args...)
	err := w.e.rows(func(rows *sql.Rows) error {
		var p spot
		err := rows.Scan(&p.place, &p.seq)
		l.buffer = append(l.buffer, p)
		return err
	}, w.query, append(args, l.stretch)...)
	if err != nil {
		return err
	}
	if l.over = len(l.buffer) < l.stretch; len(l.buffer) > 0 {
		l.below = l.buffer[len(l.buffer)-1].place
	}
	l.stretch = min(2*l.stretch, longest)
	return nil
}

// lanes is a heap: the lane with the highest place first.
type lanes []*lane

func (h lanes) Len() int           { return len(h) }
func (h lanes) Less(i, j int) bool { return h[i].buffer[0].place > h[j].buffer[0].place }
func (h lanes) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *lanes) Push(x any)        { *h = append(*h, x.(*lane)) }
func (h *lanes) Pop() any {
	last := len(*h) - 1
	l := (*h)[last]
	*h = (*h)[:last]
	return l
}
