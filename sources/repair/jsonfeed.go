package repair

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/cespare/xxhash/v2"
)

// shape is the type that a value must have for gofeed to read it.
type shape uint8

const (
	shapeAny shape = iota // whatever it is
	shapeString
	shapeFeed
	shapeItems
	shapeItem
	shapeAuthor
	shapeAuthors
	shapeTags
	shapeAttachment
	shapeAttachments
)

// member returns the shape that a member of an object of this shape must have.
// Names are compared as encoding/json compares them.
func (s shape) member(key []byte) shape {
	members := map[string]shape(nil)
	switch s {
	case shapeFeed:
		members = feedMembers
	case shapeItem:
		members = itemMembers
	case shapeAuthor:
		members = authorMembers
	case shapeAttachment:
		members = attachmentMembers
	}
	if m, ok := members[string(key)]; ok {
		return m
	}
	for name, m := range members {
		if len(name) <= len(key) && bytes.EqualFold([]byte(name), key) {
			return m
		}
	}
	return shapeAny
}

// The members of JSON Feed 1.0 and 1.1 that gofeed reads, save those that it
// coerces itself.
var (
	feedMembers = map[string]shape{
		"version": shapeString, "title": shapeString, "home_page_url": shapeString, "feed_url": shapeString,
		"description": shapeString, "user_comment": shapeString, "next_url": shapeString, "icon": shapeString,
		"favicon": shapeString, "language": shapeString, "author": shapeAuthor, "authors": shapeAuthors,
		"items": shapeItems,
	}
	itemMembers = map[string]shape{
		"id": shapeString, "url": shapeString, "external_url": shapeString, "title": shapeString,
		"content_html": shapeString, "content_text": shapeString, "summary": shapeString, "image": shapeString,
		"banner_image": shapeString, "date_published": shapeString, "date_modified": shapeString,
		"language": shapeString, "author": shapeAuthor, "authors": shapeAuthors, "tags": shapeTags,
		"attachments": shapeAttachments,
	}
	authorMembers     = map[string]shape{"name": shapeString, "url": shapeString, "avatar": shapeString}
	attachmentMembers = map[string]shape{"url": shapeString, "mime_type": shapeString, "title": shapeString}
)

// element returns the shape of an array's elements and how many it may have;
// 0 is any number.
func (s shape) element() (shape, int) {
	switch s {
	case shapeItems:
		return shapeItem, 0
	case shapeAuthors:
		return shapeAuthor, maxAuthors
	case shapeTags:
		return shapeString, maxCategories
	case shapeAttachments:
		return shapeAttachment, maxEnclosures
	}
	return shapeAny, 0
}

// object mends the object at j.pos.
func (j *jsonRewriter) object(want shape) (ok bool) {
	defer j.leave(j.list)
	if !j.enter(false) {
		return false
	}
	j.pos++
	ok = want == shapeAny || want == shapeFeed || want == shapeItem || want == shapeAuthor || want == shapeAttachment
	for first := true; ; {
		start := j.at()
		if !j.separate('}', ']', first) {
			break
		}
		kept, sound := j.pair(want, start)
		if ok = ok && sound; kept {
			first = false
		}
		if j.cut || j.err != nil {
			break
		}
	}
	j.close('}')
	return ok
}

// pair mends a member, which starts with its comma at offset start in the
// output. A key without a value is left out.
func (j *jsonRewriter) pair(want shape, start int) (kept, sound bool) {
	from := j.at()
	j.key()
	keyEnd := j.at()
	if !j.space() {
		j.cut = true
	}
	if j.cut || !j.colon() {
		j.back(start)
		j.count[jsonSyntax]++
		return false, true
	}
	if want == shapeAny {
		return true, j.value(shapeAny)
	}
	j.flush(j.pos)
	key := keyText(j.dst[from:keyEnd])
	shape := want.member(key)
	isID := want == shapeItem && bytes.EqualFold(key, []byte("id"))
	if shape == shapeItems {
		j.forgetItems()
	}
	j.space()
	from = j.at()
	sound = j.member(want, shape)
	switch {
	case shape == shapeItems:
		j.items = span{from, j.at()}
	case j.cut && want == shapeFeed:
		j.back(start)
		return false, true
	case isID:
		j.flush(j.pos)
		j.id = string(bytes.TrimSpace(keyText(j.dst[from:])))
	}
	return true, sound
}

// colon steps over what separates a key from its value, and writes it if it is
// missing. It reports whether there is a value.
func (j *jsonRewriter) colon() bool {
	switch c := j.src[j.pos]; c {
	case ':':
		j.pos++
		return true
	case ',', '}', ']':
		return false
	case '=':
		j.skip(j.pos, j.pos+1)
	}
	j.flush(j.pos)
	j.dst = append(j.dst, ':')
	j.count[jsonSyntax]++
	return true
}

// forgetItems empties an earlier "items": the later one counts, as it does for
// encoding/json.
func (j *jsonRewriter) forgetItems() {
	if j.items.to > 0 {
		j.dst = slices.Replace(j.dst, j.items.from, j.items.to, 'n', 'u', 'l', 'l')
		j.res.Entries = nil
	}
}

// member mends a member's value and gives it the shape it must have.
func (j *jsonRewriter) member(in, want shape) (sound bool) {
	from := j.at()
	if want == shapeItems && j.pos < len(j.src) && j.src[j.pos] == '{' && j.hasItem(j.pos) {
		j.flush(j.pos)
		j.dst = append(j.dst, '[')
		j.item(j.at())
		j.flush(j.pos)
		j.dst = append(j.dst, ']')
		j.count[jsonType]++
		return true
	}
	sound = j.value(want)
	if sound || j.err != nil || in == shapeAuthor || in == shapeAttachment {
		return sound // of those, the whole is coerced
	}
	j.flush(j.pos)
	j.dst = coerce(j.dst[:from], bytes.Clone(j.dst[from:]), want)
	j.count[jsonType]++
	return true
}

// keyText is a string as encoding/json reads it.
func keyText(quoted []byte) []byte {
	if n := len(quoted) - 1; n > 0 && quoted[0] == '"' && bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1:n]
	}
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return nil
	}
	return []byte(s)
}

// key mends a member's name, which may lack its quotes.
func (j *jsonRewriter) key() {
	switch c := j.src[j.pos]; c {
	case '"', '\'':
		j.str(c, true)
	default:
		i := j.pos
		for j.pos < len(j.src) && (isNameByte(j.src[j.pos]) && j.src[j.pos] != ':' || j.src[j.pos] == '$') {
			j.pos++
		}
		if j.pos == i { // no name at all
			j.pos++
		}
		quoted, _ := json.Marshal(string(appendValid(nil, j.src[i:j.pos])))
		j.replace(i, j.pos, string(quoted))
	}
}

// array mends the array at j.pos.
func (j *jsonRewriter) array(want shape) (ok bool) {
	defer j.leave(j.list)
	if !j.enter(true) {
		return false
	}
	element, most := want.element()
	ok = want == shapeAny || element != shapeAny
	j.pos++
	n := 0
	for first := true; ; {
		start := j.at()
		if !j.separate(']', '}', first) {
			break
		}
		kept := true
		switch {
		case want == shapeItems:
			kept = j.item(start)
		case most > 0 && n >= most:
			j.value(shapeAny)
			j.back(start)
			j.count[tooMany]++
			kept = false
		default:
			// Null is no author: gofeed would follow the pointer.
			null := want == shapeAuthors && j.src[j.pos] == 'n'
			ok = j.value(element) && !null && ok
			n++
		}
		first = first && !kept
		if j.cut || j.err != nil {
			break
		}
	}
	j.close(']')
	return ok
}

// item mends an element of "items", which starts with its comma at offset start
// in the output. It reports whether it is kept.
func (j *jsonRewriter) item(start int) (kept bool) {
	i := j.pos
	n := len(j.res.Entries) + j.res.Known + j.res.Dropped
	extra := n >= j.lim.Items || j.rest
	if extra || j.known != nil {
		if end, ok := skipJSON(j.src, i); ok && (extra || j.known(xxhash.Sum64(j.src[i:end]))) && paired(j.src[i:end]) {
			j.skip(j.pos, end)
			j.back(start)
			if extra {
				j.res.Dropped++
			} else {
				j.res.Known++
			}
			return false
		}
	}
	j.id = ""
	object := j.src[i] == '{'
	sound := j.value(shapeItem)
	switch {
	case j.err != nil:
		return false
	case j.cut, !object || !sound, extra:
		j.back(start)
		if extra {
			j.res.Dropped++
		}
		return false
	}
	h := xxhash.Sum64(j.src[i:j.pos])
	if j.known != nil && j.known(h) {
		j.back(start)
		j.res.Known++
		return false
	}
	j.res.Entries = append(j.res.Entries, Entry{Hash: h, ID: j.id})
	return true
}

// exhausted is called when there are more values than allowed.
func (j *jsonRewriter) exhausted() {
	if len(j.res.Entries) > 0 && !j.rest {
		j.rest = true
		return
	}
	if !j.rest && j.err == nil {
		j.err = failf(Limit, "more than %d values", j.lim.Elements)
	}
}
