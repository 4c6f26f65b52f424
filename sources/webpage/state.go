package webpage

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Some pages are built by a script from data that stand in the page. The text is
// then in one of its JSON documents: as one string of HTML, or as the strings of
// a list of blocks. Which one is not known by name; it is the place in the data
// that holds the most prose.

// fromState is the input of a text found in the data of the page's application.
const fromState = "state"

const (
	maxStateDepth   = 40
	maxStateStrings = 20_000
)

// stateText returns the paragraphs of the place that holds the most prose.
func (p *page) stateText() []string {
	var best []string
	for _, s := range p.tree.states {
		v, ok := stateJSON(s)
		if !ok {
			continue
		}
		prose := proseReader{found: map[string][]string{}}
		prose.walk(v, "", 0)
		for _, path := range slices.Sorted(maps.Keys(prose.found)) {
			if lines := prose.found[path]; lettersOf(lines) > lettersOf(best) {
				best = lines
			}
		}
	}
	return best
}

// stateJSON finds the first JSON object or list in a script.
func stateJSON(s string) (v any, ok bool) {
	for range 4 {
		i := strings.IndexAny(s, "{[")
		if i < 0 {
			return nil, false
		}
		if json.NewDecoder(strings.NewReader(s[i:])).Decode(&v) == nil {
			if _, isMap := v.(map[string]any); isMap || len(s) > minState {
				return v, true
			}
		}
		s = s[i+1:]
	}
	return nil, false
}

// proseReader gathers strings that are prose by their place in the data, list
// indexes left out.
type proseReader struct {
	found map[string][]string
	n     int
}

func (r *proseReader) walk(v any, path string, depth int) {
	if depth > maxStateDepth || r.n > maxStateStrings {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			r.walk(v[k], path+"."+k, depth+1)
		}
	case []any:
		for _, x := range v {
			r.walk(x, path, depth+1)
		}
	case string:
		r.n++
		r.take(v, path)
	}
}

// take keeps a string if it is prose: long, of words, and a sentence.
func (r *proseReader) take(s, path string) {
	if len(s) < 60 || strings.Count(s, " ")*16 < len(s) || strings.HasPrefix(s, "http") {
		return
	}
	for _, l := range paragraphsOf(s) {
		if len(l) >= 40 && endsSentence(l) {
			r.found[path] = append(r.found[path], l)
		}
	}
}
