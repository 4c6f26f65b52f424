package article

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"
)

// SameSite reports whether two addresses are of one registered domain.
func SameSite(a, b string) bool {
	x, y := site(a), site(b)
	return x != "" && x == y
}

func site(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	return RegistrableDomain(u.Hostname())
}

// Primary chooses the article that stands for a group with the same text, by
// index. The rules, in this order: what may be published; the credited agency's
// own copy; the original publisher, that is a source on whose site the canonical
// address lies; the latest correction of the wire; the longer text; the earlier;
// the smaller id.
func Primary(list []*Record) int {
	credited := map[string]bool{}
	for _, r := range list {
		for _, a := range r.Agencies {
			credited[strings.ToLower(a)] = true
		}
	}
	return first(list, func(a, b *Record) int {
		return cmp.Or(
			before(published(a), published(b)),
			before(isAgency(a, credited), isAgency(b, credited)),
			before(original(a), original(b)),
			cmp.Compare(b.Revision.Number, a.Revision.Number),
			cmp.Compare(b.Body.WordCount, a.Body.WordCount),
			a.Published.Compare(b.Published),
			cmp.Compare(a.ID, b.ID),
		)
	})
}

// freshly is how far versions may lie apart and still count as equally fresh.
const freshly = time.Hour

// Best chooses the article that represents a story, by index. The rules, in this
// order: what may be published; what has substance, neither an alert nor a
// fragment beside the longest; the freshest, where an hour makes no difference;
// the source that comes first in prefer; the longer; the earlier; the smaller id.
func Best(list []*Record, prefer []string) int {
	longest, freshest := 0, time.Time{}
	for _, r := range list {
		longest = max(longest, length(r))
	}
	substantial := func(r *Record) bool {
		return r.Revision.Kind != "alert" && length(r)*3 >= longest
	}
	for _, r := range list {
		if t := changed(r); published(r) && substantial(r) && t.After(freshest) {
			freshest = t
		}
	}
	rank := func(r *Record) int {
		if i := slices.Index(prefer, r.Source.ID); i >= 0 {
			return i
		}
		return len(prefer)
	}
	return first(list, func(a, b *Record) int {
		fa, fb := !changed(a).Before(freshest.Add(-freshly)), !changed(b).Before(freshest.Add(-freshly))
		if !fa && !fb {
			if c := changed(b).Compare(changed(a)); c != 0 {
				return cmp.Or(before(published(a), published(b)), before(substantial(a), substantial(b)), c)
			}
		}
		return cmp.Or(
			before(published(a), published(b)),
			before(substantial(a), substantial(b)),
			before(fa, fb),
			cmp.Compare(rank(a), rank(b)),
			cmp.Compare(length(b), length(a)),
			a.Published.Compare(b.Published),
			cmp.Compare(a.ID, b.ID),
		)
	})
}

// first is the index of the record that comes first, -1 if there is none.
func first(list []*Record, compare func(a, b *Record) int) int {
	best := -1
	for i, r := range list {
		if best < 0 || compare(r, list[best]) < 0 {
			best = i
		}
	}
	return best
}

// before compares by a property: what has it comes first.
func before(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func published(r *Record) bool { return r.Status == Usable || r.Status == "" }

// isAgency reports whether a record comes from one of the agencies themselves.
func isAgency(r *Record, agencies map[string]bool) bool {
	return agencies[strings.ToLower(r.Source.Name)] || agencies[strings.ToLower(r.Publisher.Name)] ||
		agencies[strings.ToLower(r.Source.ID)]
}

// original reports whether a record was read at the site that its canonical
// address belongs to.
func original(r *Record) bool {
	return SameSite(r.Links.Canonical, r.Source.URL) || SameSite(r.Links.Canonical, r.Source.FeedURL)
}

// length is the length of a record's text in words.
func length(r *Record) int {
	if r.Body.WordCount > 0 {
		return r.Body.WordCount
	}
	return WordCount(r.Standfirst) + WordCount(r.Body.Text)
}

// changed is when the version at hand came to be.
func changed(r *Record) time.Time {
	if r.Updated.After(r.Published) {
		return r.Updated
	}
	return r.Published
}

// StoryID is the id of the story that an article begins, as TextID is that of the
// group of articles with the same text. Both are made from the article's id and
// lead back to it: see EntryID.
func StoryID(article string) string { return grouped("s-", article) }

// TextID is the id of the group of equal texts that an article begins: see StoryID.
func TextID(article string) string { return grouped("t-", article) }

func grouped(mark, id string) string {
	i := groupPart(id)
	return id[:i] + mark + id[i:]
}

// EntryID is the id under which a story or a text group is published where a
// feed has one entry for all of it: the id of the article that it began with,
// so that an entry keeps its id when others join.
func EntryID(group string) string {
	i := groupPart(group)
	if rest := group[i:]; strings.HasPrefix(rest, "s-") || strings.HasPrefix(rest, "t-") {
		return group[:i] + rest[2:]
	}
	return group
}

// groupPart is where the part of an id begins that tells it from others.
func groupPart(id string) int {
	if !strings.HasPrefix(id, "tag:") {
		return 0
	}
	return strings.LastIndexByte(id, ':') + 1
}
