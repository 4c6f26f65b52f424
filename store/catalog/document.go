package catalog

import (
	"time"

	"wireroom/store"
)

// PrefixEnd is the first key above all that begin with prefix; nil if there is
// none.
func PrefixEnd(prefix string) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if c := prefix[i]; c < 0xff {
			return append([]byte(prefix[:i]), c+1)
		}
	}
	return nil
}

// Due parts the first documents in order of their due times, one more than limit,
// into those that are due, at most limit, and when the next of the rest is.
func Due(docs []store.Document, now time.Time, limit int) (due []store.Document, next time.Time) {
	n := 0
	for n < len(docs) && n < limit && !docs[n].Due.After(now) {
		n++
	}
	if n < len(docs) {
		next = docs[n].Due
	}
	return docs[:n], next
}
