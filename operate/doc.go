// Package operate is what an operator sees of a running program: requests in the
// log under ids of their own, and a private address with metrics and profiles.
// In go requests and the lines of the log; they come out as they were, counted
// and told. It never answers a reader, and it never logs what may be a secret:
// no token, no search words, and no client's address unless that was asked for.
package operate
