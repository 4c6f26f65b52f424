package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"wireroom/cmd/wireroom/config"
	"wireroom/cmd/wireroom/demo"
	"wireroom/examples"
	"wireroom/feed"
	"wireroom/operate"
	"wireroom/scheduler"
	"wireroom/server"
)

func serveCommand(a *app) *cobra.Command {
	var listen string
	var demonstrate bool
	var names []string
	cmd := &cobra.Command{
		Use: "serve", Short: "Poll the sources and serve the feeds", Args: cobra.NoArgs,
		Long: "Polls the sources when they are due and serves the combined feeds.\n" +
			"Without a config file it writes a commented starter file first.\n" +
			"With --demo it plays three sample agencies and needs neither config nor network.",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if a.roles, err = parseRoles(names); err != nil {
				return err
			}
			a.pacer = newPacer()
			if demonstrate {
				return a.serveDemo(cmd, listen)
			}
			return a.serve(cmd, listen)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "", "address to listen on, host:port (default from the config)")
	cmd.Flags().StringSliceVar(&names, "roles", nil, "what this process does of several on one store: poll, publish, hub (default all)")
	cmd.Flags().BoolVar(&demonstrate, "demo", false, "serve sample agencies; nothing is read from or written to this folder")
	return cmd
}

func (a *app) serve(cmd *cobra.Command, listen string) error {
	if err := a.starter(cmd.ErrOrStderr()); err != nil {
		return err
	}
	load := func() (*config.Config, error) { return config.Load(a.configPath(), a.getenv) }
	c, err := load()
	if err != nil {
		return err
	}
	return a.run(cmd, c, listen, load, nil)
}

// starter writes the starter config where there is none and none was asked for.
func (a *app) starter(log io.Writer) error {
	path := a.configPath()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) || a.path != "" {
		return nil
	}
	if err := os.WriteFile(path, examples.Starter, 0o644); err != nil {
		return fmt.Errorf("there is no %s and a starter file can't be written: %w", path, err)
	}
	fmt.Fprintf(log, "wrote a starter config to %s\n", path)
	return nil
}

// serveDemo serves sample agencies out of a temporary folder.
func (a *app) serveDemo(cmd *cobra.Command, listen string) error {
	dir, err := os.MkdirTemp("", "wireroom-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	d, err := demo.New(dir, time.Now())
	if err != nil {
		return err
	}
	load := func() (*config.Config, error) {
		return config.Parse(filepath.Join(dir, "wireroom.yaml"), demo.Config(), a.getenv)
	}
	c, err := load()
	if err != nil {
		return err
	}
	return a.run(cmd, c, listen, load, d)
}

// run serves until the context ends or something fails beyond repair.
func (a *app) run(cmd *cobra.Command, c *config.Config, listen string, load func() (*config.Config, error), d *demo.Demo) error {
	if listen != "" {
		c.Server.Listen = listen
	}
	ln, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", c.Server.Listen)
	if err != nil {
		return fmt.Errorf("can't listen on %s: %w", c.Server.Listen, err)
	}
	defer ln.Close()
	if d != nil { // the links lead to where it really listens
		c.Server.BaseURL = "http://" + reachable(ln.Addr())
	}
	desk, err := a.open(cmd, c)
	if err != nil {
		return err
	}
	defer desk.close()
	desk.roles = a.roles

	ops, err := desk.operate(cmd.Context())
	if err != nil {
		return err
	}
	defer ops.close()
	pub, err := server.NewPublisher(ops.store, desk.log)
	if err != nil {
		return err
	}
	ops.publishing(pub)
	if a.roles.renders() {
		if err := pub.Set(cmd.Context(), site(c), channels(c)); err != nil {
			return failed{err}
		}
	}
	var push *scheduler.Pusher
	saved := logPoll(desk)
	sched := scheduler.New(scheduler.Options{
		Store: ops.store, Poll: ops.poll(desk.poller.Poll), Workers: c.Fetch.Workers, Pace: time.Duration(c.Fetch.Pace), Lease: time.Duration(c.Fetch.Lease), Name: "serve", Now: desk.now, Log: desk.log, Saved: func(e scheduler.Event) {
			saved(e)
			ops.polled(e)
			if push != nil {
				push.Polled(e)
			}
		},
	})
	sched.SetSources(desk.sources)
	desk.poller.Twin = sched.Twin
	if a.roles.poll {
		if push, err = desk.pusher(sched); err != nil {
			return err
		}
	}
	so := server.Options{
		Store: ops.store, Publisher: pub, Feedless: !a.roles.publish, Around: ops.observer.Wrap, Straight: ops.straight(), Rate: float64(c.Server.RateLimit), Trusted: c.Server.Proxies(), Log: desk.log,
	}
	if so.TLS, err = desk.certificate(); err != nil {
		return err
	}
	told := desk.hub(pub, ops.delivered)
	if told != nil && c.Server.ExternalHub() == "" {
		so.Hub = told
	}
	pub.Idle = func(ctx context.Context) bool { return told == nil || !a.roles.hub || told.Quiet(ctx) }
	if push != nil {
		so.Push, desk.poller.Pushed = push, push.Trusted
	}
	var srv *server.Server
	client := func(r *http.Request) netip.Addr { return srv.Client(r) }
	operators, err := desk.doors(&so, &room{desk: desk, scheduler: sched, getenv: a.getenv, fixed: d != nil}, client)
	if err != nil {
		return err
	}
	srv = server.New(so)
	ops.serving(srv)

	if desk.keeper, err = newKeeper(desk, ops.store); err != nil {
		return err
	}
	desk.keeper.Want(c.WantsStories())
	g, ctx := errgroup.WithContext(cmd.Context())
	if a.roles.poll {
		g.Go(func() error { return sched.Run(ctx) })
		g.Go(func() error { return desk.keeper.Run(ctx) })
		g.Go(func() error { return desk.tidy(ctx) })
	}
	if a.roles.renders() {
		g.Go(func() error { return pub.Run(ctx) })
	}
	g.Go(func() error { return srv.Serve(ctx, ln) })
	g.Go(func() error { return operators(ctx) })
	if ops.tracer != nil {
		g.Go(func() error { return ops.tracer.Run(ctx) })
	}
	if ops.private != nil {
		g.Go(func() error { return operate.ServePrivate(ctx, ops.private, ops.metrics) })
	}
	if push != nil {
		g.Go(func() error { return push.Run(ctx) })
	}
	if told != nil && a.roles.hub {
		g.Go(func() error { return told.Run(ctx, pub.Changed()) })
	}
	if d != nil {
		g.Go(func() error { return d.Run(ctx, 15*time.Second) })
	} else {
		g.Go(func() error { return desk.watch(ctx, load, sched, pub, ops.loaded) })
	}
	a.pacer.started()
	cores.started()
	fmt.Fprintf(cmd.ErrOrStderr(), "Wireroom serves %d feeds of %d sources at %s://%s/\n", len(channels(c)), len(desk.sources), scheme(c), reachable(ln.Addr()))
	if err := g.Wait(); err != nil {
		return failed{err}
	}
	return nil
}

// pusher makes the part that subscribes to hubs, nil if there is to be none.
func (d *desk) pusher(s *scheduler.Scheduler) (*scheduler.Pusher, error) {
	if want := d.cfg.Fetch.WebSub; want == "off" || want == "auto" && !public(d.cfg.Server.BaseURL) {
		return nil, nil
	}
	return scheduler.NewPusher(scheduler.PushOptions{
		Scheduler: s, Poller: d.poller, Store: d.store, Callback: d.cfg.Server.BaseURL + server.PushPath,
		HTTP: d.poller.Client.RoundTripper(), Now: d.now, Log: d.log,
	})
}

// public reports whether an address looks like one that others can reach.
func public(address string) bool {
	u, err := url.Parse(address)
	if err != nil || !strings.Contains(u.Hostname(), ".") || strings.HasSuffix(u.Hostname(), ".localhost") {
		return false
	}
	a, err := netip.ParseAddr(u.Hostname())
	return err != nil || a.IsGlobalUnicast() && !a.IsPrivate()
}

// reachable is a listener's address as a browser on this machine would write it.
func reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

func site(c *config.Config) feed.Site {
	return feed.Site{
		BaseURL: c.Server.BaseURL, Name: c.Server.Name, Version: version(), Authority: c.Server.IDs, Art: server.Art(c.Server.BaseURL),
		Hub: hubAddress(&c.Server), Stylesheet: server.Stylesheet(c.Server.BaseURL), Retired: c.Retired,
	}
}

// logPoll tells of polls that went wrong or brought something.
func logPoll(d *desk) func(scheduler.Event) {
	return func(e scheduler.Event) {
		switch {
		case e.Error != "":
			d.log.Warn("poll failed", "source", e.Source, "poll", e.Log.ID, "error", e.Error, "next", e.Due.UTC().Format(time.RFC3339))
		case e.Saved.New+e.Saved.Updated+e.Saved.Canceled > 0:
			d.log.Info("news", "source", e.Source, "poll", e.Log.ID, "new", e.Saved.New, "updated", e.Saved.Updated, "canceled", e.Saved.Canceled)
		default:
			d.log.Debug("no news", "source", e.Source, "poll", e.Log.ID, "outcome", e.Log.Outcome)
		}
	}
}

// settle is how long a config file must have been left alone before it is read:
// editors write in several steps.
const settle = 300 * time.Millisecond

// watch reads the config again on SIGHUP and when one of its files changes. A
// config with faults changes nothing.
func (d *desk) watch(ctx context.Context, load func() (*config.Config, error), sched *scheduler.Scheduler, pub *server.Publisher, told func(error)) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	w, err := fsnotify.NewWatcher()
	if err != nil {
		d.log.Warn("changes of the config are not noticed; send SIGHUP after a change", "error", err)
		w = &fsnotify.Watcher{}
	} else {
		defer w.Close()
		d.watchFolders(w)
	}
	timer := time.NewTimer(0)
	<-timer.C
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-hup:
			timer.Reset(0)
		case e := <-w.Events:
			if d.concerns(e.Name) {
				timer.Reset(settle)
			}
		case done := <-d.again:
			done <- d.reload(ctx, load, sched, pub)
			d.watchFolders(w)
		case err := <-w.Errors:
			d.log.Warn("watching the config", "error", err)
		case <-timer.C:
			err := d.reload(ctx, load, sched, pub)
			told(err)
			if err != nil {
				d.log.Error("the config was not taken over; the one before stays", "error", err)
				continue
			}
			d.watchFolders(w)
		}
	}
}

// watchFolders watches the folders of the config's files, because editors and
// orchestrators replace files instead of writing into them.
func (d *desk) watchFolders(w *fsnotify.Watcher) {
	for _, f := range d.cfg.Files() {
		if err := w.Add(filepath.Dir(f)); err != nil {
			d.log.Warn("changes of the config are not noticed", "file", f, "error", err)
		}
	}
}

func (d *desk) concerns(name string) bool {
	for _, f := range d.cfg.Files() {
		if filepath.Clean(f) == filepath.Clean(name) || filepath.Base(name) == "..data" { // Kubernetes swaps this link
			return true
		}
	}
	return false
}

func (d *desk) reload(ctx context.Context, load func() (*config.Config, error), sched *scheduler.Scheduler, pub *server.Publisher) error {
	defer giveBack()
	c, err := load()
	if err != nil {
		return err
	}
	list, err := plan(c)
	if err != nil {
		return err
	}
	if c.Store != d.cfg.Store || !c.Server.SameDoor(&d.cfg.Server) {
		d.log.Warn("store, and of server listen, private_listen, access_log, tls, websub, rate_limit and trusted_proxies, take effect after a restart")
	}
	if err := syncSources(ctx, d.store, list, d.now()); err != nil {
		return err
	}
	d.cfg, d.sources = c, list
	d.live.Store(&plans{c, list})
	sched.SetSources(list)
	d.keeper.Want(c.WantsStories())
	if d.roles.renders() {
		if err := pub.Set(ctx, site(c), channels(c)); err != nil {
			return err
		}
	}
	d.log.Info("config taken over", "sources", len(list), "feeds", len(channels(c)))
	return nil
}

func (d *desk) close() {
	if err := d.store.Close(); err != nil {
		d.log.Error("closing the store", "error", err)
	}
}
