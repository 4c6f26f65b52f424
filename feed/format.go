package feed

// Format is a feed format; its value is the extension of the feed's address.
type Format string

// The formats.
const (
	RSS  Format = "rss"  // RSS 2.0 with the Best Practices Profile
	Atom Format = "atom" // RFC 4287
	JSON Format = "json" // JSON Feed 1.1
)

// Formats lists all of them, in the order in which they are offered.
func Formats() []Format { return []Format{RSS, Atom, JSON} }

// MediaType is the format's media type without parameters.
func (f Format) MediaType() string {
	switch f {
	case RSS:
		return "application/rss+xml"
	case Atom:
		return "application/atom+xml"
	case JSON:
		return "application/feed+json"
	}
	return ""
}

// ContentType is the value of the Content-Type header.
func (f Format) ContentType() string { return f.MediaType() + "; charset=utf-8" }

// Name is what people call the format.
func (f Format) Name() string {
	switch f {
	case RSS:
		return "RSS"
	case Atom:
		return "Atom"
	case JSON:
		return "JSON Feed"
	}
	return string(f)
}
