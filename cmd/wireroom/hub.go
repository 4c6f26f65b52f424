package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wireroom/cmd/wireroom/config"
	"wireroom/server"
	"wireroom/server/hub"
)

// hub makes the part that tells subscribers, or another hub, of changes; nil if
// there is to be none.
func (d *desk) hub(pub *server.Publisher, delivered func(hub.Attempt)) *hub.Hub {
	s := &d.cfg.Server
	if s.WebSub == "off" {
		return nil
	}
	o := hub.Options{
		Store: d.store, Feeds: pub, Out: d.poller.Client.RoundTripper(), Address: s.BaseURL + server.HubPath,
		Agent: "Wireroom/" + version() + " (" + s.BaseURL + "/)", External: s.ExternalHub(),
		SHA1: s.WebSubSignature == "sha1", Part: s.WebSubContent == "new", Refresh: pub.Update, Delivered: delivered, Log: d.log,
	}
	if hash := s.PublishToken; hash != "" {
		o.MayPublish = func(r *http.Request) bool { return server.Bearer(r, hash) }
	}
	return hub.New(o)
}

// hubAddress is where the feeds' documents say that they can be subscribed to.
func hubAddress(d *config.Server) string {
	switch {
	case d.WebSub == "off":
		return ""
	case d.WebSub == "own":
		return d.BaseURL + server.HubPath
	}
	return d.WebSub
}

// certificate is the server's own TLS; nil where a proxy has it.
func (d *desk) certificate() (*tls.Config, error) {
	t := d.cfg.Server.TLS
	if t.Cert == "" {
		return nil, nil
	}
	c, err := server.LoadCertificate(d.cfg.Rel(t.Cert), d.cfg.Rel(t.Key), d.log)
	if err != nil {
		return nil, fmt.Errorf("server.tls: %w", err)
	}
	return c.Config(), nil
}

// scheme of the server's own address.
func scheme(c *config.Config) string {
	if c.Server.TLS.Cert != "" {
		return "https"
	}
	return "http"
}

func hubCommand(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "hub", Short: "List the hub's subscriptions and their deliveries", Args: cobra.NoArgs,
		Long: "Lists who is told of changes by the WebSub hub, until when, and how the last deliveries went.\n" +
			"Of a callback only the host is shown: its address may be a secret.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			d, err := a.open(cmd, c)
			if err != nil {
				return err
			}
			defer d.close()
			return d.listSubscriptions(cmd, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a subscription")
	return cmd
}

// subscriptionLine is one subscription as `wireroom hub` shows it.
type subscriptionLine struct {
	Topic    string        `json:"topic"`
	Host     string        `json:"host"`
	Signed   bool          `json:"signed"`
	Begun    time.Time     `json:"begun"`
	Expires  time.Time     `json:"expires"`
	State    string        `json:"state"` // current, due, failing
	Next     time.Time     `json:"next,omitzero"`
	Failures int           `json:"failures,omitempty"`
	Log      []hub.Attempt `json:"log,omitempty"`
}

func lineOf(s *hub.Subscription) subscriptionLine {
	l := subscriptionLine{
		Topic: s.Topic, Signed: s.Secret != "", Begun: s.Begun, Expires: s.Expires, State: "current",
		Next: s.Next, Failures: s.Failures, Log: s.Log,
	}
	if u, err := url.Parse(s.Callback); err == nil {
		l.Host = u.Host
	}
	switch {
	case s.Failures > 0:
		l.State = "failing"
	case !s.Next.IsZero():
		l.State = "due"
	}
	return l
}

func (d *desk) listSubscriptions(cmd *cobra.Command, asJSON bool) error {
	w, now, n := cmd.OutOrStdout(), time.Now(), 0
	err := hub.List(cmd.Context(), d.store, func(s *hub.Subscription) error {
		l := lineOf(s)
		n++
		if asJSON {
			return json.NewEncoder(w).Encode(l)
		}
		last := "nothing delivered yet"
		if len(l.Log) > 0 {
			a := l.Log[len(l.Log)-1]
			last = fmt.Sprintf("%s: %d in %d ms, %d bytes", since(now, a.At), a.Status, a.Millis, a.Bytes)
			if a.Error != "" {
				last = since(now, a.At) + ": " + a.Error
			}
		}
		_, err := fmt.Fprintf(w, "%s  %s  %s, until %s; %s\n", strings.TrimPrefix(l.Topic, d.cfg.Server.BaseURL), l.Host, l.State,
			l.Expires.UTC().Format("2006-01-02 15:04"), last)
		return err
	})
	if err != nil {
		return failed{err}
	}
	if n == 0 && !asJSON {
		fmt.Fprintln(w, "nobody has subscribed")
	}
	return nil
}
