//go:build !race

package scheduler

// weekDays is how long TestWeek lasts.
const weekDays = 7

// manySources is how many TestManySources adds.
const manySources = 100_000
