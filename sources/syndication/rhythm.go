package syndication

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxTTL is the longest pause a feed may ask for; the schedule has bounds of its
// own.
const maxTTL = 31 * 24 * time.Hour

// ttl is RSS's ttl, in minutes, or the RSS syndication module's period and
// frequency, whichever asks for the longer pause. Zero if neither is understood.
func ttl(minutes, period, frequency string) time.Duration {
	if minutes == "" && period == "" && frequency == "" {
		return 0
	}
	var longest time.Duration
	if n, err := strconv.ParseFloat(strings.TrimSpace(minutes), 64); err == nil && n > 0 {
		longest = time.Duration(min(n, maxTTL.Minutes()) * float64(time.Minute))
	}
	every := map[string]time.Duration{
		"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour,
		"monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour,
	}[strings.ToLower(strings.TrimSpace(period))]
	if every == 0 && frequency != "" && period == "" {
		every = 24 * time.Hour // the module's default
	}
	if n, err := strconv.Atoi(strings.TrimSpace(frequency)); err == nil && n > 1 {
		every /= time.Duration(n)
	}
	return min(max(longest, every), maxTTL)
}

// hours are RSS's skipHours; 24 is midnight in RSS 0.91.
func hours(list []string) []int {
	var out []int
	for _, s := range list {
		if h, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && h >= 0 && h <= 24 && !slices.Contains(out, h%24) {
			out = append(out, h%24)
		}
	}
	slices.Sort(out)
	return out
}

// days are RSS's skipDays.
func days(list []string) []time.Weekday {
	var out []time.Weekday
	for _, s := range list {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if strings.EqualFold(strings.TrimSpace(s), d.String()) && !slices.Contains(out, d) {
				out = append(out, d)
			}
		}
	}
	slices.Sort(out)
	return out
}
