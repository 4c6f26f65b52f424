package scheduler

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"wireroom/article"
	"wireroom/sources/fetch"
)

// Source is one configured upstream, as the scheduler needs it.
type Source struct {
	ID        string
	URL       string
	Title     string        // overrides the feed's own
	Every     time.Duration // fixed interval; zero: Cron, else adaptive
	Cron      *Cron
	Page      bool // read each article's own page
	Republish article.Republish
	Language  string   // for sources that don't say
	Topics    []string // keywords given to every article
	Paused    bool
	Accept    bool // let in what was withheld because too much came at once

	UserAgent string
	Username  string
	Password  string
	Headers   []fetch.Header

	// Watch, if set, is told how far a poll of the source has come. It must not block.
	Watch func(Step)
}

// Step is how far a poll has come.
type Step struct {
	Stage Stage
	// Of the answer.
	Status int
	Bytes  int64 // on the wire
	// Of the document: items to be read, and such as are known and were left out.
	Items, Known int
	// The article's own page, or text, that is asked for, and how many there are.
	Page, Pages int
}

// Stage is a part of a poll.
type Stage string

// The stages in their order; Answered and Reading come once a document, Paging
// once a page.
const (
	Asking   Stage = "asking"   // the source's server
	Answered Stage = "answered" // by it, with whatever status
	Reading  Stage = "reading"  // what came
	Paging   Stage = "paging"   // asking for articles' own pages or texts
	Saving   Stage = "saving"
)

func (s *Source) watch(step Step) {
	if s.Watch != nil {
		s.Watch(step)
	}
}

// The bounds of the schedule (input.md §9).
const (
	floor         = 15 * time.Minute // between two polls of an adaptive source
	floorUnvalid  = time.Hour        // ... that gives no validators
	floorChurning = 24 * time.Hour   // ... and whose bytes differ each time without news
	ceiling       = 24 * time.Hour
	ceilingAsked  = 7 * 24 * time.Hour // of what a server asks for with Retry-After
	firstBackoff  = 15 * time.Minute
	floorFile     = 5 * time.Second     // between two looks at a file that can't be read
	longFailing   = 30 * 24 * time.Hour // after which a source is tried weekly
	weekly        = 7 * 24 * time.Hour
	goneAgain     = 24 * time.Hour // between the two 410s that end a source
	refreshFloor  = 5 * time.Minute
	jitterShare   = 10 // percent, forwards only
)

// moreWaits is why a source is due at once: it has more than one poll reads.
const moreWaits = "more is waiting"

// observation is what one exchange says about when to come back.
type observation struct {
	now        time.Time
	fresh      time.Duration // max-age less Age, or Expires
	ttl        time.Duration // RSS ttl or sy:*
	retry      time.Time     // Retry-After
	validators bool
	churning   bool          // bytes differ every time, without news and without validators
	rhythm     time.Duration // median gap between the last items; zero: not known
	lastItem   time.Time     // of the newest item or of the last change
	skipHours  []int
	skipDays   []time.Weekday
	pushed     bool // WebSub brings changes
	more       bool // there is more than one poll reads
}

// next decides when a source that answered is due again, and says why.
func (s *Source) next(o observation, r *rand.Rand) (due time.Time, interval time.Duration, why string) {
	switch {
	case o.more:
		due, interval, why = o.now, 0, moreWaits
	case s.Cron != nil:
		due = s.Cron.Next(o.now)
		interval, why = due.Sub(o.now), "cron"
	case s.Every > 0:
		// The phase is kept: the time a poll takes does not add up.
		due, interval, why = o.now.Add(s.Every), s.Every, "every "+s.Every.String()
	default:
		interval, why = adapt(o)
		due = o.now.Add(interval + jitter(interval, r))
		due = skip(due, o.skipHours, o.skipDays)
	}
	if asked := o.retry; asked.After(due) {
		due, why = asked, "the server asked to wait"
		if limit := o.now.Add(ceilingAsked); due.After(limit) {
			due = limit
		}
		due = due.Add(jitter(min(due.Sub(o.now), time.Hour), r))
	}
	return due, interval, why
}

// adapt chooses the interval from what the server promises and from the
// source's own rhythm: about half the gap between its items, longer when it has
// been idle. The server's wish to be asked less often always wins.
func adapt(o observation) (time.Duration, string) {
	least, why := floor, "floor"
	if !o.validators {
		least, why = floorUnvalid, "no validators"
	}
	if o.churning {
		least, why = floorChurning, "its bytes change without news"
	}
	if o.pushed {
		return ceiling, "changes are pushed"
	}
	interval := least
	if half := idle(o.rhythm/2, o); half > interval {
		interval, why = half, "half the gap between its items"
	}
	for _, w := range []struct {
		d   time.Duration
		why string
	}{{o.fresh, "max-age"}, {o.ttl, "ttl"}} {
		if w.d > interval {
			interval, why = w.d, w.why
		}
	}
	return min(interval, ceiling), why
}

// idle stretches an interval when the source has been silent.
func idle(d time.Duration, o observation) time.Duration {
	if o.lastItem.IsZero() {
		return d
	}
	switch silent := o.now.Sub(o.lastItem); {
	case silent > 30*24*time.Hour:
		return max(d, floor) * 4
	case silent > 7*24*time.Hour:
		return max(d, floor) * 2
	}
	return d
}

// backoff decides when a source that failed is due again: 15 minutes doubled
// with each failure, with jitter on the upper half, at most a day and never
// sooner than one that answers. It never
// gives up: after 30 days of failure it is tried weekly.
func (s *Source) backoff(now time.Time, failures int, lastSuccess, retry time.Time, r *rand.Rand) (time.Time, time.Duration, string) {
	d := firstBackoff << min(max(failures, 1), 7)
	d = min(d, ceiling)
	why := fmt.Sprintf("backing off after %d failures in a row", failures)
	if failures == 1 {
		why = "backing off after a failure"
	}
	if !lastSuccess.IsZero() && now.Sub(lastSuccess) > longFailing {
		d, why = weekly, "failing for a month: tried weekly"
	}
	due := now.Add(d/2 + rand1(d/2, r))
	if !isWeb(s.URL) { // nobody to be polite to
		due = now.Add(min(max(s.Every, floorFile), firstBackoff))
	}
	if retry.After(due) {
		due, why = retry, "the server asked to wait"
		if limit := now.Add(ceilingAsked); due.After(limit) {
			due = limit
		}
		due = due.Add(jitter(min(due.Sub(now), time.Hour), r))
	}
	return due, due.Sub(now), why
}

// FirstDue spreads new sources over the first minutes by a hash of their ids,
// the same on every replica.
func FirstDue(id string, start time.Time, spread time.Duration) time.Time {
	if spread <= 0 {
		return start
	}
	h := fnv.New64a()
	h.Write([]byte(id))
	return start.Add(time.Duration(h.Sum64() % uint64(spread)))
}

func jitter(d time.Duration, r *rand.Rand) time.Duration {
	return rand1(d*jitterShare/100, r)
}

// rand1 is a random duration from 0 to d.
func rand1(d time.Duration, r *rand.Rand) time.Duration {
	if d <= 0 {
		return 0
	}
	return time.Duration(r.Int64N(int64(d) + 1))
}

// skip moves a due time out of the hours and days (GMT) that the source asks to
// be left alone in (RSS skipHours, skipDays). Skipping everything is a mistake
// of the source and ignored.
func skip(due time.Time, hours []int, days []time.Weekday) time.Time {
	noHour, noDay := [24]bool{}, [7]bool{}
	for _, h := range hours {
		if h == 24 { // some feeds count from 1
			h = 0
		}
		if h >= 0 && h < 24 {
			noHour[h] = true
		}
	}
	for _, d := range days {
		if d >= 0 && d < 7 {
			noDay[d] = true
		}
	}
	t := due.UTC()
	for range 24 * 8 {
		if !noHour[t.Hour()] && !noDay[t.Weekday()] {
			return t
		}
		t = t.Truncate(time.Hour).Add(time.Hour)
	}
	return due
}
