package http1

import (
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
)

// appendRequest writes the head of a request as net/http does, to the byte: hosts
// tell programs by the order of their fields.
func appendRequest(b []byte, u *url.URL, h http.Header) []byte {
	b = append(b, "GET "...)
	b = append(b, u.RequestURI()...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, u.Host...)
	b = append(b, "\r\n"...)
	if agent := h.Get("User-Agent"); agent != "" {
		b = appendField(b, "User-Agent", agent)
	}
	var space [16]string
	names := space[:0]
	for name := range h {
		if name != "User-Agent" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range h[name] {
			b = appendField(b, name, value)
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
