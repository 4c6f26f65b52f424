// Package date reads the dates that feeds, wires and pages write. A short text
// comes in, an instant goes out with the doubts that remain, or an error. It
// takes no layout: one pass cuts the text into numbers, words and marks, a
// second gives each its role by what stands around it.
//
// Understood are RFC 822, 850, 1123, 2822 and 3339, asctime, ISO 8601 in its
// basic, extended, week and ordinal forms, Unix time in seconds to nanoseconds,
// /Date(ms)/, and what people and programs write in some fifty languages, with
// zones as offsets, abbreviations, IANA names or spelt out.
//
// It never guesses in silence: what is not understood to the last word is an
// error, and what rests on an assumption carries a flag. It never asks for the
// present time, so "today" and dates without a year are errors. Input is cut at
// 128 bytes and the work is linear in it; nothing is allocated for a date
// without a named zone.
package date

import (
	"errors"
	"time"
)

// Order is the order of day and month in dates such as 03/05/2024.
type Order int8

// The orders.
const (
	Unknown Order = iota
	DayFirst
	MonthFirst
)

// Result is a date that was understood.
type Result struct {
	Time time.Time // the instant, in UTC

	// ZoneUnknown: no zone was given, or one that nobody knows, and UTC was
	// taken. A date in Korean without a zone is taken for Korean time.
	ZoneUnknown bool
	// DateOnly: no time of day was given; Time is the first moment of the day,
	// the month or the year.
	DateOnly bool
	// Ambiguous: there was a second way to read the date, and neither the given
	// order nor a weekday decided.
	Ambiguous bool
}

// The errors of Parse.
var (
	ErrFormat = errors.New("not a date that can be read")
	ErrRange  = errors.New("no such day or time")
)

// Parse reads s. Dates whose order of day and month can't be known from
// themselves are read in order o.
func Parse(s string, o Order) (Result, error) {
	if t, ok := plain(s); ok {
		return Result{Time: t}, nil
	}
	return parse(s, o)
}

func parse(s string, o Order) (Result, error) {
	var p parser
	p.order = o
	if err := p.parse(s); err != nil {
		return Result{}, err
	}
	return p.result()
}

// OrderOf finds the order of day and month that a feed uses from those of its
// dates that can be read in one way only: because a number is over twelve, or
// because a weekday stands by it. Unknown if no date decides, or if they
// contradict each other.
func OrderOf(samples []string) Order {
	found := Unknown
	for _, s := range samples {
		var p parser
		if p.parse(s) != nil {
			continue
		}
		if _, err := p.result(); err != nil || p.evidence == Unknown {
			continue
		}
		if found != Unknown && found != p.evidence {
			return Unknown
		}
		found = p.evidence
	}
	return found
}
