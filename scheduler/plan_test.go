package scheduler

import (
	"math/rand/v2"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) // a Monday

func seeded() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

func TestAdapt(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name string
		o    observation
		want time.Duration
	}{
		{"floor", observation{validators: true}, 15 * time.Minute},
		{"no validators", observation{}, time.Hour},
		{"bytes differ without news", observation{churning: true}, 24 * time.Hour},
		{"half the gap", observation{validators: true, rhythm: 2 * time.Hour, lastItem: noon}, time.Hour},
		{"idle a week", observation{validators: true, rhythm: 2 * time.Hour, lastItem: noon.AddDate(0, 0, -8)}, 2 * time.Hour},
		{"idle a month", observation{validators: true, rhythm: 2 * time.Hour, lastItem: noon.AddDate(0, 0, -31)}, 4 * time.Hour},
		{"never more than a day", observation{validators: true, rhythm: 90 * 24 * time.Hour, lastItem: noon}, 24 * time.Hour},
		{"max-age", observation{validators: true, fresh: 3 * time.Hour}, 3 * time.Hour},
		{"ttl", observation{validators: true, ttl: 40 * time.Minute, fresh: time.Minute}, 40 * time.Minute},
		{"max-age of a year", observation{validators: true, fresh: 365 * 24 * time.Hour}, 24 * time.Hour},
		{"pushed", observation{validators: true, pushed: true}, 24 * time.Hour},
	} {
		k.o.now = noon
		if got, why := adapt(k.o); got != k.want {
			t.Errorf("%s: %s (%s), want %s", k.name, got, why, k.want)
		}
	}
}

func TestNextNeverEarlierThanPromised(t *testing.T) {
	t.Parallel()
	r := seeded()
	for range 2000 {
		o := observation{now: noon, validators: true, fresh: time.Duration(r.Int64N(int64(26 * time.Hour)))}
		due, interval, _ := (&Source{}).next(o, r)
		if due.Sub(noon) < interval || due.Sub(noon) > interval+interval/10+time.Second {
			t.Fatalf("due after %s, interval %s: jitter goes forwards only, by at most a tenth", due.Sub(noon), interval)
		}
	}
}

func TestNextFixed(t *testing.T) {
	t.Parallel()
	cron, err := ParseCron("0 18 * * *", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		name  string
		s     Source
		retry time.Duration
		least time.Duration
		most  time.Duration
	}{
		{"every", Source{Every: 10 * time.Minute}, 0, 10 * time.Minute, 10 * time.Minute},
		{"cron", Source{Cron: cron}, 0, 6 * time.Hour, 6 * time.Hour},
		{"asked to wait", Source{Every: 10 * time.Minute}, time.Hour, time.Hour, time.Hour + 6*time.Minute},
		{"asked to wait a year", Source{Every: 10 * time.Minute}, 365 * 24 * time.Hour, 7 * 24 * time.Hour, 7*24*time.Hour + 6*time.Minute},
	} {
		o := observation{now: noon}
		if k.retry > 0 {
			o.retry = noon.Add(k.retry)
		}
		due, _, why := k.s.next(o, seeded())
		if d := due.Sub(noon); d < k.least || d > k.most {
			t.Errorf("%s: due in %s (%s), want %s to %s", k.name, d, why, k.least, k.most)
		}
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	r := seeded()
	for _, k := range []struct {
		failures    int
		lastSuccess time.Time
		least, most time.Duration
	}{
		{1, noon, 15 * time.Minute, 30 * time.Minute},
		{2, noon, 30 * time.Minute, time.Hour},
		{4, noon, 2 * time.Hour, 4 * time.Hour},
		{20, noon, 12 * time.Hour, 24 * time.Hour},
		{1000, noon.AddDate(0, 0, -31), 84 * time.Hour, 7 * 24 * time.Hour},
	} {
		for range 200 {
			due, _, why := (&Source{}).backoff(noon, k.failures, k.lastSuccess, time.Time{}, r)
			if d := due.Sub(noon); d < k.least || d > k.most {
				t.Fatalf("after %d failures: due in %s (%s), want %s to %s", k.failures, d, why, k.least, k.most)
			}
		}
	}
	retry := noon.Add(2 * time.Hour)
	if due, _, _ := (&Source{}).backoff(noon, 1, noon, retry, r); due.Before(retry) {
		t.Errorf("due %s, before the server's Retry-After %s", due, retry)
	}
}

func TestSkip(t *testing.T) {
	t.Parallel()
	all := make([]int, 24)
	for i := range all {
		all[i] = i
	}
	for _, k := range []struct {
		name  string
		hours []int
		days  []time.Weekday
		want  time.Time
	}{
		{"nothing", nil, nil, noon},
		{"this hour", []int{12, 13}, nil, noon.Add(2 * time.Hour)},
		{"today", nil, []time.Weekday{time.Monday}, noon.Add(12 * time.Hour)},
		{"today and midnight", []int{0}, []time.Weekday{time.Monday}, noon.Add(13 * time.Hour)},
		{"midnight written as 24", []int{24}, []time.Weekday{time.Monday}, noon.Add(13 * time.Hour)},
		{"every hour is a mistake", all, nil, noon},
		{"out of range", []int{-1, 99}, []time.Weekday{9}, noon},
	} {
		if got := skip(noon, k.hours, k.days); !got.Equal(k.want) {
			t.Errorf("%s: %s, want %s", k.name, got, k.want)
		}
	}
}

func TestFirstDueIsSpreadAndSteady(t *testing.T) {
	t.Parallel()
	const spread = 10 * time.Minute
	var minutes [10]int
	for i := range 1000 {
		id := string(rune('a'+i%26)) + time.Duration(i).String()
		at := FirstDue(id, noon, spread)
		if !at.Equal(FirstDue(id, noon, spread)) || at.Before(noon) || !at.Before(noon.Add(spread)) {
			t.Fatalf("FirstDue(%q) = %s", id, at)
		}
		minutes[at.Sub(noon)/time.Minute]++
	}
	for m, n := range minutes {
		if n < 50 || n > 160 {
			t.Errorf("minute %d has %d of 1000 sources", m, n)
		}
	}
}
