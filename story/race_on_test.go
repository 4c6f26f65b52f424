//go:build race

package story

const plantedSize = 1_000 // the race detector makes everything ten times slower
