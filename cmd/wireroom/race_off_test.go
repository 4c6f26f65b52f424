//go:build !race

package main

// everyNth thins the feeds of TestChurnOfRealFeeds: every one.
const everyNth = 1
