package packed

import (
	"encoding/binary"
	"slices"
	"time"

	"wireroom/store"
)

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
	return AppendHistory(make([]byte, 0, 1+12*min(len(logs), store.HistoryLen)), nil, logs)
}

// Past is a packed history, as a State of a claim has it.
type Past string

// Unpack puts the past of a state into its history.
func Unpack(st *store.State) (err error) {
	if p, ok := st.Past.(Past); ok {
		st.History, err = ParseHistory(p)
		st.Past = nil
	}
	return err
}

// Logs implements store.Past.
func (p Past) Logs() []store.PollLog {
	logs, err := ParseHistory(p)
	if err != nil {
		return nil
	}
	return logs
}

// AppendHistory appends to b the packed history of the last store.HistoryLen polls:
// logs, and before them those of past, which are not unpacked for it. Nothing is
// appended where there are none.
func AppendHistory(b []byte, past store.Past, logs []store.PollLog) []byte {
	before, packed := past.(Past)
	if past != nil && !packed {
		logs = append(past.Logs(), logs...)
	}
	if len(logs) == 0 {
		return append(b, before...)
	}
	logs = logs[max(0, len(logs)-store.HistoryLen):]
	b = append(b, historyLayout)
	later := int64(0)
	for i := len(logs) - 1; i >= 0; i-- {
		b = appendLog(b, &logs[i], later)
		later = Millis(logs[i].At)
	}
	return appendPast(b, before, later, store.HistoryLen-len(logs))
}

func appendLog(b []byte, l *store.PollLog, later int64) []byte {
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
	b = append(b, head)
	b = binary.AppendVarint(b, later-Millis(l.At))
	b = binary.AppendVarint(b, l.Took.Milliseconds())
	b = binary.AppendVarint(b, l.Bytes)
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
	return b
}

// appendPast appends the first n entries of a packed history behind one at later.
// Only the first entry changes by that. What is damaged, and what follows it, is
// left out.
func appendPast(b []byte, past Past, later int64, n int) []byte {
	if len(past) == 0 || past[0] != historyLayout || n <= 0 {
		return b
	}
	r := reader{b: string(past[1:])}
	head := r.byte()
	at := -r.int()
	from := r.b
	if r.entry(head); r.bad {
		return b
	}
	b = append(b, head)
	b = binary.AppendVarint(b, later-at)
	good := r.b
	for n--; n > 0 && len(r.b) > 0; n-- {
		head := r.byte()
		r.int()
		if r.entry(head); r.bad {
			break
		}
		good = r.b
	}
	return append(b, from[:len(from)-len(good)]...)
}

// entry passes over what follows the time of a history's entry.
func (r *reader) entry(head byte) {
	r.int()
	r.int()
	switch code := int(head & outcomeMask); {
	case code == otherOutcome:
		r.text()
	case code >= len(outcomes):
		r.bad = true
	}
	if head&hasStatus != 0 {
		r.int()
	}
	if head&hasCounts != 0 {
		r.int()
		r.int()
	}
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
func ParseHistory[T ~string | ~[]byte](b T) ([]store.PollLog, error) {
	if len(b) == 0 {
		return nil, nil
	}
	if b[0] != historyLayout {
		return nil, errDamaged
	}
	r := reader{b: string(b[1:])}
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
	b   string
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

func (r *reader) uint() uint64 {
	c := coder{text: r.b}
	v := c.uvarint()
	r.b, r.bad = c.text, r.bad || c.bad
	return v
}

func (r *reader) int() int64 {
	v := r.uint()
	return int64(v>>1) ^ -int64(v&1)
}

func (r *reader) text() string {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.b, r.bad = "", true
		return ""
	}
	s := r.b[:n]
	r.b = r.b[n:]
	return s
}
