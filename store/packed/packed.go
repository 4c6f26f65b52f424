// Package packed turns what the stores keep into few bytes and back: records
// into compressed JSON, a poll history and a list of item hashes into short
// binary forms. In goes the program's own, already clean data; out comes a form
// that every later version of the program must be able to read, so each begins
// with a byte that names its layout. It does no I/O.
package packed

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"wireroom/store"
)

// errDamaged says that bytes are not what this package wrote.
var errDamaged = errors.New("damaged data")

// Millis is t in Unix milliseconds; the zero time is 0.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time undoes Millis; the result is UTC.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// hashesLayout: the sorted hashes, eight bytes each, big endian.
const hashesLayout = 1

// Hashes packs the hashes of raw items; nil for none. The order is not kept:
// they come back sorted.
func Hashes(list []uint64) []byte {
	if len(list) == 0 {
		return nil
	}
	if !slices.IsSorted(list) {
		list = slices.Clone(list)
		slices.Sort(list)
	}
	b := make([]byte, 1, 1+8*len(list))
	b[0] = hashesLayout
	for _, h := range list {
		b = binary.BigEndian.AppendUint64(b, h)
	}
	return b
}

// ParseHashes undoes Hashes.
func ParseHashes(b []byte) ([]uint64, error) {
	if len(b) == 0 {
		return nil, nil
	}
	if b[0] != hashesLayout || len(b)%8 != 1 {
		return nil, errDamaged
	}
	list := make([]uint64, 0, len(b)/8)
	for b = b[1:]; len(b) > 0; b = b[8:] {
		list = append(list, binary.BigEndian.Uint64(b))
	}
	return list, nil
}

// historyLayout: entries newest first, so that a reader may stop early. Each is
// a head byte (the outcome's place in outcomes, and which of the rare fields
// follow), then variable-length integers: milliseconds before the entry that
// follows it in time (the first: Unix milliseconds), milliseconds taken, bytes.
const historyLayout = 1

// outcomes that are written as one number. Appending is allowed, nothing else.
var outcomes = [...]string{"", "new", "same", "unchanged", "not-modified"}

const (
	otherOutcome = 0x0f // the outcome follows as text
	outcomeMask  = 0x0f
	hasStatus    = 0x10 // and it is not the outcome's usual one
	hasCounts    = 0x20 // New and Updated follow
)

// History packs the last store.HistoryLen polls.
func History(logs []store.PollLog) []byte {
	if len(logs) == 0 {
		return nil
	}
	logs = logs[max(0, len(logs)-store.HistoryLen):]
	b := make([]byte, 1, 1+12*len(logs))
	b[0] = historyLayout
	later := int64(0)
	for i := len(logs) - 1; i >= 0; i-- {
		l := &logs[i]
		code := slices.Index(outcomes[:], l.Outcome)
		head := byte(code)
		if code < 0 {
			head = otherOutcome
		}
		if l.Status != usualStatus(head) {
			head |= hasStatus
		}
		if l.New != 0 || l.Updated != 0 {
			head |= hasCounts
		}
		at := Millis(l.At)
		b = append(b, head)
		b = binary.AppendVarint(b, later-at)
		b = binary.AppendVarint(b, l.Took.Milliseconds())
		b = binary.AppendVarint(b, l.Bytes)
		later = at
		if code < 0 {
			b = binary.AppendUvarint(b, uint64(len(l.Outcome)))
			b = append(b, l.Outcome...)
		}
		if head&hasStatus != 0 {
			b = binary.AppendVarint(b, int64(l.Status))
		}
		if head&hasCounts != 0 {
			b = binary.AppendVarint(b, int64(l.New))
			b = binary.AppendVarint(b, int64(l.Updated))
		}
	}
	return b
}

// usualStatus is the HTTP status that goes without saying for a head byte.
func usualStatus(head byte) int {
	switch head & outcomeMask {
	case 1, 2, 3:
		return 200
	case 4:
		return 304
	}
	return 0
}

// ParseHistory undoes History.
func ParseHistory(b []byte) ([]store.PollLog, error) {
	if len(b) == 0 {
		return nil, nil
	}
	if b[0] != historyLayout {
		return nil, errDamaged
	}
	r := reader{b: b[1:]}
	logs := make([]store.PollLog, 0, store.HistoryLen)
	later := int64(0)
	for len(r.b) > 0 && !r.bad {
		head := r.byte()
		later -= r.int()
		l := store.PollLog{At: Time(later), Took: time.Duration(r.int()) * time.Millisecond, Bytes: r.int(), Status: usualStatus(head)}
		switch code := int(head & outcomeMask); {
		case code < len(outcomes):
			l.Outcome = outcomes[code]
		case code == otherOutcome:
			l.Outcome = r.text()
		default:
			return nil, errDamaged
		}
		if head&hasStatus != 0 {
			l.Status = int(r.int())
		}
		if head&hasCounts != 0 {
			l.New, l.Updated = int(r.int()), int(r.int())
		}
		logs = append(logs, l)
	}
	if r.bad {
		return nil, errDamaged
	}
	slices.Reverse(logs)
	return logs, nil
}

// reader takes integers and texts off the front of b.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.bad = true
		return 0
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c
}

func (r *reader) int() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) text() string {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > uint64(len(r.b)-n) {
		r.b, r.bad = nil, true
		return ""
	}
	s := string(r.b[n : n+int(v)])
	r.b = r.b[n+int(v):]
	return s
}
