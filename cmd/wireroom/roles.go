package main

import (
	"fmt"
	"slices"
	"strings"
)

// roles are what one process of several on a store does. Every process answers
// HTTP: health, pushes from hubs, and the feeds if it publishes.
type roles struct {
	poll    bool // polls sources, subscribes to hubs, forgets what is old
	publish bool // renders and serves the feeds
	hub     bool // delivers to the subscribers of our own hub
}

var roleNames = []string{"poll", "publish", "hub"}

// parseRoles reads --roles; none is all.
func parseRoles(names []string) (r roles, err error) {
	for _, name := range names {
		if name = strings.TrimSpace(name); !slices.Contains(roleNames, name) {
			return r, fmt.Errorf("--roles: expected some of %s, not %q", strings.Join(roleNames, ", "), name)
		}
		r.poll, r.publish, r.hub = r.poll || name == "poll", r.publish || name == "publish", r.hub || name == "hub"
	}
	if len(names) == 0 {
		return roles{true, true, true}, nil
	}
	return r, nil
}

// renders reports whether the feeds are needed: the hub delivers them, too.
func (r roles) renders() bool { return r.publish || r.hub }
