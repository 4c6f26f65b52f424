package server

import (
	"net/http"
	"strings"

	"wireroom/feed"
	"wireroom/server/token"
)

// A private feed is one whose channel names its readers. It is not among the
// topics of the hub nor on any list; its documents are for the reader's own
// cache. A reader shows a token, in the address (?token=) or as a bearer, or a
// name with its token as the password of basic authentication.

// guarded lets only its readers to a private feed, in whatever form.
func (s *Server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest, ok := strings.CutPrefix(r.URL.Path, "/feeds/")
		ed := s.Publisher.current.Load()
		if !ok || ed == nil {
			next.ServeHTTP(w, r)
			return
		}
		id, _, _ := strings.Cut(rest, "/")
		id, _, _ = strings.Cut(id, ".")
		f := ed.feeds[id]
		switch {
		case f == nil || !f.channel.Private() || r.Method == http.MethodOptions:
			next.ServeHTTP(w, r)
		case admitted(r, f.channel.Readers):
			next.ServeHTTP(&confidential{ResponseWriter: w}, r)
		default:
			h := w.Header()
			h.Add("WWW-Authenticate", `Basic realm="`+id+`", charset="UTF-8"`)
			h.Add("WWW-Authenticate", `Bearer realm="`+id+`"`)
			h.Set("Access-Control-Allow-Origin", "*")
			plain(w, http.StatusUnauthorized, "This feed is private: it needs a token or a name and password.\n")
		}
	})
}

// admitted compares what a request shows with every reader, so that the time
// tells nothing of which one it is.
func admitted(r *http.Request, readers []feed.Reader) bool {
	shown := ""
	if word, ok := bearer(r); ok {
		shown = word
	} else if r.URL.RawQuery != "" {
		shown = r.URL.Query().Get("token")
	}
	name, password, _ := r.BasicAuth()
	ok := false
	for i := range readers {
		word := shown
		if readers[i].Name != "" {
			word = password
		}
		ok = token.Match(readers[i].Hash, word) && readers[i].Name == name || ok
	}
	return ok
}

// bearer is the token of an Authorization header (RFC 6750, section 2.1).
func bearer(r *http.Request) (string, bool) {
	scheme, word, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(word), ok && strings.EqualFold(scheme, "Bearer")
}

// Bearer reports whether a request shows the token with that hash.
func Bearer(r *http.Request, hash string) bool {
	word, ok := bearer(r)
	return ok && token.Match(hash, word)
}

// confidential keeps answers out of shared caches.
type confidential struct {
	http.ResponseWriter
	begun bool
}

func (w *confidential) WriteHeader(status int) {
	if !w.begun {
		w.begun = true
		h := w.Header()
		if rest, ok := strings.CutPrefix(h.Get("Cache-Control"), "public"); ok {
			h["Cache-Control"] = []string{"private" + rest}
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *confidential) Write(b []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *confidential) Unwrap() http.ResponseWriter { return w.ResponseWriter }
