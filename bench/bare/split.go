package bare

import (
	"bytes"
	"iter"
)

// marks are how items begin and end, in the order in which they are tried.
var marks = []struct{ begin, end []byte }{
	{[]byte("<item>"), []byte("</item>")},
	{[]byte("<entry>"), []byte("</entry>")},
	{[]byte("\n  {"), []byte("\n  }")}, // JSON as encoding/json indents it by one
}

// split yields the bytes of each item.
func split(body []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, m := range marks {
			if !bytes.Contains(body, m.begin) {
				continue
			}
			for rest := body; ; {
				i := bytes.Index(rest, m.begin)
				if i < 0 {
					return
				}
				rest = rest[i:]
				n := bytes.Index(rest, m.end)
				if n < 0 {
					return
				}
				n += len(m.end)
				if !yield(rest[:n]) {
					return
				}
				rest = rest[n:]
			}
		}
	}
}
