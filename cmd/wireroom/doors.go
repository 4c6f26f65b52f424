package main

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"wireroom/operate/metrics"
	"wireroom/server"
	"wireroom/server/api"
	pages "wireroom/server/desk"
)

// doors makes the rooms of operators and of their programs, and returns what has to
// run for them. Both are always there and stay shut until the config names who may
// enter.
func (d *desk) doors(o *server.Options, r *room, client func(*http.Request) netip.Addr) (run func(context.Context) error, err error) {
	readers := pages.NewReaders(d.now)
	o.Readers, o.Read = readers.Count, readers.Note
	room := pages.New(pages.Options{
		Room: r, Store: d.store, Secret: d.secret, Base: func() string { return d.config().Server.BaseURL }, Site: func() string { return d.config().Server.Name },
		Client: client, Readers: readers, Usage: pages.NewUsage(d.now, metrics.Used), Served: o.Publisher.Debut, Version: version(), Now: d.now, Log: d.log,
	})
	o.Desk = room
	if o.API, err = api.New(api.Options{
		Room: r, Store: d.store, Tokens: r.tokens, Base: d.cfg.Server.BaseURL, Version: version(), Now: d.now, Log: d.log,
	}); err != nil {
		return nil, err
	}
	return room.Run, nil
}

// secret is the one that opens the desk now.
func (d *desk) secret() pages.Secret {
	c := d.config().Desk
	return pages.Secret{Password: string(c.Password), Hash: c.Hash, Session: time.Duration(c.Session)}
}

// reloadNow reads the config again and returns when it is in force.
func (d *desk) reloadNow(ctx context.Context) error {
	done := make(chan error, 1)
	select {
	case d.again <- done:
		return <-done
	case <-ctx.Done():
		return ctx.Err()
	}
}
