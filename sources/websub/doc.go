// Package websub is the subscriber's side of WebSub (W3C Recommendation of 23
// January 2018), and of PubSubHubbub where its hubs still differ.
//
// In comes what a source's document says of its hubs (Discover), and later the
// hub's own requests to our callback (Subscriber.ServeHTTP); out go requests to
// hubs, the state of each subscription to a Store, and what was pushed to
// Options.Deliver.
//
// A subscription lives like this:
//
//	Subscribe ── asks the hub ──> pending ── hub verifies intent ──> active
//	pending   ── no verification within an hour ── Renew asks again, ever more seldom
//	active    ── two thirds of the lease are over ── Renew asks again; it stays active until it expires
//	pending, active ── hub says denied ──> denied, not asked again
//	any       ── Unsubscribe, hub verifies intent ──> gone
//
// The hub is the authority on whether a subscription exists; the Store is ours
// on whether we want it. A callback that nobody could guess and a secret of its
// own for each subscription keep strangers out: what is not signed is taken in
// with thanks and thrown away.
//
// The package never parses what was pushed, never polls, and never trusts a push
// enough to stop polling: that is for its caller, who asks Subscription.Alive.
package websub
