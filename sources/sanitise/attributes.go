package sanitise

import "wireroom/article"

// attributes is what may stay of the attributes that were read, as written.
func (b *builder) attributes(e element) string {
	if len(b.attrs) == 0 {
		return ""
	}
	b.scratch = b.appendAttributes(b.scratch[:0], e)
	return string(b.scratch)
}

// attributeOrder is the order in which attributes are written.
var attributeOrder = [...]string{"cite", "colspan", "datetime", "dir", "lang", "open", "reversed", "rowspan", "scope", "start", "title", "type", "value"}

func (b *builder) appendAttributes(t []byte, e element) []byte {
	for _, name := range attributeOrder {
		if !allowed(e, name) {
			continue
		}
		v, ok := b.attr(name)
		if name == "lang" && !ok {
			v, ok = b.attr("xml:lang")
		}
		switch {
		case !ok:
			continue
		case name == "open" || name == "reversed":
			t = attribute(t, name, "")
			continue
		case name == "title":
			v = article.Line(article.Cut(v, maxTitle))
		case name == "cite":
			if v = b.webURL(v); len(v) > maxCite {
				v = ""
			}
		default:
			v = value(name, v)
		}
		if v != "" {
			t = attribute(t, name, v)
		}
	}
	return t
}

// allowed reports whether an element may have an attribute. Blocks have no
// title: hundreds of their start tags may be owed at once.
func allowed(e element, name string) bool {
	switch name {
	case "lang", "dir":
		return true
	case "title":
		return e.class == inline || e.class == formatting || e.class == special
	}
	for _, a := range e.attrs {
		if a == name {
			return true
		}
	}
	return false
}

// value checks or rewrites the value of an attribute that is neither URL nor
// free text; empty means that the attribute goes.
func value(name, v string) string {
	switch name {
	case "dir":
		if v = lower(v); v == "ltr" || v == "rtl" || v == "auto" {
			return v
		}
	case "lang":
		if v != "" && len(v) <= 35 && only(v, isTagByte) {
			return v
		}
	case "type":
		if len(v) == 1 && (v == "1" || v == "a" || v == "A" || v == "i" || v == "I") {
			return v
		}
	case "scope":
		if v = lower(v); v == "row" || v == "col" || v == "rowgroup" || v == "colgroup" {
			return v
		}
	case "colspan", "rowspan", "start", "value":
		if v != "" && len(v) <= 4 && only(v, isDigit) {
			return v
		}
	case "datetime":
		if v != "" && len(v) <= 40 && only(v, isDateByte) {
			return v
		}
	}
	return ""
}

func only(s string, ok func(byte) bool) bool {
	for i := 0; i < len(s); i++ {
		if !ok(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool   { return c >= '0' && c <= '9' }
func isTagByte(c byte) bool { return alphanumeric(c) || c == '-' }
func isDateByte(c byte) bool {
	return alphanumeric(c) || c == '-' || c == ':' || c == '+' || c == '.' || c == ' '
}
