package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"wireroom/server/token"
)

// TLS names the files of a certificate.
type TLS struct {
	Cert string `yaml:"cert" json:"cert,omitempty" desc:"Certificate with its chain, PEM. Read again when it changes."`
	Key  string `yaml:"key" json:"key,omitempty" desc:"Its private key, PEM."`
}

// ExternalHub is the address of the WebSub hub that is pinged instead of our
// own; empty if there is none.
func (s *Server) ExternalHub() string {
	if s.WebSub == "own" || s.WebSub == "off" {
		return ""
	}
	return s.WebSub
}

// SameDoor reports whether two configs open the same server: what can't be
// changed while it runs.
func (s *Server) SameDoor(o *Server) bool {
	return s.Listen == o.Listen && s.PrivateListen == o.PrivateListen && s.AccessLog == o.AccessLog && s.TLS == o.TLS && s.WebSub == o.WebSub && s.WebSubContent == o.WebSubContent &&
		s.WebSubSignature == o.WebSubSignature && s.PublishToken == o.PublishToken && s.RateLimit == o.RateLimit &&
		slices.Equal(s.TrustedProxies, o.TrustedProxies)
}

// Proxies are the networks whose word about a client's address counts.
func (s *Server) Proxies() []netip.Prefix {
	var out []netip.Prefix
	for _, n := range s.TrustedProxies {
		if p, err := parseNetwork(n); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// parseNetwork reads a network or a single address.
func parseNetwork(s string) (netip.Prefix, error) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p, nil
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return netip.PrefixFrom(a, a.BitLen()), nil
}

// validateAccess holds what concerns the server's clients to the rules.
func (c *Config) validateAccess(k *check) {
	s := &c.Server
	if hub := s.ExternalHub(); hub != "" {
		if u, err := url.Parse(hub); err != nil || !webAddress(u) {
			k.fail("$.server.websub", "expected own, off or the address of a hub, not %q", hub)
		}
	}
	oneOf(k, "$.server", s)
	if s.PublishToken != "" && !token.Valid(s.PublishToken) {
		k.fail("$.server.websub_publish_token", "expected a hash that `wireroom token` printed")
	}
	if s.PrivateListen != "" {
		if _, _, err := net.SplitHostPort(s.PrivateListen); err != nil {
			k.fail("$.server.private_listen", "expected host:port, such as 127.0.0.1:9090, not %q", s.PrivateListen)
		} else if s.PrivateListen == s.Listen {
			k.fail("$.server.private_listen", "this is the public address, server.listen: expected another one")
		}
	}
	if s.RateLimit < 0 {
		k.fail("$.server.rate_limit", "expected a number of requests a second, or 0 for any number")
	}
	for i, n := range s.TrustedProxies {
		if _, err := parseNetwork(n); err != nil {
			k.fail(fmt.Sprintf("$.server.trusted_proxies[%d]", i), "expected an address or a network such as 10.0.0.0/8, not %q", n)
		}
	}
	if (s.TLS.Cert == "") != (s.TLS.Key == "") {
		k.fail("$.server.tls", "cert and key are needed together")
	}
}

// validateFormer holds the ids that are no longer in use to the rules: each
// leads to one place.
func (c *Config) validateFormer(k *check) {
	current, former := map[string]bool{"all": true}, map[string]string{}
	for i := range c.Feeds {
		current[c.Feeds[i].ID] = true
	}
	claim := func(at, id, by string) {
		switch other, taken := former[id]; {
		case !idForm.MatchString(id):
			k.fail(at, "expected the id of a feed that there was, not %q", id)
		case current[id]:
			k.fail(at, "%q is the id of a feed that there is", id)
		case taken:
			k.fail(at, "%q is named by %s too", id, other)
		}
		former[id] = by
	}
	for i := range c.Feeds {
		f := &c.Feeds[i]
		at := place(f.at, "feeds", i)
		for j, id := range f.MovedFrom {
			claim(fmt.Sprintf("%s.moved_from[%d]", at, j), id, "moved_from of "+f.ID)
		}
		c.validateReaders(k, at, f)
	}
	for i, id := range c.Retired {
		claim(fmt.Sprintf("$.retired[%d]", i), id, "retired")
	}
}

func (c *Config) validateReaders(k *check, at string, f *Feed) {
	const hint = "expected a hash that `wireroom token` printed"
	for i, hash := range f.Tokens {
		if !token.Valid(hash) {
			k.fail(fmt.Sprintf("%s.tokens[%d]", at, i), hint)
		}
	}
	for _, name := range f.UserNames() {
		if name == "" || strings.ContainsAny(name, ":\r\n\x00") {
			k.fail(at+".users", "%q can't be a user's name", name)
		} else if !token.Valid(f.Users[name]) {
			k.fail(at+".users."+name, hint)
		}
	}
	if f.PerSource < 0 || f.PerSource > 1000 {
		k.fail(at+".per_source", "expected 1 to 1000, or 0 for any number, not %d", f.PerSource)
	}
}

// UserNames are those of the users, sorted.
func (f *Feed) UserNames() []string {
	names := make([]string, 0, len(f.Users))
	for n := range f.Users {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
