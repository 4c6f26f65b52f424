//go:build linux

package main

import "strings"

// processor finds the model in /proc/cpuinfo; other is what to say if none stands
// there.
func processor(info, other string) string {
	for line := range strings.Lines(info) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return other
}
