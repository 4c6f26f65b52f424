package operate

import (
	"context"
	"log/slog"
)

// requestKey is the key of a request's id in its context.
type requestKey struct{}

// RequestID names the request that a context belongs to; empty if none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// Handler adds to each line of the log which request it belongs to, and what
// further finds in the context, if anything.
func Handler(h slog.Handler, further ...func(context.Context) (slog.Attr, bool)) slog.Handler {
	return &naming{Handler: h, further: further}
}

type naming struct {
	slog.Handler
	further []func(context.Context) (slog.Attr, bool)
}

func (h *naming) Handle(ctx context.Context, r slog.Record) error {
	if id := RequestID(ctx); id != "" {
		r.AddAttrs(slog.String("request", id))
	}
	for _, f := range h.further {
		if a, ok := f(ctx); ok {
			r.AddAttrs(a)
		}
	}
	return h.Handler.Handle(ctx, r)
}

func (h *naming) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &naming{Handler: h.Handler.WithAttrs(attrs), further: h.further}
}

func (h *naming) WithGroup(name string) slog.Handler {
	return &naming{Handler: h.Handler.WithGroup(name), further: h.further}
}
