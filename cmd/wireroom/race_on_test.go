//go:build race

package main

// everyNth thins the feeds of TestChurnOfRealFeeds: some will do.
const everyNth = 12
