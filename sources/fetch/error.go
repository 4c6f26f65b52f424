package fetch

import (
	"errors"
	"fmt"
	"time"
)

// Kind says why an exchange failed, so that a scheduler can decide how long to
// stay away. It is stored and shown: the values don't change.
type Kind string

// The kinds.
const (
	KindAddress     Kind = "address"      // the address can't be fetched at all
	KindBlocked     Kind = "blocked"      // the guard forbids the place (SSRF), or robots.txt does
	KindDNS         Kind = "dns"          // the name did not resolve
	KindConnect     Kind = "connect"      // no connection, or it broke before an answer
	KindTLS         Kind = "tls"          // no trustworthy encrypted connection
	KindTimeout     Kind = "timeout"      // too slow in any phase
	KindCanceled    Kind = "canceled"     // our own side gave up
	KindProtocol    Kind = "protocol"     // the answer is not proper HTTP
	KindRedirect    Kind = "redirect"     // too many, in a circle, or to where we don't follow
	KindTooLarge    Kind = "too-large"    // headers, body or compression ratio over the limit
	KindEncoding    Kind = "encoding"     // the content coding can't be undone
	KindGone        Kind = "gone"         // 410
	KindNotFound    Kind = "not-found"    // 404, or a file that is not there
	KindForbidden   Kind = "forbidden"    // 401, 403, 407, 451, or a file that we may not read
	KindRateLimited Kind = "rate-limited" // 429: holds for the whole host
	KindUnavailable Kind = "unavailable"  // 503: holds for the source
	KindServer      Kind = "server"       // other 5xx
	KindStatus      Kind = "status"       // any other answer without a document
	KindChallenge   Kind = "challenge"    // a bot check stands before the document
	KindBusy        Kind = "busy"         // a file that is still being written
	KindFile        Kind = "file"         // any other trouble with a file
)

// Error is a failed exchange. Its text names the place without secrets and says
// what may be done.
type Error struct {
	Kind       Kind
	URL        string    // of the hop that failed, redacted; the path of a file
	Status     int       // zero if nobody answered
	RetryAfter time.Time // not to be asked again before; zero if nothing was said
	Reason     string    // what happened and what may be done
	Err        error     // the cause, nil where the status says it all
}

func (e *Error) Error() string {
	return fmt.Sprintf("fetch %s: %s", e.URL, e.Reason)
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of err, empty if err is not of this package.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
