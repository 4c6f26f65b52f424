package scheduler

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Cron is a parsed schedule in a time zone, with daylight saving handled: a run
// that falls into the hour that is skipped in spring runs at the first minute
// after it, and a run in the hour that comes twice in autumn runs once, unless
// the schedule is for every hour.
type Cron struct {
	spec  cron.Schedule
	zone  *time.Location
	local bool // on the clock on the wall, not on elapsed time
}

// star is the bit that robfig/cron sets in a field written as * (starBit).
const star = 1 << 63

// ParseCron reads five fields or a descriptor (@hourly, @every 10m), optionally
// preceded by CRON_TZ=Zone and a space. zone is used without that prefix.
func ParseCron(spec string, zone *time.Location) (c *Cron, err error) {
	// v3.0.1 panics on a zone prefix that no space follows.
	defer func() {
		if p := recover(); p != nil {
			c, err = nil, fmt.Errorf("%q is no schedule", spec)
		}
	}()
	spec = strings.TrimSpace(spec)
	if rest, ok := zonePrefix(spec); ok {
		name, fields, found := strings.Cut(rest, " ")
		if !found {
			return nil, fmt.Errorf("%q has a time zone and no schedule after it", spec)
		}
		if zone, err = time.LoadLocation(name); err != nil {
			return nil, fmt.Errorf("unknown time zone %q", name)
		}
		spec = strings.TrimSpace(fields)
	}
	s, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, fmt.Errorf("%q is no schedule (%w); expected five fields such as \"*/10 * * * *\" or @hourly", spec, err)
	}
	c = &Cron{spec: s, zone: zone}
	switch s := s.(type) {
	case *cron.SpecSchedule:
		s.Location = time.UTC
		c.local = s.Hour&star == 0
	case cron.ConstantDelaySchedule:
		if after, ok := strings.CutPrefix(spec, "@every"); ok {
			if d, err := time.ParseDuration(strings.TrimSpace(after)); err == nil && d < time.Minute {
				return nil, errors.New("@every must be a minute or more")
			}
		}
	}
	if c.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, fmt.Errorf("%q never comes", spec)
	}
	return c, nil
}

func zonePrefix(spec string) (string, bool) {
	if rest, ok := strings.CutPrefix(spec, "CRON_TZ="); ok {
		return rest, true
	}
	return strings.CutPrefix(spec, "TZ=")
}

// Next is the first run after t; zero if there is none within five years.
func (c *Cron) Next(t time.Time) time.Time {
	spec, ok := c.spec.(*cron.SpecSchedule)
	if !ok {
		return c.spec.Next(t)
	}
	if !c.local {
		s := *spec
		s.Location = c.zone
		return s.Next(t).UTC()
	}
	// The wall clock is walked as if it were UTC, which has no gaps, and each
	// reading is then turned into an instant.
	for wall := reading(t.In(c.zone)); ; {
		if wall = spec.Next(wall); wall.IsZero() {
			return time.Time{}
		}
		if at := c.instant(wall); at.After(t) {
			return at
		}
	}
}

// reading is what a clock on the wall shows, written as UTC. In an hour that
// comes twice, the second reading is lower than what was already run, so Next
// skips ahead by comparing instants.
func reading(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// instant is the first moment at which the wall shows the reading, or the first
// moment after the gap it falls into.
func (c *Cron) instant(wall time.Time) time.Time {
	at := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, c.zone)
	if !reading(at).Equal(wall) { // in a gap: its end is where the offset changes
		start, end := at.ZoneBounds()
		if reading(at).Before(wall) {
			return end.UTC()
		}
		return start.UTC()
	}
	if earlier := at.Add(-time.Hour); reading(earlier).Equal(wall) {
		return earlier.UTC()
	}
	return at.UTC()
}
