package wirecopy

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func seeds(f *testing.F) {
	f.Helper()
	for _, row := range datelines {
		f.Add(row.open + "The text goes on.")
	}
	for _, row := range signOffs {
		f.Add(row.before + row.sign)
	}
	for _, row := range headMarks {
		f.Add(row.mark + "Fed raises rates")
	}
	for _, s := range proseEndings {
		f.Add(s)
	}
	f.Add("Sudani leaves IraqImage: Thaier Al-Sudani/REUTERS")
	f.Add("By Jane Doe in Paris and John Roe in London, AP")
	f.Add("(Adds quotes (two) ) \xff\xfe【＝】")
}

// Whatever comes in, what goes out is part of it, and valid where it was.
func FuzzParagraph(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		valid := utf8.ValidString(s)
		check := func(what, part string) {
			if valid && !utf8.ValidString(part) {
				t.Errorf("%s of %q is not valid: %q", what, s, part)
			}
		}
		d, rest, ok := Dateline(s)
		if !strings.HasSuffix(s, rest) {
			t.Errorf("rest %q is not the end of %q", rest, s)
		}
		if ok && (d.Text == "" || !strings.Contains(s, d.Text)) {
			t.Errorf("dateline %q is not in %q", d.Text, s)
		}
		check("dateline", d.Text)
		check("rest", rest)
		for _, p := range ReadDateline(s).Places {
			check("place", p)
		}
		c, ok := SignOff(s)
		if c.Start < 0 || c.Start > len(s) || ok && !strings.Contains(s[c.Start:], c.Text) {
			t.Errorf("sign-off %q at %d of %q", c.Text, c.Start, s)
		}
		check("sign-off", c.Text)
		for _, e := range c.Editors {
			check("editor", e)
		}
		note, rest, _ := Note(s)
		if !strings.Contains(s, note) || !strings.Contains(s, rest) {
			t.Errorf("note %q and rest %q of %q", note, rest, s)
		}
		NotForPublication(s)
	})
}

func FuzzLine(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		h := ReadHeadline(s)
		if !strings.Contains(s, h.Text) {
			t.Errorf("headline %q is not in %q", h.Text, s)
		}
		if again := ReadHeadline(h.Text); utf8.ValidString(s) && !utf8.ValidString(again.Text) {
			t.Errorf("%q is not valid", again.Text)
		}
		authors, _ := Byline(s)
		if len(authors) > maxPeople {
			t.Errorf("%d authors", len(authors))
		}
		for _, a := range authors {
			if a.Name == "" || utf8.ValidString(s) && !utf8.ValidString(a.Name+a.Place+a.Role) {
				t.Errorf("author %+v of %q", a, s)
			}
		}
		caption, credit := PhotoCredit(s)
		if !strings.Contains(s, caption) || !strings.Contains(s, credit) {
			t.Errorf("caption %q and credit %q of %q", caption, credit, s)
		}
		if utf8.ValidString(s) && (!utf8.ValidString(caption) || !utf8.ValidString(credit)) {
			t.Errorf("caption %q and credit %q of %q", caption, credit, s)
		}
		for _, a := range Agencies(s) {
			if got, ok := Agency(a); !ok || got != a {
				t.Errorf("%q is not its own spelling, but %q", a, got)
			}
		}
	})
}

// Long and mean texts must not cost more than their length.
func TestLong(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		strings.Repeat("(", 1<<20), strings.Repeat("BERLIN/", 1<<17), strings.Repeat("a/b ", 1<<18), strings.Repeat("ab ", 1<<18), strings.Repeat("- ", 1<<19), strings.Repeat("Reporting by A; ", 1<<16),
		strings.Repeat("共同", 1<<18), strings.Repeat("Photo: ", 1<<17), strings.Repeat("UPDATE 1-", 1<<17), strings.Repeat("É", 1<<19), strings.Repeat("\xff", 1<<20), strings.Repeat("AP, ", 1<<18), strings.Repeat("Berlin. ", 1<<17),
	} {
		Dateline(s)
		ReadDateline(s)
		SignOff(s)
		Note(s)
		NotForPublication(s)
		ReadHeadline(s)
		Byline(s)
		PhotoCredit(s)
		Agencies(s)
		Agency(s)
	}
}

func BenchmarkDateline(b *testing.B) {
	const text = "The government said on Thursday that it would not go back on what it had promised."
	for _, row := range []struct{ name, s string }{{"wire", "BEIRUT/THE HAGUE, March 7 (Reuters) - " + text}, {"prose", text}} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Dateline(row.s)
			}
		})
	}
}

func BenchmarkSignOff(b *testing.B) {
	const text = "The government said on Thursday that it would not go back on what it had promised. "
	for _, row := range []struct{ name, s string }{{"wire", text + "ab/sms (Reuters, AFP)"}, {"clauses", "(Reporting by Jane Doe in Paris; Editing by Ann Lee)"}, {"prose", text}} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				SignOff(row.s)
			}
		})
	}
}

func BenchmarkHeadline(b *testing.B) {
	for _, row := range []struct{ name, s string }{{"marked", "CORRECTED-UPDATE 2-Fed raises rates in the face of a slowing economy"}, {"plain", "Fed raises rates in the face of a slowing economy"}} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ReadHeadline(row.s)
			}
		})
	}
}

func BenchmarkByline(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Byline("By Jane Doe in Paris and John Roe in London, Reuters")
	}
}

func BenchmarkPhotoCredit(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		PhotoCredit("Prime Minister al-Sudani said he will launch a committee to begin the process of removing US presence from IraqImage: Thaier Al-Sudani/REUTERS")
	}
}
