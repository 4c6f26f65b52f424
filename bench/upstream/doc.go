// Package upstream plays the publishers of the bench: many feeds on many hosts
// of 127.0.0.0/8, as large and as compressible as feeds are, with validators and
// editions. In goes the number of feeds; out come addresses, and an account of
// what was asked and which items were ever handed out. It never measures and
// knows nothing of its readers beyond the door that they came in by.
package upstream

// The mix of formats (RSS, Atom, JSON Feed), in tenths.
const (
	rssTenths  = 6
	atomTenths = 3
)

// Items is how many items a feed shows, News how many of them a new edition
// replaces.
const (
	Items = 30
	News  = 3
)

// format of a feed.
type format int

const (
	rss format = iota
	atom
	jsonFeed
)

func formatOf(feed int) format {
	switch n := feed % 10; {
	case n < rssTenths:
		return rss
	case n < rssTenths+atomTenths:
		return atom
	}
	return jsonFeed
}

func (f format) contentType() string {
	return [...]string{"application/rss+xml", "application/atom+xml", "application/feed+json"}[f]
}
