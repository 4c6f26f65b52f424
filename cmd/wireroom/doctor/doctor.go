// Package doctor examines an installation: config, store, disk, files, clock,
// name resolution, the way out to the sources, and the way in from base_url. In
// goes a config; out come findings, each with what to do about it. It changes
// nothing (the store's write test takes back what it wrote), asks each host at
// most for its robots.txt, once, and never polls.
package doctor

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"wireroom/cmd/wireroom/config"
	"wireroom/store"
)

// States of a Finding.
const (
	Good    = "ok"
	Warning = "warning"
	Bad     = "bad"
	Skipped = "skipped"
)

// Finding is what one check came to.
type Finding struct {
	Check string `json:"check"`
	State string `json:"state"`        // Good, Warning, Bad or Skipped
	Says  string `json:"says"`         // what was found
	Do    string `json:"do,omitempty"` // what to do about it
}

// Doctor has what the checks need. All fields but Only are needed.
type Doctor struct {
	Config  *config.Config
	Offline bool     // leave out what leaves this machine
	Only    []string // sources to try; empty: one of each host, at most maxHosts

	Open     func(context.Context) (store.Store, error)
	Out      http.RoundTripper // the guarded way to sources
	Agent    string            // User-Agent
	Resolver interface {
		LookupHost(ctx context.Context, host string) ([]string, error)
	}
	Free      func(path string) (free uint64, ok bool) // bytes, of the disk that path is on
	OpenFiles func() (limit float64, ok bool)          // that this process may have open
	Now       func() time.Time
}

// Examine runs the checks in order and tells each finding.
func (d *Doctor) Examine(ctx context.Context, tell func(Finding)) {
	note := func(list ...Finding) {
		for _, f := range list {
			tell(f)
		}
	}
	c := d.Config
	note(Finding{"config", Good, fmt.Sprintf("%s: %d sources, %d feeds", nameOf(c), len(c.Sources), len(c.Feeds)), ""})
	note(d.sources()...)
	note(d.store(ctx)...)
	note(d.disk()...)
	note(d.files())
	note(d.private())
	if d.Offline {
		for _, name := range []string{"names", "sources", "clock", "base_url"} {
			note(Finding{name, Skipped, "not looked at: --offline", ""})
		}
		return
	}
	trips := d.try(ctx)
	note(d.names(trips))
	note(d.reached(trips)...)
	note(d.clock(trips))
	note(d.base(ctx))
}

func nameOf(c *config.Config) string {
	if c.Path() == "" {
		return "no file, only defaults"
	}
	return c.Path()
}

// sources looks at what the config says of them.
func (d *Doctor) sources() []Finding {
	if len(d.Config.Sources) == 0 {
		return []Finding{{"config", Warning, "there are no sources", "add some: wireroom add ADDRESS, or wireroom import FILE.opml"}}
	}
	var list []Finding
	if d.Config.Fetch.Contact == "" {
		list = append(list, Finding{"config", Warning, "publishers can't tell who polls them", "set fetch.user_agent_contact to a mail or web address"})
	}
	return list
}

// private warns of metrics and profiles that anybody may read.
func (d *Doctor) private() Finding {
	at := d.Config.Server.PrivateListen
	if at == "" {
		return Finding{"metrics", Skipped, "server.private_listen is not set: no metrics, no profiles", ""}
	}
	host, _, err := net.SplitHostPort(at)
	ip := net.ParseIP(host)
	switch {
	case err != nil:
		return Finding{"metrics", Bad, err.Error(), "set server.private_listen to host:port"}
	case host == "" || ip != nil && ip.IsUnspecified():
		return Finding{"metrics", Warning, "metrics and profiles are on every address of this machine, at " + at,
			"see to it that a firewall or the container's network keeps strangers away, or listen on 127.0.0.1"}
	}
	return Finding{"metrics", Good, "at " + at, ""}
}
