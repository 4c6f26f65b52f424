package server

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"wireroom/article"
)

// A filter is a link whose address is that of the query feed: what people see
// under it is what they get by subscribing to it.

// searchView is a form that asks for words.
type searchView struct {
	Action, Label, Value string
	Hidden               []param // the filters that go on holding
}

type param struct{ Name, Value string }

// facetView is one thing to filter by.
type facetView struct {
	Name   string
	Values []facetValue
}

type facetValue struct {
	Name, Lang, Dir, URL string
	Count                int
	On                   bool
}

// maxFacet is how many values of one thing are offered.
const maxFacet = 12

// address is that of a page with parameters, in their canonical order.
func address(page string, given url.Values) string {
	sep := "?"
	var b strings.Builder
	b.WriteString(page)
	for _, name := range parameters {
		for _, v := range given[name] {
			b.WriteString(sep + name + "=" + url.QueryEscape(v))
			sep = "&"
		}
	}
	return b.String()
}

// toggled is the address of a page with one value more, or less if it is there.
func toggled(page string, given url.Values, name, value string) string {
	next := url.Values{}
	for k, list := range given {
		next[k] = list
	}
	same := func(v string) bool { return strings.EqualFold(v, value) }
	if list := given[name]; slices.ContainsFunc(list, same) {
		next[name] = slices.DeleteFunc(slices.Clone(list), same)
	} else {
		next[name] = slices.Sorted(slices.Values(append(slices.Clone(list), value)))
	}
	return address(page, next)
}

// activeFilters are what a page was narrowed by.
func activeFilters(page string, want *wanted) []linkView {
	var list []linkView
	for _, name := range parameters {
		for _, v := range want.given[name] {
			l := linkView{Type: filterNames[name], Name: v, URL: toggled(page, want.given, name, v)}
			if name == "lang" {
				l.Name, l.Lang, l.Dir = languageName(v), v, side(v)
			}
			list = append(list, l)
		}
	}
	return list
}

// filterNames are what people call the parameters.
var filterNames = map[string]string{"agency": "Agency", "lang": "Language", "topic": "Topic", "source": "Source", "q": "Words", "since": "Since"}

func searchOf(page, feedTitle string, want *wanted) searchView {
	v := searchView{Action: page, Label: "Search " + feedTitle, Value: strings.Join(want.given["q"], " ")}
	for _, name := range parameters {
		if name == "q" {
			continue
		}
		for _, value := range want.given[name] {
			v.Hidden = append(v.Hidden, param{name, value})
		}
	}
	return v
}

// facetsOf counts what the articles of a feed's current document can be filtered
// by. What would not narrow anything is left out.
func facetsOf(page string, records []article.Record, given url.Values) []facetView {
	tallies := [...]*tally{newTally("source"), newTally("agency"), newTally("topic"), newTally("lang")}
	for i := range records {
		r := &records[i]
		tallies[0].add(r.Source.ID, r.Source.Name)
		for _, a := range r.Agencies {
			tallies[1].add(a, a)
		}
		for _, s := range r.Subjects {
			tallies[2].add(cmp.Or(s.Name, s.Code), cmp.Or(s.Name, s.Code))
		}
		tallies[2].add(r.Kicker, r.Kicker)
		for _, k := range r.Keywords {
			tallies[2].add(k, k)
		}
		tallies[2].next()
		tallies[3].add(r.Language, languageName(r.Language))
	}
	var out []facetView
	for _, t := range tallies {
		if f := t.facet(page, given, len(records)); len(f.Values) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// tally counts the values of one parameter, whatever their case.
type tally struct {
	parameter string
	values    map[string]*facetValue
	asked     map[string]string // by folded name: the value to ask for
	now       map[string]bool   // values of the article that is being counted
}

func newTally(parameter string) *tally {
	return &tally{parameter, map[string]*facetValue{}, map[string]string{}, map[string]bool{}}
}

// next begins another article, of which each value counts once.
func (t *tally) next() { clear(t.now) }

func (t *tally) add(value, name string) {
	key := strings.ToLower(strings.TrimSpace(value))
	if key == "" || len(value) > maxValue || t.now[key] {
		return
	}
	if t.parameter == "topic" {
		t.now[key] = true
	}
	v := t.values[key]
	if v == nil {
		v = &facetValue{Name: cmp.Or(name, value)}
		t.values[key], t.asked[key] = v, value
	}
	v.Count++
}

func (t *tally) facet(page string, given url.Values, articles int) facetView {
	for _, g := range given[t.parameter] {
		key := strings.ToLower(g)
		if t.values[key] == nil {
			t.values[key], t.asked[key] = &facetValue{Name: g}, g
		}
		t.values[key].On = true
	}
	out := facetView{Name: filterNames[t.parameter]}
	for key, v := range t.values {
		if !v.On && v.Count == articles {
			continue // all have it
		}
		v.URL, v.Dir = toggled(page, given, t.parameter, t.asked[key]), "auto"
		if t.parameter == "lang" {
			v.Lang, v.Dir = key, side(key)
		}
		out.Values = append(out.Values, *v)
	}
	slices.SortFunc(out.Values, func(a, b facetValue) int {
		return cmp.Or(order(b.On)-order(a.On), b.Count-a.Count, cmp.Compare(a.Name, b.Name))
	})
	out.Values = out.Values[:min(len(out.Values), maxFacet)]
	return out
}

func order(on bool) int {
	if on {
		return 1
	}
	return 0
}
