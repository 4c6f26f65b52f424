package syndication

import (
	"bytes"
	"hash/maphash"
	"sync"
)

// memory is what the elements of a document lie in. It is used again for the next
// document; strings are not, they outlive it.
type memory struct {
	open       []element // of the scopes and trees at hand, the innermost's last
	done       []element
	attributes []attribute
	seen       [256]string // short texts, of which most come again: types, names, sections
	seed       maphash.Seed
}

var shapers = sync.Pool{New: func() any { return &shaper{memory: memory{seed: maphash.MakeSeed()}} }}

func borrow() *shaper { return shapers.Get().(*shaper) }

// The most that is kept for the next document.
const (
	keepElements = 2048
	keepText     = 256 << 10
)

// giveBack ends the life of all elements.
func (s *shaper) giveBack() {
	s.reset()
	s.scanner = scanner{}
	if cap(s.open) > keepElements/4 || cap(s.done) > keepElements || cap(s.attributes) > keepElements || cap(s.doc)+cap(s.html) > keepText {
		return
	}
	shapers.Put(s)
}

func (s *shaper) reset() {
	clear(s.open[:cap(s.open)])
	clear(s.done)
	clear(s.attributes)
	clear(s.kept)
	s.open, s.done, s.attributes = s.open[:0], s.done[:0], s.attributes[:0]
	s.shaped = shaped{doc: s.doc[:0], kept: s.kept[:0], items: s.items[:0]}
	s.bound, s.depth = s.bound[:0], 0
	clear(s.looked[:])
}

// keep adds to the fields of the scope at hand.
func (m *memory) keep(e element) { m.open = append(m.open, e) }

// closed are the elements of a scope or tree that ends; base is how many were open
// before it began.
func (m *memory) closed(base int) fields {
	list := m.open[base:]
	if len(list) == 0 {
		return fields{}
	}
	if cap(m.done)-len(m.done) < len(list) { // what is in the old one stays there
		m.done = make([]element, 0, max(min(2*cap(m.done), keepElements), 64, len(list)))
	}
	from := len(m.done)
	m.done = append(m.done, list...)
	m.open = m.open[:base]
	return newFields(m.done[from:len(m.done):len(m.done)])
}

// text is a text without the white space around it.
func (m *memory) text(b []byte) string { return m.short(bytes.TrimSpace(b)) }

// short is a text; short ones are likely to be there already.
func (m *memory) short(b []byte) string {
	if len(b) == 0 || len(b) > 24 {
		return string(b)
	}
	s := &m.seen[uint8(maphash.Bytes(m.seed, b))]
	if *s != string(b) {
		*s = string(b)
	}
	return *s
}
