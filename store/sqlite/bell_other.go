//go:build !linux

package sqlite

func newBell(string) bell { return noBell{} }
