//go:build race

package scheduler

// weekDays is how long TestWeek lasts: the race detector has seen it all by then.
const weekDays = 2

// manySources is how many TestManySources adds.
const manySources = 5_000
