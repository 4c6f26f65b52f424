package feed

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/cespare/xxhash/v2"
)

// Index is what a delta is made against (RFC 3229 with feed): which entries an
// older version of a document had, and when each was last updated. It is kept
// for every version that a reader may still name by its ETag, so it is small:
// some ten bytes an entry. The zero value is the index of an empty document.
type Index struct{ entries []indexed } // sorted by key

type indexed struct {
	key     uint64 // 48 bits of the id's hash
	updated int64  // Unix seconds
}

func indexKey(id string) uint64 { return xxhash.Sum64String(id) >> 16 }

func (x Index) find(id string) (updated int64, ok bool) {
	i, ok := slices.BinarySearchFunc(x.entries, indexKey(id), func(e indexed, key uint64) int {
		switch {
		case e.key < key:
			return -1
		case e.key > key:
			return 1
		}
		return 0
	})
	if !ok {
		return 0, false
	}
	return x.entries[i].updated, true
}

// Len is the number of entries.
func (x Index) Len() int { return len(x.entries) }

// Equal reports whether two indexes have the same entries, updated at the same times.
func (x Index) Equal(y Index) bool { return slices.Equal(x.entries, y.entries) }

// Index of the document.
func (d *Document) Index() Index {
	x := Index{make([]indexed, 0, len(d.entries))}
	for _, e := range d.entries {
		x.entries = append(x.entries, indexed{indexKey(e.id), e.updated.Unix()})
	}
	slices.SortFunc(x.entries, func(a, b indexed) int {
		switch {
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		return 0
	})
	return x
}

// Delta is the body of a 226 response: the document with only the entries that
// were added or updated since the version with that index. ok is false where an
// ordinary response is called for: nothing was added, nothing would be saved, or
// an entry of the old version was canceled and the format can't say so.
//
// The response carries the ETag of the whole document (RFC 3229, section 4.2).
func (d *Document) Delta(f Format, old Index) (delta *Document, ok bool) {
	part := *d
	part.entries, part.graves = nil, nil
	for _, e := range d.entries {
		if updated, known := old.find(e.id); !known || updated != e.updated.Unix() {
			part.entries = append(part.entries, e)
		}
	}
	for _, t := range d.graves {
		if _, known := old.find(t.Ref); known {
			part.graves = append(part.graves, t)
		}
	}
	switch {
	case len(part.graves) > 0 && f != Atom:
		return nil, false
	case len(part.entries)+len(part.graves) == 0:
		return nil, false
	case len(part.entries) == len(d.entries):
		return nil, false
	}
	part.whole = false
	return &part, true
}

const indexFormat = 1

var errIndex = errors.New("not an index of a feed document")

// MarshalBinary implements encoding.BinaryMarshaler.
func (x Index) MarshalBinary() ([]byte, error) {
	b := make([]byte, 0, 16+12*len(x.entries))
	b = append(b, indexFormat)
	b = binary.AppendUvarint(b, uint64(len(x.entries)))
	var newest int64
	for _, e := range x.entries {
		newest = max(newest, e.updated)
	}
	b = binary.AppendVarint(b, newest)
	var last uint64
	for _, e := range x.entries {
		b = binary.AppendUvarint(b, e.key-last)
		b = binary.AppendVarint(b, newest-e.updated)
		last = e.key
	}
	return b, nil
}

// UnmarshalBinary implements encoding.BinaryUnmarshaler.
func (x *Index) UnmarshalBinary(b []byte) error {
	if len(b) == 0 || b[0] != indexFormat {
		return errIndex
	}
	b = b[1:]
	ok := true
	uvarint := func() uint64 {
		v, n := binary.Uvarint(b)
		if ok = ok && n > 0; ok {
			b = b[n:]
		}
		return v
	}
	varint := func() int64 {
		v, n := binary.Varint(b)
		if ok = ok && n > 0; ok {
			b = b[n:]
		}
		return v
	}
	count := uvarint()
	newest := varint()
	if !ok || count > uint64(len(b)) { // an entry takes two bytes at least
		return errIndex
	}
	entries := make([]indexed, 0, count)
	var key uint64
	for i := range count {
		step := uvarint()
		key += step
		entries = append(entries, indexed{key, newest - varint()})
		if !ok || key >= 1<<48 || i > 0 && step == 0 {
			return errIndex
		}
	}
	if len(b) > 0 {
		return errIndex
	}
	x.entries = entries
	return nil
}
