package article

import (
	"strings"
	"testing"
	"time"
)

// What is hashed whole is hashed as if it had been word by word: prints are stored.
func TestAppendWords(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", " ", "a", "a ", " a", "a b", "a  b", "a\nb", "a\n\nb", "\n", "a \n b", "a\n", "\na", "a\tb", "a\r\nb", "naïve words", "über\nplain", "a\u00a0b", "DEL\x7f",
		strings.Repeat("long lines of plain words ", 40), strings.Repeat("lines\nof plain words", 40), strings.Repeat("ä", 600), "eight ch eight ch\nnine char!",
	} {
		if got, want := string(appendWords(nil, s)), strings.Join(append(strings.Fields(s), "\x00"), " "); got != want {
			t.Errorf("of %q %q is hashed, want %q", s, got, want)
		}
	}
}

// Prints are stored, so that they may never be others.
func TestFingerprintStays(t *testing.T) {
	t.Parallel()
	r := Record{
		Headline: "A headline", Standfirst: "Of  two\nlines", Body: Body{Text: "Words – and more."}, Status: Usable, Revision: Revision{Kind: "update", Number: 2, Note: "Adds"},
		Embargo: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Images: []Media{{URL: "https://e.example/p.jpg?w=1", Caption: "A  caption"}},
	}
	for _, tt := range []struct {
		r    Record
		want uint64
	}{{r, 3989832811290859229}, {Record{}, 8588275041591498508}} {
		if got := Fingerprint(&tt.r); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.r.Headline, got, tt.want)
		}
	}
}
