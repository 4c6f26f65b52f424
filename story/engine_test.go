package story

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"wireroom/article"
)

// desk is a few articles to try the engine on.
func desk(id, headline, text string, hour float64) *article.Record {
	at := labelledBegin.Add(time.Duration(hour * float64(time.Hour)))
	return &article.Record{
		ID: "tag:example.org,2026:" + id, Language: "en", Headline: headline, Published: at, Updated: at, FirstSeen: at,
		Source: article.Source{ID: "s" + id}, Body: article.Body{Text: text, WordCount: article.WordCount(text)},
	}
}

func quake(id string, hour float64) *article.Record {
	return desk(id, "Quake of magnitude 6.8 shakes Antofagasta",
		"A quake of magnitude 6.8 shook Antofagasta in northern Chile and sent residents into the streets, the seismological centre said. Report "+id+" says that copper mines stopped and that Interior Minister Montes flew north.", hour)
}

// TestDeterministic: the same articles in the same order give the same
// decisions, and so do those that are stored after a restart.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	list := labelled(t, "tune")
	a, b := New(Options{}), New(Options{})
	places := map[string]Place{}
	for _, x := range list {
		da, db := a.Add(x.record), b.Add(x.record)
		if !reflect.DeepEqual(da, db) {
			t.Fatalf("%+v and %+v", da, db)
		}
		places[x.record.ID] = da.Place
		for _, p := range da.Moved {
			places[p.Article] = p
		}
	}
	c := New(Options{})
	for _, x := range list {
		r := *x.record
		p := places[r.ID]
		r.Story.ID, r.Story.Text = p.Story, p.Text
		c.Restore(&r)
	}
	for id, n := range a.byID {
		if m := c.byID[id]; m == nil || m.place() != n.place() {
			t.Errorf("%s is at %+v, after a restart at %+v", id, n.place(), m)
		}
	}
	if sa, sc := a.Stats(), c.Stats(); sa.Stories != sc.Stories || sa.Articles != sc.Articles || sa.Bytes == 0 {
		t.Errorf("%+v, after a restart %+v", sa, sc)
	}
}

// TestIDs: a story's id is that of its first article, told to that one when the
// second comes; an article alone has none.
func TestIDs(t *testing.T) {
	t.Parallel()
	e := New(Options{})
	if d := e.Add(quake("a", 1)); d.Story != "" || d.Text != "" {
		t.Errorf("alone, and yet %+v", d)
	}
	d := e.Add(quake("b", 2))
	want := "tag:example.org,2026:s-a"
	if d.Story != want || len(d.Moved) == 0 || d.Moved[0].Article != "tag:example.org,2026:a" || d.Moved[0].Story != want {
		t.Errorf("%+v", d)
	}
	if d.With != "tag:example.org,2026:a" || len(d.Why) == 0 || d.Score <= 0 {
		t.Errorf("not explained: %+v", d)
	}
	if again := e.Add(quake("b", 2)); again.Place != d.Place || len(again.Moved) != 0 {
		t.Errorf("the same again: %+v", again)
	}
	if article.EntryID(want) != "tag:example.org,2026:a" {
		t.Errorf("published as %s", article.EntryID(want))
	}
	if x, ok := e.Explain(d.Article); !ok || x.Story != want || len(x.Why) == 0 {
		t.Errorf("%+v", x)
	}
	if _, ok := e.Explain("nothing"); ok {
		t.Error("explained what it does not have")
	}
	if d := e.Add(desk("c", "Panda twins in Vienna", "Two cubs took their first steps at the Schoenbrunn zoo on Monday before two thousand people.", 3)); d.Story != "" {
		t.Errorf("%+v", d)
	}
}

// TestVersions: a later version stays in its story, moves only for better
// evidence, and leaves the equal texts once it is another text.
func TestVersions(t *testing.T) {
	t.Parallel()
	e := New(Options{})
	e.Add(quake("a", 1))
	before := e.Add(quake("b", 2))
	if before.Text == "" {
		t.Fatalf("the same text is not found: %+v", before)
	}
	next := desk("b", "Death toll of Antofagasta quake rises to nine", "Rescuers in Antofagasta found nine bodies under a guesthouse after the quake that shook northern Chile. President Ruiz is to visit on Tuesday.", 2)
	next.Version, next.Updated = 2, next.Updated.Add(3*time.Hour)
	next.Story.ID, next.Story.Text = before.Story, before.Text
	d := e.Add(next)
	if d.Story != before.Story || d.Text == before.Text {
		t.Errorf("the second version: %+v, the first %+v", d, before)
	}
	if n := len(e.byID); n != 2 {
		t.Errorf("%d articles", n)
	}
	next.Status = article.Canceled
	next.Story.Text = d.Text
	if d := e.Add(next); d.Story != before.Story || e.byID[next.ID] != nil {
		t.Errorf("withdrawn: %+v", d)
	}
	withheld := quake("z", 3)
	withheld.Status = article.Withheld
	if d := e.Add(withheld); d.Story != "" || len(e.byID) != 1 {
		t.Errorf("withheld: %+v", d)
	}
}

// TestPins: an operator's decision wins, before and after, and is remembered.
func TestPins(t *testing.T) {
	t.Parallel()
	e := New(Options{})
	for i, id := range []string{"a", "b", "c"} {
		e.Add(quake(id, float64(i)))
	}
	apart := Pin{Article: "tag:example.org,2026:b", Story: "tag:example.org,2026:s-b", Apart: true}
	moved := e.Pin(apart)
	if len(moved) != 1 || moved[0].Story != apart.Story || moved[0].Text != "" && moved[0].Text == e.byID["tag:example.org,2026:a"].place().Text {
		t.Errorf("split: %+v", moved)
	}
	if again := e.Pin(apart); again != nil {
		t.Errorf("said again: %+v", again)
	}
	next := quake("b", 1)
	next.Headline += " again"
	if d := e.Add(next); d.Story != apart.Story {
		t.Errorf("a later version went back: %+v", d)
	}
	e.Pin(Pin{Article: "tag:example.org,2026:p", Story: "tag:example.org,2026:s-a"})
	if d := e.Add(desk("p", "Panda twins in Vienna", "Two cubs took their first steps at the zoo.", 4)); d.Story != "tag:example.org,2026:s-a" {
		t.Errorf("joined before it came: %+v", d)
	}
	if x, _ := e.Explain("tag:example.org,2026:p"); len(x.Why) == 0 || x.Why[0].Kind != "an operator's decision" {
		t.Errorf("%+v", x)
	}
	// The founder leaves: its story keeps the id, and what it founds gets another.
	e.Pin(Pin{Article: "tag:example.org,2026:a", Story: "tag:example.org,2026:s-a-2", Apart: true})
	if p := e.byID["tag:example.org,2026:a"].place(); p.Story != "tag:example.org,2026:s-a-2" {
		t.Errorf("%+v", p)
	}
	if p := e.byID["tag:example.org,2026:c"].place(); p.Story != "tag:example.org,2026:s-a" {
		t.Errorf("%+v", p)
	}
}

// TestWindow: what is older than the window or beyond the limit is let go of,
// with everything that was kept of it.
func TestWindow(t *testing.T) {
	t.Parallel()
	e := New(Options{Window: 10 * time.Hour, Limit: 50})
	b := newBusy(1000)
	b.pace = 2 * time.Minute
	for range 3000 {
		e.Add(b.next())
	}
	if s := e.Stats(); s.Articles != 50 || len(e.nodes) != 50 || len(e.stories) > 50 || len(e.terms.table.entries) > 16*50*maxTerms {
		t.Errorf("%+v, %d stories, room for %d words", s, len(e.stories), len(e.terms.table.entries))
	}
	if d := e.Add(quake("old", 0)); e.byID[d.Article] != nil {
		t.Error("an article from before the window is held")
	}
	late := quake("late", 300)
	e.Add(late)
	if s := e.Stats(); s.Articles != 1 || len(e.stories) != 1 {
		t.Errorf("%+v", s)
	}
	for range 3 { // the counts of words fade
		e.common.advance(e.common.now + e.window)
	}
	if n := e.common.size(); n != 0 {
		t.Errorf("%d words are still counted", n)
	}
}

// TestLanguages: the same names in two languages are two stories, but for a link
// or a picture that says otherwise.
func TestLanguages(t *testing.T) {
	t.Parallel()
	german := desk("d", "Beben der Stärke 6,8 erschüttert Antofagasta", "Ein Beben der Stärke 6,8 hat Antofagasta in Chile erschüttert. Die Kupferminen haben die Arbeit eingestellt, und Innenminister Montes ist in den Norden geflogen.", 2)
	german.Language = "de"
	for name, c := range map[string]struct {
		change func(en, de *article.Record)
		joined bool
	}{
		"names alone": {func(_, _ *article.Record) {}, false},
		"a link": {func(en, de *article.Record) {
			en.Links.Canonical = "https://x.example/en/1"
			de.Links.Related = []article.Link{{URL: "https://x.example/en/1"}}
		}, true},
		"a picture": {func(en, de *article.Record) {
			en.Images = []article.Media{{URL: "https://a.example/2026/antofagasta-0815.jpg?w=100"}}
			de.Images = []article.Media{{URL: "https://b.example/img/antofagasta-0815.jpg"}}
		}, true},
	} {
		e := New(Options{})
		en, de := quake("a", 1), *german
		c.change(en, &de)
		e.Add(en)
		if d := e.Add(&de); (d.Story != "") != c.joined || d.Text != "" {
			t.Errorf("%s: %+v", name, d)
		}
	}
	for want, text := range map[string]string{
		"es": "El gobierno de España anunció que los trenes que van a Sevilla y las líneas del sur no serán más caros, pero sí los del norte, según el ministro.",
		"pt": "O governo de Portugal anunciou que os comboios que vão para o sul não serão mais caros, mas também que os do norte são, segundo o ministro.",
		"fr": "Le gouvernement a annoncé que les trains qui vont dans le sud ne seront pas plus chers, mais que ceux du nord le sont, selon la ministre.",
		"":   "Xyzzy plugh quux frotz.",
	} {
		r := desk("l"+want, "", text, 1)
		r.Language = ""
		e := New(Options{})
		e.Add(r)
		if l := e.byID[r.ID].lang; l != want {
			t.Errorf("%q is taken for %q, want %q", text, l, want)
		}
	}
	wrong := *german
	wrong.Language = "en"
	e := New(Options{})
	e.Add(&wrong)
	if l := e.byID[wrong.ID].lang; l != "de" {
		t.Errorf("a German text that claims to be English is %s", l)
	}
}

// TestAddress: one address is one text at its owner's, but not where somebody
// else claims it for other words.
func TestAddress(t *testing.T) {
	t.Parallel()
	make := func(id, site, text string) *article.Record {
		r := desk(id, "Headline of "+id+" that says something else", text, 1)
		r.Links.Canonical, r.Source.URL = "https://paper.example/a/1", "https://"+site+"/"
		return r
	}
	one, two := "Twelve words of one text are written here so that it counts.", "Nothing of this other text, which is as long, occurs in that."
	e := New(Options{})
	e.Add(make("a", "paper.example", one))
	if d := e.Add(make("b", "news.paper.example", two)); d.Text == "" {
		t.Errorf("two feeds of one publisher: %+v", d)
	}
	if d := e.Add(make("c", "thief.example", "Buy pills now and win a trip to the moon with all of your dear friends.")); d.Text != "" {
		t.Errorf("somebody else's claim: %+v", d)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	r := reader{lexicon: newLexicon(), deep: 1000}
	count := func(s string) (n int, kinds kind) {
		r.words = r.words[:0]
		r.read(s, 1000)
		for _, w := range r.words {
			kinds |= w.kind
		}
		return len(r.words), kinds &^ (capital | initial)
	}
	for s, want := range map[string]struct {
		n int
		k kind
	}{
		"":                      {0, 0},
		"l'été d’Amérique":      {4, 0},
		"won 2-1 against":       {3, number | score},
		"2:1 und 12.500 Euro":   {4, number | score},
		"1,234,567 and 5.3":     {3, number},
		"in 2024 300 came":      {4, number},
		"737b 3rd":              {2, number},
		"東京で地震":                 {5, 0},
		"Straße strasse":        {2, 0},
		"\xff\xfe broken \x80":  {1, 0},
		"12–10 12 345 1'000":    {3, number | score},
		"9999999999-1":          {2, number},
		"e\u0301te\u0301 ÉTÉ æ": {3, 0},
	} {
		if n, k := count(s); n != want.n || k != want.k {
			t.Errorf("%q: %d words of kind %b, want %d of %b", s, n, k, want.n, want.k)
		}
	}
	for _, same := range [][2]string{{"Straße", "strasse"}, {"e\u0301te\u0301", "ÉTÉ"}, {"12.500", "12,500"}, {"2:1", "2–1"}, {"strikes", "strike"}, {"землетрясения", "землетрясение"}} {
		count(same[0])
		a := r.words[0].stem
		count(same[1])
		if b := r.words[0].stem; a != b || a == 0 {
			t.Errorf("%q and %q differ", same[0], same[1])
		}
	}
}

// TestLikeness: what is estimated from sketches is near the truth.
func TestLikeness(t *testing.T) {
	t.Parallel()
	words := func(from, to int) []word {
		var out []word
		for i := from; i < to; i++ {
			out = append(out, word{hash: hashOf([]byte(fmt.Sprint(i)))})
		}
		return out
	}
	sketch := func(from, to int) []uint32 {
		return new(printer).smallest(nil, shingles(nil, words(from, to)), sketchSize)
	}
	for _, c := range []struct {
		a, b     []uint32
		jaccard  float64
		contains float64
	}{
		{sketch(0, 500), sketch(0, 500), 1, 1},
		{sketch(0, 500), sketch(250, 750), 1. / 3, 0.5},
		{sketch(0, 500), sketch(1000, 1500), 0, 0},
		{sketch(0, 40), sketch(0, 1400), 40. / 1400, 1},
		{sketch(0, 2), sketch(0, 2), 1, 1},
		{nil, sketch(0, 9), 0, 0},
	} {
		j, k, _ := likeness(c.a, c.b, sketchSize)
		if j < c.jaccard-0.15 || j > c.jaccard+0.15 || k < c.contains-0.25 || k > c.contains+0.25 {
			t.Errorf("%.2f and %.2f, want %.2f and %.2f", j, k, c.jaccard, c.contains)
		}
	}
	if s := sketch(0, 1200); len(s) != sketchSize || !slices.IsSorted(s) {
		t.Errorf("%d hashes", len(s))
	}
}

// FuzzAdd: whatever a record holds, the engine takes it, bounded, and gives the
// same answer twice.
func FuzzAdd(f *testing.F) {
	f.Add("en", "Quake 6.8 in Chile", "Two people died, 2-1.", "https://a.example/x", "Chile", uint8(3))
	f.Add("", "東京で地震", strings.Repeat("地震", 900), "", "", uint8(0))
	f.Add("x-\xff", "\xff\xfe", "1,2.3-4:5\u00a0678", "::", "\n", uint8(255))
	f.Fuzz(func(t *testing.T, lang, headline, text, url, place string, n uint8) {
		a, b := New(Options{Limit: 8}), New(Options{Limit: 8})
		for i := range int(n)%12 + 2 {
			r := desk(fmt.Sprint(i%9), headline, text, float64(n)*float64(i))
			r.Language, r.Links.Canonical, r.Places = lang, url, []string{place, headline}
			r.People, r.Agencies = []string{place}, []string{place}
			r.Images = []article.Media{{URL: url}}
			if i%2 == 1 {
				r.Headline, r.Body.Text = text, headline
			}
			if da, db := a.Add(r), b.Add(r); !reflect.DeepEqual(da, db) {
				t.Fatalf("%+v\n%+v", da, db)
			}
		}
		for _, n := range a.nodes {
			if len(n.terms()) > maxTerms || len(n.list(listBody)) > sketchSize || len(n.keys(nil)) > maxKeys {
				t.Errorf("%d terms, %d hashes, %d keys", len(n.terms()), len(n.list(listBody)), len(n.keys(nil)))
			}
		}
		if s := a.Stats(); s.Articles > 8 {
			t.Errorf("%+v", s)
		}
	})
}
