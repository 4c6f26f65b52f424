package fetch

import "time"

// Response is what an exchange brought: one Part from an address on the web, any
// number from a folder.
type Response struct {
	URL       string // that answered in the end, canonical; relative URLs resolve against it
	Status    int
	Hops      []Hop // the redirects on the way, in order
	Permanent bool  // there were redirects and all of them were permanent
	CrossHost bool  // one of them led to another host

	NotModified bool // nothing new since the validators sent: Parts is empty
	Delta       bool // new items only (226): what is absent is not deleted
	Truncated   bool // the body broke off: its validators are left out
	More        bool // a folder had more files than one call reads: come again at once

	ContentType     string // verbatim
	ContentLanguage string // verbatim
	ContentLocation string // absolute, empty if there was none
	Links           []Link // of the Link headers
	ETag            string // verbatim; of a 304 that has none: the one that was sent
	LastModified    string // likewise
	Freshness       Freshness
	RetryAfter      time.Time // not to be asked again before; zero if nothing was said

	Parts   []Part
	Wire    int64         // bytes of the body as it came
	Decoded int64         // bytes of the body, decoded
	Took    time.Duration // the whole exchange
	Repairs map[string]int

	Known   []uint64 // ids of a folder's files that are dealt with, sorted
	Skipped []*Error // files that were left out, and why

	pools *pools // that Release gives back to
}

// Hop is one redirect.
type Hop struct {
	Status    int
	From, To  string // redacted
	Permanent bool   // 301 or 308
	CrossHost bool
	Downgrade bool // from https to http
}

// Part is one body. Its bytes are valid until Response.Release.
type Part struct {
	Body        []byte
	Hash        uint64 // of Body (xxHash64), stable across versions
	ContentType string

	// Of files only.
	Name     string // within the folder
	Modified time.Time
	ID       uint64 // of name, size and time of modification
}

// Body is the first part's body, nil if there is none.
func (r *Response) Body() []byte {
	if len(r.Parts) == 0 {
		return nil
	}
	return r.Parts[0].Body
}

// Release gives the buffers back for the next exchange. Nothing may keep a slice
// of a Body after it. To forget it costs a garbage collection, no more; to call
// it again does nothing.
func (r *Response) Release() {
	if r == nil {
		return
	}
	for i := range r.Parts {
		r.pools.putBuffer(r.Parts[i].Body)
		r.Parts[i].Body = nil
	}
}

func (r *Response) repaired(what string) {
	if r.Repairs == nil {
		r.Repairs = make(map[string]int, 1)
	}
	r.Repairs[what]++
}

// The names of repairs, as they are shown.
const (
	RepairTruncated  = "truncated body"             // shorter than announced, or reset
	RepairMislabeled = "wrong content coding label" // Content-Encoding that isn't what it says
	RepairUnlabeled  = "missing content coding label"
	RepairTrailing   = "bytes after the compressed body"
)
