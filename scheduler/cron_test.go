package scheduler

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestParseCronRefuses(t *testing.T) {
	t.Parallel()
	for _, spec := range []string{
		"", "* * * *", "* * * * * *", "TZ=", "CRON_TZ=", "TZ=UTC", "CRON_TZ=Europe/Berlin", "TZ=Mars/Olympus * * * * *",
		"@every 10s", "@every -1h", "@every 0s", "@every", "@sometimes", "0 0 30 2 *", "61 * * * *", "* * * * 8", "*/0 * * * *", "\x00",
	} {
		if c, err := ParseCron(spec, time.UTC); err == nil {
			t.Errorf("ParseCron(%q) = %v, want an error", spec, c.spec)
		}
	}
}

func TestCronNext(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name, spec, zone string
		from             string
		want             []string
	}{
		{"ten minutes", "*/10 * * * *", "UTC", "2026-11-23T13:01:00Z", []string{"2026-11-23T13:10:00Z", "2026-11-23T13:20:00Z"}},
		{"exactly on it", "0 * * * *", "UTC", "2026-11-23T13:00:00Z", []string{"2026-11-23T14:00:00Z"}},
		{"descriptor", "@daily", "Asia/Tokyo", "2026-11-23T13:00:00Z", []string{"2026-11-23T15:00:00Z", "2026-11-24T15:00:00Z"}},
		{"every", "@every 90m", "UTC", "2026-11-23T13:00:00Z", []string{"2026-11-23T14:30:00Z"}},
		{"prefix", "CRON_TZ=Europe/Berlin 0 8 * * mon", "UTC", "2026-11-23T13:00:00Z", []string{"2026-11-30T07:00:00Z"}},
		// 29 March 2026: Berlin's clocks go from 02:00 to 03:00 at 01:00 UTC.
		{"gap", "30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", []string{"2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"}},
		// 25 October 2026: from 03:00 back to 02:00 at 01:00 UTC; 02:30 comes twice.
		{"fold once", "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", []string{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
		{"fold, asked in the second hour", "30 2 * * *", "Europe/Berlin", "2026-10-25T01:05:00Z", []string{"2026-10-26T01:30:00Z"}},
		{"fold, every hour runs on", "*/30 * * * *", "Europe/Berlin", "2026-10-25T00:20:00Z",
			[]string{"2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z"}},
		// 8 March 2026: New York's gap is from 2 to 3, 07:00 UTC.
		{"gap west", "15 2 8 3 *", "America/New_York", "2026-03-01T00:00:00Z", []string{"2026-03-08T07:00:00Z"}},
		// Lord Howe moves by half an hour: 4 October 2026, 02:00 to 02:30 local, 15:30 UTC the day before.
		{"half an hour", "15 2 * * *", "Australia/Lord_Howe", "2026-10-03T10:00:00Z", []string{"2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"}},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			c, err := ParseCron(k.spec, zone(t, k.zone))
			if err != nil {
				t.Fatal(err)
			}
			at, _ := time.Parse(time.RFC3339, k.from)
			for _, want := range k.want {
				at = c.Next(at)
				if got := at.UTC().Format(time.RFC3339); got != want {
					t.Fatalf("next = %s, want %s", got, want)
				}
			}
		})
	}
}

func FuzzParseCron(f *testing.F) {
	for _, s := range []string{"*/5 * * * *", "@every 1h", "TZ=UTC 1 2 3 4 5", "CRON_TZ=", "0 0 * * sun,mon-fri"} {
		f.Add(s)
	}
	from := time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, spec string) {
		c, err := ParseCron(spec, time.UTC)
		if err != nil {
			return
		}
		if next := c.Next(from); !next.IsZero() && !next.After(from) {
			t.Fatalf("ParseCron(%q).Next(%s) = %s, not later", spec, from, next)
		}
	})
}
