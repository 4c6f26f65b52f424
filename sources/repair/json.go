package repair

import (
	"bytes"
	"strings"
)

// findJSON reports whether the text is JSON, and where it starts: behind white
// space, or behind the wrappers that keep scripts from reading it.
func findJSON(text []byte) (start int, ok bool) {
	i := len(text) - len(bytes.TrimLeft(text, " \t\r\n\uFEFF\u00A0\u200B\x00"))
	rest := text[i:]
	for _, guard := range []string{")]}',", ")]}'", "while(1);", "for(;;);"} {
		if after, found := bytes.CutPrefix(rest, []byte(guard)); found {
			after = bytes.TrimLeft(after, " \t\r\n")
			i, rest = len(text)-len(after), after
		}
	}
	if len(rest) == 0 {
		return 0, false
	}
	switch rest[0] {
	case '{':
		return i, looksLikeObject(rest)
	case '[':
		j := skipSpace(rest, 1, len(rest))
		return i, j < len(rest) && bytes.IndexByte([]byte(`{["]-0123456789`), rest[j]) >= 0
	case '<':
		return 0, false
	}
	// callback({…}), var feed = {…}, a warning in front
	head := rest[:min(len(rest), 1024)]
	n := bytes.IndexByte(head, '{')
	if n < 0 || bytes.IndexByte(head[:n], '<') >= 0 || !bytes.Contains(rest, []byte(`"items"`)) {
		return 0, false
	}
	return i + n, looksLikeObject(rest[n:])
}

// looksLikeObject reports whether a key or the end follows the brace.
func looksLikeObject(b []byte) bool {
	i := skipSpace(b, 1, len(b))
	return i == len(b) || bytes.IndexByte([]byte(`"'}/,`), b[i]) >= 0 || nameBytes[b[i]] == 1
}

// jsonRewriter copies JSON from src to dst, makes strict JSON of it on the way,
// and gives the members of a JSON Feed the types that gofeed expects.
type jsonRewriter struct {
	src    []byte // valid UTF-8
	pos    int
	mark   int // src[mark:pos] is sound and not yet copied
	dst    []byte
	lim    Limits
	known  func(uint64) bool
	depth  int
	list   bool // the innermost container is an array
	values int
	cut    bool // the text ended too early
	err    error
	rest   bool // further items are left out
	items  span // of the value of "items" in the output
	id     string
	res    *Result
	count  counts
}

// span is a piece of the output.
type span struct{ from, to int }

// readJSON mends a JSON document. It returns neither result nor error for text
// that only begins like one.
func readJSON(text []byte, o Options, lim Limits) (*Result, error) {
	j := &jsonRewriter{
		src: text, lim: lim, known: o.Known, res: &Result{Kind: JSON},
		dst: buffer(outputSize(len(text), o))[:0],
	}
	j.res.space = j.dst
	switch {
	case text[0] == '[' && j.listsItems():
		j.res.Root = jsonFeedRoot
		j.wrap()
	case text[0] == '{' && j.isFeed():
		j.res.Root = jsonFeedRoot
		j.object(shapeFeed)
	default:
		j.value(shapeAny)
	}
	if j.err != nil {
		return nil, j.err
	}
	if n := j.count[jsonSyntax]; j.res.Root == "" && n > 16 && n > j.values/2 {
		return nil, nil
	}
	j.flush(j.pos)
	j.res.Body = j.dst
	if j.cut {
		j.res.Truncated = true
		j.count[truncated]++
	}
	j.res.Repairs = j.count.named()
	return j.res, nil
}

// jsonFeedRoot is the Result.Root of a JSON Feed; other JSON has none.
const jsonFeedRoot = "jsonfeed"

// isFeed looks at the top level for what makes an object a JSON Feed: its
// version, or a list of items, which is all that gofeed asks for.
func (j *jsonRewriter) isFeed() bool {
	if bytes.Contains(j.src[:min(len(j.src), 4096)], []byte("jsonfeed.org/version")) {
		return true
	}
	i := 1
	for {
		key, at, ok := j.nextKey(i)
		if !ok {
			return bytes.Contains(j.src, []byte("jsonfeed.org/version"))
		}
		end, ok := skipJSON(j.src, at)
		if !ok {
			return bytes.Contains(j.src, []byte("jsonfeed.org/version")) || strings.EqualFold(key, "items")
		}
		switch {
		case strings.EqualFold(key, "version") && bytes.Contains(j.src[at:end], []byte("jsonfeed")):
			return true
		case strings.EqualFold(key, "items") && j.src[at] == '[':
			i = skipSpace(j.src, at+1, len(j.src))
			return i < len(j.src) && (j.src[i] == '{' || j.src[i] == ']')
		}
		i = end
	}
}

// nextKey reads the next member's key at top level; at is where its value starts.
func (j *jsonRewriter) nextKey(i int) (key string, at int, ok bool) {
	src := j.src
	for i < len(src) && (isSpace(src[i]) || src[i] == ',') {
		i++
	}
	if i >= len(src) || src[i] != '"' {
		return "", 0, false
	}
	end, ok := skipJSON(src, i)
	if !ok {
		return "", 0, false
	}
	at = skipSpace(src, end, len(src))
	if at >= len(src) || src[at] != ':' {
		return "", 0, false
	}
	at = skipSpace(src, at+1, len(src))
	return string(appendValid(nil, src[i+1:end-1])), at, at < len(src)
}

// listsItems reports whether an array at the top holds a feed's items.
func (j *jsonRewriter) listsItems() bool { return j.hasItem(1) }

// hasItem reports whether an object with a member that items have is at i.
func (j *jsonRewriter) hasItem(i int) bool {
	i = skipSpace(j.src, i, len(j.src))
	if i < len(j.src) && j.src[i] == ']' {
		return true
	}
	if i >= len(j.src) || j.src[i] != '{' {
		return false
	}
	for i++; ; {
		key, at, ok := j.nextKey(i)
		if !ok {
			break
		}
		switch key {
		case "id", "title", "url", "summary", "content_html", "content_text", "external_url":
			return true
		}
		if i, ok = skipJSON(j.src, at); !ok {
			break
		}
	}
	return false
}

// skipJSON returns where the value at i ends, without looking into it.
func skipJSON(b []byte, i int) (end int, ok bool) {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			if i = skipString(b, i); i < 0 {
				return 0, false
			}
			if depth == 0 {
				return i, true
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				if depth < 0 {
					return i, true
				}
				return i + 1, true
			}
		case ',', ' ', '\n', '\r', '\t':
			if depth == 0 {
				return i, true
			}
		}
		i++
	}
	return 0, false
}

// paired reports whether each bracket of a value that skipJSON found is closed by
// its own kind. Where one is not, only mending the value tells where it ends.
func paired(b []byte) bool {
	var open []byte
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case '"':
			if i = skipString(b, i) - 1; i < 0 {
				return false
			}
		case '{', '[':
			open = append(open, c+2) // '}' and ']' come two after
		case '}', ']':
			if len(open) == 0 || open[len(open)-1] != c {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0
}

// skipString returns where the string at i ends, or -1.
func skipString(b []byte, i int) int {
	for i++; ; i++ {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		slashes := 0
		for b[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i + 1
		}
	}
}

// wrap makes a feed of an array of items.
func (j *jsonRewriter) wrap() {
	j.dst = append(j.dst, `{"version":"https://jsonfeed.org/version/1.1","title":"","items":`...)
	j.count[foreignRoot]++
	j.array(shapeItems)
	j.flush(j.pos)
	j.dst = append(j.dst, '}')
}
