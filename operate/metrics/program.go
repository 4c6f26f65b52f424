package metrics

import (
	"context"
	"runtime"
	"strconv"
	"time"

	"wireroom/store"
)

// Program is what Wireroom counts of itself. Its methods may be called from any
// goroutine and never block.
type Program struct {
	Registry

	// Traced, if set, is told of each operation of the store, for who makes traces.
	Traced func(ctx context.Context, operation string, start time.Time, err error)

	polls      Counter
	pollTime   Histogram
	pollBytes  Counter
	articles   Counter
	lateness   Histogram
	claims     Counter
	claimed    Gauge
	lost       Counter
	storeTime  Histogram
	storeFails Counter

	renders    Counter
	renderTime Histogram
	requests   Counter
	inFlight   Gauge
	answerTime Histogram
	sent       Counter
	deliveries Counter
	delivered  Counter
	deliverIn  Histogram
	reloads    Counter
	reloaded   Gauge
}

// Buckets, in seconds: of what is answered from memory, of what a store or a
// renderer does, of exchanges with others, and of waiting.
var (
	answerBuckets = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}
	workBuckets   = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	pollBuckets   = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120}
	lateBuckets   = []float64{.1, .5, 1, 5, 15, 30, 60, 300, 900, 3600, 6 * 3600}
)

// New makes the metrics of a program of that version.
func New(version string) *Program {
	p := &Program{}
	p.Gauge("wireroom_build_info", "Version of this program; always 1.", "version", "goversion").Set(1, version, runtime.Version())

	p.polls = p.Counter("wireroom_polls_total", "Polls, by kind of source (feed, page, file, push) and outcome: new, same (other bytes, no news), unchanged (same bytes), not-modified, not-saved, or the kind of the error.", "kind", "outcome")
	p.pollTime = p.Histogram("wireroom_poll_duration_seconds", "Time from the start of a poll to its result, before it is stored.", pollBuckets, "kind")
	p.pollBytes = p.Counter("wireroom_poll_response_bytes_total", "Bytes that sources sent, on the wire.", "kind")
	p.articles = p.Counter("wireroom_articles_saved_total", "What became of the articles that polls brought: new, updated, unchanged, canceled, refused.", "result")
	p.lateness = p.Histogram("wireroom_poll_lateness_seconds", "Time between when a source was due and when it was claimed.", lateBuckets)
	p.claims = p.Counter("wireroom_claims_total", "Hosts claimed for polling.")
	p.claimed = p.Gauge("wireroom_claims_active", "Hosts that this process holds a claim on.")
	p.lost = p.Counter("wireroom_leases_lost_total", "Claims that ran out while they were worked on.")
	p.storeTime = p.Histogram("wireroom_store_operation_duration_seconds", "Time that an operation of the store took.", workBuckets, "operation")
	p.storeFails = p.Counter("wireroom_store_errors_total", "Operations of the store that failed.", "operation")

	p.renders = p.Counter("wireroom_renders_total", "Feeds put together anew: changed, same (nothing differed), failed.", "result")
	p.renderTime = p.Histogram("wireroom_render_duration_seconds", "Time to select one feed and render it in the formats that are read.", workBuckets)
	p.requests = p.Counter("wireroom_http_requests_total", "Requests answered, by route and status.", "route", "code")
	p.inFlight = p.Gauge("wireroom_http_requests_in_flight", "Requests being answered.")
	p.answerTime = p.Histogram("wireroom_http_request_duration_seconds", "Time to answer a request.", answerBuckets, "route")
	p.sent = p.Counter("wireroom_http_response_bytes_total", "Bytes of bodies sent.", "route")
	p.deliveries = p.Counter("wireroom_hub_deliveries_total", "Deliveries of our WebSub hub (or pings of another): delivered, failed.", "result")
	p.delivered = p.Counter("wireroom_hub_delivery_bytes_total", "Bytes of bodies that the hub delivered.")
	p.deliverIn = p.Histogram("wireroom_hub_delivery_duration_seconds", "Time that a subscriber's callback took.", pollBuckets)
	p.reloads = p.Counter("wireroom_config_reloads_total", "Times that the config was read again: taken, refused.", "result")
	p.reloaded = p.Gauge("wireroom_config_loaded_timestamp_seconds", "When the config in use was taken over, in seconds since 1970.")
	for _, start := range []struct { // so that rates can be made from the first on
		of      Counter
		results []string
	}{
		{p.articles, results[:]}, {p.renders, []string{"changed", "same", "failed"}},
		{p.deliveries, []string{"delivered", "failed"}}, {p.reloads, []string{"taken", "refused"}},
	} {
		for _, r := range start.results {
			start.of.Add(0, r)
		}
	}
	return p
}

var results = [...]string{"new", "updated", "unchanged", "canceled", "refused"}

// Polled counts a poll that was saved.
func (p *Program) Polled(kind string, log store.PollLog, saved store.Saved) {
	outcome := log.Outcome
	if saved.Err != nil {
		outcome = "not-saved"
	}
	p.polls.Add(1, kind, outcome)
	p.pollTime.Observe(log.Took.Seconds(), kind)
	p.pollBytes.Add(float64(log.Bytes), kind)
	for i, n := range [len(results)]int{saved.New, saved.Updated, saved.Unchanged, saved.Canceled, saved.Refused} {
		if n > 0 {
			p.articles.Add(float64(n), results[i])
		}
	}
}

// Rendered counts the rendering of a feed.
func (p *Program) Rendered(took time.Duration, changed bool, err error) {
	result := "same"
	switch {
	case err != nil:
		result = "failed"
	case changed:
		result = "changed"
	}
	p.renders.Add(1, result)
	p.renderTime.Observe(took.Seconds())
}

// Begun counts a request in.
func (p *Program) Begun() { p.inFlight.Add(1) }

// Answered counts a request out. route is the pattern that it matched, without
// the method.
func (p *Program) Answered(route string, status int, bytes int64, took time.Duration) {
	p.inFlight.Add(-1)
	p.requests.Add(1, route, strconv.Itoa(status))
	p.answerTime.Observe(took.Seconds(), route)
	p.sent.Add(float64(bytes), route)
}

// Delivered counts a delivery of the hub.
func (p *Program) Delivered(ok bool, bytes int, took time.Duration) {
	result := "failed"
	if ok {
		result = "delivered"
		p.delivered.Add(float64(bytes))
	}
	p.deliveries.Add(1, result)
	p.deliverIn.Observe(took.Seconds())
}

// Loaded counts that a config was taken over, or refused with err.
func (p *Program) Loaded(now time.Time, err error) {
	if err != nil {
		p.reloads.Add(1, "refused")
		return
	}
	p.reloads.Add(1, "taken")
	p.reloaded.Set(float64(now.UnixMilli()) / 1000)
}
