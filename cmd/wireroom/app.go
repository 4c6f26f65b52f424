package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"wireroom/article"
	"wireroom/cmd/wireroom/config"
	"wireroom/feed"
	"wireroom/operate"
	"wireroom/operate/tracing"
	"wireroom/scheduler"
	"wireroom/scheduler/stories"
	"wireroom/sources/fetch"
	"wireroom/store"
	"wireroom/store/postgres"
	"wireroom/store/sqlite"
)

// app is what the commands share: flags and the way from the config to the
// rooms.
type app struct {
	path      string
	logLevel  string
	logFormat string
	getenv    func(string) (string, bool)
	roles     roles
	pacer     *pacer // of a server
}

func (a *app) configPath() string {
	if a.path != "" {
		return a.path
	}
	if p, ok := a.getenv("WIREROOM_CONFIG"); ok && p != "" {
		return p
	}
	return "wireroom.yaml"
}

// config reads the config file; without one that was asked for, the defaults
// and the environment.
func (a *app) config() (*config.Config, error) {
	path := a.configPath()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && a.path == "" {
		return config.Parse(path, nil, a.getenv)
	}
	return config.Load(path, a.getenv)
}

func (a *app) logger(w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(a.logLevel)); err != nil {
		return nil, fmt.Errorf("--log-level: expected debug, info, warn or error, not %q", a.logLevel)
	}
	o := &slog.HandlerOptions{Level: level}
	switch a.logFormat {
	case "text":
		return slog.New(operate.Handler(slog.NewTextHandler(w, o), tracing.Attr)), nil
	case "json":
		return slog.New(operate.Handler(slog.NewJSONHandler(w, o), tracing.Attr)), nil
	}
	return nil, fmt.Errorf("--log-format: expected text or json, not %q", a.logFormat)
}

// openStore opens the store that the config names, with the config's sources.
func openStore(ctx context.Context, c *config.Config, log *slog.Logger) (store.Store, error) {
	return openAddress(ctx, c.Store, c.Rel, log)
}

// openAddress opens sqlite:FILE or postgres://…; rel makes the file's name absolute.
func openAddress(ctx context.Context, address string, rel func(string) string, log *slog.Logger) (store.Store, error) {
	if err := config.CheckStore(address); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if file, ok := strings.CutPrefix(address, "sqlite:"); ok {
		s, err := sqlite.Open(ctx, rel(file), sqlite.Options{Log: log})
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	s, err := postgres.Open(ctx, address, postgres.Options{Log: log})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// sync tells the store which sources there are.
func syncSources(ctx context.Context, s store.Store, list []*scheduler.Source, now time.Time) error {
	spread := time.Duration(0)
	if len(list) > 100 { // few sources may all start at once
		spread = min(time.Duration(len(list))*10*time.Millisecond, 10*time.Minute)
	}
	rows := make([]store.Source, 0, len(list))
	for _, src := range list {
		rows = append(rows, store.Source{
			ID: src.ID, Host: src.Host(), Title: src.Title, Republish: src.Republish,
			FirstDue: scheduler.FirstDue(src.ID, now, spread), Paused: src.Paused,
		})
	}
	return s.Sync(ctx, rows)
}

// plan maps the config's sources to the scheduler's.
func plan(c *config.Config) ([]*scheduler.Source, error) {
	list, all := make([]*scheduler.Source, 0, len(c.Sources)), make([]scheduler.Source, len(c.Sources)) // one piece of memory
	for i := range c.Sources {
		s, src := &c.Sources[i], &all[i]
		*src = scheduler.Source{
			ID: s.ID, URL: s.URL, Title: s.Title, Every: time.Duration(s.Every),
			Page: s.Content == "page", Republish: article.Republish(s.Republish),
			Language: s.Language, Topics: s.Topics, Paused: s.Paused,
			UserAgent: s.UserAgent, Username: s.Username, Password: string(s.Password),
		}
		if rest, ok := strings.CutPrefix(s.URL, "file:"); ok {
			src.URL = "file://" + c.Rel(strings.TrimPrefix(rest, "//"))
		}
		if s.Cron != "" {
			spec, err := scheduler.ParseCron(s.Cron, s.Zone())
			if err != nil {
				return nil, err
			}
			src.Cron = spec
		}
		for name, value := range s.Headers {
			src.Headers = append(src.Headers, fetch.Header{Name: name, Value: string(value), Secret: true})
		}
		list = append(list, src)
	}
	return list, nil
}

// channels maps the config's feeds to what the feed room renders; all comes
// first and always exists.
func channels(c *config.Config) []feed.Channel {
	list := make([]feed.Channel, 0, len(c.Feeds)+1)
	if !slices.ContainsFunc(c.Feeds, func(f config.Feed) bool { return f.ID == "all" }) {
		list = append(list, feed.Channel{
			ID: "all", Title: c.Server.Name, Description: "Everything that " + c.Server.Name + " reads, newest first.",
			Language: "en", Select: article.Query{Limit: 100}, TTL: 5 * time.Minute,
		})
	}
	for _, f := range c.Feeds {
		list = append(list, feed.Channel{
			ID: f.ID, Title: f.Title, Description: f.Description, Language: f.Language, Copyright: f.Copyright,
			TTL: time.Duration(f.TTL), PerSource: f.PerSource, Once: feed.Once(f.Once), Prefer: f.Prefer, Former: f.MovedFrom, Readers: readers(&f),
			Select: article.Query{
				Sources: f.Select.Sources, Languages: f.Select.Languages, Agencies: f.Select.Agencies,
				Topics: f.Select.Topics, Match: f.Select.Match, ByUpdated: f.Order == "updated", Limit: f.Limit,
			},
		})
	}
	return list
}

// readers are those of a private feed.
func readers(f *config.Feed) []feed.Reader {
	var list []feed.Reader
	for _, hash := range f.Tokens {
		list = append(list, feed.Reader{Hash: hash})
	}
	for _, name := range f.UserNames() {
		list = append(list, feed.Reader{Name: name, Hash: f.Users[name]})
	}
	return list
}

// client makes the one HTTP client of the program.
func client(c *config.Config, log *slog.Logger) (*fetch.Client, error) {
	var networks []netip.Prefix
	for _, n := range c.Fetch.Networks {
		p, err := netip.ParsePrefix(n)
		if err != nil {
			addr, err := netip.ParseAddr(n)
			if err != nil {
				return nil, fmt.Errorf("fetch.allow_networks: %q: %w", n, err)
			}
			p = netip.PrefixFrom(addr, addr.BitLen())
		}
		networks = append(networks, p)
	}
	var proxy *url.URL
	if c.Fetch.Proxy != "" {
		p, err := url.Parse(c.Fetch.Proxy)
		if err != nil {
			return nil, fmt.Errorf("fetch.proxy: %w", err)
		}
		proxy = p
	}
	return fetch.New(fetch.Options{
		Product: "Wireroom/" + version(), Contact: c.Fetch.Contact,
		AllowNetworks: networks, OwnAddresses: ownAddresses(), Ports: c.Fetch.Ports, Proxy: proxy,
	})
}

// ownAddresses are the addresses of this machine, which no feed may lead us to;
// allow_networks wins over them.
func ownAddresses() []netip.Addr {
	list, err := net.InterfaceAddrs()
	if err != nil { // then the private ones are refused all the same
		return nil
	}
	var own []netip.Addr
	for _, a := range list {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().IsGlobalUnicast() {
			own = append(own, p.Addr().Unmap())
		}
	}
	return own
}

// desk is a running set of rooms: what serve and refresh have in common.
type desk struct {
	cfg     *config.Config
	log     *slog.Logger
	store   store.Store
	sources []*scheduler.Source
	poller  *scheduler.Poller
	keeper  *stories.Keeper       // of serve
	again   chan chan error       // asks watch to read the config again
	live    atomic.Pointer[plans] // what is in force, for other goroutines than serve's own
	roles   roles
	now     func() time.Time // the clock that all who share the store go by
}

// open reads the config and opens everything that polling needs.
func (a *app) open(cmd *cobra.Command, c *config.Config) (*desk, error) {
	log, err := a.logger(cmd.ErrOrStderr())
	if err != nil {
		return nil, err
	}
	d := &desk{cfg: c, log: log, again: make(chan chan error)}
	if d.sources, err = plan(c); err != nil {
		return nil, err
	}
	hc, err := client(c, log)
	if err != nil {
		return nil, err
	}
	if d.store, err = openStore(cmd.Context(), c, log); err != nil {
		return nil, err
	}
	d.now = time.Now
	if c, ok := d.store.(interface{ Now() time.Time }); ok {
		d.now = c.Now
	}
	d.poller = &scheduler.Poller{Client: hc, Authority: c.Server.IDs, Folders: folders(c), Pace: time.Duration(c.Fetch.Pace), Now: d.now, Complete: d.store.Complete, Log: log}
	if err := syncSources(cmd.Context(), d.store, d.sources, d.now()); err != nil {
		return nil, errors.Join(err, d.store.Close())
	}
	d.live.Store(&plans{c, d.sources})
	return d, nil
}

// plans are a config and the sources made of it.
type plans struct {
	cfg     *config.Config
	sources []*scheduler.Source
}

// config is the one in force; planned are its sources.
func (d *desk) config() *config.Config       { return d.live.Load().cfg }
func (d *desk) planned() []*scheduler.Source { return d.live.Load().sources }

// folders are where file: sources may read.
func folders(c *config.Config) []string {
	if len(c.Fetch.Folders) == 0 {
		abs, err := filepath.Abs(filepath.Dir(c.Path()))
		if err != nil {
			return nil
		}
		return []string{abs}
	}
	var list []string
	for _, f := range c.Fetch.Folders {
		list = append(list, c.Rel(f))
	}
	return list
}
