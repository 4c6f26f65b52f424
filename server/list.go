package server

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"wireroom/feed"
)

// modified is the date of the newest document.
func (ed *edition) modified() time.Time {
	var t time.Time
	for _, f := range ed.feeds {
		if f.channel.Private() {
			continue
		}
		if f.updated.After(t) {
			t = f.updated
		}
	}
	return t
}

// public are the channels that anybody may read.
func (ed *edition) public() []feed.Channel {
	return slices.DeleteFunc(slices.Clone(ed.channels), func(c feed.Channel) bool { return c.Private() })
}

// opml is the list of the feeds in RSS.
func (s *Server) opml(w http.ResponseWriter, r *http.Request) {
	ed := s.Publisher.whole(r.Context())
	if ed == nil {
		w.Header().Set("Retry-After", "5")
		plain(w, http.StatusServiceUnavailable, "no feeds yet\n")
		return
	}
	body, err := feed.OPML(ed.site, ed.public(), ed.modified())
	if err != nil {
		s.Log.ErrorContext(r.Context(), "the list of feeds can't be made", "error", err)
		plain(w, http.StatusInternalServerError, "Something went wrong here. Please try again later.\n")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/x-opml; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("ETag", fmt.Sprintf(`"%x"`, xxhash.Sum64(body)))
	if matches(r.Header["If-None-Match"], feed.TagOf(h.Get("ETag"))) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	setLength(h, len(body))
	_, _ = w.Write(body)
}
