package fetch

import (
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"wireroom/sources/fetch/http1"
)

// What we say we like to read.
const (
	AcceptFeeds = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, " +
		"application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1"
	AcceptPages = "text/html, application/xhtml+xml, application/xml;q=0.8, */*;q=0.1"

	acceptCodings = "gzip, br, zstd"

	// tokenChars are those of a product token (RFC 9309 §2.2.1).
	tokenChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"
)

// Request says what to fetch and how.
type Request struct {
	URL    string
	Accept string // AcceptFeeds if empty

	// The validators of the last answer, verbatim, and the address that gave them
	// (Response.URL; empty for URL). They are sent to that address only, and only
	// if it has the origin of URL.
	ETag         string
	LastModified string
	ValidFor     string

	// Delta asks for new items only (RFC 3229, A-IM: feed); it needs an ETag.
	Delta bool

	Headers  []Header
	Username string // with Password: basic authentication
	Password string

	UserAgent   string // instead of our own
	Subscribers int    // readers of the source, for the User-Agent; 0 says nothing
	FeedID      string // an id of the source that the publisher can tell subscribers apart by

	Limits Limits // zero fields take those of the Client
}

// Header is a header field that one source needs. Secret ones, and all whose
// names say so (Authorization, Cookie, X-Api-Key, …), are sent to the origin of
// the source's own address only.
type Header struct {
	Name, Value string
	Secret      bool
}

func (h Header) secret() bool { return h.Secret || secretName.MatchString(h.Name) }

// hasSecrets reports whether the source would be harmed by a listener on the way.
func (r *Request) hasSecrets(u *url.URL) bool {
	if r.Username != "" || r.Password != "" || hasSecret(u) {
		return true
	}
	for _, h := range r.Headers {
		if h.secret() {
			return true
		}
	}
	return false
}

// isOurs knows the headers that a source's own can't replace, because the exchange
// would no longer mean what we take it for.
func isOurs(name string) bool {
	switch name {
	case "Host", "Connection", "Keep-Alive", "Content-Length", "Transfer-Encoding", "Te", "Trailer", "Upgrade",
		"Proxy-Authorization", "Proxy-Connection", "Range", "If-Range", "If-None-Match", "If-Modified-Since",
		"Accept-Encoding", "Expect":
		return true
	}
	return false
}

// fields is the header of the request of the current hop.
func (x *exchange) fields() []http1.Field {
	u := x.url
	r, home := &x.req, u.Scheme == x.first.Scheme && u.Host == x.first.Host
	h := fieldList(x.space[:0])
	h.set("User-Agent", x.client.userAgent(r))
	h.set("Accept", orDefault(r.Accept, AcceptFeeds))
	h.set("Accept-Encoding", acceptCodings)
	for _, own := range r.Headers {
		name := textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(own.Name))
		value := strings.TrimSpace(own.Value)
		if isOurs(name) || own.secret() && !home || !httpguts.ValidHeaderFieldName(name) || !isHeaderText(value) {
			continue
		}
		h.set(name, value)
	}
	x.conditional = false
	if !home {
		return h
	}
	if r.Username != "" || r.Password != "" {
		h.set("Authorization", basicAuth(r.Username, r.Password))
	}
	if x.at != x.validFor {
		return h
	}
	if r.ETag != "" && isHeaderText(r.ETag) {
		h.set("If-None-Match", r.ETag)
		x.conditional = true
		if r.Delta {
			h.set("A-Im", "feed")
		}
	}
	if r.LastModified != "" && isHeaderText(r.LastModified) {
		h.set("If-Modified-Since", r.LastModified)
		x.conditional = true
	}
	return h
}

// fieldList is a header in which a name is there once.
type fieldList []http1.Field

func (l *fieldList) set(name, value string) {
	for i := range *l {
		if (*l)[i].Name == name {
			(*l)[i].Value = value
			return
		}
	}
	*l = append(*l, http1.Field{Name: name, Value: value})
}

// UserAgent is how the program names itself where no source is concerned.
func (c *Client) UserAgent() string { return c.agent }

// userAgent names us to a publisher: Name/version (+contact; N subscribers;
// feed-id=…).
func (c *Client) userAgent(r *Request) string {
	if r.UserAgent != "" && isHeaderText(r.UserAgent) {
		return r.UserAgent
	}
	id := strings.Trim(commentText(r.FeedID), " ")
	if r.Subscribers <= 0 && id == "" {
		return c.agent
	}
	var space [160]byte
	b := append(space[:0], c.opt.Product...)
	next := " ("
	note := func(parts ...string) {
		b = append(b, next...)
		for _, p := range parts {
			b = append(b, p...)
		}
		next = "; "
	}
	if c.contact != "" {
		note(c.contact)
	}
	if r.Subscribers > 0 {
		note(strconv.Itoa(r.Subscribers), " subscribers")
	}
	if id != "" {
		note("feed-id=", id)
	}
	return string(append(b, ')'))
}

// contactNote is how a User-Agent shows a contact: with a plus and as a URL.
func contactNote(contact string) string {
	contact = strings.TrimSpace(contact)
	switch {
	case contact == "":
		return ""
	case strings.HasPrefix(contact, "+"):
		return contact
	case strings.Contains(contact, ":"):
		return "+" + contact
	case strings.Contains(contact, "@"):
		return "+mailto:" + contact
	default:
		return "+https://" + contact
	}
}

// commentText keeps s from ending the comment of a User-Agent.
func commentText(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune(`();\`, r) {
			return -1
		}
		return r
	}, s)
}

func isHeaderText(s string) bool { return httpguts.ValidHeaderFieldValue(s) }

func basicAuth(user, password string) string {
	r := http.Request{Header: make(http.Header, 1)}
	r.SetBasicAuth(user, password)
	return r.Header.Get("Authorization")
}
