// Package api is the program's HTTP interface for programs, under /api/v1: what
// the desk shows and does, as JSON. In come requests with a bearer token, out go
// answers, or errors as problem details (RFC 9457). Every operation is one entry
// of a table that says its path, its scope and its types; the handlers and the
// OpenAPI 3.1 description are both made from it. It never renders a page, and
// knows polling, discovery and the config only as a control.Room.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/server/control"
	"wireroom/store"
)

// Prefix is where the API begins.
const Prefix = "/api/v1"

// Scope is what a token allows.
type Scope string

// The scopes. None includes another.
const (
	Read   Scope = "read"    // sources, articles, feeds
	Poll   Scope = "refresh" // poll sources now
	Edit   Scope = "edit"    // add and change sources
	Kill   Scope = "kill"    // withdraw articles
	Anyone Scope = ""        // needs no token
)

// Scopes are all that a token may have.
func Scopes() []Scope { return []Scope{Read, Poll, Edit, Kill} }

// Token lets a program in.
type Token struct {
	Name   string // for the log
	Hash   string // see package token
	Scopes []Scope
}

// Store is the part of the store that the API reads.
type Store interface {
	control.States
	Article(ctx context.Context, id string) (article.Record, error)
	History(ctx context.Context, id string) ([]article.Record, error)
	Select(ctx context.Context, q article.Query) ([]article.Record, error)
	Stats(ctx context.Context) (store.Stats, error)
}

// Options of an API.
type Options struct {
	Room  control.Room
	Store Store
	// Tokens are those that hold now. As long as there is none, the API is not there.
	Tokens  func() []Token
	Base    string // public address of the server, without a slash at its end
	Version string // of the program
	Now     func() time.Time
	Log     *slog.Logger
}

// API answers requests below Prefix.
type API struct {
	Options
	mux         *http.ServeMux
	operations  []operation
	description []byte // OpenAPI
}

// New makes an API.
func New(o Options) (*API, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &API{Options: o, mux: http.NewServeMux()}
	a.operations = a.table()
	var err error
	if a.description, err = a.describe(); err != nil {
		return nil, err
	}
	allowed := map[string][]string{}
	for i := range a.operations {
		op := &a.operations[i]
		a.mux.Handle(op.method+" "+Prefix+op.path, a.serve(op))
		allowed[op.path] = append(allowed[op.path], op.method)
	}
	for path, methods := range allowed {
		a.mux.Handle(Prefix+path, a.refuseMethod(methods))
	}
	a.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, problem{Status: http.StatusNotFound, Detail: "There is no such address. " + Prefix + "/openapi.json describes those that there are."})
	})
	return a, nil
}

// ServeHTTP answers a request, if there is anybody who may ask.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if len(a.Tokens()) == 0 {
		writeProblem(w, problem{Status: http.StatusNotFound, Detail: "The API is off: the config names no api.tokens."})
		return
	}
	a.mux.ServeHTTP(w, r)
}

func (a *API) refuseMethod(methods []string) http.Handler {
	allow := strings.Join(methods, ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allow)
		writeProblem(w, problem{Status: http.StatusMethodNotAllowed, Detail: "Use " + allow + "."})
	})
}

// serve checks the token, reads the input, calls the operation and writes what
// it returns.
func (a *API) serve(op *operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, ok := a.admit(w, r, op.scope)
		if !ok {
			return
		}
		in, err := op.input(w, r)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		if op.changes {
			a.Log.Info("api", "token", who, "operation", op.id)
		}
		if op.stream != nil && wantsLines(r) {
			a.streamLines(w, r, op, in)
			return
		}
		if err := op.call(w, r, in); err != nil {
			a.fail(w, r, err)
		}
	})
}
