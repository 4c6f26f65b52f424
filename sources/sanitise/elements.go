package sanitise

// class says how an element is treated.
type class uint8

const (
	unwrap    class = iota // the tag goes, the content stays
	raw                    // goes with its content, which is no markup, even if it never ends
	drop                   // goes with its content, if it ends
	block                  // a block that may hold blocks
	paragraph              // a block that holds text only
	heading                // h1 to h6
	list                   // ul, ol
	item                   // li, only in a list
	terms                  // dl
	term                   // dt, dd, only in a dl
	table                  // and its parts:
	caption
	section // thead, tbody, tfoot
	row
	cell
	inline     // a phrase; never holds a block
	formatting // a phrase that nests in itself to no effect
	void       // br, wbr, hr
	special    // has a function of its own in media.go
)

// element is one entry of the list: how a tag is treated, under which name it is
// written, and which attributes it may have besides lang, dir and title.
type element struct {
	class class
	name  string
	attrs []string
}

// elements is the list of all elements that are known; others are unwrapped.
var elements = map[string]element{
	"script": {class: raw}, "style": {class: raw}, "title": {class: raw}, "textarea": {class: raw}, "noembed": {class: raw}, "noframes": {class: raw},
	"svg": {class: drop}, "template": {class: drop}, "select": {class: drop}, "datalist": {class: drop}, "button": {class: drop},

	"article": {block, "article", nil}, "aside": {block, "aside", nil}, "footer": {block, "footer", nil}, "header": {block, "header", nil},
	"hgroup": {block, "hgroup", nil}, "main": {block, "main", nil}, "nav": {block, "nav", nil}, "section": {block, "section", nil},
	"address": {block, "address", nil}, "blockquote": {block, "blockquote", []string{"cite"}}, "div": {block, "div", nil}, "figure": {block, "figure", nil},
	"figcaption": {block, "figcaption", nil}, "details": {block, "details", []string{"open"}}, "summary": {block, "summary", nil},
	"center": {block, "div", nil}, "dialog": {block, "div", nil}, "fieldset": {block, "div", nil}, "form": {block, "div", nil},
	"legend": {block, "div", nil}, "search": {block, "div", nil},
	"p": {paragraph, "p", nil}, "pre": {paragraph, "pre", nil}, "listing": {paragraph, "pre", nil}, "xmp": {class: special}, "plaintext": {class: special},
	"h1": {heading, "h1", nil}, "h2": {heading, "h2", nil}, "h3": {heading, "h3", nil}, "h4": {heading, "h4", nil}, "h5": {heading, "h5", nil}, "h6": {heading, "h6", nil},
	"ul": {list, "ul", nil}, "menu": {list, "ul", nil}, "dir": {list, "ul", nil}, "ol": {list, "ol", []string{"start", "type", "reversed"}},
	"li": {item, "li", []string{"value"}}, "dl": {terms, "dl", nil}, "dt": {term, "dt", nil}, "dd": {term, "dd", nil},

	"table": {table, "table", nil}, "caption": {caption, "caption", nil}, "thead": {section, "thead", nil}, "tbody": {section, "tbody", nil},
	"tfoot": {section, "tfoot", nil}, "tr": {row, "tr", nil}, "td": {cell, "td", []string{"colspan", "rowspan"}}, "th": {cell, "th", []string{"colspan", "rowspan", "scope"}},

	"a": {class: special}, "abbr": {inline, "abbr", nil}, "acronym": {inline, "abbr", nil}, "bdi": {inline, "bdi", nil}, "bdo": {inline, "bdo", nil},
	"cite": {inline, "cite", nil}, "del": {inline, "del", []string{"cite", "datetime"}}, "dfn": {inline, "dfn", nil}, "ins": {inline, "ins", []string{"cite", "datetime"}},
	"kbd": {inline, "kbd", nil}, "mark": {inline, "mark", nil}, "q": {inline, "q", []string{"cite"}}, "samp": {inline, "samp", nil}, "span": {inline, "span", nil},
	"sub": {inline, "sub", nil}, "sup": {inline, "sup", nil}, "time": {inline, "time", []string{"datetime"}}, "var": {inline, "var", nil},
	"ruby": {inline, "ruby", nil}, "rt": {inline, "rt", nil}, "rp": {inline, "rp", nil},
	"b": {formatting, "b", nil}, "code": {formatting, "code", nil}, "tt": {formatting, "code", nil}, "em": {formatting, "em", nil}, "i": {formatting, "i", nil},
	"s": {formatting, "s", nil}, "strike": {formatting, "s", nil}, "small": {formatting, "small", nil}, "strong": {formatting, "strong", nil}, "u": {formatting, "u", nil},

	"br": {void, "br", nil}, "wbr": {void, "wbr", nil}, "hr": {void, "hr", nil},

	"img": {class: special}, "image": {class: special}, "amp-img": {class: special}, "picture": {class: special}, "source": {class: special}, "noscript": {class: special},
	"video": {class: special}, "audio": {class: special}, "amp-video": {class: special}, "amp-audio": {class: special},
	"iframe": {class: special}, "amp-iframe": {class: special}, "embed": {class: special}, "math": {class: special},
}
