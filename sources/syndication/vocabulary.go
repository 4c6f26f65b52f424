package syndication

import (
	"bytes"
	"strings"
)

// form is what shape does with an element of a channel, feed, item or entry.
type form uint8

const (
	dropped form = iota // left out
	native              // as it is, for gofeed keeps it whole
	asText              // an extension element of ours; child elements become text
	asTree              // an extension element of ours, with its children
	asScope             // entered: it has fields of its own
)

// class is what the limits of input.md L3 count.
type class uint8

const (
	ofText class = iota
	ofPeople
	ofTopics
	ofMedia
	ofLinks
	ofBranches // elements within trees
	ofScopes
	classes
)

// most is how many of each class one item may have; the rest is left out.
var most = [classes]int{ofText: 96, ofPeople: 32, ofTopics: 64, ofMedia: 32, ofLinks: 64, ofBranches: 200, ofScopes: 1 << 30}

type field struct {
	form  form
	class class
}

// The fields are known by the namespace's short name (shortNames) and the local
// name in lower case, with a dot between; names of the format's own namespace
// stand alone. gofeed gets extensions of ours under these names.

var rssFields = map[string]field{
	"channel": {asScope, ofScopes}, "item": {asScope, ofScopes},
	"link": {native, ofLinks}, "comments": {native, ofLinks}, "category": {native, ofTopics}, "enclosure": {native, ofMedia},
	"image": {native, ofMedia}, "source": {native, ofText}, "skiphours": {native, ofText}, "skipdays": {native, ofText},
	"title": {asText, ofText}, "description": {asText, ofText}, "guid": {asText, ofText}, "author": {asText, ofPeople},
	"pubdate": {asText, ofText}, "language": {asText, ofText}, "copyright": {asText, ofText}, "rights": {asText, ofText}, "ttl": {asText, ofText},
	"fullitem": {asText, ofText}, "body": {asText, ofText}, "content": {asText, ofText}, "encoded": {asText, ofText}, "summary": {asText, ofText},
	"date": {asText, ofText}, "expirationdate": {asText, ofText},
	// Atom's elements, found in RSS without their namespace.
	"id": {asText, ofText}, "updated": {asText, ofText}, "published": {asText, ofText}, "modified": {asText, ofText},

	"atom.title": {asText, ofText}, "atom.summary": {asText, ofText}, "atom.content": {asText, ofText}, "atom.id": {asText, ofText},
	"atom.rights": {asText, ofText}, "atom.published": {asText, ofText}, "atom.updated": {asText, ofText}, "atom.issued": {asText, ofText},
	"atom.modified": {asText, ofText}, "atom.link": {asText, ofLinks}, "atom.category": {asText, ofTopics},
	"atom.author": {asTree, ofPeople}, "atom.contributor": {asTree, ofPeople}, "atom.source": {asTree, ofPeople},
}

var atomFields = map[string]field{
	"entry": {asScope, ofScopes}, "source": {asScope, ofScopes},
	"link": {native, ofLinks}, "category": {native, ofTopics}, "author": {native, ofPeople}, "contributor": {native, ofPeople},
	"title": {asText, ofText}, "summary": {asText, ofText}, "content": {asText, ofText}, "id": {asText, ofText},
	"rights": {asText, ofText}, "copyright": {asText, ofText}, "icon": {asText, ofText}, "logo": {asText, ofText},
	"published": {asText, ofText}, "updated": {asText, ofText}, "issued": {asText, ofText}, "modified": {asText, ofText}, "created": {asText, ofText},
}

// moduleFields are read in every XML format.
var moduleFields = map[string]field{
	"content.encoded": {asText, ofText}, "xhtml.body": {asText, ofText}, "xhtml.div": {asText, ofText},
	"dc.title": {asText, ofText}, "dc.creator": {asText, ofPeople}, "dc.author": {asText, ofPeople}, "dc.contributor": {asText, ofPeople},
	"dc.subject": {asText, ofTopics}, "dc.description": {asText, ofText}, "dc.date": {asText, ofText}, "dc.publisher": {asText, ofText},
	"dc.language": {asText, ofText}, "dc.rights": {asText, ofText}, "dc.source": {asText, ofText},
	"dcterms.issued": {asText, ofText}, "dcterms.created": {asText, ofText}, "dcterms.modified": {asText, ofText},
	"dcterms.available": {asText, ofText}, "dcterms.valid": {asText, ofText}, "dcterms.date": {asText, ofText},
	"dcterms.creator": {asText, ofPeople}, "dcterms.subject": {asText, ofTopics}, "dcterms.publisher": {asText, ofText},
	"dcterms.language": {asText, ofText}, "dcterms.rights": {asText, ofText}, "dcterms.license": {asText, ofText},
	"dcterms.abstract": {asText, ofText}, "dcterms.title": {asText, ofText},
	"media.group": {asTree, ofMedia}, "media.content": {asTree, ofMedia}, "media.thumbnail": {asText, ofMedia},
	"media.title": {asText, ofText}, "media.description": {asText, ofText}, "media.credit": {asText, ofPeople},
	"media.copyright": {asText, ofText}, "media.keywords": {asText, ofTopics}, "media.category": {asText, ofTopics}, "media.license": {asText, ofText},
	"itunes.title": {asText, ofText}, "itunes.author": {asText, ofPeople}, "itunes.subtitle": {asText, ofText}, "itunes.summary": {asText, ofText},
	"itunes.complete": {asText, ofText}, "itunes.image": {asText, ofMedia}, "itunes.duration": {asText, ofText}, "itunes.keywords": {asText, ofTopics}, "itunes.category": {asTree, ofTopics},
	"feedburner.origlink": {asText, ofLinks}, "feedburner.origenclosurelink": {asText, ofMedia},
	"sy.updateperiod": {asText, ofText}, "sy.updatefrequency": {asText, ofText},
	"cc.license": {asText, ofText}, "creativecommons.license": {asText, ofText},
	"at.deleted-entry": {asTree, ofBranches},
}

// shortNames are the namespaces that are read, as spaceKey writes them. A feed's
// own prefixes don't matter.
var shortNames = map[string]string{
	"http://www.w3.org/2005/atom": "atom", "http://purl.org/atom/ns": "atom", "http://purl.org/echo": "atom",
	"http://example.com/newformat": "atom", "http://example.com/necho": "atom", "uri/of/echo/namespace": "atom",
	"http://purl.org/rss/1.0": "rss", "http://purl.org/net/rss1.1": "rss", "http://purl.org/rss/2.0": "rss",
	"http://my.netscape.com/rdf/simple/0.9": "rss", "http://channel.netscape.com/rdf/simple/0.9": "rss",
	"http://my.netscape.com/publish/formats/rss-0.91.dtd": "rss", "http://blogs.law.harvard.edu/tech/rss": "rss",
	"http://backend.userland.com/rss": "rss", "http://backend.userland.com/rss2": "rss", "http://backend.userland.com/rss191": "rss",
	"http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
	"http://purl.org/rss/1.0/modules/content":    "content",
	"http://purl.org/dc/elements/1.1":            "dc", "http://purl.org/dc/elements/1.0": "dc", "http://purl.org/dc": "dc",
	"http://purl.org/dc/terms":                   "dcterms",
	"http://search.yahoo.com/mrss":               "media",
	"http://tools.search.yahoo.com/mrss":         "media",
	"http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes", "http://example.com/dtds/podcast-1.0.dtd": "itunes",
	"http://rssnamespace.org/feedburner/ext/1.0":                     "feedburner",
	"http://purl.org/rss/1.0/modules/syndication":                    "sy",
	"http://creativecommons.org/ns":                                  "cc",
	"http://web.resource.org/cc":                                     "cc",
	"http://backend.userland.com/creativecommonsrssmodule":           "creativecommons",
	"http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativecommons",
	"http://www.w3.org/1999/xhtml":                                   "xhtml",
	"http://purl.org/atompub/tombstones/1.0":                         "at",
}

// spaceKey is a namespace URI without what publishers get wrong: case, white
// space, https, a slash or hash at its end.
func spaceKey(uri []byte) string {
	s := strings.ToLower(string(bytes.TrimSpace(uri)))
	if rest, ok := strings.CutPrefix(s, "https:"); ok {
		s = "http:" + rest
	}
	return strings.TrimRight(s, "/#")
}

// usualPrefix reports whether an undeclared prefix is one that everybody uses
// for its namespace.
func usualPrefix(p string) bool {
	switch p {
	case "atom", "content", "dc", "dcterms", "media", "itunes", "feedburner", "sy", "cc", "creativecommons", "xhtml", "rss", "rdf":
		return true
	}
	return false
}
