package fetch

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

func isPermanent(status int) bool {
	return status == http.StatusMovedPermanently || status == http.StatusPermanentRedirect
}

// follow moves x to where res points, or says why not. The new address is
// guarded like any other when it is dialled; here is judged what a dial does not
// show.
func (x *exchange) follow(res *http.Response) error {
	location := res.Header.Get("Location")
	if location == "" {
		return x.error(KindRedirect, fmt.Sprintf("the server answered %d without saying where to: the publisher must mend it", res.StatusCode), nil)
	}
	next, err := parseURL(location)
	if err == nil {
		next = x.url.ResolveReference(next)
		err = canonical(next)
	}
	if err != nil {
		return x.error(KindRedirect, fmt.Sprintf("the server redirects (%d) to what can't be fetched: %v", res.StatusCode, err), err)
	}
	hop := Hop{
		Status: res.StatusCode, From: redactURL(x.url), To: redactURL(next),
		Permanent: isPermanent(res.StatusCode),
		CrossHost: next.Hostname() != x.url.Hostname(),
		Downgrade: x.url.Scheme == "https" && next.Scheme == "http",
	}
	x.res.Hops = append(x.res.Hops, hop)
	x.res.Permanent = hop.Permanent && (len(x.res.Hops) == 1 || x.res.Permanent)
	x.res.CrossHost = hop.CrossHost || x.res.CrossHost
	switch target := next.String(); {
	case target == x.at || slices.Contains(x.seen, target):
		return x.error(KindRedirect, "the server redirects in a circle: open the address in a browser and use the one that it ends at; it may want a cookie", nil)
	case len(x.res.Hops) > x.limits.Redirects:
		return x.error(KindRedirect, fmt.Sprintf("more than %d redirects: open the address in a browser and use the one that it ends at", x.limits.Redirects), nil)
	case hop.Downgrade && x.req.hasSecrets(x.first):
		return x.error(KindRedirect, "the server redirects from https to http, where the secrets of this source could be read by others: use an https address", nil)
	default:
		x.seen = append(x.seen, x.at)
		x.url, x.at = next, target
	}
	return nil
}

// resolve makes ref absolute against base; empty if it is no http or https
// address.
func resolve(base *url.URL, ref string) string {
	if ref == "" {
		return ""
	}
	u, err := parseURL(ref)
	if err != nil {
		return ""
	}
	u = base.ResolveReference(u)
	if canonical(u) != nil {
		return ""
	}
	return u.String()
}
