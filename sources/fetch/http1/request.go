package http1

import (
	"cmp"
	"net/textproto"
	"net/url"
	"slices"
)

// Field is a header field of a request. Its name is canonical.
type Field struct{ Name, Value string }

const agentField = "User-Agent"

// appendRequest writes the head of a request as net/http does, to the byte: hosts
// tell programs by the order of their fields. It sorts the fields; one name is there
// once.
func appendRequest(b []byte, u *url.URL, fields []Field) []byte {
	b = append(b, "GET "...)
	b = append(b, u.RequestURI()...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, u.Host...)
	b = append(b, "\r\n"...)
	slices.SortFunc(fields, func(x, y Field) int {
		if first, second := x.Name == agentField, y.Name == agentField; first != second {
			if first {
				return -1
			}
			return 1
		}
		return cmp.Compare(x.Name, y.Name)
	})
	for _, f := range fields {
		if f.Name != agentField || f.Value != "" {
			b = appendField(b, f.Name, f.Value)
		}
	}
	return append(b, "\r\n"...)
}

func appendField(b []byte, name, value string) []byte {
	b = append(b, name...)
	b = append(b, ": "...)
	b = append(b, textproto.TrimString(value)...)
	return append(b, "\r\n"...)
}
