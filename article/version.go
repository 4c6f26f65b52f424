package article

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"
)

// Change says what a newly read record does to the stored one.
type Change int

// The changes. Only NewVersion and Cancellation are to be stored and published.
const (
	Same Change = iota
	NewVersion
	Cancellation
)

// Fingerprint hashes the fields whose change a reader would care about:
// headline, standfirst, text, status, the wire's revision, and the pictures.
// White space, the query part of a picture's address, dates, counters and links
// don't count, so equal fingerprints mean that nothing has to be stored.
func Fingerprint(r *Record) uint64 {
	space := prints.Get().(*[]byte)
	b := (*space)[:0]
	for _, s := range [...]string{r.Headline, r.Standfirst, r.Body.Text, string(r.Status), r.Revision.Kind, r.Revision.Note} {
		b = appendWords(b, s)
	}
	b = strconv.AppendInt(b, int64(r.Revision.Number), 10)
	b = r.Embargo.UTC().AppendFormat(b, time.RFC3339)
	for i := range r.Images {
		url, _, _ := strings.Cut(r.Images[i].URL, "?")
		b = append(b, url...)
		b = appendWords(b, r.Images[i].Caption)
	}
	hash := xxhash.Sum64(b)
	if *space = b; cap(b) <= keepPrint {
		prints.Put(space)
	}
	return hash
}

// prints are buffers for what is hashed; those of long texts are not kept.
var prints = sync.Pool{New: func() any { return new([]byte) }}

const keepPrint = 64 << 10 // bytes

// appendWords appends the words of s, a space after each, then a zero byte.
func appendWords(b []byte, s string) []byte {
	for s != "" {
		n, ascii := oneSpaced(s)
		if rest := s[n:]; ascii && n > 0 && s[0] != ' ' && (rest == "" || rest[0] == '\n') { // a line of words, as most are
			b = append(append(b, s[:n]...), ' ')
			s = strings.TrimPrefix(rest, "\n")
			continue
		}
		line, rest, _ := strings.Cut(s, "\n")
		for w := range strings.FieldsSeq(line) {
			b = append(append(b, w...), ' ')
		}
		s = rest
	}
	return append(b, 0)
}

// Revise holds a newly read record of an article against the stored one and
// returns what is to be stored. now.FirstSeen is the time of this poll.
//
// What never changes: id, first seen, published, source. A canceled article
// stays canceled. A wire's older version, come late, changes nothing. A text
// that was read from the article's page is not lost because this time only the
// feed's teaser was to be had.
func Revise(old, now Record) (Record, Change) {
	if old.Status == Canceled || late(&old, &now) {
		return old, Same
	}
	if now.Status == Canceled {
		return cancel(old, now), Cancellation
	}
	if now.Headline == old.Headline && fuller(&old, &now) {
		now.Body, now.Images, now.Authors = old.Body, old.Images, old.Authors
		now.Standfirst, now.Byline = old.Standfirst, old.Byline
	}
	if Fingerprint(&old) == Fingerprint(&now) {
		return old, Same
	}
	r := now
	r.Updated = later(&old, &now)
	keep(&r, &old)
	return r, NewVersion
}

// Latest is what is to be stored of two versions of an article that came
// together, first and then, when none of them is stored yet.
func Latest(first, then Record) Record {
	r, change := Revise(first, then)
	if change != Same {
		r.Version = first.Version
	}
	return r
}

// keep gives r what an article holds on to through all its versions.
func keep(r, old *Record) {
	r.ID, r.FirstSeen, r.Published, r.Claimed = old.ID, old.FirstSeen, old.Published, old.Claimed
	r.Version = old.Version + 1
	r.Source.GUID = old.Source.GUID
	r.Story = old.Story
}

// cancel is the old article with the news of its withdrawal.
func cancel(old, now Record) Record {
	r := old
	r.Status = Canceled
	r.Revision = now.Revision
	r.Updated = later(&old, &now)
	keep(&r, &old)
	return r
}

// later is when the new version came to be: what the source claims, if that is
// after the old version and not after this poll; else the time of this poll.
func later(old, now *Record) time.Time {
	t := now.Updated
	if !t.After(old.Updated) || t.After(now.FirstSeen) {
		t = now.FirstSeen
	}
	if t.Before(old.Updated) {
		t = old.Updated
	}
	return t
}

// late reports whether now is a wire's older version that came after old. Wires
// date their versions exactly; feeds do not, so their dates decide nothing.
func late(old, now *Record) bool {
	return old.Provenance["updated"] == "wire" && now.Provenance["updated"] == "wire" &&
		now.Status != Canceled && now.Updated.Before(old.Updated)
}

// fuller reports whether the old text was read from the article's page and the
// new one was not.
func fuller(old, now *Record) bool {
	return old.Provenance["body"] == "html" && now.Provenance["body"] != "html"
}
