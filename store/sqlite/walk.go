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
	lanes     lanes
	last      spot
}

func (e *selection) walk(driver *field) *walk { return &walk{e: e, driver: driver} }

func (w *walk) next(n int) ([]spot, error) {
	if !w.begun {
		if err := w.begin(); err != nil {
			return nil, err
		}
	}
	list := make([]spot, 0, min(n, 1024))
	for len(list) < n && len(w.lanes) > 0 {
		l := w.lanes[0]
		p, passed := l.buffer[0].spot, l.buffer[0].passed
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
		if !passed && p != w.last { // else it has two of the values
			list = append(list, p)
			w.last = p
		}
	}
	return list, nil
}

// statusIndex is the index of what is not usable, by the column of the order.
var statusIndex = map[string]string{"place": "article_status", "latest": "article_gone"}

// allOfSources: a feed that selects at least one in so many of the sources is
// read along all articles.
const allOfSources = 10

// order is an index in the order of a query, or a part of it.
type order struct {
	e      *selection // with the column of the index
	by     string     // that column
	from   string
	which  string // what holds of all in it, first of its ? the value of a lane
	passed string // of which another order takes care; false where there is none
}

// orders are the indexes that have all articles in the order of the query. The
// order by update is that of the places, but for those that were updated: they have
// an index of their own.
func (e *selection) orders() []order {
	const all = "? = 0 AND "
	if e.column == "place" {
		return []order{{e, "a.place", "article AS a INDEXED BY article_place", all, "0"}}
	}
	byPlace := *e
	byPlace.column = "place"
	return []order{
		{&byPlace, "a.place", "article AS a INDEXED BY article_place", all, "a.latest <> a.place"},
		{e, "a.latest", "article AS a INDEXED BY article_latest", all + "a.latest <> a.place AND ", "0"},
	}
}

// begin makes the lanes.
func (w *walk) begin() error {
	w.begun = true
	e := w.e
	if err := w.simplify(); err != nil {
		return err
	}
	by, values := "a."+e.column, []int64{0}
	var orders []order
	switch {
	case w.driver == nil && catalog.Status(e.q.Status) > 0:
		orders = []order{{e, by, "article AS a INDEXED BY " + statusIndex[e.column], "a.status > 0 AND a.status = ? AND ", "0"}}
		values = []int64{int64(catalog.Status(e.q.Status))}
	case w.driver == nil:
		orders = e.orders()
	case w.driver.kind == byEntered:
		orders = []order{{e, by, "article AS a INDEXED BY article_entered", "? = 0 AND ", "0"}}
	case w.driver.kind == bySource:
		orders, values = []order{{e, by, "article AS a INDEXED BY article_source", "a.source = ? AND ", "0"}}, w.driver.values
	default:
		orders, values = []order{{e, "d.place", "term AS d CROSS JOIN article AS a ON a.place = d.place", "d.term = ? AND ", "0"}}, w.driver.values
	}
	for _, o := range orders {
		where, args := o.e.conditions(w.driver, !w.unbounded)
		query := "SELECT " + o.by + ", a.seq, " + o.passed + " FROM " + o.from + " CROSS JOIN source ON source.id = a.source WHERE " + o.which + o.by + " < ? AND " + where +
			" ORDER BY " + o.by + " DESC LIMIT ?"
		for _, v := range values {
			l := &lane{query: query, args: args, value: v, below: w.top(), stretch: max(8, min(e.q.Limit+1, 2*e.q.Limit/len(values)))}
			if err := w.fill(l); err != nil {
				return err
			}
			if len(l.buffer) > 0 {
				w.lanes = append(w.lanes, l)
			}
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

// lane is one value of the field that is walked, or one order, read a stretch at a time.
type lane struct {
	query   string
	args    []any
	value   int64
	buffer  []step
	below   int64
	stretch int
	over    bool
}

// step is a spot on a lane; passed: it stands elsewhere on another one.
type step struct {
	spot
	passed bool
}

// longest is the longest stretch.
const longest = 1000

func (w *walk) fill(l *lane) error {
	if l.over {
		return nil
	}
	l.buffer = l.buffer[:0]
	args := append([]any{l.value, l.below}, l.args...)
	err := w.e.rows(func(rows *sql.Rows) error {
		var p step
		err := rows.Scan(&p.place, &p.seq, &p.passed)
		l.buffer = append(l.buffer, p)
		return err
	}, l.query, append(args, l.stretch)...)
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
