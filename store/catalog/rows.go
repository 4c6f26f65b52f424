package catalog

import (
	"time"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/packed"
)

// SourceRow is a source with all that a store holds of it, as one store hands it
// to another.
type SourceRow struct {
	Source    store.Source // without FirstDue
	Standing  Standing
	NotBefore time.Time // of its host
	State     store.State
}

// ArticleRow is an article with all that a store holds of it.
type ArticleRow struct {
	Change  int64  // the number of its last change
	Source  string // id
	Key     int64
	Aliases []int64 // further keys, sorted
	Record  []byte  // packed
	Former  []Former
	Columns Columns // as stored
}

// ForgottenRow is the key of an article that was forgotten.
type ForgottenRow struct {
	Source string // id
	Key    int64
}

// Former is a former version of an article.
type Former struct {
	Version int
	Record  []byte // packed
}

// Columns are what a store keeps of a record beside it, to find and to order it.
type Columns struct {
	Print, Name                                   int64
	Status                                        int
	Published, Updated, Entered, Embargo, Expires int64 // Unix milliseconds; the first two as Moment bounds them
}

// ColumnsOf are the columns that a record must have.
func ColumnsOf(r *article.Record) Columns {
	return Columns{
		Print: Print(r), Name: Name(r.ID), Status: Status(r.Status),
		Published: Moment(packed.Millis(r.Published)), Updated: Moment(packed.Millis(r.Updated)),
		Entered: packed.Millis(r.FirstSeen), Embargo: packed.Millis(r.Embargo), Expires: packed.Millis(r.Expires),
	}
}

// momentBits is how much of a time stands in an order: until the year 2109.
const momentBits = 42

// Moment bounds Unix milliseconds to what an order distinguishes.
func Moment(ms int64) int64 {
	const last = int64(1)<<momentBits - 1
	return max(min(ms, last), -last-1)
}
