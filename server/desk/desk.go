// Package desk is where operators sit: pages at /desk that show how the sources
// do and let people change what a newsroom changes by hand. In come requests of
// people who know the desk's secret; out go pages that work without scripts. What
// it changes it asks of a control.Room. It has no state of its own but the key
// that signs sessions, which lies in the store, so that replicas share it, and
// counts that may be lost. It never shows anything to strangers but the login.
package desk

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/server/control"
	"wireroom/store"
)

// Store is the part of the store that the desk reads, and keeps its key in.
type Store interface {
	control.States
	Article(ctx context.Context, id string) (article.Record, error)
	History(ctx context.Context, id string) ([]article.Record, error)
	Select(ctx context.Context, q article.Query) ([]article.Record, error)
	Stats(ctx context.Context) (store.Stats, error)

	Put(ctx context.Context, docs []store.Document) error
	Document(ctx context.Context, kind, key string) (store.Document, error)
	Documents(ctx context.Context, kind, prefix, after string, limit int) ([]store.Document, error)
	DueDocuments(ctx context.Context, kind string, now time.Time, limit int) (docs []store.Document, next time.Time, err error)
	Delete(ctx context.Context, docs []store.Document) error
}

// Secret opens the desk.
type Secret struct {
	Password string        // the word itself
	Hash     string        // or its hash; see package token
	Session  time.Duration // how long a login lasts
}

func (s *Secret) set() bool { return s.Password != "" || s.Hash != "" }

// Options of a Desk.
type Options struct {
	Room  control.Room
	Store Store
	// Secret is the one that holds now. As long as it is empty, there is no desk.
	Secret  func() Secret
	Base    func() string // public address of the server
	Site    func() string // its name
	Client  func(*http.Request) netip.Addr
	Readers *Readers // of the feeds; nil: not counted
	Usage   *Usage   // of this process; nil: not known
	// Served tells when an article first stood in a feed; nil, or false: that is not
	// known.
	Served  func(article string) (time.Time, bool)
	Version string
	Now     func() time.Time
	Random  io.Reader // nil: crypto/rand
	Log     *slog.Logger
}

// Desk answers requests at /desk and below.
type Desk struct {
	Options
	mux      *http.ServeMux
	pages    *pages
	throttle *throttle
	figures  figures
	tries    tries
	origin   *http.CrossOriginProtection

	alive context.Context // ends with Run
	stop  context.CancelFunc
}

// New makes a Desk.
func New(o Options) *Desk {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Readers == nil {
		o.Readers = NewReaders(o.Now)
	}
	if o.Usage == nil {
		o.Usage = NewUsage(o.Now, func() (time.Duration, int64, bool) { return 0, 0, false })
	}
	if o.Served == nil {
		o.Served = func(string) (time.Time, bool) { return time.Time{}, false }
	}
	d := &Desk{Options: o, mux: http.NewServeMux(), pages: newPages(), throttle: newThrottle(), origin: http.NewCrossOriginProtection()}
	if u, err := url.Parse(o.Base()); err == nil {
		// Proxies may hide the name that browsers know us by. A base_url that is no
		// origin adds none.
		_ = d.origin.AddTrustedOrigin(u.Scheme + "://" + u.Host)
	}
	d.alive, d.stop = context.WithCancel(context.Background())
	d.route()
	return d
}

// Run does what the desk does by itself, until ctx ends and nothing of it goes on
// any more.
func (d *Desk) Run(ctx context.Context) error {
	d.Usage.run(ctx)
	d.stop()
	d.tries.running.Wait()
	return nil
}

func (d *Desk) route() {
	d.mux.HandleFunc("GET /desk/login", d.login)
	d.mux.HandleFunc("POST /desk/login", d.enter)
	d.mux.HandleFunc("GET "+stylePath, d.style)
	for pattern, h := range map[string]handler{
		"GET /desk": (*Desk).overview, "GET /desk/{$}": (*Desk).overview,
		"GET /desk/sources": (*Desk).listSources, "POST /desk/sources": (*Desk).addSource,
		"GET /desk/sources/{id}": (*Desk).showSource, "POST /desk/sources/{id}": (*Desk).changeSource,
		"POST /desk/sources/{id}/refresh": (*Desk).refreshSource, "GET /desk/sources/{id}/tries/{try}": (*Desk).showTry, "POST /desk/sources/{id}/remove": (*Desk).removeSource,
		"GET /desk/add": (*Desk).addForm, "POST /desk/find": (*Desk).find, "POST /desk/preview": (*Desk).preview,
		"GET /desk/opml": (*Desk).exportList, "POST /desk/opml": (*Desk).importList,
		"GET /desk/feeds":    (*Desk).listFeeds,
		"GET /desk/articles": (*Desk).listArticles, "GET /desk/articles/{id}": (*Desk).showArticle, "POST /desk/articles/{id}": (*Desk).withdraw, "POST /desk/articles/{id}/story": (*Desk).tellStory,
		"POST /desk/logout": (*Desk).leave,
		"/desk/":            (*Desk).nowhere,
	} {
		d.mux.Handle(pattern, d.inside(h))
	}
}

// policy lets nothing in but our own style, and nobody frame the desk.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ServeHTTP answers a request, if there is a desk.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Cache-Control", "no-store")
	if secret := d.Secret(); !secret.set() {
		http.Error(w, "There is no desk here: the config sets no desk.password.", http.StatusNotFound)
		return
	}
	if err := d.origin.Check(r); err != nil {
		http.Error(w, "This was sent by another site, so nothing was done.", http.StatusForbidden)
		return
	}
	d.mux.ServeHTTP(w, r)
}

// visit is one request of somebody who is logged in.
type visit struct {
	w       http.ResponseWriter
	r       *http.Request
	session session
	form    url.Values // of a POST; its token was right
}

// handler answers a visit. An error is shown as a page.
type handler func(*Desk, *visit) error

// maxForm bounds what a form sends; lists of feeds have a bound of their own.
const maxForm = 64 << 10

// inside lets only those in who are logged in, and of what they send only what
// our own forms send.
func (d *Desk) inside(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, err := d.session(r)
		if err != nil {
			d.Log.Error("the desk can't tell who is there", "error", err)
			http.Error(w, "The store does not answer. Please try again later.", http.StatusServiceUnavailable)
			return
		}
		v := &visit{w: w, r: r, session: s}
		if !s.good() {
			d.outside(v)
			return
		}
		if r.Method == http.MethodPost {
			if err := d.readForm(v); err != nil {
				d.fail(v, err)
				return
			}
		}
		if err := h(d, v); err != nil {
			d.fail(v, err)
		}
	})
}

// outside sends people to the login, and back to where they wanted to go.
func (d *Desk) outside(v *visit) {
	to := d.path("/desk/login")
	if v.r.Method == http.MethodGet && v.r.URL.Path != "/desk" {
		to += "?to=" + url.QueryEscape(v.r.URL.RequestURI())
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
}

// readForm reads what was sent and checks its token.
func (d *Desk) readForm(v *visit) error {
	limit := int64(maxForm)
	lists := v.r.URL.Path == "/desk/opml"
	if lists {
		limit = maxList
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, limit)
	var err error
	if lists {
		err = v.r.ParseMultipartForm(limit)
	} else {
		err = v.r.ParseForm()
	}
	if err != nil {
		return control.Refuse(control.ErrInvalid, "What was sent can't be read, or is too large.")
	}
	v.form = v.r.PostForm
	if !v.session.sent(v.form.Get("token")) {
		return control.Refuse(errForged, "The page was too old, or not ours. Go back, load it again and repeat what you did.")
	}
	return nil
}

// path is an address of ours on the server as it is reached: base_url may lie
// below a path that a proxy takes off.
func (d *Desk) path(p string) string {
	u, err := url.Parse(d.Base())
	if err != nil {
		return p
	}
	return strings.TrimRight(u.Path, "/") + p
}

// back sends people on after something was done, so that loading again repeats
// nothing. done names what is said there; see notes.
func (d *Desk) back(v *visit, path, done string) error {
	to := d.path(path)
	if done != "" {
		to += "?done=" + url.QueryEscape(done)
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

func (d *Desk) nowhere(*visit) error {
	return control.Refuse(control.ErrNotFound, "There is no such page at the desk.")
}
