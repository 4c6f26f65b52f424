package repair

import (
	"bytes"
	"net/mail"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"
)

// items is the state of reading the items of a document.
type items struct {
	seen     int // how many began
	first    int // how many to step over: a feed that is too long and oldest first
	open     bool
	certain  bool // r.end is the end of the open item
	hash     uint64
	damaged  bool // in the open item there was an end tag that fitted nothing
	dropRest bool
	entry    Entry
	about    string // rdf:about
	types    typeSet
	parts    [parts]int
	top, end []byte // the start of the first item and of the last one too many
}

// The parts of an item that are counted.
const (
	partExtension = iota
	partCategory
	partEnclosure
	partAuthor
	partPubDate
	partUpdated
	partPublished
	parts
)

// maxParts are how many of each an item may have.
var maxParts = [parts]int{maxExtensions, maxCategories, maxEnclosures, maxAuthors, maxDates, maxDates, maxDates}

// tooMany counts a child of the open item and reports whether it is one too many.
func (it *items) tooMany(f *frame, r *rewriter) bool {
	part := -1
	switch {
	case f.role == roleExt:
		if r.countExtension() {
			return true
		}
		part = partExtension
	case f.name == nCategory:
		part = partCategory
	case f.name == nEnclosure:
		part = partEnclosure
	case f.name == nAuthor || f.name == nContributor:
		part = partAuthor
	case f.name == nPubDate:
		part = partPubDate
	case f.name == nUpdated:
		part = partUpdated
	case f.name == nPublished:
		part = partPublished
	}
	if part < 0 {
		return false
	}
	if it.parts[part]++; it.parts[part] > maxParts[part] {
		r.count[tooMany]++
		return true
	}
	return false
}

// skipItem is called at the start tag of an item. It reports whether the item
// is left out and stepped over: because its bytes are known, or because there
// are too many. Otherwise the item is open from now on.
func (r *rewriter) skipItem(t *tag, f *frame) bool {
	it := &r.items
	end, certain := t.end, t.selfClose
	if !certain {
		end, certain = r.itemEnd(t)
	}
	n := it.seen
	it.seen++
	extra := n < it.first || n >= it.first+r.lim.Items || it.dropRest
	if n == 0 {
		it.top = r.src[t.start:min(len(r.src), t.end+dateWithin)]
	} else if extra {
		it.end = r.src[t.start:min(len(r.src), t.end+dateWithin)]
	}
	if certain {
		it.hash = r.itemHash(f, t.start, end)
		switch {
		case extra:
			r.res.Dropped++
		case r.known != nil && r.known(it.hash):
			r.res.Known++
		default:
			r.openItem(f, true)
			r.end = end
			return false
		}
		r.skip(t.start, end)
		return true
	}
	if extra {
		r.res.Dropped++
		r.skip(t.start, r.nextItem(t.end, r.src[t.nameAt:t.nameEnd]))
		return true
	}
	r.openItem(f, false)
	return false
}

// nextItem is where to go on behind an item whose end nobody knows: at the next
// one, or where the element around it ends.
func (r *rewriter) nextItem(i int, qname []byte) int {
	if n := r.indexTag(i, "<", qname); n >= 0 {
		return n
	}
	if len(r.stack) > 0 {
		f := &r.stack[0]
		if n := r.indexTag(i, "</", r.src[f.nameAt:f.nameEnd]); n >= 0 {
			return n
		}
	}
	return len(r.src)
}

func (r *rewriter) openItem(f *frame, certain bool) {
	it := &r.items
	it.open, it.certain, it.damaged = true, certain, false
	it.entry = Entry{Base: f.scope.base, Lang: f.scope.lang}
	it.types, it.about = typeSet{}, ""
	it.parts = [parts]int{}
}

// endItem is called behind the end of the open item.
func (r *rewriter) endItem(f *frame) {
	it := &r.items
	if !it.certain || r.pos != r.end {
		it.hash = r.itemHash(f, f.source, r.pos)
		if r.known != nil && r.known(it.hash) {
			f.drop = true
			r.res.Known++
		}
	}
	if !f.drop {
		it.entry.Hash = it.hash
		if it.entry.ID == "" {
			it.entry.ID = it.about
		}
		it.entry.Types = r.typeMap(it.types)
		r.res.Entries = append(r.res.Entries, it.entry)
	}
	it.open = false
	r.end = len(r.src)
}

// dropItem gives the open item up, if there is one.
func (r *rewriter) dropItem() {
	if !r.items.open {
		return
	}
	for k := range r.stack {
		f := r.stack[k]
		if f.role != roleItem {
			continue
		}
		r.flush(r.pos)
		r.takeOut(&f)
		for len(r.stack) > k {
			r.pop()
		}
		next := r.end
		if !r.items.certain {
			next = r.nextItem(max(r.pos, f.nameEnd), r.src[f.nameAt:f.nameEnd])
		}
		r.pos, r.mark = next, next
		break
	}
	r.items.open = false
	r.res.Dropped++
	r.end = len(r.src)
}

// itemHash is what an item is known by: its bytes, and the base and language
// that are in scope for it. The value is the XXH64 of the former, exclusive-or
// that of the latter if there are any.
func (r *rewriter) itemHash(f *frame, start, end int) uint64 {
	h := xxhash.Sum64(r.src[start:end])
	if s := f.scope; s.base != "" || s.lang != "" {
		h ^= xxhash.Sum64String(s.base + "\x00\x00" + s.lang)
	}
	return h
}

// itemEnd looks for the end of the item whose start tag is t without reading
// what is in it. certain is false if that takes a closer look.
func (r *rewriter) itemEnd(t *tag) (end int, certain bool) {
	if r.absent[noItemEnd] != 0 {
		return 0, false
	}
	qname := r.src[t.nameAt:t.nameEnd]
	for i := t.end; ; {
		n := bytes.IndexByte(r.src[i:], '<')
		if n < 0 || i+n+1 >= len(r.src) {
			break
		}
		i += n
		switch r.src[i+1] {
		case '/':
			if r.isNamed(i+2, qname) {
				if n := bytes.IndexByte(r.src[i:], '>'); n >= 0 {
					return i + n + 1, true
				}
				return 0, false
			}
			i += 2
		case '!':
			next := r.skipDeclaration(i)
			if next < 0 {
				return 0, false
			}
			i = next
		case '?':
			n := r.index(noPIEnd, i+2, "?>")
			if n < 0 {
				return 0, false
			}
			i = n + 2
		default:
			if r.isNamed(i+1, qname) {
				return 0, false // an item in an item, or one without an end
			}
			i++
		}
	}
	r.absent[noItemEnd] = 1
	return 0, false
}

// skipDeclaration returns where the comment or CDATA section at i ends, or -1.
func (r *rewriter) skipDeclaration(i int) int {
	b := r.src[i:]
	if bytes.HasPrefix(b, []byte("<!--")) {
		if n := r.index(noCommentEnd, i+4, "-->"); n >= 0 {
			return n + 3
		}
		return -1
	}
	if isCDATA(b) {
		if s, ok := r.readCDATA(i); ok {
			return s.next
		}
		return -1
	}
	return i + 2
}

// isNamed reports whether the qualified name at i is qname.
func (r *rewriter) isNamed(i int, qname []byte) bool {
	return bytes.HasPrefix(r.src[i:], qname) && i+len(qname) < len(r.src) && !isNameByte(r.src[i+len(qname)])
}

// dateWithin is how far into an item its date is looked for.
const dateWithin = 16 << 10

// ascending reports whether the document has its oldest items first.
func (it *items) ascending() bool {
	first, last := itemDate(it.top), itemDate(it.end)
	return !first.IsZero() && last.After(first)
}

// itemDate reads the first date in an item that is written by the book; it
// serves to tell which end of a long feed is the new one.
func itemDate(item []byte) time.Time {
	for _, name := range []string{"pubDate>", "published>", "updated>", "date>"} {
		_, rest, ok := bytes.Cut(item, []byte(name))
		if !ok {
			continue
		}
		text, _, _ := bytes.Cut(rest[:min(len(rest), 64)], []byte("<"))
		s := strings.TrimSpace(string(text))
		if d, err := mail.ParseDate(s); err == nil {
			return d
		}
		if d, err := time.Parse(time.RFC3339, s); err == nil {
			return d
		}
	}
	return time.Time{}
}
