package syndication

import (
	"slices"
	"testing"
	"time"
)

func TestTTL(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		minutes, period, frequency string
		want                       time.Duration
	}{
		{"", "", "", 0}, {"60", "", "", time.Hour}, {" 0.5 ", "", "", 30 * time.Second}, {"-5", "", "", 0}, {"soon", "", "", 0}, {"1e99", "", "", maxTTL}, {"NaN", "", "", 0},
		{"", "hourly", "", time.Hour}, {"", " Daily ", "4", 6 * time.Hour}, {"", "yearly", "", maxTTL}, {"", "never", "2", 0}, {"", "", "2", 12 * time.Hour},
		{"", "hourly", "-1", time.Hour}, {"30", "hourly", "1", time.Hour}, {"90", "hourly", "1", 90 * time.Minute},
	} {
		if got := ttl(tt.minutes, tt.period, tt.frequency); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}

func TestSkips(t *testing.T) {
	t.Parallel()
	if got, want := hours([]string{"24", "0", " 5 ", "25", "-1", "x", "5"}), []int{0, 5}; !slices.Equal(got, want) {
		t.Errorf("hours %v, want %v", got, want)
	}
	if got, want := days([]string{"Sunday", "sunday", " MONDAY ", "Someday"}), []time.Weekday{time.Sunday, time.Monday}; !slices.Equal(got, want) {
		t.Errorf("days %v, want %v", got, want)
	}
}

func TestValid(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2024, 3, d, 0, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		in           string
		start, until time.Time
	}{
		{"", time.Time{}, time.Time{}},
		{"2024-03-05", time.Time{}, day(5)},
		{"start=2024-03-01; end=2024-03-05; scheme=W3C-DTF", day(1), day(5)},
		{"End = 2024-03-05", time.Time{}, day(5)},
		{"start=03/05/2024;end=never", time.Time{}, time.Time{}},
	} {
		b := newBuilder()
		b.valid(tt.in)
		if r := b.it.Record; !r.Embargo.Equal(tt.start) || !r.Expires.Equal(tt.until) {
			t.Errorf("%q: %v to %v", tt.in, r.Embargo, r.Expires)
		}
	}
}
