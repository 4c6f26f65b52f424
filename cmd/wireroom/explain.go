package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"wireroom/article"
	"wireroom/sources/webpage"
)

// account says of one field what it is, what gave it, and what else was to be
// had.
type account struct {
	Field string              `json:"field"`
	Value string              `json:"value,omitempty"` // as one line; empty: the record has none
	Input string              `json:"input,omitempty"` // html, json-ld, feed, wire, …; wireroom for what we give ourselves
	Why   string              `json:"why,omitempty"`
	Lost  []webpage.Candidate `json:"lost,omitempty"`
}

// ourselves is the input of what no source says.
const ourselves = "wireroom"

// accounts goes through the record field by field. gaps says why a wire's fields
// are empty.
func accounts(r *article.Record, cands []webpage.Candidate, gaps map[string]string) (list []account) {
	told := map[string]bool{}
	for _, f := range values(r) {
		a := account{Field: f.name, Value: article.Line(f.value)}
		told[f.name] = true
		for _, c := range cands {
			switch {
			case c.Field != f.name:
			case !c.Chosen:
				switch {
				case c.Why != "":
				case article.Line(c.Value) == a.Value:
					c.Why = "says the same"
				default:
					c.Why = "a weaker input"
				}
				a.Lost = append(a.Lost, c)
			case a.Why == "" && f.name != "body":
				a.Why = reason(c)
			}
		}
		switch {
		case a.Value != "":
			a.Input = origin(r, f.name)
		case gaps[f.name] != "":
			a.Why = gaps[f.name]
		case len(a.Lost) == 0:
			continue
		}
		list = append(list, a)
	}
	for _, c := range cands { // what belongs to no field of the record's
		if !told[c.Field] {
			told[c.Field] = true
			same := slices.DeleteFunc(slices.Clone(cands), func(o webpage.Candidate) bool { return o.Field != c.Field })
			list = append(list, account{Field: c.Field, Lost: same})
		}
	}
	return list
}

// origin is the input of a field, or of the group of fields that it belongs to.
func origin(r *article.Record, field string) string {
	if field == "raw_title" {
		field = "headline"
	}
	for name := field; ; {
		if in := r.Provenance[name]; in != "" {
			return in
		}
		i := strings.LastIndexByte(name, '.')
		if i < 0 {
			return ourselves
		}
		name = name[:i]
	}
}

func reason(c webpage.Candidate) string {
	if c.Where != "" && c.Why != "" {
		return c.Where + ": " + c.Why
	}
	return c.Where + c.Why
}

type named struct{ name, value string }

// values are the fields of the record in the order of an editor's form.
func values(r *article.Record) []named {
	return []named{
		{"id", r.ID}, {"version", number(r.Version)}, {"status", string(r.Status)}, {"revision", revision(r.Revision)},
		{"urgency", number(r.Urgency)}, {"genre", r.Genre}, {"paywall", flag(r.Paywall)}, {"language", r.Language},
		{"headline", r.Headline}, {"raw_title", r.RawTitle}, {"kicker", r.Kicker}, {"standfirst", r.Standfirst}, {"slugline", r.Slugline},
		{"byline", r.Byline}, {"authors", people(r.Authors)}, {"editors", strings.Join(r.Editors, ", ")}, {"sign_off", r.SignOff},
		{"dateline", dateline(r.Dateline)}, {"agencies", strings.Join(r.Agencies, ", ")},
		{"publisher", joined(" ", r.Publisher.Name, r.Publisher.URL)}, {"source", joined(" ", r.Source.Name, r.Source.GUID)},
		{"published", moment(r.Published)}, {"updated", moment(r.Updated)}, {"first_seen", moment(r.FirstSeen)}, {"claimed", r.Claimed},
		{"embargo_until", moment(r.Embargo)}, {"expires", moment(r.Expires)},
		{"links.canonical", r.Links.Canonical}, {"links.short", r.Links.Short}, {"links.via", r.Links.Via}, {"links.comments", r.Links.Comments},
		{"links.related", related(r.Links.Related)},
		{"subjects", subjects(r.Subjects)}, {"places", strings.Join(r.Places, ", ")}, {"people", strings.Join(r.People, ", ")},
		{"organisations", strings.Join(r.Organisations, ", ")}, {"keywords", strings.Join(r.Keywords, ", ")},
		{"body", body(&r.Body)}, {"images", pictures(r.Images)}, {"media", pictures(r.Media)},
		{"rights.copyright", r.Rights.Copyright}, {"rights.terms", r.Rights.Terms}, {"rights.license", r.Rights.License},
		{"rights.republish", string(r.Rights.Republish)}, {"story", r.Story.ID},
	}
}

func flag(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// joined joins what is not empty.
func joined(sep string, list ...string) string {
	return strings.Join(slices.DeleteFunc(list, func(s string) bool { return s == "" }), sep)
}

func revision(v article.Revision) string { return joined(" ", v.Kind, number(v.Number), v.Note) }

func people(list []article.Person) string {
	var out []string
	for _, p := range list {
		if more := joined(", ", p.Role, p.Place); more != "" {
			p.Name += " (" + more + ")"
		}
		out = append(out, p.Name)
	}
	return strings.Join(out, ", ")
}

func dateline(d article.Dateline) string {
	if d.Text == "" {
		return strings.Join(d.Places, ", ")
	}
	return d.Text + " [" + joined("; ", strings.Join(d.Places, ", "), d.Date, d.Agency) + "]"
}

func related(list []article.Link) string {
	if len(list) == 0 {
		return ""
	}
	return fmt.Sprintf("%d: %s", len(list), joined(" ", list[0].URL, list[0].Title))
}

func subjects(list []article.Subject) string {
	var out []string
	for _, s := range list {
		out = append(out, joined(" ", s.Name, joined(":", s.Scheme, s.Code)))
	}
	return strings.Join(out, ", ")
}

func body(b *article.Body) string {
	if b.Text == "" {
		return ""
	}
	about := fmt.Sprintf("%d words", b.WordCount)
	if len(b.Sections) > 1 {
		about += fmt.Sprintf(" in %d sections", len(b.Sections))
	}
	return about + ": " + b.Text
}

func pictures(list []article.Media) string {
	if len(list) == 0 {
		return ""
	}
	m := &list[0]
	s := joined(" | ", m.URL, m.Caption, m.Credit)
	if m.Caption == "" {
		s = joined(" | ", m.URL, m.Alt, m.Credit)
	}
	return fmt.Sprintf("%d: %s", len(list), s)
}

const (
	explainWidth = 100 // letters of a value
	explainAlike = 6   // candidates that lost for the same reason
)

// explain prints the accounts for a terminal: a line a field, and below it those
// who lost.
func explain(w io.Writer, list []account) error {
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	fmt.Fprintln(t, "FIELD\tFROM\tVALUE\tWHY")
	for _, a := range list {
		value, from := short(a.Value), a.Input
		if a.Value == "" {
			value, from = "-", "-"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", a.Field, from, value, a.Why)
		alike := map[string]int{}
		for _, c := range a.Lost {
			if alike[c.Why]++; alike[c.Why] <= explainAlike {
				why := c.Why
				if a.Field != "body" {
					why = reason(c)
				}
				fmt.Fprintf(t, "  lost\t%s\t%s\t%s\n", c.Input, short(c.Value), why)
			}
		}
		for _, c := range a.Lost {
			if n := alike[c.Why] - explainAlike; n > 0 {
				fmt.Fprintf(t, "  lost\t%s\t... and %d more\t%s\n", c.Input, n, c.Why)
				alike[c.Why] = 0
			}
		}
	}
	return t.Flush()
}

// short is the beginning of s, on one line.
func short(s string) string {
	s = article.Line(s)
	if r := []rune(s); len(r) > explainWidth {
		return strings.TrimSpace(string(r[:explainWidth-1])) + "…"
	}
	return s
}
