package desk

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

	"wireroom/article"
	"wireroom/server/control"
	"wireroom/store"
)

//go:embed assets
var assets embed.FS

const stylePath = "/desk/desk.css"

// pages are the templates and the style.
type pages struct {
	templates func() *template.Template // parsed when the first page is made
	style     []byte
	version   string // of the style, in its address
}

func newPages() *pages {
	style, err := assets.ReadFile("assets/desk.css")
	if err != nil {
		panic(err) // embedded: the program is broken
	}
	return &pages{templates: sync.OnceValue(templates), style: style, version: strconv.FormatUint(xxhash.Sum64(style), 36)}
}

func templates() *template.Template {
	t := template.New("").Funcs(template.FuncMap{
		"bytes": size, "stamp": stamp, "day": day, "outcome": func(p control.Poll) string { return control.Outcome(&p) },
		"failed": func(p control.Poll) bool { return p.Failed() }, "join": strings.Join, "cut": article.Cut, "last": lastPart,
		"after": func(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) },
		"list":  func(v ...any) []any { return v },
	})
	return template.Must(t.ParseFS(assets, "assets/*.html"))
}

// view is what a template gets.
type view struct {
	Title string
	Nav   string // the part of the desk that the page belongs to
	Note  string // what was done just now
	Body  any

	Site, Version string
	Root          string // before every address of ours
	CSS           string
	Token         string // of the forms; empty for strangers
	Now           time.Time
}

// Ago and In say how far a time lies from now.
func (v *view) Ago(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return control.Span(max(v.Now.Sub(t), 0)) + " ago"
}

// In is Ago for times to come.
func (v *view) In(t time.Time) string {
	switch d := t.Sub(v.Now); {
	case t.IsZero():
		return "not planned"
	case d > 10*365*24*time.Hour:
		return "never"
	case d > 0:
		return "in " + control.Span(d)
	}
	return "now"
}

// size writes a number of bytes for people.
func size(n int64) string {
	f, unit := float64(n), 0
	for f >= 1000 && unit < 4 {
		f /= 1000
		unit++
	}
	if unit == 0 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f %s", f, [...]string{"", "kB", "MB", "GB", "TB"}[unit])
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 Jan 15:04")
}

// notes are what is said after something was done; links can only choose one.
var notes = map[string]string{
	"added": "The source was added. It is polled within a moment.", "changed": "The change holds from now on.", "paused": "The source is paused: it is not polled, its articles stay.",
	"resumed": "The source is polled again.", "removed": "The source was removed; its articles left all feeds.",
	"split": "The story was split. The feeds follow within a moment.", "joined": "The stories are one now. The feeds follow within a moment.",
	"withdrawn": "The article was withdrawn. It leaves every feed within a moment.",
}

// show answers a visit with a page.
func (d *Desk) show(v *visit, status int, name string, p *view) error {
	p.Token = v.session.token()
	if p.Note == "" {
		p.Note = notes[v.r.URL.Query().Get("done")]
	}
	d.write(v.w, v.r, status, name, p)
	return nil
}

// execute makes a page, or a part of one.
func (d *Desk) execute(name string, p *view) ([]byte, error) {
	p.Site, p.Version, p.Root, p.Now = d.Site(), d.Version, d.path(""), d.Now().UTC()
	p.CSS = p.Root + stylePath + "?v=" + d.pages.version
	var b bytes.Buffer
	if err := d.pages.templates().ExecuteTemplate(&b, name, p); err != nil {
		d.Log.Error("a page of the desk can't be made", "page", name, "error", err)
		return nil, err
	}
	return b.Bytes(), nil
}

// part writes a part of a page that is sent bit by bit, and reports whether
// somebody still reads.
func (d *Desk) part(w slowly, name string, p *view) bool {
	body, err := d.execute(name, p)
	if err != nil {
		return false
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write(body)
	return err == nil
}

func (d *Desk) write(w http.ResponseWriter, r *http.Request, status int, name string, p *view) {
	body, err := d.execute(name, p)
	if err != nil {
		http.Error(w, "Something went wrong here; the log says what.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// described says what went wrong, and with which status; known is false for what
// is ours to settle, whose text is not shown.
func described(err error) (text string, status int, known bool) {
	if errors.Is(err, store.ErrNotFound) {
		return "There is nothing of that name.", http.StatusNotFound, true
	}
	if errors.Is(err, store.ErrNotReady) {
		return "So many articles were not looked through before. An index is being made of them; try again in a minute.", http.StatusServiceUnavailable, true
	}
	for _, k := range []struct {
		err    error
		status int
	}{
		{control.ErrInvalid, http.StatusUnprocessableEntity},
		{control.ErrNotFound, http.StatusNotFound},
		{control.ErrConflict, http.StatusConflict},
		{control.ErrReadOnly, http.StatusConflict},
		{control.ErrUpstream, http.StatusBadGateway},
		{errForged, http.StatusForbidden},
	} {
		if errors.Is(err, k.err) {
			return err.Error(), k.status, true
		}
	}
	return "Something went wrong here; the log says what.", http.StatusInternalServerError, false
}

// fail shows what went wrong.
func (d *Desk) fail(v *visit, err error) {
	text, status, known := described(err)
	if !known {
		if v.r.Context().Err() != nil { // nobody reads this
			return
		}
		d.Log.Error("the desk failed", "path", v.r.URL.Path, "error", err)
	}
	_ = d.show(v, status, "fault", &view{Title: http.StatusText(status), Body: text})
}

// style is what all pages look like.
func (d *Desk) style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(d.pages.style)
}
