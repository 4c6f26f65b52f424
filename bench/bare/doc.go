// Package bare is the limit that the bench holds the program to: the least that
// any aggregator in this language must do. It fetches over kept connections with
// validators, inflates, finds the items by their tags, keeps those that it has
// not seen in a database, and the validators with them. It parses nothing, cleans
// nothing, resolves nothing and is polite to nobody. In go the addresses of feeds;
// out comes what it counted.
package bare
