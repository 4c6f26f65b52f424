package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"wireroom/server/control"
	"wireroom/store"
)

// problem is an error for programs (RFC 9457). Its type is always about:blank,
// so that the title is the status's own; the detail is for people.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
}

const problemType = "application/problem+json"

func (p problem) complete() problem {
	p.Type, p.Title = "about:blank", http.StatusText(p.Status)
	return p
}

func writeProblem(w http.ResponseWriter, p problem) {
	body, err := json.Marshal(p.complete())
	if err != nil {
		body = []byte(`{}`)
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n'))
}

// problemOf says what went wrong. Texts of errors that are ours to settle are
// not told.
func problemOf(err error) problem {
	p := problem{Status: http.StatusInternalServerError, Detail: "Something went wrong here; the log says what."}
	for _, k := range []struct {
		err    error
		status int
	}{
		{control.ErrInvalid, http.StatusUnprocessableEntity},
		{control.ErrNotFound, http.StatusNotFound},
		{control.ErrConflict, http.StatusConflict},
		{control.ErrReadOnly, http.StatusConflict},
		{control.ErrUpstream, http.StatusBadGateway},
		{errInput, http.StatusBadRequest},
		{errTooLarge, http.StatusRequestEntityTooLarge},
		{errMedia, http.StatusUnsupportedMediaType},
	} {
		if errors.Is(err, k.err) {
			return problem{Status: k.status, Detail: err.Error()}
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return problem{Status: http.StatusNotFound, Detail: "There is nothing of that id."}
	}
	if errors.Is(err, store.ErrNotReady) {
		return problem{Status: http.StatusServiceUnavailable, Detail: "An index is being made. Try again in a minute."}
	}
	return p
}

// fail answers with a problem.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p.Status == http.StatusInternalServerError {
		if r.Context().Err() != nil { // nobody reads this
			return
		}
		a.Log.Error("the API failed", "path", r.URL.Path, "error", err)
	}
	writeProblem(w, p)
}
