package packed

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"

	"wireroom/store"
)

// detailLayout: the fields below in base64, because the stores keep it as text.
// Older ones are JSON, an object.
const detailLayout = '1'

// appendDetail packs the part of a state that seldom changes. Equal ones are equal
// bytes.
func appendDetail(b []byte, d *store.Detail) []byte {
	c := coder{b: b, writing: true}
	c.detail(d)
	return c.b
}

// appendText makes a packed detail the text that is kept.
func appendText(b, fields []byte) []byte {
	return base64.RawStdEncoding.AppendEncode(append(b, detailLayout), fields)
}

// ParseDetail undoes appendDetail and appendText.
func ParseDetail(b []byte, d *store.Detail) error {
	if len(b) == 0 {
		return nil
	}
	if b[0] == '{' {
		return json.Unmarshal(b, d)
	}
	if b[0] != detailLayout {
		return errDamaged
	}
	var space [512]byte
	plain, err := base64.RawStdEncoding.AppendDecode(space[:0], b[1:])
	if err != nil {
		return err
	}
	c := coder{text: string(plain)} // the strings of the detail are parts of it
	if c.read(func(c *coder) { c.detail(d) }); c.bad {
		return errDamaged
	}
	return nil
}

// detail are the fields and their numbers. New ones take new numbers.
func (c *coder) detail(d *store.Detail) {
	str(c, 1, &d.Title)
	str(c, 2, &d.Home)
	str(c, 3, &d.Format)
	str(c, 4, &d.Language)
	str(c, 5, &d.FeedID)
	strs(c, 6, &d.Hubs)
	str(c, 7, &d.Topic)
	num(c, 8, &d.DateOrder)
	num(c, 9, &d.Held)
	moment(c, 10, &d.HeldAt)
	str(c, 11, &d.ValidFor)
	str(c, 12, &d.Moved)
	moment(c, 13, &d.MovedAt)
	num(c, 14, &d.MovedN)
	str(c, 15, &d.Adopted)
	str(c, 16, &d.From)
	str(c, 17, &d.Merged)
	moment(c, 18, &d.GoneAt)
	flag(c, 19, &d.Gone)
	counts(c, 20, &d.Repairs)
	str(c, 21, &d.Why)
	moment(c, 22, &d.RetryAfter)
	num(c, 23, &d.Gap)
	flag(c, 24, &d.Repeats)
	num(c, 25, &d.TTL)
	nums(c, 26, &d.SkipHours)
	nums(c, 27, &d.SkipDays)
	num(c, 28, &d.Fresh)
	pairs(c, 29, &d.Extra)
}

// nums is a list of numbers: the field once for each.
func nums[N ~int](c *coder, n int, list *[]N) {
	if !c.writing {
		for c.is(n, isNumber) {
			*list = append(*list, N(c.value))
			c.next()
		}
		return
	}
	for _, v := range *list {
		c.number(n, int64(v))
	}
}

// counts is a map, in the order of its keys.
func counts(c *coder, n int, m *map[string]int) {
	if !c.writing {
		for c.is(n, isText) {
			if *m == nil {
				*m = map[string]int{}
			}
			var k string
			var v int
			c.inner(func(d *coder) { str(d, 1, &k); num(d, 2, &v) })
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
		c.number(2, int64((*m)[k]))
		c.close(at)
	}
}
