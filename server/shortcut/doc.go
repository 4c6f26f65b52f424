// Package shortcut stands between a listener and net/http and answers the
// simplest requests itself: GET and HEAD over plain HTTP/1.1 for documents whose
// answer is known beforehand, byte for byte. In come connections; out go answers,
// and to net/http, through Accept, every connection on which anything else is
// asked, with all that was read of it. It never interprets what it does not fully
// understand, never answers with an error, and never makes an answer up: what it
// says is what the handlers behind net/http said to the same request before.
//
// A request is simple if its line and every header line are of the strictest
// form, it has no body, and no header but those named in parse changes its
// answer. All else, and everything after it on the same connection, is net/http's:
// malformed and hostile requests, HTTP/1.0, queries, conditions by date, deltas,
// credentials, upgrades, Connection: close.
package shortcut
