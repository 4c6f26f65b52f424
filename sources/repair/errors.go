package repair

import "fmt"

// Error is why a body could not be made into a document.
type Error struct {
	Kind   ErrorKind
	Detail string // what was found where, for people
}

// ErrorKind says what a caller can do about it.
type ErrorKind string

// The kinds of errors.
const (
	TooLarge      ErrorKind = "too-large"      // more decoded bytes than allowed
	Charset       ErrorKind = "charset"        // the bytes are in no character encoding that is known
	Malformed     ErrorKind = "malformed"      // markup that no repair makes sense of
	UnknownFormat ErrorKind = "unknown-format" // empty or binary
	Limit         ErrorKind = "limit"          // deeper, or with more parts, than allowed
)

func (e *Error) Error() string {
	return fmt.Sprintf("repair: %s: %s", e.Kind, e.Detail)
}

func failf(kind ErrorKind, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}
