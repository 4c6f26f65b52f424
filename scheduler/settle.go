package scheduler

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"wireroom/sources/fetch"
	"wireroom/sources/normalise"
	"wireroom/sources/read"
	"wireroom/store"
)

// medianGap is the median time between the dated items of a document, newest 20.
func medianGap(list []normalise.Article) time.Duration {
	var at []time.Time
	for i := range list {
		if !list[i].Undated {
			at = append(at, list[i].Record.Published)
		}
	}
	if len(at) < 3 {
		return 0
	}
	slices.SortFunc(at, func(a, b time.Time) int { return b.Compare(a) })
	at = at[:min(len(at), 20)]
	gaps := make([]time.Duration, 0, len(at)-1)
	for i := 1; i < len(at); i++ {
		gaps = append(gaps, at[i-1].Sub(at[i]))
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}

// unseeded is random by the runtime, and so safe for concurrent use.
var unseeded = rand.New(runtimeSource{})

type runtimeSource struct{}

func (runtimeSource) Uint64() uint64 { return rand.Uint64() }

// finish settles the state: success or failure, the next due time, the log.
func (x *poll) finish(ctx context.Context, err error) {
	r := x.Rand
	if r == nil {
		r = unseeded
	}
	st := x.st
	before := st.LastChange
	st.LastPoll = x.start.UTC()
	st.Detail.RetryAfter = time.Time{}
	if err != nil {
		x.fail(err, r)
	} else {
		st.LastSuccess, st.Failures, st.Error = x.start.UTC(), 0, ""
		st.Detail.GoneAt = time.Time{}
		st.Status = x.log.Status
		if x.log.Outcome == "new" {
			st.LastChange = x.start.UTC()
			x.rhythm(before)
		}
		o := x.promises()
		o.pushed = x.Pushed != nil && x.Pushed(ctx, st)
		o.validators = st.ETag != "" || st.LastModified != "" || !isWeb(x.src.URL)
		o.churning = churning(st, &x.log, o.validators)
		o.rhythm, o.lastItem = st.Detail.Gap, st.LastChange
		due, interval, why := x.src.next(o, r)
		st.Due, st.Interval, st.Detail.Why = due.UTC(), interval, why
		if o.retry.After(x.start) {
			st.Detail.RetryAfter = o.retry.UTC()
		}
	}
	x.record()
}

// record writes the poll into the history.
func (x *poll) record() {
	x.log.Took = x.Now().Sub(x.start)
	x.log.ID, x.log.Kind = x.id(), x.kind()
	list := x.st.History[max(0, len(x.st.History)-store.HistoryLen+1):]
	x.st.History = append(slices.Clone(list), x.log)
}

// promises are what this answer says of the next poll, and, where it is a 304
// that says nothing, what the last whole answer said (RFC 9111 §4.3.4): what was
// learnt of the document holds until there is another one.
func (x *poll) promises() observation {
	o, d := x.seen, &x.st.Detail
	if x.log.Outcome == "not-modified" && !x.stated {
		o.fresh = d.Fresh
	}
	o.ttl, o.skipHours, o.skipDays = d.TTL, d.SkipHours, d.SkipDays
	return o
}

// rhythm follows a source whose polls bring too few items at a time for a median
// gap: the time since the last news, shared by the new items, counts an eighth.
func (x *poll) rhythm(before time.Time) {
	d, n := &x.st.Detail, len(x.out.Items)
	if x.gap > 0 || n == 0 || before.IsZero() {
		return
	}
	gap := x.start.Sub(before) / time.Duration(n)
	if d.Gap > 0 {
		gap = d.Gap + (gap-d.Gap)/8
	}
	d.Gap = gap.Round(time.Second)
}

// churning reports a source without validators whose bytes differed at each of
// the last polls without any news.
func churning(st *store.State, now *store.PollLog, validators bool) bool {
	const polls = 5
	if validators || now.Outcome != "same" || st.BodyHash == 0 {
		return false
	}
	history := st.Polls()
	if len(history) < polls {
		return false
	}
	for _, h := range history[len(history)-polls:] {
		if h.New > 0 || h.Outcome != "same" {
			return false
		}
	}
	return true
}

// shut is how long a server is left alone at least that refuses us for what we
// are and not for trouble of its own.
var shut = map[fetch.Kind]time.Duration{
	fetch.KindForbidden: time.Hour,
	fetch.KindChallenge: 6 * time.Hour,
	fetch.KindBlocked:   6 * time.Hour,
}

func (x *poll) fail(err error, r *rand.Rand) {
	st := x.st
	st.Error = err.Error()
	x.log.Outcome = "error"
	if errors.Is(err, errUnread) {
		st.Due = x.start.Add(storeRest).UTC()
		return
	}
	st.Failures++
	var retry time.Time
	var fe *fetch.Error
	var re *read.Error
	switch {
	case errors.As(err, &fe):
		x.log.Outcome, x.log.Status, retry = string(fe.Kind), fe.Status, fe.RetryAfter
		x.refused(fe)
	case errors.As(err, &re):
		x.log.Outcome = re.Kind
	}
	st.Status = x.log.Status
	lastGood := st.LastSuccess
	if lastGood.IsZero() {
		if history := st.Polls(); len(history) > 0 {
			lastGood = history[0].At
		}
	}
	due, _, why := x.src.backoff(x.start, st.Failures, lastGood, retry, r)
	switch gone := st.Detail.GoneAt; {
	case st.Detail.Gone:
		due, why = x.start.AddDate(100, 0, 0), "gone"
	case !gone.IsZero() && due.Before(gone.Add(goneAgain)):
		due, why = gone.Add(goneAgain), "gone: asked once more a day later"
	case fe != nil && due.Before(x.start.Add(shut[fe.Kind])):
		due, why = x.start.Add(shut[fe.Kind]+jitter(shut[fe.Kind], r)), "the server does not let us in"
	}
	interval := due.Sub(x.start)
	if x.src.Cron == nil && x.src.Every == 0 {
		due = skip(due, st.Detail.SkipHours, st.Detail.SkipDays)
	}
	st.Due, st.Interval, st.Detail.Why = due.UTC(), interval, why
	if retry.After(x.start) {
		st.Detail.RetryAfter = retry.UTC()
	}
}

// refused notes what a server's refusal means beyond this poll: a second 410 a
// day after the first ends the source, a 429 holds for the whole host.
func (x *poll) refused(fe *fetch.Error) {
	d := &x.st.Detail
	switch fe.Kind {
	case fetch.KindGone:
		if d.GoneAt.IsZero() {
			d.GoneAt = x.start.UTC()
		} else if x.start.Sub(d.GoneAt) >= goneAgain {
			d.Gone = true
		}
		return
	case fetch.KindRateLimited:
		x.out.HostNotBefore = fe.RetryAfter
		if x.out.HostNotBefore.IsZero() {
			x.out.HostNotBefore = x.start.Add(firstBackoff)
		}
	}
	d.GoneAt = time.Time{}
}
