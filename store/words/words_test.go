package words

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"wireroom/article"
)

func TestAll(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"", ""}, {" -- !", ""}, {"Plain words, and MORE.", "plain words and more"},
		{"AT&T's U.S. COVID-19 3.5%", "at t s u s covid 19 3 5"}, {"Straße ÆØÅ Łódź", "strasse aeoa lodz"},
		{"ﬁnal ｆｕｌｌ Ⅷ x²", "final full viii x2"}, {"naïve naïve", "naive naive"},
		{"İstanbul IŞIK ışık", "istanbul isik isik"}, {"ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"},
		{"東京 abc東京def", "東 京 abc 東 京 def"}, {"ガギ ｶﾞｷﾞ", "ガ ギ ガ ギ"}, {"서울에서", "서 울 에 서"},
		{"Ёлка й", "елка и"}, {"الرَّئيس", "الرئيس"}, {"हिन्दी भाषा", "हिन्दी भाषा"}, {"a\xffb", "a b"},
		{strings.Repeat("x", 100), strings.Repeat("x", maxWord)}, {strings.Repeat("é", 100), strings.Repeat("e", maxWord)},
		{strings.Repeat("я", 100), strings.Repeat("я", maxWord/2)},
	} {
		if got := strings.Join(slices.Collect(All(tt.text)), " "); got != tt.want {
			t.Errorf("%q: %q; want %q", tt.text, got, tt.want)
		}
	}
	for range All("one two") {
		break // stopping early must not panic
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ match, want string }{
		{"two One two", "one two"}, {`"a b" c`, "a b c"}, {"東京都", "京都 東京"}, {"東", "東"}, {"x東京", "x 東京"}, {"東x京", "x 京 東"}, {"東京 都", "東京 都"}, {`""`, ""},
	} {
		q := Parse(tt.match)
		if got := strings.Join(q.Terms(), " "); got != tt.want || q.IsZero() != (tt.want == "") {
			t.Errorf("%q: %q; want %q", tt.match, got, tt.want)
		}
	}
}

func TestIndexHoldsEachTermOnce(t *testing.T) {
	t.Parallel()
	r := article.Record{Headline: "東京 one", Standfirst: "One two", Body: article.Body{Text: "two 東京都"}}
	got := slices.Sorted(Index(&r))
	want := slices.Sorted(slices.Values([]string{"東", "京", "東京", "one", "two", "都", "京都"}))
	if !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
	for range Index(&r) {
		break
	}
}

// Whatever matches is found by its terms, and words are clean.
func FuzzMatches(f *testing.F) {
	f.Add("The minister's “no comment”", "no comment")
	f.Add("東京都で大雪", "京都")
	f.Add("Straße ﬁ Ⅷ", "STRASSE")
	f.Add("ก็ไทย กำ", "กำ")
	f.Fuzz(func(t *testing.T, text, match string) {
		r := article.Record{Body: article.Body{Text: text}}
		q := Parse(match)
		if q.Matches(&r) {
			index := slices.Collect(Index(&r))
			for _, term := range q.Terms() {
				if !slices.Contains(index, term) {
					t.Errorf("%q holds %q but the index lacks %q", text, match, term)
				}
			}
		}
		for w := range All(text) {
			if w == "" || len(w) > maxWord || !utf8.ValidString(w) || strings.ContainsAny(w, " \"\x00") {
				t.Errorf("%q has the word %q", text, w)
			}
			if again := slices.Collect(All(w)); len(w) < maxWord-8 && !slices.Equal(again, []string{w}) {
				t.Errorf("%q folds to %q", w, again)
			}
		}
		if said := slices.Collect(All(text)); len(said) > 0 && !Parse(text).IsZero() && !strings.ContainsAny(text, "\"“”„«»") && !Parse(`"`+text+`"`).Matches(&r) {
			t.Errorf("%q does not match itself", text)
		}
	})
}

func BenchmarkIndex(b *testing.B) {
	r := article.Record{Headline: "Minister quits over budget row", Body: article.Body{Text: strings.Repeat("The finance minister, Zoë Müller, said there was no comment on this. ", 25)}}
	b.ReportAllocs()
	for range b.N {
		for range Index(&r) {
			continue
		}
	}
}
