// Package catalog says how articles are catalogued, so that every store does it
// alike: in which form a record is put on the shelf, by which numbers it is found
// again, and whether it answers a query. In come records and queries; out come
// numbers and decisions. It does no I/O and keeps nothing but buffers.
package catalog

import (
	"slices"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"wireroom/article"
	"wireroom/store/words"
)

// Tidy gives a record the form in which all stores give it back: UTC times to
// the millisecond, a version, a status, and the source that it was read from.
func Tidy(r *article.Record, source string) {
	r.Input = ""
	r.Source.ID = source
	if r.Version == 0 {
		r.Version = 1
	}
	if r.Status == "" {
		r.Status = article.Usable
	}
	for _, t := range [...]*time.Time{&r.Published, &r.Updated, &r.FirstSeen, &r.Embargo, &r.Expires} {
		*t = t.UTC().Truncate(time.Millisecond)
	}
}

// Key is the number of an identity within a source (article.Key).
func Key(key string) int64 { return int64(xxhash.Sum64String(key)) }

// Name is the number of what an article's address shows of its id.
func Name(id string) int64 { return int64(xxhash.Sum64String(article.ShortID(id))) }

// NameOf is the number of what the address of an article shows that has the id of an
// item (article.Mint), as one has when it is first seen.
func NameOf(source, key string) int64 { return Name(article.Mint("", source, key)) }

// Is reports whether id, or its last part, is the record's.
func Is(r *article.Record, id string) bool {
	return r.ID != "" && (r.ID == id || article.ShortID(r.ID) == id)
}

// Print is the number of what a reader would care about (article.Fingerprint).
func Print(r *article.Record) int64 { return int64(article.Fingerprint(r)) }

// Status is the number of a status; 0 is usable.
func Status(s article.Status) int {
	switch s {
	case article.Withheld:
		return 1
	case article.Canceled:
		return 2
	}
	return 0
}

// Kind is what a term is.
type Kind byte

// The kinds of terms.
const (
	Language Kind = 'l'
	Agency   Kind = 'a'
	Topic    Kind = 't'
	Story    Kind = 's'
)

// Term is the number of a term, in any case: 48 bits, which SQLite writes in six
// bytes. Numbers may meet; Answers tells.
func Term(kind Kind, text string) int64 {
	var d xxhash.Digest
	d.Reset()
	d.Write([]byte{byte(kind), ':'})
	d.WriteString(fold(text))
	return int64(d.Sum64() >> 16)
}

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Terms are the numbers that an article can be selected by: its language and
// what that is a variety of, its agencies, its topics, its story; sorted, each
// once.
func Terms(r *article.Record) []int64 {
	var list []int64
	for l := r.Language; l != ""; l = l[:max(strings.LastIndexByte(l, '-'), 0)] {
		list = append(list, Term(Language, l))
	}
	for _, a := range r.Agencies {
		list = append(list, Term(Agency, a))
	}
	for _, t := range r.Terms() {
		list = append(list, Term(Topic, t))
	}
	if r.Story.ID != "" {
		list = append(list, Term(Story, r.Story.ID))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Wanted are the terms that a query asks for: any of each kind.
func Wanted(q *article.Query) map[Kind][]int64 {
	wanted := map[Kind][]int64{}
	for kind, values := range map[Kind][]string{Language: q.Languages, Agency: q.Agencies, Topic: q.Topics, Story: q.Stories} {
		for _, v := range values {
			wanted[kind] = append(wanted[kind], Term(kind, v))
		}
		slices.Sort(wanted[kind])
		wanted[kind] = slices.Compact(wanted[kind])
		if len(values) == 0 {
			delete(wanted, kind)
		}
	}
	return wanted
}

// Answers reports whether a record that was found by its terms and words really
// has them: numbers meet, terms may have gone since, and phrases have no number.
func Answers(q *article.Query, match *words.Query, r *article.Record) bool {
	return (len(q.Languages) == 0 || slices.ContainsFunc(q.Languages, func(l string) bool { return article.SpeaksLanguage(r.Language, strings.TrimSpace(l)) })) &&
		(len(q.Agencies) == 0 || share(q.Agencies, r.Agencies)) &&
		(len(q.Topics) == 0 || share(q.Topics, r.Terms())) &&
		(len(q.Stories) == 0 || r.Story.ID != "" && slices.Contains(q.Stories, r.Story.ID)) &&
		(match.IsZero() || match.Matches(r))
}

// share reports whether two lists have a term in common, in any case.
func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool {
		x = fold(x)
		return slices.ContainsFunc(b, func(y string) bool { return fold(y) == x })
	})
}

// When is the time that a query orders an article by.
func When(q *article.Query, r *article.Record) time.Time {
	if q.ByUpdated {
		return r.Updated
	}
	return r.Published
}
