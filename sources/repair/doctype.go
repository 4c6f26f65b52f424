package repair

import (
	"bytes"
	"strings"
)

// entities are the general entities that the document's own DOCTYPE declares.
// Only short plain values are kept, external ones never fetched, so that no
// reference can grow a document much or pull anything in.
type entities struct {
	values map[string]string
	spent  int // bytes that references have been replaced with
}

// expand returns what the entity stands for.
func (e *entities) expand(name []byte) (string, bool) {
	v, ok := e.values[string(name)]
	if !ok || e.spent+len(v) > maxEntityOutput {
		return "", false
	}
	e.spent += len(v)
	return v, true
}

// readDoctype reads a document type declaration, which starts at src[i], and
// returns where it ends and the name in it. What is not closed ends at its
// first ">".
func (e *entities) readDoctype(src []byte, i, end int) (next int, name string) {
	i += len("<!doctype")
	i = skipSpace(src, i, end)
	n := nameEnd(src, i, end)
	name = strings.ToLower(string(src[i:n]))
	first := bytes.IndexByte(src[n:end], '>')
	if first < 0 {
		return end, name
	}
	for i = n; i < end; {
		switch src[i] {
		case '>':
			return i + 1, name
		case '[':
			if next, ok := e.readSubset(src, i+1, end); ok {
				i = next
				continue
			}
			return n + first + 1, name
		case '"', '\'':
			q := bytes.IndexByte(src[i+1:min(end, i+1+maxEntityValue)], src[i])
			if q < 0 {
				return n + first + 1, name
			}
			i += q + 1
		case '<':
			return i, name // the ">" is missing
		}
		i++
	}
	return n + first + 1, name
}

// readSubset reads an internal subset and returns where its "]" ends.
func (e *entities) readSubset(src []byte, i, end int) (next int, ok bool) {
	for i < end {
		switch {
		case src[i] == ']':
			return i + 1, true
		case bytes.HasPrefix(src[i:end], []byte("<!--")):
			n := bytes.Index(src[i:end], []byte("-->"))
			if n < 0 {
				return 0, false
			}
			i += n + 3
		case bytes.HasPrefix(src[i:end], []byte("<?")):
			n := bytes.Index(src[i:end], []byte("?>"))
			if n < 0 {
				return 0, false
			}
			i += n + 2
		case bytes.HasPrefix(src[i:end], []byte("<!")):
			n := declarationEnd(src, i, end)
			if n < 0 {
				return 0, false
			}
			e.declare(src[i:n])
			i = n
		default:
			i++
		}
	}
	return 0, false
}

// declarationEnd finds the ">" that ends the declaration at i: it is in no
// quotes, and in no declaration within.
func declarationEnd(src []byte, i, end int) int {
	depth := 0
	for i += len("<!x"); i < end; i++ {
		switch src[i] {
		case '<':
			depth++
		case '>':
			if depth--; depth < 0 {
				return i + 1
			}
		case '"', '\'':
			q := bytes.IndexByte(src[i+1:end], src[i])
			if q < 0 {
				return -1
			}
			i += q + 1
		}
	}
	return -1
}

// declare keeps `<!ENTITY name "value">`. Character references in the value are
// resolved here, as XML 1.0 section 4.5 says; what refers to further entities
// or contains markup is not kept. Of two declarations the first binds.
func (e *entities) declare(decl []byte) {
	rest, ok := bytes.CutPrefix(decl, []byte("<!ENTITY"))
	if !ok || len(e.values) >= maxEntities {
		return
	}
	i := skipSpace(rest, 0, len(rest))
	n := nameEnd(rest, i, len(rest))
	name := string(rest[i:n])
	i = skipSpace(rest, n, len(rest))
	if name == "" || i >= len(rest) || rest[i] != '"' && rest[i] != '\'' {
		return // a parameter entity or an external one
	}
	q := bytes.IndexByte(rest[i+1:], rest[i])
	if q < 0 || q > maxEntityValue {
		return
	}
	v, ok := plainValue(rest[i+1 : i+1+q])
	if _, known := e.values[name]; known || !ok {
		return
	}
	if e.values == nil {
		e.values = make(map[string]string)
	}
	e.values[name] = v
}

// plainValue resolves the character references of an entity's value.
func plainValue(raw []byte) (string, bool) {
	var v strings.Builder
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '<', '%':
			return "", false
		case '&':
			c, n, _ := charRef(raw[i:])
			if n == 0 || !validChar(c) {
				return "", false
			}
			v.WriteRune(c)
			i += n - 1
		default:
			if n, _ := badChar(raw[i:]); n > 0 {
				return "", false
			}
			v.WriteByte(raw[i])
		}
	}
	return v.String(), true
}
