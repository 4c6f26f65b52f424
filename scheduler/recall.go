package scheduler

import (
	"encoding/base32"
	"encoding/binary"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"wireroom/article"
)

// Publishers change the ids of their items: the scheme or host in them, a
// tracking parameter, a headline that was corrected, or all of them at once with
// a new system. A source's memory holds traces of its last items, by which an
// item with an id that was never seen is known to be an article that we have
// (input.md I4). What is taken for the same must be gone from the document under
// its old id, alike in two respects that tell articles apart, and the only one
// so alike.

// recall finds the articles that items of this poll are although their ids are
// new, and holds a burst of new ones back. first says that the source is new.
func (x *poll) recall(t *taking, first bool) {
	traces := unpackTraces(x.st.Recent)
	m := remember(traces, t.items, t.left)
	is := m.recognise(t.items)
	fresh := make([]bool, len(is))
	count := 0
	for i := range is {
		x.out.Items[i].Is = is[i]
		if _, known := m.byName[t.items[i].name]; !known && is[i] == "" {
			fresh[i] = true
			count++
		}
	}
	if !first && len(traces) > 0 && x.burst(count, len(t.seen)) || !x.st.Detail.HeldAt.IsZero() {
		x.withhold(fresh, count)
		t.items, is = without(t.items, fresh), without(is, fresh)
	}
	x.st.Recent = packTraces(m.learn(t.items, is), 2*len(t.seen))
}

// without leaves out what is marked.
func without[T any](list []T, marked []bool) (out []T) {
	for i, v := range list {
		if !marked[i] {
			out = append(out, v)
		}
	}
	return out
}

// burstLeast is how many new articles at once are a burst, where nearly all of
// the document is new and the source's rhythm does not explain them.
const burstLeast = 200

func (x *poll) burst(fresh, all int) bool {
	if fresh <= burstLeast || fresh*100 <= massShare*all {
		return false
	}
	gap, away := x.st.Detail.Gap, x.start.Sub(x.st.LastSuccess)
	return gap <= 0 || time.Duration(fresh) > 4*(away/gap)
}

// withhold keeps new articles from being published until somebody has looked at
// them (Source.Accept).
func (x *poll) withhold(fresh []bool, count int) {
	for i := range fresh {
		if r := x.out.Items[i].Record; fresh[i] && r.Status == article.Usable {
			r.Status = article.Withheld
		}
	}
	d := &x.st.Detail
	if d.HeldAt.IsZero() {
		d.HeldAt = x.start.UTC()
		x.logger().Warn("a source brought far more new articles than ever; they are withheld until somebody lets them in", "articles", count)
	}
	d.Held += count
}

// accept lets in what was withheld: the whole document is read again.
func (x *poll) accept() {
	if !x.src.Accept || x.st.Detail.HeldAt.IsZero() {
		return
	}
	x.st.Detail.Held, x.st.Detail.HeldAt = 0, time.Time{}
	x.st.ETag, x.st.LastModified, x.st.BodyHash, x.st.Known, x.st.Recent, x.st.Left = "", "", 0, nil, nil, false
}

// trace is what is remembered of one item. A zero field is no evidence.
type trace struct {
	name  name   // of the article
	raw   uint32 // hash of the raw item
	link  uint32 // hash of article.LinkKey without its host, where it is no home page
	title uint32
	text  uint32 // of the text's beginning
	at    uint32 // when it was published, in seconds since 1970
}

// The bounds of a memory, in traces: twice what the document holds, within these.
const (
	leastTraces = 64
	mostTraces  = 1024
)

const (
	nameLen   = 26 // of an article.ShortID, in base32
	nameBytes = 17 // which is 130 bits
	traceLen  = nameBytes + 5*4
	leadLen   = 200 // bytes of text that are compared
	leastLead = 40
)

// name is an article.ShortID, packed; zero for none.
type name [nameBytes]byte

var nameCoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func nameOf(short string) (n name) {
	const whole = nameLen + 6 // of 20 bytes
	if len(short) != nameLen {
		return n
	}
	var text [whole]byte
	var b [whole * 5 / 8]byte
	copy(text[copy(text[:], short):], "aaaaaa")
	if _, err := nameCoding.Decode(b[:], text[:]); err == nil {
		copy(n[:], b[:])
	}
	return n
}

func (n name) String() string {
	var b [20]byte
	copy(b[:], n[:])
	return nameCoding.EncodeToString(b[:])[:nameLen]
}

// traceOf takes the traces of a record that normalise has made.
func traceOf(r *article.Record, raw uint64, undated bool) trace {
	t := trace{name: nameOf(article.ShortID(r.ID)), raw: uint32(raw), title: mark(r.Headline, 8)}
	if _, path, _ := strings.Cut(article.LinkKey(r.Links.Canonical), "/"); strings.Trim(path, "/") != "" {
		t.link = mark(path, 1) // sites change their hosts
	}
	text := r.Body.Text
	if text == "" {
		text = r.Standfirst
	}
	t.text = mark(text[:min(len(text), leadLen)], leastLead)
	if !undated && r.Claimed == "" {
		t.at = uint32(r.Published.Unix())
	}
	return t
}

// mark hashes the words of a text that has at least so many bytes of them.
func mark(s string, least int) uint32 {
	var space [2 * leadLen]byte
	b := space[:]
	if len(s) > len(b) {
		b = make([]byte, len(s))
	}
	n := 0
	for i := range len(s) {
		c := folded[s[i]]
		if c == ' ' && (n == 0 || b[n-1] == ' ') {
			continue
		}
		if c >= utf8.RuneSelf {
			return markOf([]byte(strings.ToLower(strings.Join(strings.Fields(s), " "))), least)
		}
		b[n] = c
		n++
	}
	if n > 0 && b[n-1] == ' ' {
		n--
	}
	return markOf(b[:n], least)
}

// folded are the bytes of ASCII in lower case, white space as one kind of it.
var folded = func() (table [256]byte) {
	for i := range table {
		switch c := byte(i); {
		case c >= '\t' && c <= '\r':
			table[i] = ' '
		case c >= 'A' && c <= 'Z':
			table[i] = c | 0x20
		default:
			table[i] = c
		}
	}
	return table
}()

func markOf(words []byte, least int) uint32 {
	if len(words) < least {
		return 0
	}
	return uint32(xxhash.Sum64(words)) | 1
}

// packTraces writes the newest traces, at most n, oldest first.
func packTraces(list []trace, n int) []byte {
	list = list[max(0, len(list)-min(max(n, leastTraces), mostTraces)):]
	out := make([]byte, 0, len(list)*traceLen)
	for i := range list {
		t := &list[i]
		if t.name == (name{}) {
			continue
		}
		out = append(out, t.name[:]...)
		for _, v := range [...]uint32{t.raw, t.link, t.title, t.text, t.at} {
			out = binary.LittleEndian.AppendUint32(out, v)
		}
	}
	return out
}

// unpackTraces reads what packTraces wrote.
func unpackTraces(b []byte) []trace {
	list := make([]trace, 0, len(b)/traceLen)
	for ; len(b) >= traceLen; b = b[traceLen:] {
		v := b[nameBytes:]
		list = append(list, trace{
			name: name(b),
			raw:  binary.LittleEndian.Uint32(v), link: binary.LittleEndian.Uint32(v[4:]), title: binary.LittleEndian.Uint32(v[8:]),
			text: binary.LittleEndian.Uint32(v[12:]), at: binary.LittleEndian.Uint32(v[16:]),
		})
	}
	return list
}

// memory recognises the items of one document.
type memory struct {
	traces  []trace
	byName  map[name]int
	absent  []bool // by trace: its article is not in the document under its id
	changed bool   // nearly all ids of the document are new
}

// respects are a trace's fields in which two traces may be alike. A full hour is
// none: it may stand for a day, or for when something was to be published.
func (t *trace) respects() [4]uint32 {
	r := [...]uint32{t.link, t.title, t.text, t.at}
	if t.at%3600 == 0 {
		r[byTime] = 0
	}
	return r
}

const (
	byLink = iota
	byTitle
	byText
	byTime
)

// The share of new ids from which a document is taken to have changed them all,
// and the number of items from which a share says something.
const (
	massShare = 90 // percent
	massLeast = 5
)

// remember makes the memory that a document's items are held against: items are
// those that were read, left those that were left out because their bytes are
// known (hashes of raw items).
func remember(traces, items []trace, left []uint64) *memory {
	m := &memory{traces: traces, byName: make(map[name]int, len(traces)), absent: make([]bool, len(traces))}
	raw := make(map[uint32]bool, len(left))
	for _, h := range left {
		raw[uint32(h)] = true
	}
	for i := range traces {
		m.byName[traces[i].name] = i
		m.absent[i] = !raw[traces[i].raw]
	}
	fresh := 0
	for i := range items {
		if at, ok := m.byName[items[i].name]; ok {
			m.absent[at] = false
		} else {
			fresh++
		}
	}
	m.changed = len(traces) >= massLeast && fresh >= massLeast && fresh*100 > massShare*(len(items)+len(left))
	return m
}

// recognise returns, for each item of the document, the name of the article that
// it is known to be although its id is new; empty where there is none.
func (m *memory) recognise(items []trace) []string {
	out := make([]string, len(items))
	if !slices.Contains(m.absent, true) {
		return out
	}
	found := m.compare(items)
	for i := range items {
		if _, known := m.byName[items[i].name]; known {
			continue
		}
		if at := m.same(&items[i], &found); at >= 0 {
			out[i] = m.traces[at].name.String()
			m.absent[at] = false
		}
	}
	return out
}

// match tells who has a value in a respect.
type match struct {
	items  int // of the document, how many
	traces int // of the memory, how many; those that are present make it common too
	at     int // the last of these
}

// compare finds, by respect, who has the values that items of the document have.
func (m *memory) compare(items []trace) (found [4]map[uint32]match) {
	for k := range found {
		found[k] = make(map[uint32]match, len(items))
	}
	for i := range items {
		for k, v := range items[i].respects() {
			if v != 0 {
				f := found[k][v]
				f.items++
				found[k][v] = f
			}
		}
	}
	for i := range m.traces {
		for k, v := range m.traces[i].respects() {
			if f, ok := found[k][v]; ok {
				f.traces++
				f.at = i
				found[k][v] = f
			}
		}
	}
	return found
}

// same is the absent trace that the item is alike enough to, or -1. Headline and
// text alone are no evidence, because a daily column has both again and again;
// with the date they are, even if that is but a day. When a source has changed
// all of its ids, one respect is enough.
func (m *memory) same(t *trace, found *[4]map[uint32]match) int {
	alike := map[int][4]bool{}
	for k, v := range t.respects() {
		if f := found[k][v]; f.items == 1 && f.traces == 1 && m.absent[f.at] {
			a := alike[f.at]
			a[k] = true
			alike[f.at] = a
		}
	}
	best := -1
	for at, a := range alike {
		strong := a[byLink] && (a[byTitle] || a[byText] || a[byTime]) || a[byTime] && (a[byTitle] || a[byText]) ||
			a[byTitle] && a[byText] && t.at != 0 && t.at == m.traces[at].at
		if !strong && !(m.changed && (a[byLink] || a[byTitle])) {
			continue
		}
		if best >= 0 { // two claim it
			return -1
		}
		best = at
	}
	return best
}

// learn adds the items of a document; an item that was recognised is remembered
// by the article that it is.
func (m *memory) learn(items []trace, is []string) []trace {
	again := make(map[name]bool, len(items))
	fresh := make([]trace, len(items))
	for i, t := range items {
		if is[i] != "" {
			t.name = nameOf(is[i])
		}
		fresh[i] = t
		again[t.name] = true
	}
	kept := make([]trace, 0, len(m.traces)+len(items))
	for i := range m.traces {
		if t := &m.traces[i]; !again[t.name] {
			kept = append(kept, *t)
		}
	}
	return append(kept, fresh...)
}
