package server

import (
	"net/http"
	"strings"
	"time"

	"wireroom/feed"
)

//go:generate go run ./draw assets

const artPath = "/art/"

// Art are the addresses of the pictures that come with the program, for feeds
// that have none of their own.
func Art(base string) feed.Art {
	base = strings.TrimRight(base, "/") + artPath
	return feed.Art{
		Icon: base + "icon.png", Favicon: base + "favicon.png", Logo: base + "logo.png",
		Badge: feed.Badge{URL: base + "badge.png", Width: 144, Height: 72},
	}
}

// art answers /art/NAME and /favicon.ico.
func (s *Server) art(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if name == "" {
		name = "favicon.png"
	}
	body, err := assets.ReadFile("assets/" + name)
	if err != nil || !strings.HasSuffix(name, ".png") {
		s.notFound(w, r)
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	send(w, r, http.StatusOK, "image/png", body, time.Time{}, "public, max-age=86400")
}
