package repair

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// flush copies what is sound up to i.
func (j *jsonRewriter) flush(i int) {
	if i > j.mark {
		j.dst = append(j.dst, j.src[j.mark:i]...)
		j.mark = i
	}
}

// at is the offset in the output that j.pos will have.
func (j *jsonRewriter) at() int { return len(j.dst) + j.pos - j.mark }

// skip leaves src[i:k] out and goes on at k.
func (j *jsonRewriter) skip(i, k int) {
	j.flush(i)
	j.mark, j.pos = k, k
}

// replace writes s for src[i:k] and goes on at k.
func (j *jsonRewriter) replace(i, k int, s string) {
	j.skip(i, k)
	j.dst = append(j.dst, s...)
	j.count[jsonSyntax]++
}

// back takes the output back to offset at.
func (j *jsonRewriter) back(at int) {
	j.flush(j.pos)
	j.dst = j.dst[:at]
}

// space steps over white space and leaves comments out. It reports whether
// there is anything behind.
func (j *jsonRewriter) space() bool {
	for {
		j.pos = skipSpace(j.src, j.pos, len(j.src))
		if j.pos >= len(j.src) {
			return false
		}
		rest := j.src[j.pos:]
		var end int
		switch {
		case bytes.HasPrefix(rest, []byte("//")):
			end = bytes.IndexByte(rest, '\n')
		case bytes.HasPrefix(rest, []byte("/*")):
			if end = bytes.Index(rest, []byte("*/")); end >= 0 {
				end += 2
			}
		case rest[0] < ' ' || bytes.HasPrefix(rest, []byte("\uFEFF")) || bytes.HasPrefix(rest, []byte("\u00A0")):
			_, n := utf8.DecodeRune(rest)
			end = n
		default:
			return true
		}
		if end < 0 {
			end = len(rest)
		}
		j.skip(j.pos, j.pos+end)
		j.count[jsonSyntax]++
	}
}

// value mends the value at j.pos and reports whether it has the shape that is
// wanted. At the end of the text it writes null and sets j.cut.
func (j *jsonRewriter) value(want shape) (ok bool) {
	if j.values++; j.values > j.lim.Elements {
		j.exhausted()
	}
	if !j.space() {
		j.flush(j.pos)
		j.dst = append(j.dst, "null"...)
		j.cut = true
		return true
	}
	switch c := j.src[j.pos]; {
	case c == '{':
		return j.object(want)
	case c == '[':
		return j.array(want)
	case c == '"' || c == '\'':
		j.str(c, false)
		return want == shapeAny || want == shapeString
	}
	return j.word() || want == shapeAny
}

// enter starts a container. Beyond the limit of depth the document is refused.
func (j *jsonRewriter) enter(list bool) (ok bool) {
	j.list = list
	if j.depth++; j.depth > j.lim.JSONDepth && j.err == nil {
		j.err = failf(Limit, "JSON nested more than %d deep", j.lim.JSONDepth)
	}
	return j.err == nil
}

// leave ends a container; list says whether the one around it is an array.
func (j *jsonRewriter) leave(list bool) {
	j.depth--
	j.list = list
}

// separate is called before each element or member. It steps over commas, and
// writes one where it is missing; more is false at the end of the container.
func (j *jsonRewriter) separate(closer, other byte, first bool) (more bool) {
	if !first && j.err == nil && j.comma() {
		return true
	}
	comma := false
	for {
		if !j.space() {
			j.cut = true
			break
		}
		c := j.src[j.pos]
		switch {
		case j.err != nil:
			return false
		case c == ',' && !comma && !first:
			comma = true
			j.skip(j.pos, j.pos+1) // written when another element follows
			continue
		case c == ',':
			j.skip(j.pos, j.pos+1)
			if comma {
				j.count[jsonSyntax]++
			}
			continue
		case c == closer, c == other && j.depth > 1:
			if comma {
				j.count[jsonSyntax]++
			}
		case c == other || c == ':' || c == ';':
			j.replace(j.pos, j.pos+1, "")
			continue
		default:
			if !first {
				j.flush(j.pos)
				j.dst = append(j.dst, ',')
				if !comma {
					j.count[jsonSyntax]++
				}
			}
			return true
		}
		break
	}
	return false
}

// comma steps over white space and a comma before a value, if that is all there
// is: the usual case, in which nothing changes.
func (j *jsonRewriter) comma() bool {
	k := skipSpace(j.src, j.pos, len(j.src))
	if k == len(j.src) || j.src[k] != ',' {
		return false
	}
	k = skipSpace(j.src, k+1, len(j.src))
	if k == len(j.src) || j.src[k] >= utf8.RuneSelf || j.src[k] <= ' ' || bytes.IndexByte([]byte(",:;/]}"), j.src[k]) >= 0 {
		return false
	}
	j.pos = k
	return true
}

// close writes a container's end, which may be missing or be another's.
func (j *jsonRewriter) close(closer byte) {
	if j.pos < len(j.src) && j.src[j.pos] == closer {
		j.pos++
		return
	}
	j.flush(j.pos)
	j.dst = append(j.dst, closer)
	if !j.cut {
		j.count[jsonSyntax]++
	}
}

// str mends the string at j.pos.
func (j *jsonRewriter) str(quote byte, key bool) {
	if quote != '"' {
		j.replace(j.pos, j.pos+1, `"`)
	} else {
		j.pos++
	}
	src := j.src
	for {
		i := j.pos
		for i < len(src) && !jsonSpecial[src[i]] {
			i++
		}
		if j.pos = i; i == len(src) {
			j.flush(i)
			j.dst = append(j.dst, '"')
			j.cut = true
			return
		}
		switch c := src[i]; {
		case c == quote && j.endsString(i, key):
			if quote != '"' {
				j.replace(i, i+1, `"`)
			} else {
				j.pos++
			}
			return
		case c == '"':
			j.replace(i, i+1, `\"`)
		case c == '\\':
			j.escape(i)
		case c == '\n':
			j.replace(i, i+1, `\n`)
		case c == '\t':
			j.replace(i, i+1, `\t`)
		case c == '\r':
			j.replace(i, i+1, `\r`)
		default:
			j.special(i)
		}
	}
}

// jsonSpecial are the bytes in strings that need a second look.
var jsonSpecial = [256]bool{
	0: true, 1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true, 8: true, 9: true, 10: true,
	11: true, 12: true, 13: true, 14: true, 15: true, 16: true, 17: true, 18: true, 19: true, 20: true,
	21: true, 22: true, 23: true, 24: true, 25: true, 26: true, 27: true, 28: true, 29: true, 30: true,
	31:  true,
	'"': true, '\'': true, '\\': true, 0xC2: true, 0xEF: true,
}

// special handles control characters and the bytes that may start one.
func (j *jsonRewriter) special(i int) {
	if n, instead := badChar(j.src[i:]); n > 0 && classes[j.src[i]] >= control {
		j.skip(i, i+n)
		if instead > 0 {
			j.dst = utf8.AppendRune(j.dst, instead)
		}
		j.count[controlChar]++
		return
	}
	j.pos++
}

// endsString reports whether the quote at i ends the string: what follows a
// value must be what can follow one. Otherwise somebody forgot to escape it.
func (j *jsonRewriter) endsString(i int, key bool) bool {
	k := skipSpace(j.src, i+1, len(j.src))
	if key || j.depth == 0 || k >= len(j.src) {
		return true
	}
	switch c := j.src[k]; c {
	case ',', '}', ']':
		return true
	case '/':
		return k+1 < len(j.src) && (j.src[k+1] == '/' || j.src[k+1] == '*')
	case '"':
		return j.startsString(k)
	case '{', '[':
		return j.list
	default:
		return c < ' '
	}
}

// startsString reports whether the quote at k, behind another one, starts the
// next string, a comma having been forgotten, or ends this one.
func (j *jsonRewriter) startsString(k int) bool {
	if j.list {
		k = skipSpace(j.src, k+1, len(j.src))
		return k == len(j.src) || bytes.IndexByte([]byte(",]}"), j.src[k]) < 0
	}
	end := bytes.IndexByte(j.src[k+1:], '"')
	if end < 0 {
		return true
	}
	k = skipSpace(j.src, k+end+2, len(j.src))
	return k == len(j.src) || j.src[k] == ':'
}

// escape mends the escape sequence at i. Control characters vanish, as they do
// from text that is not escaped.
func (j *jsonRewriter) escape(i int) {
	if i+1 >= len(j.src) {
		j.skip(i, i+1)
		return
	}
	switch c := j.src[i+1]; c {
	case '"', '\\', '/', 'n', 'r', 't':
		j.pos = i + 2
	case 'b', 'f':
		j.skip(i, i+2)
		j.count[controlChar]++
	case 'u':
		j.unicodeEscape(i)
	case '\'':
		j.replace(i, i+2, "'")
	case '\n':
		j.replace(i, i+2, "")
	default:
		j.replace(i, i+1, `\\`)
	}
}

// unicodeEscape checks "\uXXXX".
func (j *jsonRewriter) unicodeEscape(i int) {
	v, n := rune(0), 0
	for n < 4 && i+2+n < len(j.src) && isHexDigit(j.src[i+2+n]) {
		c := j.src[i+2+n]
		digit := rune(c&0xF) + rune(c>>6)*9
		v, n = v<<4|digit, n+1
	}
	switch {
	case n < 4:
		j.replace(i, i+1, `\\`)
	case v >= 0x80 && v < 0xA0:
		j.skip(i, i+6)
		if w := windowsChar(v); w > 0 {
			j.dst = utf8.AppendRune(j.dst, w)
		}
		j.count[controlChar]++
	case v < 0x20 && v != '\t' && v != '\n' && v != '\r', v >= 0xFFFE:
		j.skip(i, i+6)
		j.count[controlChar]++
	default:
		j.pos = i + 6
	}
}

// word mends a number, true, false, null, and what stands in for them in other
// languages; any other word becomes a string. It reports whether it is null.
func (j *jsonRewriter) word() (null bool) {
	i := j.pos
	k := i
	for k < len(j.src) && !isSpace(j.src[k]) && bytes.IndexByte([]byte(`,:{}[]"`), j.src[k]) < 0 {
		k++
	}
	if k == i { // nothing, or a colon too many
		if j.src[i] == ':' {
			k++
		}
		j.replace(i, k, "null")
		return true
	}
	word := j.src[i:k]
	j.pos = k
	switch string(word) {
	case "true", "false":
		return false
	case "null":
		return true
	case "True", "TRUE":
		j.replace(i, k, "true")
		return false
	case "False", "FALSE":
		j.replace(i, k, "false")
		return false
	case "None", "NULL", "Null", "nil", "undefined", "NaN", "Infinity", "-Infinity":
		j.replace(i, k, "null")
		return true
	}
	if (word[0] == '-' || word[0] >= '0' && word[0] <= '9') && json.Valid(word) {
		return false
	}
	quoted, _ := json.Marshal(string(appendValid(nil, word)))
	j.replace(i, k, string(quoted))
	return false
}

// appendValid copies text without what badChar finds bad.
func appendValid(dst, b []byte) []byte {
	for i := 0; i < len(b); {
		n, instead := badChar(b[i:])
		switch {
		case n == 0:
			dst = append(dst, b[i])
			n = 1
		case instead > 0:
			dst = utf8.AppendRune(dst, instead)
		}
		i += n
	}
	return dst
}
