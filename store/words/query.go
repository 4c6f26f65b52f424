package words

import (
	"slices"
	"strings"

	"wireroom/article"
)

// Query is what a reader is looking for: every phrase must occur.
type Query struct {
	phrases [][]string
}

// Parse reads what a reader typed: words, and "several words" in order. Words
// that a sign joins (AT&T, l'homme) are one phrase too.
func Parse(s string) Query {
	var q Query
	for i, piece := range strings.Split(typewriter.Replace(s), `"`) {
		pieces := []string{piece}
		if i%2 == 0 {
			pieces = strings.Fields(piece)
		}
		for _, p := range pieces {
			if phrase := slices.Collect(All(p)); len(phrase) > 0 {
				q.phrases = append(q.phrases, phrase)
			}
		}
	}
	return q
}

// typewriter makes quotation marks of every kind the plain one.
var typewriter = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`)

// IsZero reports whether there is nothing to look for.
func (q Query) IsZero() bool { return len(q.phrases) == 0 }

// Terms are the words and pairs that an index made with Index must all hold for
// an article that may match, each once.
func (q Query) Terms() []string {
	var terms []string
	for _, p := range q.phrases {
		for i, w := range p {
			paired := i > 0 && isPair(p[i-1], w)
			if paired {
				terms = append(terms, p[i-1]+w)
			}
			if !paired && !(i+1 < len(p) && isPair(w, p[i+1])) {
				terms = append(terms, w)
			}
		}
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// Exact reports whether an article that holds all Terms certainly matches.
func (q Query) Exact() bool {
	for _, p := range q.phrases {
		if len(p) > 2 || len(p) == 2 && !isPair(p[0], p[1]) {
			return false
		}
	}
	return true
}

// Matches reports whether r holds every phrase.
func (q Query) Matches(r *article.Record) bool {
	missing := slices.Clone(q.phrases)
	for _, text := range fields(r) {
		if len(missing) == 0 {
			break
		}
		if text == "" {
			continue
		}
		said := slices.Collect(All(text))
		missing = slices.DeleteFunc(missing, func(phrase []string) bool { return within(said, phrase) })
	}
	return len(missing) == 0
}

// within reports whether phrase stands in said.
func within(said, phrase []string) bool {
	for i := 0; i+len(phrase) <= len(said); i++ {
		if said[i] == phrase[0] && slices.Equal(said[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}
