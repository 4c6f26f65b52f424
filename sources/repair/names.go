package repair

// name is an element name that the structure of feeds gives a meaning to.
type name uint8

const (
	unknown name = iota
	// structure
	nRSS
	nRDF
	nFeed
	nChannel
	nItems
	nItem
	nEntry
	// text
	nTitle
	nLink
	nDescription
	nAbstract // CDF's description
	nGUID
	nID
	nPubDate
	nUpdated
	nPublished
	nSummary
	nContent
	nEncoded
	nRights
	nSubtitle
	nComments
	nCreator
	nLanguage
	// text or structure, depending on the format
	nAuthor
	nContributor
	nSource
	nCategory
	nEnclosure
	nImage
	nTextInput
	nSkipHours
	nSkipDays
	nCloud
)

// nameOf finds a local name's meaning; case does not matter, as to gofeed.
func nameOf(local []byte) name {
	var buf [24]byte
	switch string(lowerInto(&buf, local)) {
	case "rss":
		return nRSS
	case "rdf":
		return nRDF
	case "feed":
		return nFeed
	case "channel":
		return nChannel
	case "items":
		return nItems
	case "item":
		return nItem
	case "entry":
		return nEntry
	case "title":
		return nTitle
	case "link":
		return nLink
	case "description":
		return nDescription
	case "abstract":
		return nAbstract
	case "guid":
		return nGUID
	case "id":
		return nID
	case "pubdate", "lastbuilddate":
		return nPubDate
	case "updated", "modified":
		return nUpdated
	case "published", "issued":
		return nPublished
	case "summary":
		return nSummary
	case "content":
		return nContent
	case "encoded":
		return nEncoded
	case "rights", "copyright":
		return nRights
	case "subtitle", "tagline":
		return nSubtitle
	case "comments":
		return nComments
	case "creator":
		return nCreator
	case "language":
		return nLanguage
	case "author":
		return nAuthor
	case "contributor":
		return nContributor
	case "source":
		return nSource
	case "category":
		return nCategory
	case "enclosure":
		return nEnclosure
	case "image":
		return nImage
	case "textinput":
		return nTextInput
	case "skiphours":
		return nSkipHours
	case "skipdays":
		return nSkipDays
	case "cloud":
		return nCloud
	}
	return unknown
}

// isVoid reports whether HTML gives the element no content and no end tag.
func isVoid(local []byte) bool {
	var buf [24]byte
	switch string(lowerInto(&buf, local)) {
	case "br", "hr", "img", "input", "wbr", "area", "base", "col", "embed", "link", "meta", "param", "source", "track":
		return true
	}
	return false
}

// closesItself reports whether HTML ends an open element of the same name where
// the next one starts.
func closesItself(local []byte) bool {
	var buf [24]byte
	switch string(lowerInto(&buf, local)) {
	case "p", "li", "dt", "dd", "option", "tr", "td", "th":
		return true
	}
	return false
}
