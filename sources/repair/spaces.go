package repair

import (
	"strings"
	"sync"
)

// space identifies a namespace URI within one document.
type space int16

// The namespaces that matter to structure; others are numbered as they come.
const (
	noSpace space = iota
	spaceAtom
	spaceAtom03
	spaceRSS10
	spaceRSS09
	spaceRSS09Alt
	spaceRSS11
	spaceRDF
	spaceContent
	spaceXHTML
	spaceSVG
	spaceMathML
	spaceXML
	fixedSpaces
)

// spaceURIs are the URIs of the fixed spaces.
var spaceURIs = [fixedSpaces]string{
	spaceAtom:     "http://www.w3.org/2005/Atom",
	spaceAtom03:   "http://purl.org/atom/ns#",
	spaceRSS10:    "http://purl.org/rss/1.0/",
	spaceRSS09:    "http://channel.netscape.com/rdf/simple/0.9/",
	spaceRSS09Alt: "http://my.netscape.com/rdf/simple/0.9/",
	spaceRSS11:    "http://purl.org/net/rss1.1#",
	spaceRDF:      "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
	spaceContent:  "http://purl.org/rss/1.0/modules/content/",
	spaceXHTML:    "http://www.w3.org/1999/xhtml",
	spaceSVG:      "http://www.w3.org/2000/svg",
	spaceMathML:   "http://www.w3.org/1998/Math/MathML",
	spaceXML:      "http://www.w3.org/XML/1998/namespace",
}

// knownPrefixes are the prefixes that feeds use, sometimes without declaring
// them, and the spelling of their namespaces that gofeed knows.
var knownPrefixes = map[string]string{
	"a10":             "http://www.w3.org/2005/Atom",
	"admin":           "http://webns.net/mvcb/",
	"ag":              "http://purl.org/rss/1.0/modules/aggregation/",
	"annotate":        "http://purl.org/rss/1.0/modules/annotate/",
	"app":             "http://www.w3.org/2007/app",
	"atom":            "http://www.w3.org/2005/Atom",
	"atom03":          "http://purl.org/atom/ns#",
	"blogchannel":     "http://backend.userland.com/blogChannelModule",
	"cc":              "http://web.resource.org/cc/",
	"co":              "http://purl.org/rss/1.0/modules/company",
	"content":         "http://purl.org/rss/1.0/modules/content/",
	"cp":              "http://my.theinfo.org/changed/1.0/rss/",
	"creativecommons": "http://backend.userland.com/creativeCommonsRssModule",
	"dc":              "http://purl.org/dc/elements/1.1/",
	"dcterms":         "http://purl.org/dc/terms/",
	"email":           "http://purl.org/rss/1.0/modules/email/",
	"ev":              "http://purl.org/rss/1.0/modules/event/",
	"feedburner":      "http://rssnamespace.org/feedburner/ext/1.0",
	"foaf":            "http://xmlns.com/foaf/0.1/",
	"gd":              "http://schemas.google.com/g/2005",
	"geo":             "http://www.w3.org/2003/01/geo/wgs84_pos#",
	"georss":          "http://www.georss.org/georss",
	"gml":             "http://www.opengis.net/gml",
	"googleplay":      "http://www.google.com/schemas/play-podcasts/1.0",
	"itunes":          "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
	"l":               "http://purl.org/rss/1.0/modules/link/",
	"media":           "http://search.yahoo.com/mrss/",
	"news":            "http://www.google.com/schemas/sitemap-news/0.9",
	"opensearch":      "http://a9.com/-/spec/opensearch/1.1/",
	"pingback":        "http://madskills.com/public/xml/rss/module/pingback/",
	"podcast":         "https://podcastindex.org/namespace/1.0",
	"prism":           "http://prismstandard.org/namespaces/1.2/basic/",
	"psc":             "http://podlove.org/simple-chapters",
	"rdf":             "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
	"rdfs":            "http://www.w3.org/2000/01/rdf-schema#",
	"slash":           "http://purl.org/rss/1.0/modules/slash/",
	"rss":             "http://purl.org/rss/1.0/",
	"sy":              "http://purl.org/rss/1.0/modules/syndication/",
	"taxo":            "http://purl.org/rss/1.0/modules/taxonomy/",
	"thr":             "http://purl.org/syndication/thread/1.0",
	"trackback":       "http://madskills.com/public/xml/rss/module/trackback/",
	"wfw":             "http://wellformedweb.org/commentAPI/",
	"xhtml":           "http://www.w3.org/1999/xhtml",
	"xlink":           "http://www.w3.org/1999/xlink",
	"yt":              "http://www.youtube.com/xml/schemas/2015",
}

// respelt maps what spelling leaves of a URI to the spelling that gofeed knows.
var respelt = sync.OnceValue(func() map[string]string {
	m := make(map[string]string, len(knownPrefixes)+len(spaceURIs))
	for _, uri := range knownPrefixes {
		m[spelling(uri)] = uri
	}
	for _, uri := range spaceURIs[1:] {
		m[spelling(uri)] = uri
	}
	m["w3.org/atom"] = spaceURIs[spaceAtom]
	m["atom"] = spaceURIs[spaceAtom]
	m["purl.org/rss/modules/content"] = spaceURIs[spaceContent]
	return m
})

// spelling takes away what people get wrong in a namespace URI: scheme, "www.",
// case, trailing marks.
func spelling(uri string) string {
	s := strings.ToLower(strings.TrimSpace(uri))
	s = strings.TrimPrefix(s, "http://")
	s = strings.TrimPrefix(s, "https://")
	s = strings.TrimPrefix(s, "www.")
	return strings.TrimRight(s, "/#")
}

// isNative reports whether the namespace is RSS's or Atom's own in any version,
// by gofeed's reckoning.
func (s space) isNative(family Kind) bool {
	switch s {
	case noSpace:
		return true
	case spaceAtom, spaceAtom03:
		return family == Atom
	case spaceRSS10, spaceRSS09, spaceRSS09Alt, spaceRSS11, spaceRDF:
		return family == RSS
	}
	return false
}

// isMarkup reports whether the elements are read by a browser, which knows no
// prefixes.
func (s space) isMarkup() bool {
	return s == spaceXHTML || s == spaceSVG || s == spaceMathML
}
