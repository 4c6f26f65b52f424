package storetest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
)

// The vocabulary of the articles that selections are tried on.
var (
	someLanguages = []string{"en", "en-GB", "de", "de-AT", "fr", "zh-Hant-TW", ""}
	someAgencies  = []string{"AFP", "dpa", "Reuters", "Agence Ü"}
	someTopics    = []string{"Politics", "sport", "Économie", "weather", "15000000"}
	someStories   = []string{"", "", "one", "two", "Two"}
	someWords     = []string{"alpha", "beta", "gamma", "delta", "epsilon", "zeta"}
)

func pick(rnd *rand.Rand, list []string, n int) []string {
	var out []string
	for range n {
		if s := list[rnd.IntN(len(list))]; !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func say(rnd *rand.Rand, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = someWords[rnd.IntN(len(someWords))]
	}
	return strings.Join(list, " ")
}

// someArticle is a random one; few values, so that ties and meetings abound.
func someArticle(rnd *rand.Rand, source string, n int) article.Record {
	r := record(source, n, start)
	r.Published = start.Add(-time.Duration(rnd.IntN(60)) * time.Minute)
	r.Updated = r.Published
	if rnd.IntN(3) == 0 {
		r.Updated = r.Published.Add(time.Duration(rnd.IntN(90)) * time.Minute)
	}
	r.FirstSeen = start.Add(time.Duration(n/25) * time.Minute)
	r.Story.ID = someStories[rnd.IntN(len(someStories))]
	r.Language = someLanguages[rnd.IntN(len(someLanguages))]
	r.Agencies = pick(rnd, someAgencies, rnd.IntN(3))
	r.Subjects, r.Kicker = nil, ""
	if rnd.IntN(2) == 0 {
		r.Subjects = []article.Subject{{Code: someTopics[4], Name: someTopics[rnd.IntN(4)]}}
	}
	r.Keywords = pick(rnd, someTopics[:4], rnd.IntN(3))
	if rnd.IntN(3) == 0 {
		r.Kicker = someTopics[rnd.IntN(4)]
	}
	r.Headline, r.Standfirst, r.Body.Text = say(rnd, 2), say(rnd, 2), say(rnd, 3)
	switch rnd.IntN(10) {
	case 0:
		r.Status = article.Canceled
	case 1:
		r.Status = article.Withheld
	}
	if rnd.IntN(6) == 0 {
		r.Embargo = start.Add(time.Duration(rnd.IntN(5)-2) * time.Hour)
	}
	if rnd.IntN(6) == 0 {
		r.Expires = start.Add(time.Duration(rnd.IntN(5)-2) * time.Hour)
	}
	return r
}

// someQuery is a random question.
func someQuery(rnd *rand.Rand, sources []string) article.Query {
	q := article.Query{Limit: 5 + rnd.IntN(60), ByUpdated: rnd.IntN(3) == 0}
	if rnd.IntN(3) == 0 {
		q.Sources = pick(rnd, append([]string{"nobody", "retired"}, sources...), 1+rnd.IntN(3))
	}
	if rnd.IntN(3) == 0 {
		q.Languages = pick(rnd, []string{"en", "EN-gb", "de", "zh-Hant", "zh", "pt"}, 1+rnd.IntN(2))
	}
	if rnd.IntN(3) == 0 {
		q.Agencies = pick(rnd, []string{"afp", "DPA", " Reuters ", "agence ü", "AP"}, 1+rnd.IntN(2))
	}
	if rnd.IntN(3) == 0 {
		q.Topics = pick(rnd, []string{"politics", "SPORT", "économie", "15000000", "none"}, 1+rnd.IntN(2))
	}
	if rnd.IntN(5) == 0 {
		q.Stories = pick(rnd, someStories[1:], 1+rnd.IntN(2))
	}
	if rnd.IntN(5) == 0 {
		q.Entered.From = start.Add(time.Duration(rnd.IntN(24)) * time.Minute)
	}
	if rnd.IntN(5) == 0 {
		q.Entered.To = start.Add(time.Duration(rnd.IntN(30)) * time.Minute)
	}
	if rnd.IntN(3) == 0 {
		for range 1 + rnd.IntN(2) {
			if n := 1 + rnd.IntN(3); n > 1 {
				q.Match += ` "` + say(rnd, n) + `"`
			} else {
				q.Match += " " + strings.ToUpper(say(rnd, 1))
			}
		}
	}
	if rnd.IntN(4) == 0 {
		q.Since = start.Add(-time.Duration(rnd.IntN(60)) * time.Minute)
	}
	if rnd.IntN(2) == 0 {
		q.Now = start
	}
	q.Status = []article.Status{"", "", article.Usable, article.Canceled, article.Withheld}[rnd.IntN(5)]
	return q
}

// answer is what the query asks for, worked out the slow way.
func answer(q article.Query, all []article.Record) []article.Record {
	if q.Status == "" {
		q.Status = article.Usable
	}
	when := func(r *article.Record) time.Time {
		if q.ByUpdated {
			return r.Updated
		}
		return r.Published
	}
	fold := func(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
	anyOf := func(wanted, has []string) bool {
		return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool {
			return slices.ContainsFunc(has, func(h string) bool { return fold(h) == fold(w) })
		})
	}
	says := func(r *article.Record) bool {
		for i, part := range strings.Split(q.Match, `"`) {
			parts := strings.Fields(part)
			if i%2 == 1 {
				parts = []string{part}
			}
			for _, p := range parts {
				found := false
				for _, text := range []string{r.Headline, r.Standfirst, r.Body.Text} {
					found = found || strings.Contains(" "+text+" ", " "+fold(p)+" ")
				}
				if !found {
					return false
				}
			}
		}
		return true
	}
	var list []article.Record
	for i := range all {
		r := &all[i]
		varieties := []string{r.Language}
		for l := r.Language; strings.Contains(l, "-"); {
			l = l[:strings.LastIndexByte(l, '-')]
			varieties = append(varieties, l)
		}
		if r.Status != q.Status || r.Source.ID == "retired" || len(q.Sources) > 0 && !slices.Contains(q.Sources, r.Source.ID) ||
			!anyOf(q.Languages, varieties) || !anyOf(q.Agencies, r.Agencies) || !anyOf(q.Topics, r.Terms()) || !says(r) ||
			len(q.Stories) > 0 && (r.Story.ID == "" || !slices.Contains(q.Stories, r.Story.ID)) || !q.Entered.Contains(r.FirstSeen) ||
			when(r).Before(q.Since) || !q.Now.IsZero() && (r.Embargo.After(q.Now) || !r.Expires.IsZero() && !r.Expires.After(q.Now)) {
			continue
		}
		list = append(list, *r)
	}
	slices.SortFunc(list, func(a, b article.Record) int {
		return cmp.Or(when(&b).Compare(when(&a)), strings.Compare(a.ID, b.ID))
	})
	return list
}

// runSelect asks random questions, page by page, while articles arrive, change
// and go, and holds the answers against those worked out the slow way.
func runSelect(t *testing.T, open Open) {
	d := &desk{t: t, Store: open(t), open: open}
	rnd := rand.New(rand.NewPCG(3, 4))
	sources := []string{"one", "two", "three", "four"}
	d.sync(src("one", "h1"), src("two", "h1"), src("three", "h2"), src("four", "h3"), src("retired", "h4"))
	stored := map[string]article.Record{}
	n := 0
	asked, found := 0, 0
	for round := range 6 {
		for _, s := range append(sources, "retired") {
			if s == "retired" && round > 0 {
				break
			}
			var batch []article.Record
			for range 25 {
				n++
				batch = append(batch, someArticle(rnd, s, n))
			}
			for id, r := range stored { // and new versions of old ones
				if r.Source.ID == s && rnd.IntN(8) == 0 {
					next := someArticle(rnd, s, 0)
					next.ID, next.Source, next.Published = id, r.Source, r.Published
					next.FirstSeen = start.Add(time.Duration(round+1) * time.Hour)
					batch = append(batch, next)
				}
			}
			var list []string
			claims, _ := d.claim(named(start, s))
			p := poll(claims[0], 0, start)
			for _, r := range batch {
				p.Items = append(p.Items, item(s, 0, start, func(x *article.Record) { *x = r }))
				if old, ok := stored[r.ID]; ok {
					if next, change := article.Revise(old, r); change != article.Same {
						stored[r.ID] = next
					}
				} else {
					stored[r.ID] = r
				}
				list = append(list, r.ID)
			}
			d.saveOne(p)
			d.release(time.Time{}, claims...)
			if len(list) == 0 {
				t.Fatal("nothing to store")
			}
		}
		d.shuffle(rnd, stored)
		if round == 0 {
			d.sync(src("one", "h1"), src("two", "h1"), src("three", "h2"), src("four", "h3"))
		}
		all := make([]article.Record, 0, len(stored))
		for _, r := range stored {
			all = append(all, r)
		}
		for range 60 {
			q := someQuery(rnd, sources)
			want := answer(q, all)
			got := pages(d, q)
			asked, found = asked+1, found+len(want)
			if !slices.Equal(ids(got), ids(want)) {
				t.Fatalf("round %d: %+v\n got %d %v\nwant %d %v", round, q, len(got), brief(got), len(want), brief(want))
			}
			if len(want) > 0 {
				d.same("record", got[0], want[0])
			}
		}
	}
	if found < 10*asked {
		t.Errorf("%d questions found %d articles; the test asks nothing", asked, found)
	}
	if got := d.query(article.Query{}); len(got) != 100 {
		t.Errorf("without a limit %d articles", len(got))
	}
}

// shuffle gives some of the articles other stories.
func (d *desk) shuffle(rnd *rand.Rand, stored map[string]article.Record) {
	d.t.Helper()
	var list []store.Assignment
	for id, r := range stored {
		if rnd.IntN(6) == 0 {
			r.Story.ID = someStories[rnd.IntN(len(someStories))]
			stored[id] = r
			list = append(list, store.Assignment{Article: id, Story: r.Story.ID})
		}
	}
	d.assign(list...)
}

func brief(list []article.Record) []string {
	var out []string
	for _, r := range list {
		out = append(out, fmt.Sprint(r.Source.GUID, "@", r.Published.Format("15:04"), "/", r.Updated.Format("15:04")))
	}
	return out
}

// pages asks for page after page.
func pages(d *desk, q article.Query) []article.Record {
	var all []article.Record
	for {
		page := d.query(q)
		all = append(all, page...)
		if len(page) < q.Limit {
			return all
		}
		last := page[len(page)-1]
		q.After = article.Cursor{Time: last.Published, ID: last.ID}
		if q.ByUpdated {
			q.After.Time = last.Updated
		}
	}
}

// runSearch: what words find, in the scripts of the world.
func runSearch(t *testing.T, open Open) {
	texts := map[string][3]string{
		"plain":    {"Minister quits over budget", "A long-running row ends.", "The finance minister, Zoë Müller-Łęcka, said “no comment”. It's over at AT&T."},
		"umlaut":   {"Straße gesperrt", "", "Die STRASSE bleibt zu; Ärger überall."},
		"chinese":  {"東京都で大雪", "首相が会見", "気象庁によると、東京と京都で雪。"},
		"korean":   {"서울에서 회담", "", "정부는 합의했다"},
		"thai":     {"รัฐบาลไทยแถลง", "", "ภาษาไทยไม่มีช่องว่าง"},
		"arabic":   {"الرَّئيس يستقيل", "", "أعلن الرئيس اليوم"},
		"russian":  {"Ёлка на площади", "", "Новогодняя ёлка"},
		"split":    {"alpha", "beta", "gamma"},
		"numbers":  {"COVID-19 in 2026", "", "3.5 percent; U.S. dollars"},
		"accented": {"Café à la crème", "", "L'homme naïve"},
	}
	tests := []struct{ match, want string }{
		{"minister", "plain"}, {"MINISTER budget", "plain"}, {"minist", ""}, {`"minister quits"`, "plain"}, {`"quits minister"`, ""},
		{"zoe", "plain"}, {"müller-łęcka", "plain"}, {"Muller Lecka", "plain"}, {`"no comment"`, "plain"}, {"at&t", "plain"}, {"AT&X", ""},
		{"strasse", "umlaut"}, {"straße", "umlaut"}, {"Ärger", "umlaut"}, {"arger ÜBERALL", "umlaut"},
		{"東京", "chinese"}, {"京都", "chinese"}, {"東京都", "chinese"}, {"都京", ""}, {"雪", "chinese"}, {"大雪 首相", "chinese"}, {"首相が会見", "chinese"}, {"気象庁 東京と京都", "chinese"}, {"大阪", ""},
		{"서울", "korean"}, {"합의", "korean"}, {"울서", ""}, {"ไทย", "thai"}, {"ภาษาไทย", "thai"}, {"รัฐบาลไทย แถลง", "thai"},
		{"الرئيس", "arabic"}, {"елка", "russian"}, {"ёлка", "russian"}, {"ПЛОЩАДИ", "russian"},
		{"alpha gamma", "split"}, {`"alpha beta"`, ""}, {"covid-19", "numbers"}, {"19", "numbers"}, {"u.s.", "numbers"}, {`"3.5 percent"`, "numbers"},
		{"cafe creme", "accented"}, {"l’homme", "accented"}, {"naive", "accented"},
		{"“alpha”", "split"}, {`"alpha`, "split"}, {"---", ""}, {`""`, ""}, {"alpha ---", "split"}, {"alpha OR beta", ""}, {"NOT alpha", ""}, {"alp*", ""}, {"headline:alpha", ""},
	}
	d := &desk{t: t, Store: open(t), open: open}
	d.sync(src("a", "one"))
	byID := map[string]string{}
	feed := func() {
		i := 0
		for name, text := range texts {
			i++
			it := item("a", i, start, func(r *article.Record) {
				r.Headline, r.Standfirst, r.Body.Text = text[0], text[1], text[2]
				r.Source.GUID = name
				r.ID = article.Mint("x", "a", name)
				byID[r.ID] = name
			})
			d.feed("a", start, it)
		}
	}
	check := func() {
		t.Helper()
		for _, tt := range tests {
			list := d.query(article.Query{Match: tt.match})
			var got []string
			for _, r := range list {
				got = append(got, byID[r.ID])
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%q found %q; want %q", tt.match, got, tt.want)
			}
		}
	}
	feed()
	check()
	// New versions lose their old words and gain new ones.
	texts["split"] = [3]string{"delta", "epsilon", "zeta"}
	now := start.Add(time.Hour)
	d.feed("a", now, item("a", 1, now, func(r *article.Record) {
		r.Headline, r.Standfirst, r.Body.Text = "delta", "epsilon", "zeta"
		r.Source.GUID, r.ID = "split", article.Mint("x", "a", "split")
	}))
	d.same("old word", len(d.query(article.Query{Match: "alpha"})), 0)
	d.same("new word", len(d.query(article.Query{Match: "zeta delta"})), 1)
	d.same("elsewhere", len(d.second().query(article.Query{Match: "zeta"})), 1)
	if _, err := d.Select(context.Background(), article.Query{Match: strings.Repeat(`word "two words" `, 200)}); err != nil {
		t.Errorf("a long query: %v", err)
	}
}
