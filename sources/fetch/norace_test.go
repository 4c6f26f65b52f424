//go:build !race

package fetch

const slack = 1
