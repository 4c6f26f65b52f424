package websub

import (
	"net/url"
	"slices"
)

// Links are the hubs and the address of itself that a document names in one
// place, absolute.
type Links struct {
	Hubs []string
	Self string
}

// Discover finds what to subscribe to (WebSub §4). The HTTP headers count before
// the body. Hub and topic have to come from the same place, because only then do
// they speak of the same document; where that place names hubs and no self, the
// other's self is taken if there is one, else the address that was fetched, which
// is what hubs of old feeds expect. The hubs are in the order to try them, those
// on https first. No hub: no topic.
func Discover(fetched string, header, body Links) (topic string, hubs []string) {
	for _, place := range []struct{ here, other Links }{{header, body}, {body, header}} {
		hubs = usable(place.here.Hubs)
		if len(hubs) == 0 {
			continue
		}
		for _, candidate := range []string{place.here.Self, place.other.Self, fetched} {
			if isWeb(candidate) {
				return candidate, hubs
			}
		}
	}
	return "", nil
}

// maxHubs is how many hubs of one document are looked at.
const maxHubs = 4

func usable(list []string) []string {
	var hubs []string
	for _, hub := range list {
		if isWeb(hub) && !slices.Contains(hubs, hub) && len(hubs) < maxHubs {
			hubs = append(hubs, hub)
		}
	}
	slices.SortStableFunc(hubs, func(a, b string) int { return rank(a) - rank(b) })
	return hubs
}

func rank(hub string) int {
	if u, err := url.Parse(hub); err == nil && u.Scheme == "https" {
		return 0
	}
	return 1
}

func isWeb(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && u.User == nil && (u.Scheme == "http" || u.Scheme == "https")
}
