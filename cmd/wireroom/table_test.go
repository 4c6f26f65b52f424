package main

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// lines prints a table at a width.
func lines(t *testing.T, width int, colour bool, whole []int, rows ...[]string) []string {
	t.Helper()
	var b strings.Builder
	g := table(&b, rows[0]...)
	g.p.width, g.p.colour, g.whole = width, colour, whole
	g.tint = tintState
	for _, r := range rows[1:] {
		g.row(r...)
	}
	if err := g.flush(); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

func TestTableFits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a long headline ", 20)
	rows := [][]string{
		{"SOURCE", "STATE", "LAST POLL", "NEXT", "INTERVAL", "TITLE OR ERROR"},
		{"a-source-with-a-rather-long-name-that-somebody-chose", "failing", "2h5m ago", "in 15m", "15m", long},
		{"日本", "ok", "1s ago", "now", "", "日本語の見出しがここに入りますので幅を数える必要がありますし切る必要もあります"},
	}
	for _, width := range []int{40, 60, 80, 200} {
		for _, l := range lines(t, width, false, nil, rows...) {
			if n := columns(l); n > width {
				t.Errorf("%d columns at %d: %q", n, width, l)
			}
			if !utf8.ValidString(l) {
				t.Errorf("cut within a character: %q", l)
			}
		}
	}
	got := lines(t, 80, false, nil, rows...)
	if !strings.Contains(got[1], "failing") || !strings.Contains(got[1], "in 15m") || !strings.Contains(got[1], ellipsis) {
		t.Errorf("short cells must stay whole, long ones say that they were cut: %q", got[1])
	}
	if at := strings.Index(got[0], "STATE"); columns(got[1][:strings.Index(got[1], "failing")]) != at || columns(got[2][:strings.Index(got[2], "ok")]) != at {
		t.Errorf("the columns don't stand below one another:\n%s", strings.Join(got, "\n"))
	}
	if got := lines(t, 0, false, nil, rows...); !strings.Contains(got[1], rows[1][0]) || strings.Contains(got[1], ellipsis) {
		t.Errorf("cut without a terminal: %q", got[1])
	}
	address := "https://news.example.org/feeds/a-rather-long-name-of-a-feed.rss"
	if got := lines(t, 40, false, []int{1}, []string{"FEED", "ADDRESS"}, []string{"a-long-feed-name", address}); !strings.HasSuffix(got[1], address) {
		t.Errorf("what is there to be copied was cut: %q", got[1])
	}
}

// TestTableIsSafe has titles that would speak to the terminal.
func TestTableIsSafe(t *testing.T) {
	t.Parallel()
	got := strings.Join(lines(t, 80, false, nil, []string{"A", "B"}, []string{"x\x1b]0;owned\x07\x1b[31m", "line\nbreak\r\u009b31m"}), "\n")
	if strings.ContainsAny(got, "\x1b\x07\r\u009b") || !strings.Contains(got, "line break") {
		t.Errorf("%q", got)
	}
}

func TestColours(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"SOURCE", "STATE"}, {"a", "failing"}, {"b", "new"}}
	if got := lines(t, 80, true, nil, rows...); got[1] != "a       \x1b[31mfailing\x1b[0m" || got[2] != "b       new" {
		t.Errorf("%q", got)
	}
	if p := painterOf(&strings.Builder{}, func(string) string { return "" }); p.colour || p.width != 0 || p.paint(red, "x") != "x" {
		t.Error("colours without a terminal")
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	p := painter{width: 40}
	if got := p.fold("one two three four five six seven", 10); got != "one two three four five six\n          seven" {
		t.Errorf("%q", got)
	}
	if got := p.fold("a\nb", 10); got != "a\n          b" {
		t.Errorf("%q", got)
	}
	long := "https://example.org/" + strings.Repeat("x", 60)
	if got := p.fold("see "+long+" now", 10); !strings.Contains(got, long) {
		t.Errorf("%q", got)
	}
	if got := (&painter{}).fold("one two", 10); got != "one two" {
		t.Errorf("%q", got)
	}
}
