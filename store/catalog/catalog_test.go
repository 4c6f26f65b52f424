package catalog

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/packed"
	"wireroom/store/words"
)

func TestTidy(t *testing.T) {
	t.Parallel()
	r := article.Record{Input: "file", Published: time.Date(2026, 1, 2, 3, 4, 5, 6_789_012, time.FixedZone("", 3600))}
	Tidy(&r, "a")
	if r.Input != "" || r.Source.ID != "a" || r.Version != 1 || r.Status != article.Usable || !r.Embargo.IsZero() ||
		r.Published != time.Date(2026, 1, 2, 2, 4, 5, 6_000_000, time.UTC) {
		t.Errorf("%+v", r)
	}
}

func TestPrepare(t *testing.T) {
	t.Parallel()
	c, err := packed.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	poll := func(first bool) *store.Poll {
		html := "<p>" + strings.Repeat("Ships may enter the harbour again. ", 20) + "</p>"
		p := &store.Poll{State: store.State{Source: "a"}, First: first}
		for _, headline := range []string{"One", "Two"} {
			plain := article.PlainOf(html)
			p.Items = append(p.Items, store.Item{Record: &article.Record{ID: "urn:" + headline, Headline: headline, Body: article.Body{HTML: html, Text: plain.Text()}}, Plain: plain})
		}
		return p
	}
	for _, first := range []bool{true, false} {
		p := poll(first)
		Prepare(p, c)
		for _, it := range p.Items {
			if it.Record.Source.ID != "a" || it.Print != Print(it.Record) || Ready(&it, "b") != it.Print || it.Record.Source.ID != "a" {
				t.Errorf("%+v has the print %x, want %x", it.Record, it.Print, Print(it.Record))
			}
			if first != bytes.Equal(it.Packed, c.Record(nil, it.Record)) || !first && it.Packed != nil {
				t.Errorf("first %v: %q is packed as %x", first, it.Record.Headline, it.Packed)
			}
		}
	}
	Prepare(&store.Poll{First: true}, c)
}

func TestNames(t *testing.T) {
	t.Parallel()
	id := article.Mint("news.example.org", "a", "g:1")
	r := article.Record{ID: id}
	if Name(id) != Name(article.ShortID(id)) || !Is(&r, id) || !Is(&r, article.ShortID(id)) {
		t.Error("an article is not found by the last part of its id")
	}
	if Is(&r, "") || Is(&r, "tag:else.example.org,2026:"+article.ShortID(id)) || Is(&article.Record{}, "") {
		t.Error("an article is found by an id that is not its own")
	}
}

func TestTermsAndAnswers(t *testing.T) {
	t.Parallel()
	r := article.Record{
		Language: "zh-Hant-TW", Agencies: []string{"Agence \u00dc"}, Kicker: " Politik ", Subjects: []article.Subject{{Code: "15000000", Name: "Sport"}},
		Headline: "One two", Body: article.Body{Text: "three"}, Story: article.Story{ID: "s"},
	}
	has := map[int64]bool{}
	for _, n := range Terms(&r) {
		if has[n] || n < 0 || n >= 1<<48 {
			t.Errorf("term %d", n)
		}
		has[n] = true
	}
	for _, tt := range []struct {
		q    article.Query
		want bool
	}{
		{article.Query{}, true},
		{article.Query{Languages: []string{"zh"}}, true}, {article.Query{Languages: []string{"ZH-hant", "en"}}, true}, {article.Query{Languages: []string{"zh-TW"}}, false},
		{article.Query{Agencies: []string{"agence \u00fc "}}, true}, {article.Query{Agencies: []string{"AFP"}}, false},
		{article.Query{Topics: []string{"SPORT"}}, true}, {article.Query{Topics: []string{"15000000"}}, true}, {article.Query{Topics: []string{"politik"}, Languages: []string{"en"}}, false},
		{article.Query{Stories: []string{"x", "s"}}, true}, {article.Query{Stories: []string{"S"}}, false}, {article.Query{Stories: []string{""}}, false},
		{article.Query{Match: "THREE one"}, true}, {article.Query{Match: `"two three"`}, false},
	} {
		match := words.Parse(tt.q.Match)
		if got := Answers(&tt.q, &match, &r); got != tt.want {
			t.Errorf("%+v: %v", tt.q, got)
		}
		found := true
		for _, any := range Wanted(&tt.q) {
			one := false
			for _, n := range any {
				one = one || has[n]
			}
			found = found && one
		}
		if tt.want && !found {
			t.Errorf("%+v: the terms don't lead to the article", tt.q)
		}
	}
	if len(Wanted(&article.Query{})) != 0 {
		t.Error("a query without terms wants some")
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	if Status("") != 0 || Status(article.Usable) != 0 || Status(article.Withheld) != 1 || Status(article.Canceled) != 2 {
		t.Error("a status has another number")
	}
	q := article.Query{}
	r := article.Record{Published: time.UnixMilli(1), Updated: time.UnixMilli(2)}
	if When(&q, &r) != r.Published {
		t.Error("published")
	}
	if q.ByUpdated = true; When(&q, &r) != r.Updated {
		t.Error("updated")
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	a, b := store.Source{ID: "a", Host: "h"}, store.Source{ID: "b", Host: "h", FirstDue: time.UnixMilli(5)}
	base, err := Digest([]store.Source{a, b})
	if err != nil {
		t.Fatal(err)
	}
	for name, list := range map[string][]store.Source{"order": {b, a}, "due": {a, {ID: "b", Host: "h"}}} {
		if sum, err := Digest(list); err != nil || string(sum) != string(base) {
			t.Errorf("%s changes the digest: %v", name, err)
		}
	}
	for name, list := range map[string][]store.Source{
		"fewer": {a}, "host": {a, {ID: "b", Host: "x"}}, "title": {a, {ID: "b", Host: "h", Title: "T"}}, "rights": {a, {ID: "b", Host: "h", Republish: article.Full}},
		"paused": {a, {ID: "b", Host: "h", Paused: true}}, "shifted": {a, {ID: "bh"}},
	} {
		if sum, err := Digest(list); err != nil || string(sum) == string(base) {
			t.Errorf("%s does not change the digest: %v", name, err)
		}
	}
	if _, err := Digest([]store.Source{a, a}); err == nil {
		t.Error("a source that is there twice")
	}
}
