package article

import (
	"testing"
	"time"
)

// TestPrimary: the rules by which one article stands for a text, each deciding
// over those after it.
func TestPrimary(t *testing.T) {
	t.Parallel()
	base := func(id string) *Record {
		return &Record{ID: id, Agencies: []string{"Reuters"}, Published: noon, Body: Body{WordCount: 100},
			Source: Source{ID: "paper-" + id, URL: "https://" + id + ".example/"}, Links: Links{Canonical: "https://else.example/1"}}
	}
	for name, change := range map[string]func(r *Record){
		"the one that may be published": nil,
		"the agency":                    func(r *Record) { r.Source.Name = "REUTERS" },
		"the agency as publisher":       func(r *Record) { r.Publisher.Name = "Reuters" },
		"the owner of the address":      func(r *Record) { r.Links.Canonical = "https://www.b.example/x" },
		"the owner by its feed": func(r *Record) {
			r.Links.Canonical, r.Source.FeedURL = "https://c.example/x", "https://feeds.c.example/"
		},
		"the latest correction": func(r *Record) { r.Revision.Number = 2 },
		"the longer":            func(r *Record) { r.Body.WordCount = 101 },
		"the earlier":           func(r *Record) { r.Published = noon.Add(-time.Minute) },
	} {
		a, b := base("a"), base("b")
		if change == nil {
			a.Status = Canceled
		} else {
			change(b)
		}
		if Primary([]*Record{a, b}) != 1 || Primary([]*Record{b, a}) != 0 {
			t.Errorf("%s does not stand for the text", name)
		}
	}
	if Primary([]*Record{base("b"), base("a")}) != 1 || Primary(nil) != -1 {
		t.Error("ties go by id; nothing stands for nothing")
	}
}

// TestBest: the rules by which one article represents a story.
func TestBest(t *testing.T) {
	t.Parallel()
	rec := func(id string, minutes, words int) *Record {
		at := noon.Add(time.Duration(minutes) * time.Minute)
		return &Record{ID: id, Published: at, Updated: at, Body: Body{WordCount: words}, Source: Source{ID: "s" + id}}
	}
	alert, gone := rec("alert", 300, 400), rec("gone", 400, 400)
	alert.Revision.Kind, gone.Status = "alert", Withheld
	revised := rec("revised", 0, 300)
	revised.Updated = noon.Add(6 * time.Hour)
	for name, c := range map[string]struct {
		list   []*Record
		prefer []string
		want   int
	}{
		"none":                          {nil, nil, -1},
		"the freshest":                  {[]*Record{rec("a", 0, 400), rec("b", 120, 300)}, nil, 1},
		"a revision is fresh":           {[]*Record{rec("a", 120, 400), revised}, nil, 1},
		"not an alert":                  {[]*Record{rec("a", 0, 400), alert}, nil, 0},
		"not a fragment":                {[]*Record{rec("a", 0, 400), rec("b", 120, 100)}, nil, 0},
		"not what is withheld":          {[]*Record{rec("a", 0, 400), gone}, nil, 0},
		"an hour is nothing":            {[]*Record{rec("a", 0, 400), rec("b", 50, 300)}, nil, 0},
		"the preferred":                 {[]*Record{rec("a", 0, 400), rec("b", 50, 300)}, []string{"sx", "sb", "sa"}, 1},
		"but not before fresh":          {[]*Record{rec("a", 0, 400), rec("b", 150, 300)}, []string{"sa"}, 1},
		"old ones by their age":         {[]*Record{alert, rec("a", 0, 400), rec("b", 90, 20)}, nil, 1},
		"the text counts, if uncounted": {[]*Record{{ID: "a", Standfirst: "one two three four"}, {ID: "b", Body: Body{Text: "one two three four five"}}}, nil, 1},
	} {
		if got := Best(c.list, c.prefer); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestGroupIDs: a group's id is made from an article's and leads back to it.
func TestGroupIDs(t *testing.T) {
	t.Parallel()
	for id, want := range map[string][3]string{
		"tag:x.example,2026:abc": {"tag:x.example,2026:s-abc", "tag:x.example,2026:t-abc", "tag:x.example,2026:abc"},
		"urn:other":              {"s-urn:other", "t-urn:other", "urn:other"},
	} {
		if s, x := StoryID(id), TextID(id); s != want[0] || x != want[1] || EntryID(s) != want[2] || EntryID(x) != want[2] || EntryID(id) != id {
			t.Errorf("%s: %s, %s, %s", id, s, x, EntryID(s))
		}
	}
	if EntryID(StoryID("tag:x,2026:a")+"-2") != "tag:x,2026:a-2" {
		t.Error("a story that an operator made has an entry of its own")
	}
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"https://www.bbc.co.uk/a", "http://feeds.bbc.co.uk/b", true}, {"https://a.co.uk/", "https://b.co.uk/", false},
		{"", "", false}, {"https://a.example/", "", false}, {"::", "::", false},
	} {
		if SameSite(c.a, c.b) != c.same {
			t.Errorf("%q and %q", c.a, c.b)
		}
	}
}
