//go:build race

package fetch

// slack is by how much the race detector may exceed the bounds of CPU time.
const slack = 15
