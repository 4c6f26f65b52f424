//go:build !race

package scheduler

// weekDays is how long TestWeek lasts.
const weekDays = 7
