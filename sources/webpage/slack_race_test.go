//go:build race

package webpage

const slack = 12
