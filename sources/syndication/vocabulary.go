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
	name  string
}

// named are fields that know their names.
func named(list map[string]field) map[string]field {
	for name, f := range list {
		f.name = name
		list[name] = f
	}
	return list
}

// The fields are known by the namespace's short name (shortNames) and the local
// name in lower case, with a dot between; names of the format's own namespace
// stand alone. gofeed gets extensions of ours under these names.

var rssFields = named(map[string]field{
	"channel": {form: asScope, class: ofScopes}, "item": {form: asScope, class: ofScopes},
	"link": {form: native, class: ofLinks}, "comments": {form: native, class: ofLinks}, "category": {form: native, class: ofTopics}, "enclosure": {form: native, class: ofMedia},
	"image": {form: native, class: ofMedia}, "source": {form: native, class: ofText}, "skiphours": {form: native, class: ofText}, "skipdays": {form: native, class: ofText},
	"title": {form: asText, class: ofText}, "description": {form: asText, class: ofText}, "guid": {form: asText, class: ofText}, "author": {form: asText, class: ofPeople},
	"pubdate": {form: asText, class: ofText}, "language": {form: asText, class: ofText}, "copyright": {form: asText, class: ofText}, "rights": {form: asText, class: ofText}, "ttl": {form: asText, class: ofText},
	"fullitem": {form: asText, class: ofText}, "body": {form: asText, class: ofText}, "content": {form: asText, class: ofText}, "encoded": {form: asText, class: ofText}, "summary": {form: asText, class: ofText},
	"date": {form: asText, class: ofText}, "expirationdate": {form: asText, class: ofText},
	// Atom's elements, found in RSS without their namespace.
	"id": {form: asText, class: ofText}, "updated": {form: asText, class: ofText}, "published": {form: asText, class: ofText}, "modified": {form: asText, class: ofText},

	"atom.title": {form: asText, class: ofText}, "atom.summary": {form: asText, class: ofText}, "atom.content": {form: asText, class: ofText}, "atom.id": {form: asText, class: ofText},
	"atom.rights": {form: asText, class: ofText}, "atom.published": {form: asText, class: ofText}, "atom.updated": {form: asText, class: ofText}, "atom.issued": {form: asText, class: ofText},
	"atom.modified": {form: asText, class: ofText}, "atom.link": {form: asText, class: ofLinks}, "atom.category": {form: asText, class: ofTopics},
	"atom.author": {form: asTree, class: ofPeople}, "atom.contributor": {form: asTree, class: ofPeople}, "atom.source": {form: asTree, class: ofPeople},
})

var atomFields = named(map[string]field{
	"entry": {form: asScope, class: ofScopes}, "source": {form: asScope, class: ofScopes},
	"link": {form: native, class: ofLinks}, "category": {form: native, class: ofTopics}, "author": {form: native, class: ofPeople}, "contributor": {form: native, class: ofPeople},
	"title": {form: asText, class: ofText}, "summary": {form: asText, class: ofText}, "content": {form: asText, class: ofText}, "id": {form: asText, class: ofText},
	"rights": {form: asText, class: ofText}, "copyright": {form: asText, class: ofText}, "icon": {form: asText, class: ofText}, "logo": {form: asText, class: ofText},
	"published": {form: asText, class: ofText}, "updated": {form: asText, class: ofText}, "issued": {form: asText, class: ofText}, "modified": {form: asText, class: ofText}, "created": {form: asText, class: ofText},
})

// moduleFields are read in every XML format.
var moduleFields = named(map[string]field{
	"content.encoded": {form: asText, class: ofText}, "xhtml.body": {form: asText, class: ofText}, "xhtml.div": {form: asText, class: ofText},
	"dc.title": {form: asText, class: ofText}, "dc.creator": {form: asText, class: ofPeople}, "dc.author": {form: asText, class: ofPeople}, "dc.contributor": {form: asText, class: ofPeople},
	"dc.subject": {form: asText, class: ofTopics}, "dc.description": {form: asText, class: ofText}, "dc.date": {form: asText, class: ofText}, "dc.publisher": {form: asText, class: ofText},
	"dc.language": {form: asText, class: ofText}, "dc.rights": {form: asText, class: ofText}, "dc.source": {form: asText, class: ofText},
	"dcterms.issued": {form: asText, class: ofText}, "dcterms.created": {form: asText, class: ofText}, "dcterms.modified": {form: asText, class: ofText},
	"dcterms.available": {form: asText, class: ofText}, "dcterms.valid": {form: asText, class: ofText}, "dcterms.date": {form: asText, class: ofText},
	"dcterms.creator": {form: asText, class: ofPeople}, "dcterms.subject": {form: asText, class: ofTopics}, "dcterms.publisher": {form: asText, class: ofText},
	"dcterms.language": {form: asText, class: ofText}, "dcterms.rights": {form: asText, class: ofText}, "dcterms.license": {form: asText, class: ofText},
	"dcterms.abstract": {form: asText, class: ofText}, "dcterms.title": {form: asText, class: ofText},
	"media.group": {form: asTree, class: ofMedia}, "media.content": {form: asTree, class: ofMedia}, "media.thumbnail": {form: asText, class: ofMedia},
	"media.title": {form: asText, class: ofText}, "media.description": {form: asText, class: ofText}, "media.credit": {form: asText, class: ofPeople},
	"media.copyright": {form: asText, class: ofText}, "media.keywords": {form: asText, class: ofTopics}, "media.category": {form: asText, class: ofTopics}, "media.license": {form: asText, class: ofText},
	"itunes.title": {form: asText, class: ofText}, "itunes.author": {form: asText, class: ofPeople}, "itunes.subtitle": {form: asText, class: ofText}, "itunes.summary": {form: asText, class: ofText},
	"itunes.complete": {form: asText, class: ofText}, "itunes.image": {form: asText, class: ofMedia}, "itunes.duration": {form: asText, class: ofText}, "itunes.keywords": {form: asText, class: ofTopics}, "itunes.category": {form: asTree, class: ofTopics},
	"feedburner.origlink": {form: asText, class: ofLinks}, "feedburner.origenclosurelink": {form: asText, class: ofMedia},
	"sy.updateperiod": {form: asText, class: ofText}, "sy.updatefrequency": {form: asText, class: ofText},
	"cc.license": {form: asText, class: ofText}, "creativecommons.license": {form: asText, class: ofText},
	"at.deleted-entry": {form: asTree, class: ofBranches},
})

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
