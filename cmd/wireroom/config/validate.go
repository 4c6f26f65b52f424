package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"wireroom/scheduler"
)

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)

// check collects faults with their place.
type check struct {
	root   *document
	faults []error
}

func (k *check) fail(at, format string, args ...any) {
	if !strings.HasPrefix(at, "$") { // an included file
		file, rest, _ := strings.Cut(at, "$")
		k.faults = append(k.faults, &Error{File: file, Message: strings.TrimPrefix(rest, ".") + ": " + fmt.Sprintf(format, args...)})
		return
	}
	k.faults = append(k.faults, k.root.at(at, format, args...))
}

func (c *Config) validate(root *document) []error {
	k := &check{root: root}
	c.validateStore(k)
	keeps(k, "$.keep", c.Keep)
	c.validateServer(k)
	c.validateAccess(k)
	c.validateDesk(k)
	c.validateFetch(k)
	c.nameSources()
	seen := map[string]int{}
	for i := range c.Sources {
		s := &c.Sources[i]
		at := place(s.at, "sources", i)
		if seen[s.ID]++; seen[s.ID] == 2 {
			k.fail(at+".id", "two sources are called %q; ids must differ", s.ID)
		}
		c.validateSource(k, at, s)
	}
	c.validateFeeds(k, seen)
	c.validateFormer(k)
	return k.faults
}

func place(at, list string, i int) string {
	if at == "" {
		return fmt.Sprintf("$.%s[%d]", list, i)
	}
	return at + "$." + list
}

func (c *Config) validateStore(k *check) {
	if err := CheckStore(c.Store); err != nil {
		k.fail("$.store", "%s", err.Error())
	}
}

// CheckStore says what is wrong with a store's address, without the secrets that
// stand in it.
func CheckStore(address string) error {
	kind, rest, ok := strings.Cut(address, ":")
	switch {
	case !ok || rest == "" || !slices.Contains([]string{"sqlite", "postgres", "postgresql"}, kind):
		return fmt.Errorf("expected sqlite:FILE or postgres://…, not %q", Redact(address))
	case kind == "sqlite":
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(rest, "//") || u.Opaque != "" {
		return errors.New("expected postgres://user:password@host:port/database; signs such as / ? # @ % in a password are written %2F %3F %23 %40 %25")
	}
	return nil
}

// Redact is an address without what stands between its kind and its host, and
// without what follows a question mark: there may be secrets.
func Redact(address string) string {
	head, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	rest, _, _ = strings.Cut(rest, "?")
	return head + "://" + rest
}

func (c *Config) validateServer(k *check) {
	if _, _, err := net.SplitHostPort(c.Server.Listen); err != nil {
		k.fail("$.server.listen", "expected host:port or :port, not %q", c.Server.Listen)
	}
	u, err := url.Parse(c.Server.BaseURL)
	if err != nil || !webAddress(u) || u.RawQuery != "" || u.Fragment != "" {
		k.fail("$.server.base_url", "expected an http or https address without query, not %q", c.Server.BaseURL)
		return
	}
	c.Server.BaseURL = strings.TrimRight(c.Server.BaseURL, "/")
	if c.Server.IDs == "" {
		c.Server.IDs = authority(u.Hostname())
	}
	if !strings.Contains(c.Server.IDs, ".") || strings.ContainsAny(c.Server.IDs, "/:, \t") {
		k.fail("$.server.id_authority", "expected a domain such as news.example.org, not %q", c.Server.IDs)
	}
}

// authority is the domain that ids carry: a tag URI's must be a DNS name, which
// localhost and addresses are not.
func authority(host string) string {
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return "wireroom.localhost"
	}
	return strings.ToLower(host)
}

func webAddress(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

func (c *Config) validateFetch(k *check) {
	for i, n := range c.Fetch.Networks {
		if _, err := netip.ParsePrefix(n); err != nil {
			if _, err := netip.ParseAddr(n); err != nil {
				k.fail(fmt.Sprintf("$.fetch.allow_networks[%d]", i), "expected a network such as 10.0.0.0/8, not %q", n)
			}
		}
	}
	for i, p := range c.Fetch.Ports {
		if p < 1 || p > 65535 {
			k.fail(fmt.Sprintf("$.fetch.allow_ports[%d]", i), "expected a port from 1 to 65535, not %d", p)
		}
	}
	if c.Fetch.Proxy != "" {
		if u, err := url.Parse(c.Fetch.Proxy); err != nil || !webAddress(u) {
			k.fail("$.fetch.proxy", "expected http://host:port")
		}
	}
	if c.Fetch.Workers < 1 || c.Fetch.Workers > 10000 {
		k.fail("$.fetch.workers", "expected 1 to 10000, not %d", c.Fetch.Workers)
	}
	if l := c.Fetch.Lease; l < Duration(time.Second) || l > Duration(time.Hour) {
		k.fail("$.fetch.lease", "expected 1s to 1h, not %s", l)
	}
	if strings.ContainsAny(c.Fetch.Contact, "\r\n\x00") {
		k.fail("$.fetch.user_agent_contact", "must be one line")
	}
}

func (c *Config) validateSource(k *check, at string, s *Source) {
	if !idForm.MatchString(s.ID) {
		k.fail(at+".id", "expected lower case letters, digits, - and _, at most 63, not %q", s.ID)
	}
	u, err := url.Parse(s.URL)
	switch {
	case err != nil || s.URL == "":
		k.fail(at+".url", "source %q has no address that can be read: expected http://, https:// or file:", s.ID)
	case u.Scheme == "file":
	case !webAddress(u):
		k.fail(at+".url", "expected http://, https:// or file:, not %q", s.URL)
	case u.User != nil:
		k.fail(at+".url", "put the name and the password into username and password, not into the address")
	}
	c.validateRhythm(k, at, s)
	oneOf(k, at, s)
	if s.Language != "" {
		if _, err := language.Parse(s.Language); err != nil {
			k.fail(at+".language", "expected a language such as en or pt-BR, not %q", s.Language)
		}
	}
	for name, value := range s.Headers {
		if strings.ContainsAny(name+string(value), "\r\n\x00") || strings.ContainsAny(name, " :") {
			k.fail(at+".headers", "the header %q can't be sent", name)
		}
	}
}

// keeps refuses to forget what feeds still show.
func keeps(k *check, at string, d Duration) {
	if d != 0 && (d < Duration(24*time.Hour) || d > Duration(36500*24*time.Hour)) {
		k.fail(at, "expected 1d to 36500d, not %s", d)
	}
}

func (c *Config) validateRhythm(k *check, at string, s *Source) {
	keeps(k, at+".keep", s.Keep)
	if _, err := time.LoadLocation(s.TimeZone); err != nil {
		k.fail(at+".time_zone", "unknown time zone %q; expected a name such as Europe/Berlin", s.TimeZone)
		return
	}
	if s.Cron != "" && s.Every != 0 {
		k.fail(at+".cron", "a source has either every or cron")
	}
	if s.Cron != "" {
		if _, err := scheduler.ParseCron(s.Cron, s.Zone()); err != nil {
			k.fail(at+".cron", "%v", err)
		}
	}
	least := Duration(time.Minute)
	if strings.HasPrefix(s.URL, "file:") || c.private(s.URL) {
		least = Duration(time.Second)
	}
	if s.Every != 0 && (s.Every < least || s.Every > Duration(30*24*time.Hour)) {
		k.fail(at+".every", "expected %s to 30d, not %s", least, s.Every)
	}
}

// private reports an address in a network of the operator's own (allow_networks):
// a wire's gateway there may be asked more often than strangers.
func (c *Config) private(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host, err := netip.ParseAddr(u.Hostname())
	return err == nil && slices.ContainsFunc(c.Fetch.Networks, func(n string) bool {
		p, err := netip.ParsePrefix(n)
		return err == nil && p.Contains(host) || n == host.String()
	})
}

// oneOf holds settings with an enum tag to it.
func oneOf(k *check, at string, group any) {
	for f, v := range fields(reflect.ValueOf(group).Elem()) {
		if allowed := f.Tag.Get("enum"); allowed != "" && !slices.Contains(strings.Split(allowed, ","), v.String()) {
			k.fail(at+"."+yamlName(f), "expected one of %s, not %q", strings.ReplaceAll(allowed, ",", ", "), v.String())
		}
	}
}

func (c *Config) validateFeeds(k *check, sources map[string]int) {
	seen := map[string]bool{}
	for i := range c.Feeds {
		f := &c.Feeds[i]
		at := place(f.at, "feeds", i)
		if !idForm.MatchString(f.ID) {
			k.fail(at+".id", "expected lower case letters, digits, - and _, at most 63, not %q", f.ID)
		}
		if seen[f.ID] {
			k.fail(at+".id", "two feeds are called %q; ids must differ", f.ID)
		}
		seen[f.ID] = true
		if f.Title == "" {
			f.Title = f.ID
		}
		if f.Limit < 1 || f.Limit > 1000 {
			k.fail(at+".limit", "expected 1 to 1000, not %d", f.Limit)
		}
		if _, err := language.Parse(f.Language); err != nil {
			k.fail(at+".language", "expected a language such as en or pt-BR, not %q", f.Language)
		}
		oneOf(k, at, f)
		for j, id := range f.Select.Sources {
			if sources[id] == 0 {
				k.fail(fmt.Sprintf("%s.select.sources[%d]", at, j), "there is no source %q", id)
			}
		}
		for j, id := range f.Prefer {
			if sources[id] == 0 {
				k.fail(fmt.Sprintf("%s.prefer[%d]", at, j), "there is no source %q", id)
			}
		}
		for j, l := range f.Select.Languages {
			if _, err := language.Parse(l); err != nil {
				k.fail(fmt.Sprintf("%s.select.languages[%d]", at, j), "expected a language such as en or pt-BR, not %q", l)
			}
		}
	}
}
