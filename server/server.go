// Package server hands out what was rendered: feeds, pages, the list of feeds,
// health. A request for a feed is a lookup and a write; nothing is rendered for
// a reader. It never polls and never changes an article.
package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"wireroom/server/shortcut"
	"wireroom/store"
)

// Options of a Server.
type Options struct {
	Store     store.Store
	Publisher *Publisher
	Feedless  bool           // another process serves the feeds: this one is ready without any
	Push      http.Handler   // takes what hubs push to us, under PushPath; nil: nothing does
	Hub       http.Handler   // of the feeds, at HubPath; nil: none of our own
	Desk      http.Handler   // the operators' pages, at /desk and below; nil: none
	API       http.Handler   // below /api/; nil: none
	Rate      float64        // requests a second that one client may make, in the mean; 0: any number
	Trusted   []netip.Prefix // proxies whose word about the client counts
	TLS       *tls.Config    // nil: plain HTTP
	// Straight, if set, is told of each answer that was given without a handler.
	Straight func(route string, status int, body int64, took time.Duration)
	// Read, if set, is told which feed such an answer was, and who asked for it.
	Read func(feed, agent string)
	// Readers stands around the feeds and counts who reads them; nil: nobody does.
	Readers func(http.Handler) http.Handler
	// Around stands around all of the handlers, to observe; nil: nothing does.
	Around func(http.Handler) http.Handler
	Log    *slog.Logger
}

// PushPath is where hubs reach Options.Push, with a name appended.
const PushPath = "/websub"

// Server answers HTTP requests.
type Server struct {
	Options
	pages   *pages
	limiter *limiter

	handlers   http.Handler // all of the addresses, without bounds and observers
	negotiated negotiated
	printed    sync.Map // the last *printing of each page's name
	streams    *streams
}

// New makes a Server.
func New(o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Server{Options: o, pages: newPages(), limiter: newLimiter(o.Rate), streams: newStreams()}
}

// The bounds of a connection.
const (
	headerTimeout  = 5 * time.Second
	readTimeout    = 10 * time.Second
	writeTimeout   = 60 * time.Second
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 16 << 10
	shutdownTime   = 10 * time.Second
)

// Serve answers on ln until ctx ends, then lets running requests finish.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	hs := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes,
		ErrorLog:       slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	hs.RegisterOnShutdown(s.streams.close)
	finish := func(context.Context) error { return nil }
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		stopped <- errors.Join(hs.Shutdown(end), finish(end))
	}()
	serve := func() error { return hs.Serve(ln) }
	if s.straight() {
		short := shortcut.Listen(ln, shortcut.Options{
			Answer: s.answer, Done: s.done(), HeadTimeout: headerTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		})
		finish = short.Wait
		serve = func() error { return hs.Serve(short) }
	}
	if s.TLS != nil {
		hs.TLSConfig = s.TLS
		serve = func() error { return hs.ServeTLS(ln, "", "") }
	}
	if err := serve(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	if err := <-stopped; err != nil {
		return errors.Join(fmt.Errorf("some requests were cut off: %w", err), hs.Close())
	}
	return nil
}

// straight reports whether feeds may be handed out without a handler: nobody
// has to be counted, and whoever observes hears of it all the same.
func (s *Server) straight() bool {
	return s.TLS == nil && s.limiter == nil && (s.Around == nil || s.Straight != nil) && (s.Readers == nil || s.Read != nil)
}

// Handler is all of the addresses.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.front)
	mux.HandleFunc("GET /feeds/{name}", s.feed)
	mux.HandleFunc("GET /feeds/{id}/archive/{name}", s.archive)
	mux.HandleFunc("GET /feeds/{id}/live", s.live)
	if s.Push != nil {
		mux.Handle(PushPath+"/{id}", s.Push)
	}
	mux.HandleFunc("GET /feeds.opml", s.opml)
	mux.HandleFunc("GET /.well-known/feeds", s.opml)
	mux.HandleFunc("GET /articles/{id}", s.article)
	mux.HandleFunc("GET /about", s.about)
	mux.HandleFunc("GET "+cssPath, s.pages.style.serve)
	mux.HandleFunc("GET "+scriptPath, s.pages.script.serve)
	mux.HandleFunc("GET "+feedCSSPath, s.feedCSS)
	if s.Hub != nil {
		mux.Handle("POST "+HubPath, s.Hub)
		mux.Handle("GET "+HubPath, s.Hub) // says that it takes POST
	}
	mux.HandleFunc("GET /robots.txt", robots)
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.HandleFunc("GET "+artPath+"{name}", s.art)
	mux.HandleFunc("GET /favicon.ico", s.art)
	mux.HandleFunc("OPTIONS /", s.preflight)
	mux.HandleFunc("GET /", s.notFound)
	feeds := s.moved(s.guarded(mux))
	if s.Readers != nil {
		feeds = s.Readers(feeds)
	}
	s.handlers = s.guard(s.moved(s.guarded(mux)))
	h := s.guard(s.limited(s.doors(feeds)))
	if s.Around != nil {
		return s.Around(h)
	}
	return h
}

// doors lets operators and their programs to rooms of their own.
func (s *Server) doors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case s.Desk != nil && (path == "/desk" || strings.HasPrefix(path, "/desk/")):
			s.Desk.ServeHTTP(w, r)
		case s.API != nil && strings.HasPrefix(path, "/api/"):
			s.API.ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// guard sets what every answer carries and survives a handler's panic.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				s.Log.ErrorContext(r.Context(), "a request failed", "path", r.URL.Path, "panic", p)
				http.Error(w, "Something went wrong here. Please try again later.", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func robots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("User-agent: *\nAllow: /\n"))
}

// healthz says that the process lives.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") }

// readyz says whether there are feeds to serve and the store answers.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if s.Publisher.current.Load() == nil && !s.Feedless {
		plain(w, http.StatusServiceUnavailable, "no feeds yet\n")
		return
	}
	if _, err := s.Store.Sequence(r.Context()); err != nil {
		s.Log.ErrorContext(r.Context(), "the store does not answer", "error", err)
		plain(w, http.StatusServiceUnavailable, "the store does not answer\n")
		return
	}
	plain(w, http.StatusOK, "ready\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
