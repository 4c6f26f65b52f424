package packed

import (
	"time"

	"wireroom/store"
)

// stateLayout: the fields below.
const stateLayout = 1

// AppendState appends to b what every poll writes of a state: all but the source,
// its host, the due time, the time of the last poll, and what Known and Recent hold.
func AppendState(b []byte, st *store.State) []byte {
	c := coder{b: append(b, stateLayout), writing: true}
	c.state(st)
	return c.b
}

// ParseState undoes AppendState; the history stays packed. Nothing is a source that
// was never polled.
func ParseState(s string, st *store.State) error {
	if s == "" {
		return nil
	}
	if s[0] != stateLayout {
		return errDamaged
	}
	c := coder{text: s[1:]} // the strings of the state are parts of it
	if c.read(func(c *coder) { c.state(st) }); c.bad {
		return errDamaged
	}
	return nil
}

// state are the fields and their numbers. New ones take new numbers.
func (c *coder) state(st *store.State) {
	interval, body := st.Interval.Milliseconds(), int64(st.BodyHash)
	num(c, 1, &interval)
	moment(c, 2, &st.LastSuccess)
	moment(c, 3, &st.LastChange)
	num(c, 4, &st.Failures)
	num(c, 5, &st.Status)
	str(c, 6, &st.Error)
	str(c, 7, &st.URL)
	str(c, 8, &st.ETag)
	str(c, 9, &st.LastModified)
	num(c, 10, &body)
	one(c, 11, &st.Detail, (*coder).detail)
	c.history(12, st)
	if !c.writing {
		st.Interval, st.BodyHash = time.Duration(interval)*time.Millisecond, uint64(body)
	}
}

// history is that of a state: what is read stays packed.
func (c *coder) history(n int, st *store.State) {
	switch {
	case !c.writing:
		if c.is(n, isText) {
			st.Past = Past(c.body)
			c.next()
		}
	case st.Past != nil || len(st.History) > 0:
		at := c.open(n)
		c.b = AppendHistory(c.b, st.Past, st.History)
		c.close(at)
	}
}
