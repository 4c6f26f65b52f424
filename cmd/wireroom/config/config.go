// Package config reads wireroom.yaml. In goes a file's name and the environment,
// out comes a Config that is complete and valid, or errors that name file, line
// and column and say what was expected. It never starts or connects to anything.
package config

import (
	"slices"
	"time"
)

// Config is the whole file. Field tags are the names in YAML; the comments in
// the desc tags are the editor's help and docs/configuration.md.
type Config struct {
	Store   string   `yaml:"store" json:"store,omitempty" default:"sqlite:data/wireroom.db" desc:"Where articles are kept: sqlite:FILE (relative to this file) or postgres://user:password@host:port/database, which any number of replicas may share. The password may come from PGPASSWORD or ~/.pgpass instead."`
	Keep    Duration `yaml:"keep" json:"keep,omitempty" desc:"How long articles are kept after they came in or were last updated, like 90d; for ever if not set."`
	Include []string `yaml:"include" json:"include,omitempty" desc:"Further files: .opml for sources, .yaml with sources and feeds. Patterns are allowed; relative to this file."`
	Server  Server   `yaml:"server" json:"server,omitzero" desc:"How feeds are served."`
	Fetch   Fetch    `yaml:"fetch" json:"fetch,omitzero" desc:"How sources are fetched."`
	Desk    Desk     `yaml:"desk" json:"desk,omitzero" desc:"The operators' pages."`
	API     API      `yaml:"api" json:"api,omitzero" desc:"The interface for programs."`
	Sources []Source `yaml:"sources" json:"sources,omitempty" desc:"What is read."`
	Feeds   []Feed   `yaml:"feeds" json:"feeds,omitempty" desc:"What is published, besides the feed all, which always exists."`
	Stories bool     `yaml:"stories" json:"stories,omitempty" desc:"Look for stories although no feed has once: text or story; the pages then list further coverage, and what many sources tell leads. Feeds with once: text or story bring it about by themselves."`
	Retired []string `yaml:"retired" json:"retired,omitempty" desc:"Ids of feeds that are gone for good: answered 410, so that readers stop asking."`

	path  string
	files []string // all that were read, for watching
	draft []byte   // the desk's file as it is to become; nil: as it is
}

// Server says how feeds are served.
type Server struct {
	Listen  string `yaml:"listen" json:"listen,omitempty" default:":8080" desc:"Address to listen on, host:port."`
	BaseURL string `yaml:"base_url" json:"base_url,omitempty" default:"http://localhost:8080" desc:"The public address of this server; all links in feeds start with it."`
	Name    string `yaml:"name" json:"name,omitempty" default:"Wireroom" desc:"The name of the site, shown on pages and as the author of feeds."`
	IDs     string `yaml:"id_authority" json:"id_authority,omitempty" desc:"Domain in the ids of new articles (RFC 4151). Taken from base_url if not set; keep it when base_url changes."`

	WebSub          string `yaml:"websub" json:"websub,omitempty" default:"own" desc:"Who tells subscribers of changes at once: own (this server's hub), off, or the address of another hub, which is pinged."`
	WebSubContent   string `yaml:"websub_content" json:"websub_content,omitempty" enum:"full,new" default:"full" desc:"What our hub sends: the full feed, or only new and changed entries."`
	WebSubSignature string `yaml:"websub_signature" json:"websub_signature,omitempty" enum:"sha256,sha1" default:"sha256" desc:"How our hub signs; sha1 for old subscribers."`
	PublishToken    string `yaml:"websub_publish_token" json:"websub_publish_token,omitempty" desc:"Hash of the token (see wireroom token) that lets others ask our hub to look at a feed now; nobody may if not set."`

	RateLimit      int      `yaml:"rate_limit" json:"rate_limit,omitempty" desc:"Requests a second that one client address may make, in the mean of ten seconds; more are answered 429. 0: any number."`
	TrustedProxies []string `yaml:"trusted_proxies" json:"trusted_proxies,omitempty" desc:"Addresses or networks of proxies whose Forwarded or X-Forwarded-For names the client."`
	PrivateListen  string   `yaml:"private_listen" json:"private_listen,omitempty" desc:"Second address, such as 127.0.0.1:9090, for /metrics and /debug/pprof/; keep it from the public. Not served if not set."`
	AccessLog      string   `yaml:"access_log" json:"access_log,omitempty" enum:"off,debug,on,with-clients" default:"debug" desc:"Whether requests are logged: off, at level debug, always, or always with the client's address. Tokens and search words never are."`
	TLS            TLS      `yaml:"tls" json:"tls,omitzero" desc:"Serve HTTPS with a certificate of our own, instead of behind a proxy."`
}

// Fetch says how sources are fetched.
type Fetch struct {
	Contact  string   `yaml:"user_agent_contact" json:"user_agent_contact,omitempty" desc:"Mail or web address that publishers may turn to; sent in the User-Agent."`
	Networks []string `yaml:"allow_networks" json:"allow_networks,omitempty" desc:"Private networks that may be fetched (CIDR), for intranets and tests. Others are refused."`
	Ports    []int    `yaml:"allow_ports" json:"allow_ports,omitempty" desc:"Ports that may be fetched; 80 and 443 if not set. Hosts in allow_networks may use any port."`
	Folders  []string `yaml:"allow_folders" json:"allow_folders,omitempty" desc:"Folders that file: sources may read; the folder of this file if not set."`
	Proxy    string   `yaml:"proxy" json:"proxy,omitempty" desc:"Forward proxy for all fetches, http://host:port."`
	Pace     Duration `yaml:"pace" json:"pace,omitempty" default:"1s" desc:"Least time between two exchanges with one host; twice that for a host with more than 50 sources due."`
	Lease    Duration `yaml:"lease" json:"lease,omitempty" default:"30s" desc:"How long the hosts of a replica that died are left alone before others poll them."`
	WebSub   string   `yaml:"websub" json:"websub,omitempty" enum:"auto,on,off" default:"auto" desc:"Have changes pushed by the hubs that sources name. auto: if base_url looks like an address that hubs can reach."`
	Workers  int      `yaml:"workers" json:"workers,omitempty" default:"128" desc:"How many hosts are polled at the same time."`
}

// Source is one upstream.
type Source struct {
	ID        string            `yaml:"id" json:"id,omitempty" desc:"Name of the source: lower case letters, digits, hyphens. Articles keep their ids only while it stays the same."`
	URL       string            `yaml:"url" json:"url" desc:"Address of the feed: http, https, or file: with a file or folder."`
	Title     string            `yaml:"title" json:"title,omitempty" desc:"Name shown to readers; the feed's own if not set."`
	Every     Duration          `yaml:"every" json:"every,omitempty" desc:"Fixed interval, like 10m; seconds only for files and addresses in allow_networks. Not together with cron. Neither: adaptive."`
	Keep      Duration          `yaml:"keep" json:"keep,omitempty" desc:"How long this source's articles are kept; as the top-level keep says if not set."`
	Cron      string            `yaml:"cron" json:"cron,omitempty" desc:"Five fields or a descriptor such as @hourly."`
	TimeZone  string            `yaml:"time_zone" json:"time_zone,omitempty" desc:"IANA zone that cron is meant in; UTC if not set."`
	Content   string            `yaml:"content" json:"content,omitempty" enum:"feed,page" default:"feed" desc:"feed: what the feed carries. page: read each article's own page."`
	Republish string            `yaml:"republish" json:"republish,omitempty" enum:"full,summary,link" default:"summary" desc:"How much of an article our feeds carry."`
	Language  string            `yaml:"language" json:"language,omitempty" desc:"BCP 47, for sources that do not say."`
	Paused    bool              `yaml:"paused" json:"paused,omitempty" desc:"Keep it, but do not poll."`
	UserAgent string            `yaml:"user_agent" json:"user_agent,omitempty" desc:"User-Agent for this source."`
	Username  string            `yaml:"username" json:"username,omitempty" desc:"For HTTP basic authentication."`
	Password  Secret            `yaml:"password" json:"password,omitempty" desc:"For HTTP basic authentication: the word itself, env:NAME or file:PATH."`
	Headers   map[string]Secret `yaml:"headers" json:"headers,omitempty" desc:"Further request headers, treated as secrets; values as for password."`
	Topics    []string          `yaml:"topics" json:"topics,omitempty" desc:"Keywords given to every article of this source."`

	at             string // path in the file, for messages
	added, changed bool   // at the desk
}

// Feed is one combined feed.
type Feed struct {
	ID          string   `yaml:"id" json:"id" desc:"Name in the address: /feeds/ID.rss, .atom, .json."`
	Title       string   `yaml:"title" json:"title,omitempty" desc:"Title; the id if not set."`
	Description string   `yaml:"description" json:"description,omitempty" desc:"One sentence."`
	Language    string   `yaml:"language" json:"language,omitempty" default:"en" desc:"BCP 47."`
	Copyright   string   `yaml:"copyright" json:"copyright,omitempty" desc:"Rights line of the feed."`
	Select      Select   `yaml:"select" json:"select,omitzero" desc:"Which articles; everything if empty."`
	Limit       int      `yaml:"limit" json:"limit,omitempty" default:"100" desc:"How many articles."`
	PerSource   int      `yaml:"per_source" json:"per_source,omitempty" desc:"At most this many articles of one source; 0: any number."`
	Once        string   `yaml:"once" json:"once,omitempty" enum:"article,text,story" default:"article" desc:"What the feed has once: each article; each text, though several sources carry it; each story, though it is told in other words. The others are listed in the entry."`
	Prefer      []string `yaml:"prefer" json:"prefer,omitempty" desc:"Source ids: of equally fresh articles of a story the first of these represents it."`
	Order       string   `yaml:"order" json:"order,omitempty" enum:"published,updated" default:"published" desc:"Newest first, by this date."`
	TTL         Duration `yaml:"ttl" json:"ttl,omitempty" default:"5m" desc:"How long readers may keep it before they ask again."`

	MovedFrom []string          `yaml:"moved_from" json:"moved_from,omitempty" desc:"Ids that the feed had before: its old addresses lead to the new ones."`
	Tokens    []string          `yaml:"tokens" json:"tokens,omitempty" desc:"Makes the feed private: hashes of tokens (see wireroom token), sent by readers as ?token= or as a bearer."`
	Users     map[string]string `yaml:"users" json:"users,omitempty" desc:"Makes the feed private: names for basic authentication, each with the hash of its token, which is the password."`

	at string
}

// Select says which articles a feed carries. All that is set must hold.
type Select struct {
	Sources   []string `yaml:"sources" json:"sources,omitempty" desc:"Source ids."`
	Languages []string `yaml:"languages" json:"languages,omitempty" desc:"BCP 47; en selects en-GB too."`
	Agencies  []string `yaml:"agencies" json:"agencies,omitempty" desc:"Credited agencies, such as AFP or Reuters."`
	Topics    []string `yaml:"topics" json:"topics,omitempty" desc:"Subjects, their codes, keywords or kickers."`
	Match     string   `yaml:"match" json:"match,omitempty" desc:"Words that must all occur; \"quoted phrases\" in order."`
}

// WantsStories reports whether stories are looked for: somebody asks for them.
func (c *Config) WantsStories() bool {
	return c.Stories || slices.ContainsFunc(c.Feeds, func(f Feed) bool { return f.Once == "text" || f.Once == "story" })
}

// Path is the file that was read, empty for a Config made without one.
func (c *Config) Path() string { return c.path }

// Files are all files that the config was read from.
func (c *Config) Files() []string { return c.files }

// Zone is the source's time zone; a valid Config has only zones that load.
func (s *Source) Zone() *time.Location {
	if z, err := time.LoadLocation(s.TimeZone); err == nil {
		return z
	}
	return time.UTC
}
