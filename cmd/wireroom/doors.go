package main

import (
	"context"
	"net/http"
	"net/netip"

	"wireroom/server"
	"wireroom/server/api"
)

// open makes the rooms of operators and of their programs. Both are always there
// and stay shut until the config names who may enter.
func (d *desk) doors(o *server.Options, r *room, _ func(*http.Request) netip.Addr) error {
	var err error
	if o.API, err = api.New(api.Options{
		Room: r, Store: d.store, Tokens: r.tokens, Base: d.cfg.Server.BaseURL, Version: version(), Now: d.now, Log: d.log,
	}); err != nil {
		return err
	}
	return nil
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
