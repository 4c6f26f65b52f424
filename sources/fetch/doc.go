// Package fetch makes one polite, bounded exchange with a source that may be
// hostile.
//
// In comes a Request: an address, the validators of the last answer, and what
// the source needs in headers and credentials. Out goes a Response: a status,
// the bytes decoded and bounded, the validators verbatim and everything else
// the server said that a scheduler wants to know; or an *Error whose Kind tells
// how long to stay away and whose text tells a person what to do.
//
// An exchange runs in this order: the address is made canonical (http or https,
// IDNA, no fragment, no user info); the connection's address is checked by the
// guard when it is dialled, so that no name server can point us inwards;
// redirects are followed by hand, each hop checked anew; the body is read
// through counters and decoded by us.
//
// A file: address, one file or a folder that agencies fill, is read by Files
// into the same Response. Get never reads a file, so nothing that a feed says
// can make us open one.
//
// It never parses a body, never decides when to come again, never stores
// anything, never sends a cookie or a Referer of its own, and never writes a
// secret into an error.
package fetch
