package desk

import (
	"net/http"
	"strings"
	"time"

	"wireroom/server/control"
	"wireroom/server/hub"
)

type feedsPage struct {
	Feeds []feedRow
	Since time.Time // when readers began to be counted
}

type feedRow struct {
	control.Feed
	Readers     []Reader
	Subscribers []subscriber
}

// subscriber is one of the hub's. Of its address only the host is shown: the
// rest may be a secret.
type subscriber struct {
	Host, State string
	Expires     time.Time
	Last        hub.Attempt
}

// subscribersShown bounds how many of a feed are listed.
const subscribersShown = 50

// listFeeds shows the feeds and who reads them.
func (d *Desk) listFeeds(v *visit) error {
	var p feedsPage
	at := map[string]int{}
	for _, f := range d.Room.Feeds() {
		row := feedRow{Feed: f}
		row.Readers, p.Since = d.Readers.Of(f.ID)
		for _, topic := range []string{f.RSS, f.Atom, f.JSON} {
			at[topic] = len(p.Feeds)
		}
		p.Feeds = append(p.Feeds, row)
	}
	err := hub.List(v.r.Context(), d.Store, func(s *hub.Subscription) error {
		topic, _, _ := strings.Cut(s.Topic, "?")
		if i, ok := at[topic]; ok && len(p.Feeds[i].Subscribers) < subscribersShown {
			p.Feeds[i].Subscribers = append(p.Feeds[i].Subscribers, subscriberOf(s))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.show(v, http.StatusOK, "feeds", &view{Title: "Feeds", Nav: "feeds", Body: &p})
}

func subscriberOf(s *hub.Subscription) subscriber {
	out := subscriber{Expires: s.Expires, State: "up to date"}
	if _, rest, ok := strings.Cut(s.Callback, "://"); ok {
		host, _, _ := strings.Cut(rest, "/")
		host, _, _ = strings.Cut(host, "?")
		out.Host = host[strings.LastIndexByte(host, '@')+1:]
	}
	switch {
	case s.Failures > 0:
		out.State = "failing"
	case !s.Next.IsZero():
		out.State = "being told"
	}
	if n := len(s.Log); n > 0 {
		out.Last = s.Log[n-1]
	}
	return out
}
