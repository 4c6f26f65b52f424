package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Freshness is how long the server says that its answer stays good (RFC 9111
// §4.2), as a private cache reads it.
type Freshness struct {
	For     time.Duration // from now on; zero if stale or unsaid
	From    string        // "max-age", "expires", or empty where the server says nothing
	NoCache bool          // no-cache, no-store or Pragma: no wish to be asked more often
}

// maxFreshness keeps sums of durations from overflowing.
const maxFreshness = 365 * 24 * time.Hour

func freshness(h http.Header, now time.Time) Freshness {
	var f Freshness
	maxAge, has := time.Duration(0), false
	for _, line := range h["Cache-Control"] {
		for part := range strings.SplitSeq(line, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "no-cache", "no-store":
				f.NoCache = true
			case "max-age":
				if d, ok := deltaSeconds(value); ok && !has {
					maxAge, has = d, true
				}
			}
		}
	}
	if first(h["Cache-Control"]) == "" && strings.Contains(strings.ToLower(first(h["Pragma"])), "no-cache") {
		f.NoCache = true
	}
	switch {
	case has:
		age, _ := deltaSeconds(first(h["Age"]))
		f.From, f.For = "max-age", max(0, maxAge-age)
	case first(h["Expires"]) != "":
		f.From = "expires"
		if t, err := http.ParseTime(first(h["Expires"])); err == nil { // "0" and "-1" mean: stale
			f.For = min(max(0, t.Sub(serverNow(h, now))), maxFreshness)
		}
	}
	return f
}

// deltaSeconds reads a number of seconds (RFC 9111 §1.2.2), also quoted.
func deltaSeconds(s string) (time.Duration, bool) {
	s = strings.Trim(strings.TrimSpace(s), `"`)
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > int64(maxFreshness/time.Second) { // digits only: too large
		return maxFreshness, true
	}
	return time.Duration(n) * time.Second, true
}

// serverNow is the time on the server's clock, ours if it doesn't tell.
func serverNow(h http.Header, now time.Time) time.Time {
	if t, err := http.ParseTime(first(h["Date"])); err == nil {
		return t
	}
	return now
}

// retryAfter is when the server wants to be asked again (RFC 9110 §10.2.3), as
// seconds or as a date. A date is read by the server's clock and by ours, and
// the later of both counts, so that a wrong clock never makes us come early.
func retryAfter(h http.Header, now time.Time) time.Time {
	value := strings.TrimSpace(first(h["Retry-After"]))
	if value == "" {
		return time.Time{}
	}
	wait, ok := deltaSeconds(value)
	if !ok {
		t, err := http.ParseTime(value)
		if err != nil {
			return time.Time{}
		}
		wait = max(t.Sub(now), t.Sub(serverNow(h, now)))
	}
	if wait <= 0 {
		return time.Time{}
	}
	return now.Add(min(wait, maxRetryAfter))
}
