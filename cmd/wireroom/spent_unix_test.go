//go:build unix

package main

import (
	"testing"
	"time"
)

// What a process uses is told.
func TestSpent(t *testing.T) {
	t.Parallel()
	was := spent()
	for begun := time.Now(); spent() <= was; {
		if time.Since(begun) > 10*time.Second {
			t.Fatalf("%v, still", was)
		}
	}
}
