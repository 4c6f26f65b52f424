package feed

import "wireroom/article"

// ArticleHTML is the text of an article as our own page shows it: what entries
// carry as content, within the source's rights, sanitised and balanced. Empty
// for an article that may not be published.
func ArticleHTML(s Site, r article.Record) string {
	e := newEntry(&r, &s, r.Language)
	if e == nil {
		return ""
	}
	return e.content
}
