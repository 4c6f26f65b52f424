package webpage

import (
	"encoding/json"
	"html"
	"strconv"
	"strings"
)

// thing is one node of linked data (JSON-LD, schema.org).
type thing map[string]any

// linked is what a page's JSON-LD says.
type linked struct {
	articles []thing // the article, best first; more than one where a page says it twice
	page     thing   // the WebPage
	crumbs   []string
	byID     map[string]thing
	all      []thing
}

const maxThings = 2000

// readLinked parses the JSON-LD scripts. Scripts that can't be mended are left
// out.
func readLinked(scripts []string) *linked {
	l := &linked{byID: map[string]thing{}}
	for _, s := range scripts {
		if v, ok := lenientJSON(s); ok {
			l.collect(v, 0)
		}
	}
	for _, th := range l.all {
		switch {
		case th.isArticle():
			l.articles = append(l.articles, th)
		case th.is("WebPage") && l.page == nil:
			l.page = th
		case th.is("BreadcrumbList") && l.crumbs == nil:
			l.crumbs = th.crumbs()
		}
	}
	return l
}

// collect finds every node that may matter: at the top, in graphs and lists and
// in the main entity, but not the items of lists of other articles.
func (l *linked) collect(v any, depth int) {
	if depth > 6 || len(l.all) > maxThings {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			l.collect(x, depth+1)
		}
	case map[string]any:
		th := thing(v)
		if id, ok := v["@id"].(string); ok && len(v) > 1 {
			if old, ok := l.byID[id]; !ok || len(old) < len(th) {
				l.byID[id] = th
			}
		}
		l.all = append(l.all, th)
		for _, k := range []string{"@graph", "mainEntity", "mainEntityOfPage", "@reverse"} {
			if x, ok := v[k]; ok {
				l.collect(x, depth+1)
			}
		}
		if th.is("BreadcrumbList") || th.is("ItemList") || th.is("CollectionPage") {
			return
		}
		for _, k := range []string{"author", "publisher", "image", "video", "creator", "breadcrumb"} {
			l.collectIDs(v[k], depth+1)
		}
	}
}

// collectIDs remembers the nodes that others may refer to.
func (l *linked) collectIDs(v any, depth int) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			l.collectIDs(x, depth+1)
		}
	case map[string]any:
		if id, ok := v["@id"].(string); ok && len(v) > 1 {
			if old, ok := l.byID[id]; !ok || len(old) < len(v) {
				l.byID[id] = v
			}
		}
		if thing(v).is("BreadcrumbList") {
			l.all = append(l.all, v)
		}
	}
}

// follow returns the node that v is or refers to.
func (l *linked) follow(v any) thing {
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	if id, ok := m["@id"].(string); ok && len(m) <= 2 {
		if th, ok := l.byID[id]; ok {
			return th
		}
	}
	return m
}

// first returns the first value of key among the article's nodes.
func (l *linked) first(keys ...string) any {
	for _, k := range keys {
		for _, th := range l.articles {
			if v, ok := th[k]; ok && v != nil && v != "" {
				return v
			}
		}
	}
	return nil
}

// text returns the first text under one of keys.
func (l *linked) text(keys ...string) string {
	for _, k := range keys {
		for _, th := range l.articles {
			if s := l.textOf(th[k]); s != "" {
				return s
			}
		}
	}
	return ""
}

// textOf returns what a value says as text: a string, a number, a node's name,
// the first of a list.
func (l *linked) textOf(v any) string {
	switch v := v.(type) {
	case string:
		return plain(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		for _, x := range v {
			if s := l.textOf(x); s != "" {
				return s
			}
		}
	case map[string]any:
		th := l.follow(v)
		for _, k := range []string{"@value", "name", "url", "@id"} {
			if s, ok := th[k].(string); ok && s != "" {
				return plain(s)
			}
		}
	}
	return ""
}

// texts returns all texts of a value.
func (l *linked) texts(v any) (out []string) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			out = append(out, l.texts(x)...)
		}
	default:
		if s := l.textOf(v); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// list returns a value as a list.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

func (th thing) is(typ string) bool {
	switch v := th["@type"].(type) {
	case string:
		return typeName(v) == typ
	case []any:
		for _, x := range v {
			if s, ok := x.(string); ok && typeName(s) == typ {
				return true
			}
		}
	}
	return false
}

func (th thing) isArticle() bool {
	switch v := th["@type"].(type) {
	case string:
		return articleTypes[typeName(v)]
	case []any:
		for _, x := range v {
			if s, ok := x.(string); ok && articleTypes[typeName(s)] {
				return true
			}
		}
	}
	return false
}

func typeName(s string) string {
	return s[strings.LastIndexAny(s, "/#:")+1:]
}

// articleTypes are the subclasses of schema.org's Article that news sites use.
var articleTypes = map[string]bool{
	"NewsArticle": true, "Article": true, "ReportageNewsArticle": true, "OpinionNewsArticle": true, "AnalysisNewsArticle": true,
	"ReviewNewsArticle": true, "BackgroundNewsArticle": true, "AskPublicNewsArticle": true, "SatiricalArticle": true,
	"BlogPosting": true, "LiveBlogPosting": true, "Report": true, "TechArticle": true, "AdvertiserContentArticle": true,
	"ScholarlyArticle": true, "SocialMediaPosting": true, "MedicalWebPage": false, "Newsarticle": true, "newsArticle": true,
}

// crumbs returns the names of a BreadcrumbList in order.
func (th thing) crumbs() (out []string) {
	for _, x := range list(th["itemListElement"]) {
		m, _ := x.(map[string]any)
		name, _ := m["name"].(string)
		if it, ok := m["item"].(map[string]any); ok && name == "" {
			name, _ = it["name"].(string)
		}
		if name = plain(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// lenientJSON reads JSON as it is found in pages: in comments or CDATA, with raw
// control characters in strings, commas too many, a semicolon at the end.
func lenientJSON(s string) (any, bool) {
	s = strings.TrimSpace(s)
	for _, p := range []string{"<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["} {
		s = strings.TrimSpace(strings.TrimPrefix(s, p))
	}
	var v any
	if json.Unmarshal([]byte(s), &v) == nil {
		return v, true
	}
	if strings.HasPrefix(s, "{&quot;") || strings.HasPrefix(s, "[{&quot;") {
		s = html.UnescapeString(s)
	}
	dec := json.NewDecoder(strings.NewReader(mendJSON(s)))
	if dec.Decode(&v) == nil {
		return v, true
	}
	return nil, false
}

// mendJSON escapes what strings may not hold raw, and drops commas before a
// closing bracket.
func mendJSON(s string) string {
	b := make([]byte, 0, len(s)+64)
	inString := false
	comma := -1
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !inString {
			switch {
			case c == ',':
				comma = len(b)
			case (c == '}' || c == ']') && comma >= 0:
				b = b[:comma]
				comma = -1
			case c > ' ':
				comma = -1
			}
			inString = c == '"'
			b = append(b, c)
			continue
		}
		switch {
		case c == '\\' && i+1 < len(s):
			i++
			if strings.IndexByte(`"\/bfnrtu`, s[i]) >= 0 {
				b = append(b, '\\')
			}
			b = append(b, s[i])
		case c == '"' && !closesString(s[i+1:]):
			b = append(b, '\\', '"')
		case c == '"':
			inString = false
			b = append(b, c)
		case c < ' ':
			b = append(b, ' ')
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

// closesString reports whether a quotation mark before rest ends a string: what
// follows must be what JSON wants there.
func closesString(rest string) bool {
	rest = strings.TrimLeft(rest, " \t\r\n")
	return rest == "" || strings.IndexByte(",:}]", rest[0]) >= 0
}
