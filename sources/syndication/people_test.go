package syndication

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"wireroom/article"
	"wireroom/sources"
)

func newBuilder() *builder {
	return &builder{f: &reading{}, it: new(sources.Item), scope: scope{base: "https://e.example/", doc: "https://e.example/"}}
}

func TestCredit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in     []string
		names  string
		byline string
		agency string
	}{
		{[]string{"Jane Doe"}, "Jane Doe", "Jane Doe", ""},
		{[]string{"jane@example.org (Jane Doe)"}, "Jane Doe", "Jane Doe", ""},
		{[]string{"Jane Doe (jane@example.org)"}, "Jane Doe", "Jane Doe", ""},
		{[]string{"Jane Doe <mailto:jane@example.org>"}, "Jane Doe", "Jane Doe", ""},
		{[]string{"jane@example.org"}, "", "", ""},
		{[]string{"By Jane Doe and John Roe"}, "Jane Doe|John Roe", "By Jane Doe and John Roe", ""},
		{[]string{"Jane Doe", "John Roe", "jane doe"}, "Jane Doe|John Roe", "Jane Doe, John Roe, jane doe", ""},
		{[]string{"Doe, Jane"}, "Doe, Jane", "Doe, Jane", ""},
		{[]string{"Reuters"}, "", "Reuters", "Reuters"},
		{[]string{"admin"}, "admin", "admin", ""},
		{[]string{"bob"}, "bob", "bob", ""},
		{[]string{"", "  "}, "", "", ""},
	} {
		b := newBuilder()
		for _, s := range tt.in {
			b.credit(s)
		}
		var names []string
		for _, p := range b.it.Record.Authors {
			names = append(names, p.Name)
		}
		r := b.it.Record
		if got := strings.Join(names, "|"); got != tt.names || r.Byline != tt.byline || strings.Join(r.Agencies, "|") != tt.agency {
			t.Errorf("%q: authors %q byline %q agencies %q, want %q %q %q", tt.in, got, r.Byline, r.Agencies, tt.names, tt.byline, tt.agency)
		}
	}
}

func TestPeopleAreBounded(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	for i := range 100 {
		b.person(article.Person{Name: fmt.Sprintf("%d %s", i, strings.Repeat("x", 1000))})
	}
	if n := len(b.it.Record.Authors); n != maxAuthors {
		t.Errorf("%d authors", n)
	}
	for _, p := range b.it.Record.Authors {
		if len(p.Name) > 256 {
			t.Errorf("a name of %d bytes", len(p.Name))
		}
	}
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	b.subject("", "", " Sea ")
	b.subject("", "", "sea")
	b.subject("s", "1", "Sea")
	b.subject("t", "2", "sea")
	b.subject("", "code", "")
	b.subject("", "", "a &amp; b")
	b.subject("", "", " ")
	want := []article.Subject{{Scheme: "s", Code: "1", Name: "Sea"}, {Scheme: "t", Code: "2", Name: "sea"}, {Name: "code"}, {Name: "a & b"}}
	if got := b.it.Record.Subjects; !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	b.keywords("one, two;two ,", "three")
	if got, want := b.it.Record.Keywords, []string{"one", "two", "three"}; !slices.Equal(got, want) {
		t.Errorf("keywords %q, want %q", got, want)
	}
	for i := range 200 {
		b.subject("", "", fmt.Sprint(i))
		b.keywords(fmt.Sprint(i))
	}
	if r := b.it.Record; len(r.Subjects) != maxSubjects || len(r.Keywords) != maxSubjects {
		t.Errorf("%d subjects, %d keywords", len(r.Subjects), len(r.Keywords))
	}
}
