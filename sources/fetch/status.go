package fetch

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
)

const peekSize = 64 << 10 // decoded bytes of an error page that are looked at

func kindOfStatus(status int) Kind {
	switch status {
	case http.StatusGone:
		return KindGone
	case http.StatusNotFound:
		return KindNotFound
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired, http.StatusUnavailableForLegalReasons:
		return KindForbidden
	case http.StatusTooManyRequests:
		return KindRateLimited
	case http.StatusServiceUnavailable:
		return KindUnavailable
	case http.StatusRequestTimeout:
		return KindTimeout
	}
	if status >= 500 {
		return KindServer
	}
	return KindStatus
}

// status makes the error for an answer without a document.
func (x *exchange) status(res *http.Response, kind Kind) error {
	if kind != KindChallenge && x.isChallengePage(res) {
		kind = KindChallenge
	} else {
		drain(res.Body)
	}
	return x.error(kind, statusReason(kind, res.StatusCode), nil)
}

func statusReason(kind Kind, status int) string {
	text := fmt.Sprintf("the server answered %d %s", status, http.StatusText(status))
	switch kind {
	case KindChallenge:
		return fmt.Sprintf("a check for robots stands before the document (%d): ask the publisher to let feed readers through", status)
	case KindGone:
		return text + ": the publisher has taken it away for good"
	case KindNotFound:
		return text + ": check the address, the feed may have moved"
	case KindRateLimited:
		return text + ": we asked this host too often; it is left alone until it allows us back"
	case KindUnavailable, KindServer, KindTimeout:
		return text + ": trouble on the publisher's side; it is tried again later"
	case KindForbidden:
		switch status {
		case http.StatusUnauthorized:
			return text + ": it wants credentials; check username and password of this source"
		case http.StatusProxyAuthRequired:
			return text + ": the proxy wants credentials; check its address"
		case http.StatusUnavailableForLegalReasons:
			return text + ": it is blocked for legal reasons where this machine stands"
		}
		return text + ": the publisher does not let us in; check credentials, or ask the publisher"
	}
	return text + ": that is no document"
}

// isChallengeHeader recognises the bot checks that say so in a header, whatever
// their status: Cloudflare, AWS WAF, Vercel.
func isChallengeHeader(h http.Header) bool {
	action := first(h["X-Amzn-Waf-Action"])
	return strings.EqualFold(first(h["Cf-Mitigated"]), "challenge") ||
		strings.EqualFold(action, "challenge") || strings.EqualFold(action, "captcha") ||
		strings.EqualFold(first(h["X-Vercel-Mitigated"]), "challenge")
}

// challengeMarks stand in the pages of bot checks and in no feed.
var challengeMarks = [][]byte{
	[]byte("_cf_chl_opt"), []byte("/cdn-cgi/challenge-platform/"), []byte("cf-browser-verification"),
	[]byte("cf_captcha_kind"), []byte("<title>Just a moment..."), []byte("<title>Attention Required! | Cloudflare"),
	[]byte("_Incapsula_Resource"), []byte("ddos-guard.net/"), []byte("sucuri_cloudproxy_js"),
	[]byte("/.within.website/x/cmd/anubis"), []byte("perimeterx.net/"), []byte("captcha-delivery.com/"),
}

// isChallengePage looks for a bot check in the page of an error.
func (x *exchange) isChallengePage(res *http.Response) bool {
	switch res.StatusCode {
	case http.StatusForbidden, http.StatusServiceUnavailable, http.StatusTooManyRequests,
		http.StatusUnauthorized, http.StatusMethodNotAllowed, http.StatusAccepted:
	default:
		return false
	}
	if t := res.Header.Get("Content-Type"); t != "" && !strings.Contains(strings.ToLower(t), "html") {
		return false
	}
	limits := x.limits
	limits.Decoded, limits.Wire = peekSize, peekSize
	b := x.bound(res, limits)
	b.cut = true
	body, err := b.read()
	defer x.client.pools.putBuffer(body)
	if err != nil {
		return false // an unreadable error page is an error page
	}
	for _, mark := range challengeMarks {
		if bytes.Contains(body, mark) {
			return true
		}
	}
	return false
}
