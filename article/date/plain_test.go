package date

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// FuzzPlain holds the short way to what the parser makes of a text.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{
		"Tue, 05 Mar 2024 10:20:30 +0100", "Tue, 05 Mar 2024 10:20:30 GMT", "2024-03-05T10:20:30Z", "2024-03-05T10:20:30-03:30",
		"Sat, 29 Feb 2025 24:00:60 -0000", "1899-13-00T10:20:30Z", "Mar, 05 Mar 2024 10:20:30 UTC",
	} {
		f.Add(s)
	}
	f.Fuzz(samePlain)
}

func samePlain(t *testing.T, s string) {
	at, ok := plain(s)
	if !ok {
		return
	}
	for _, o := range []Order{Unknown, DayFirst, MonthFirst} {
		if r, err := parse(s, o); err != nil || r != (Result{Time: at}) {
			t.Errorf("%q: %v, the parser says %+v, %v", s, at, r, err)
		}
	}
}

// TestPlain writes many dates in both forms, also such as no calendar has.
func TestPlain(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	zones := []string{"GMT", "+0000", "-0000", "+0100", "-0330", "+0545", "-1200", "+1259", "+1300", "UTC", "EST"}
	read := 0
	for range 20000 {
		day := time.Date(1890+random.IntN(1200), time.Month(1+random.IntN(12)), 1+random.IntN(31), 0, 0, 0, 0, time.UTC)
		clock := fmt.Sprintf("%02d:%02d:%02d", random.IntN(25), random.IntN(61), random.IntN(61))
		zone := zones[random.IntN(len(zones))]
		weekday, d := time.Weekday(random.IntN(7)), 1+random.IntN(31)
		if random.IntN(2) == 0 {
			weekday, d = day.Weekday(), day.Day()
		}
		mail := fmt.Sprintf("%.3s, %02d %.3s %04d %s %s", weekday, d, day.Month(), day.Year(), clock, zone)
		iso := fmt.Sprintf("%04d-%02d-%02dT%s", day.Year(), day.Month(), d, clock)
		if zone[0] == '+' || zone[0] == '-' {
			iso += zone[:3] + ":" + zone[3:]
		} else {
			iso += "Z"
		}
		for _, s := range []string{mail, iso} {
			samePlain(t, s)
			if _, ok := plain(s); ok {
				read++
			}
		}
		if t.Failed() {
			return
		}
	}
	if read < 20000 {
		t.Errorf("%d were read", read)
	}
}
