package packed

import (
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"wireroom/article"
)

// coder writes fields or reads them: one method a structure says which numbers
// its fields have, for both directions (see fields.go). Empty fields are not
// written. A field is its number and form (varint or text) in one varint, then
// the value; what a number means never changes, and numbers that are not known
// are passed over, so that an older program can read what a newer one wrote.
type coder struct {
	writing bool
	b       []byte // written so far
	text    string // still to be read
	tag     uint64 // of the field that is being read
	value   int64
	body    string
	more    bool // there is such a field
	taken   int  // fields so far
	bad     bool
	depth   int

	authority string        // of an id that is to be minted again
	textless  bool          // the text is that of the HTML
	told      article.Plain // of the HTML
}

// The forms of a field.
const (
	isNumber = 0
	isText   = 1
)

// noTag is that of no field.
const noTag = ^uint64(0)

// maxDepth bounds the nesting that is read: record, section, block, media.
const maxDepth = 8

// read calls f, which offers the field that is read to all that it could be, until
// there is none left. Whoever takes a field goes on to the next one, so that fields in
// the order in which they are written need one call.
func (c *coder) read(f func(*coder)) {
	if c.depth > maxDepth {
		c.bad = true
	}
	c.next()
	for c.more && !c.bad {
		n := c.taken
		if f(c); c.taken == n { // nobody knows it
			c.next()
		}
	}
}

// next reads the next field.
func (c *coder) next() {
	c.taken++
	if c.more = c.text != "" && !c.bad; !c.more {
		c.tag = noTag
		return
	}
	c.tag = c.uvarint()
	if c.tag&1 == isNumber {
		v := c.uvarint()
		c.value = int64(v>>1) ^ -int64(v&1)
	} else {
		n := c.uvarint()
		if n > uint64(len(c.text)) {
			c.bad = true
		}
		if !c.bad {
			c.body, c.text = c.text[:n], c.text[n:]
		}
	}
	if c.bad {
		c.tag, c.more = noTag, false
	}
}

func (c *coder) uvarint() (v uint64) {
	for shift := 0; shift < 64 && shift/7 < len(c.text); shift += 7 {
		x := c.text[shift/7]
		v |= uint64(x&0x7f) << shift
		if x < 0x80 {
			c.text = c.text[shift/7+1:]
			return v
		}
	}
	c.text, c.bad = "", true
	return 0
}

func (c *coder) number(n int, v int64) {
	c.b = binary.AppendUvarint(c.b, uint64(n)<<1|isNumber)
	c.b = binary.AppendVarint(c.b, v)
}

func (c *coder) put(n int, s string) {
	c.b = binary.AppendUvarint(c.b, uint64(n)<<1|isText)
	c.b = binary.AppendUvarint(c.b, uint64(len(s)))
	c.b = append(c.b, s...)
}

// is reports whether the field that is being read is the n-th, of a form.
func (c *coder) is(n int, form uint64) bool { return c.tag == uint64(n)<<1|form }

func str[S ~string](c *coder, n int, s *S) {
	switch {
	case !c.writing:
		switch {
		case c.is(n, isText):
			*s = S(c.body)
			c.next()
		case c.is(n, isNumber) && c.value > 0 && c.value <= int64(len(usual)):
			*s = S(usual[c.value-1])
			c.next()
		}
	case *s == "":
	case place(string(*s)) > 0:
		c.number(n, place(string(*s)))
	default:
		c.put(n, string(*s))
	}
}

func num[N ~int | ~int64 | ~int8](c *coder, n int, v *N) {
	switch {
	case !c.writing:
		if c.is(n, isNumber) {
			*v = N(c.value)
			c.next()
		}
	case *v != 0:
		c.number(n, int64(*v))
	}
}

func flag(c *coder, n int, v *bool) {
	switch {
	case !c.writing:
		if c.is(n, isNumber) {
			*v = c.value != 0
			c.next()
		}
	case *v:
		c.number(n, 1)
	}
}

// moment is a time, to the millisecond, UTC.
func moment(c *coder, n int, t *time.Time) {
	switch {
	case !c.writing:
		if c.is(n, isNumber) {
			*t = time.UnixMilli(c.value).UTC()
			c.next()
		}
	case !t.IsZero():
		c.number(n, t.UnixMilli())
	}
}

// strs is a list of texts: the field once for each.
func strs(c *coder, n int, list *[]string) {
	if !c.writing {
		for c.is(n, isText) {
			*list = append(*list, c.body)
			c.next()
		}
		return
	}
	for _, s := range *list {
		c.put(n, s)
	}
}

// one is a structure; where it is empty nothing is written.
func one[T any](c *coder, n int, v *T, fields func(*coder, *T)) {
	if !c.writing {
		if c.is(n, isText) {
			c.inner(func(d *coder) { fields(d, v) })
			c.next()
		}
		return
	}
	from := len(c.b)
	at := c.open(n)
	if fields(c, v); len(c.b) == at {
		c.b = c.b[:from]
		return
	}
	c.close(at)
}

// many is a list of structures: the field once for each.
func many[T any](c *coder, n int, list *[]T, fields func(*coder, *T)) {
	if !c.writing {
		for c.is(n, isText) {
			*list = append(*list, *new(T))
			c.inner(func(d *coder) { fields(d, &(*list)[len(*list)-1]) })
			c.next()
		}
		return
	}
	for i := range *list {
		at := c.open(n)
		fields(c, &(*list)[i])
		c.close(at)
	}
}

// optional is a structure that may be absent.
func optional[T any](c *coder, n int, v **T, fields func(*coder, *T)) {
	if !c.writing {
		if c.is(n, isText) {
			*v = new(T)
			c.inner(func(d *coder) { fields(d, *v) })
			c.next()
		}
		return
	}
	if *v != nil {
		at := c.open(n)
		fields(c, *v)
		c.close(at)
	}
}

// pairs is a map, in the order of its keys: equal maps are equal bytes.
func pairs(c *coder, n int, m *map[string]string) {
	if !c.writing {
		for c.is(n, isText) {
			if *m == nil {
				*m = map[string]string{}
			}
			var k, v string
			c.inner(func(d *coder) { str(d, 1, &k); str(d, 2, &v) })
			(*m)[k] = v
			c.next()
		}
		return
	}
	if len(*m) == 0 {
		return
	}
	for _, k := range slices.Sorted(maps.Keys(*m)) {
		at := c.open(n)
		c.put(1, k)
		c.put(2, (*m)[k])
		c.close(at)
	}
}

// inner reads the body of the field as fields.
func (c *coder) inner(f func(*coder)) {
	outer := *c
	*c = coder{text: outer.body, depth: outer.depth + 1}
	c.read(f)
	bad := c.bad
	*c = outer
	c.bad = c.bad || bad
}

// open begins field n, whose body follows; close ends it.
func (c *coder) open(n int) (body int) {
	c.b = binary.AppendUvarint(c.b, uint64(n)<<1|isText)
	c.b = append(c.b, 0) // the length, most often below 128
	return len(c.b)
}

func (c *coder) close(body int) {
	size := len(c.b) - body
	if size < 0x80 {
		c.b[body-1] = byte(size)
		return
	}
	var length [binary.MaxVarintLen64]byte
	k := binary.PutUvarint(length[:], uint64(size))
	c.b = slices.Insert(c.b, body, length[1:k]...)
	copy(c.b[body-1:], length[:k])
}
