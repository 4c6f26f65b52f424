// Package hub is the hub's side of WebSub (W3C Recommendation of 23 January
// 2018) for our own feeds.
//
// In come subscribers' requests (Hub.ServeHTTP) and word that feeds changed
// (Hub.Run); out go verifications of intent, signed documents, and notices of
// denial. Where the operator named an external hub, that one is pinged instead
// (Options.External). It serves no other publisher's topics, follows no
// redirects, and never makes the one who serves feeds wait.
//
// All state is in documents of the store, so that it survives a hard kill and is
// shared by replicas:
//
//	ask/TOPIC/CALLBACK   a request, until the subscriber confirmed it or not
//	sub/TOPIC/CALLBACK   a subscription, until its lease ends
//	ping/HUB/TOPIC       what an external hub was told last
//
// A document that is due has work to be done. Whoever wants to do it first moves
// the due time to the end of a short lease, under the revision that was read: of
// several workers and replicas one succeeds, and if it dies the document becomes
// due again. What a subscriber has is named by the tag of the version that it
// took; whenever that differs from what is served now, the newest version is
// owed, however many lie between. So a change is only a hint to look, and a hint
// that was lost costs a little time, never an update.
package hub
