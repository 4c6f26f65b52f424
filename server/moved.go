package server

import (
	"net/http"
	"strings"

	"wireroom/feed"
)

// formerly maps the ids that feeds had to those that they have.
func formerly(channels []feed.Channel) map[string]string {
	out := map[string]string{}
	for i := range channels {
		for _, id := range channels[i].Former {
			out[id] = channels[i].ID
		}
	}
	return out
}

// moved sends those who come to a feed's former address, in any format, archive
// or query, to its address of today, and tells those who come for a retired feed
// that it is gone for good, so that their readers stop asking.
func (s *Server) moved(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ed := s.Publisher.current.Load()
		rest, ok := strings.CutPrefix(r.URL.EscapedPath(), "/feeds/")
		if !ok || ed == nil || len(ed.former)+len(ed.site.Retired) == 0 || r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		name, tail, _ := strings.Cut(rest, "/")
		id, ext, _ := strings.Cut(name, ".")
		if now, ok := ed.former[id]; ok {
			to := strings.TrimRight(ed.site.BaseURL, "/") + "/feeds/" + now + strings.TrimPrefix(rest, id)
			if r.URL.RawQuery != "" {
				to += "?" + r.URL.RawQuery
			}
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Cache-Control", "public, max-age=86400")
			w.Header().Set("Location", to)
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(http.StatusMovedPermanently)
			_, _ = w.Write([]byte("This feed has moved to " + to + "\n"))
			return
		}
		if ed.retired(id) {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			if ext == "" && tail == "" {
				s.message(w, r, http.StatusGone, "No longer published", "This feed has been retired. The front page lists all feeds.")
				return
			}
			plain(w, http.StatusGone, "This feed has been retired.\n")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (ed *edition) retired(id string) bool {
	for _, gone := range ed.site.Retired {
		if gone == id {
			return ed.feeds[id] == nil
		}
	}
	return false
}
