//go:build !race

package story

const plantedSize = 10_000
