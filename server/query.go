package server

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"wireroom/article"
	"wireroom/feed"
)

// A query feed is a part of a feed, chosen in its address:
//
//	/feeds/{id}.{ext}?agency=&lang=&topic=&source=&q=&since=
//
// Any of the values of one parameter may match, all parameters must; of several
// q all must. It narrows the feed's own selection, never widens it. Parameters
// that we don't know are ignored, because links get decorated on their way.

// parameters in the order in which our own addresses have them; after, the place
// of a page, comes last.
var parameters = [...]string{"agency", "lang", "topic", "source", "q", "since"}

// The bounds of a query.
const (
	maxQuery  = 2048 // bytes, as it came
	maxValues = 32   // of all parameters
	maxValue  = 200  // bytes
)

// errQuery is the client's fault; its text is for people.
type errQuery string

func (e errQuery) Error() string { return string(e) }

// parseQuery narrows a feed by the query of an address. What asks for the whole
// feed comes back with an empty Channel.Query.
func parseQuery(c feed.Channel, raw string) (*wanted, error) {
	if len(raw) > maxQuery {
		return nil, errQuery(fmt.Sprintf("The query is too long: at most %d bytes are read.", maxQuery))
	}
	given, err := url.ParseQuery(raw)
	if err != nil {
		return nil, errQuery("The query is not well formed: it needs name=value pairs, joined by &, with special characters as %XX.")
	}
	count := 0
	for _, name := range parameters {
		if given[name], err = values(name, given[name]); err != nil {
			return nil, err
		}
		count += len(given[name])
	}
	if count > maxValues {
		return nil, errQuery(fmt.Sprintf("Too many values: at most %d are read.", maxValues))
	}
	want := &wanted{channel: c, paged: true}
	if after := given.Get("after"); after != "" {
		if want.after, err = feed.ParseCursor(after); err != nil {
			return nil, errQuery("after is not a place that a link of ours gave.")
		}
	}
	if err := want.narrow(given); err != nil {
		return nil, err
	}
	want.name(given)
	want.given = given
	return want, nil
}

// values are those of one parameter in their canonical order, without doubles.
func values(name string, given []string) ([]string, error) {
	var list []string
	for _, v := range given {
		if v = strings.TrimSpace(v); v == "" {
			continue
		}
		if len(v) > maxValue {
			return nil, errQuery(fmt.Sprintf("A value of %s is too long: at most %d bytes are read.", name, maxValue))
		}
		if !utf8.ValidString(v) || article.Clean(v) != v {
			return nil, errQuery(fmt.Sprintf("A value of %s has characters that can't stand in a feed.", name))
		}
		list = append(list, v)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// narrow adds the conditions to those of the feed. The store takes one list a
// field; where both the feed and the query name agencies or topics, an article
// may fulfil each through another one, and what the feed asks is held against
// the articles here.
func (w *wanted) narrow(given url.Values) error {
	q := &w.channel.Select
	if list := given["source"]; len(list) > 0 {
		q.Sources = narrow(q.Sources, list, func(own, asked string) string {
			if own == asked {
				return own
			}
			return ""
		})
	}
	if list := given["lang"]; len(list) > 0 {
		for i, l := range list {
			tag, err := language.Parse(l)
			if err != nil {
				return errQuery(fmt.Sprintf("lang: %q is not a language such as en or pt-BR.", l))
			}
			list[i] = tag.String()
		}
		slices.Sort(list)
		given["lang"] = slices.Compact(list)
		q.Languages = narrow(q.Languages, given["lang"], closer)
	}
	var kept [2][]string
	kept[0], q.Agencies = both(q.Agencies, given["agency"])
	kept[1], q.Topics = both(q.Topics, given["topic"])
	if kept[0] != nil || kept[1] != nil {
		w.keep = func(r *article.Record) bool {
			return (kept[0] == nil || overlap(kept[0], r.Agencies)) && (kept[1] == nil || overlap(kept[1], r.Terms()))
		}
	}
	for _, words := range given["q"] {
		q.Match = strings.TrimSpace(closed(q.Match) + " " + closed(words))
	}
	for _, s := range given["since"] {
		t, err := parseSince(s)
		if err != nil {
			return err
		}
		if t.After(q.Since) {
			q.Since = t
		}
	}
	return nil
}

// nothing is a value that no source and no article has; a list with it alone
// selects nothing.
const nothing = "\x00"

// narrow pairs what a feed selects with what is asked for.
func narrow(own, asked []string, pair func(own, asked string) string) []string {
	if len(own) == 0 {
		return asked
	}
	var out []string
	for _, o := range own {
		for _, a := range asked {
			if p := pair(o, a); p != "" {
				out = append(out, p)
			}
		}
	}
	slices.Sort(out)
	if out = slices.Compact(out); len(out) == 0 {
		return []string{nothing}
	}
	return out
}

// closer is the narrower of two languages of which one is a variety of the other.
func closer(a, b string) string {
	switch {
	case article.SpeaksLanguage(a, b):
		return a
	case article.SpeaksLanguage(b, a):
		return b
	}
	return ""
}

// both says what the store is asked, and what the feed's own articles must be
// held against besides.
func both(own, asked []string) (keep, ask []string) {
	switch {
	case len(asked) == 0:
		return nil, own
	case len(own) == 0 || !slices.ContainsFunc(asked, func(a string) bool { return !overlap(own, []string{a}) }):
		return nil, asked
	}
	return own, asked
}

// closed ends a phrase that was left open, so that what follows is not in it.
func closed(words string) string {
	if strings.Count(words, `"`)%2 == 1 {
		return words + `"`
	}
	return words
}

// parseSince reads a day or a moment.
func parseSince(s string) (time.Time, error) {
	for _, form := range [...]string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(form, s); err == nil && t.Year() >= 1970 && t.Year() < 2100 {
			return t.UTC(), nil
		}
	}
	return time.Time{}, errQuery(fmt.Sprintf("since: %q is not a day such as 2026-11-23 or a moment such as 2026-11-23T08:00:00Z.", s))
}

// name gives the narrowed feed its canonical query, and a title of its own.
func (w *wanted) name(given url.Values) {
	c := &w.channel
	var query, words []string
	for _, name := range parameters {
		for _, v := range given[name] {
			query = append(query, name+"="+url.QueryEscape(v))
			if name == "since" {
				v = "since " + v
			}
			words = append(words, v)
		}
	}
	if c.Query = strings.Join(query, "&"); c.Query == "" {
		return
	}
	c.Title = title(c) + ": " + strings.Join(words, ", ")
	if list := given["lang"]; len(list) == 1 {
		c.Language = list[0]
	}
}

// canonical is the query of the document as our own links have it.
func (w *wanted) canonical() string {
	if w.after.IsZero() {
		return w.channel.Query
	}
	after := "after=" + url.QueryEscape(feed.FormatCursor(w.after))
	if w.channel.Query == "" {
		return after
	}
	return w.channel.Query + "&" + after
}

// client reports whether an error is the client's fault, and what to tell.
func client(err error) (string, bool) {
	var q errQuery
	ok := errors.As(err, &q)
	return string(q), ok
}
