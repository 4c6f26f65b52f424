package desk

import (
	"testing"
	"time"

	"wireroom/server/control"
	"wireroom/server/control/controltest"
)

func TestStacked(t *testing.T) {
	t.Parallel()
	c := stacked("Polls", []string{"00:00", "01:00", "02:00"}, 2, 1, []series{{"good", "news", []int{1, 0, 3}}, {"bad", "bad", []int{1, 0, 1}}})
	if c.Most != "4" || len(c.Bars) != 4 || len(c.Marks) != 2 || len(c.Rows) != 3 || c.Rows[2][1] != "3" || c.Rows[2][2] != "1" {
		t.Errorf("%+v", c)
	}
	for _, b := range c.Bars {
		if b.X < 0 || b.Y < 0 || b.W <= 0 || b.H <= 0 || b.X+b.W > plotWidth || b.Y+b.H > plotHeight {
			t.Errorf("%+v sticks out", b)
		}
	}
	// The columns stand on each other: what is below is as high as its share.
	if a, b := c.Bars[1], c.Bars[3]; a.Y != b.Y+b.H || a.H != 90 || b.H != 30 || a.Class != "news" {
		t.Errorf("%+v on %+v", b, a)
	}
	if c := stacked("Nothing", nil, 1, 1, nil); len(c.Bars) > 0 {
		t.Errorf("%+v", c)
	}
}

func TestSpark(t *testing.T) {
	t.Parallel()
	c := spark([]int{0, 5, 10}, time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC))
	if c.Text != "Articles a day, until today: 0, 5, 10" || c.Bars[1].Title != "1 Mar: 5" || c.Bars[2].H != sparkHeight || c.Bars[1].H != sparkHeight/2 || c.Bars[2].X+c.Bars[2].W > sparkWidth {
		t.Errorf("%+v", c)
	}
}

func TestStrip(t *testing.T) {
	t.Parallel()
	s := stripOf([]control.Poll{{At: controltest.Now, Outcome: "new", New: 3}, {At: controltest.Now, Outcome: "timeout"}, {At: controltest.Now, Outcome: "not-modified"}})
	if s.Text != "The last 3 polls: 1 with news, 1 failed; the last: not modified (304)" || s.Cells[0].Title != "2 Mar 09:30: news, 3 new, 0 updated" ||
		s.Cells[1].Class != "bad" || s.Cells[1].H <= s.Cells[0].H || s.Cells[0].H <= s.Cells[2].H {
		t.Errorf("%+v", s)
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 18_000: "18.0 kB", 2_500_000: "2.5 MB", 7_000_000_000_000_000: "7000.0 TB"} {
		if got := size(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// TestLatency counts until an article was served, where that is known.
func TestLatency(t *testing.T) {
	t.Parallel()
	h := newHourly(controltest.Now)
	r := controltest.Story("north", 1) // published an hour ago, stored five minutes later
	h.article(&r, r.Published.Add(20*time.Minute), true)
	h.article(&r, time.Time{}, false)
	c := h.latency()
	if got := c.Rows[1][1] + " " + c.Rows[3][1]; got != "1 1" {
		t.Errorf("%q: %v", got, c.Rows)
	}
	if c.Note != "Of 1 articles it is known only when they were stored, which is a moment before." || h.median() != "20m" {
		t.Errorf("%q %q", c.Note, h.median())
	}
}
