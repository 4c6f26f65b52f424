//go:build !race

package webpage

const slack = 1 // how much slower the tests run than the program
