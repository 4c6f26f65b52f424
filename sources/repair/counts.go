package repair

// repair is one kind of mending that is counted.
type repair uint8

const (
	noRepair repair = iota
	truncated
	leadingJunk
	foreignRoot
	controlChar
	badReference
	bareAmpersand
	namedEntity
	ownEntity
	strayMarkup
	badCDATA
	badAttribute
	badEndTag
	unclosed
	tooDeep
	namespaces
	structure
	tooMany
	jsonSyntax
	jsonType
	repairs // how many there are
)

// repairNames are what an operator sees.
var repairNames = [repairs]string{
	truncated:     "truncated",
	leadingJunk:   "leading-junk",
	foreignRoot:   "foreign-root",
	controlChar:   "control-char",
	badReference:  "bad-charref",
	bareAmpersand: "bare-ampersand",
	namedEntity:   "html-entity",
	ownEntity:     "doctype-entity",
	strayMarkup:   "stray-markup",
	badCDATA:      "cdata",
	badAttribute:  "attribute",
	badEndTag:     "end-tag",
	unclosed:      "unclosed",
	tooDeep:       "too-deep",
	namespaces:    "namespace",
	structure:     "structure",
	tooMany:       "too-many",
	jsonSyntax:    "json-syntax",
	jsonType:      "json-type",
}

type counts [repairs]int

// named returns the counts by name, nil if nothing was mended.
func (c *counts) named() map[string]int {
	var m map[string]int
	for i, n := range c {
		if n > 0 && repair(i) != noRepair {
			if m == nil {
				m = make(map[string]int)
			}
			m[repairNames[i]] = n
		}
	}
	return m
}
