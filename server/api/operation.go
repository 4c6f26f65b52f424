package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"
)

// operation is one thing that can be asked of the API.
type operation struct {
	id           string // in the description
	method, path string // path below Prefix
	scope        Scope
	status       int // of success
	summary      string
	changes      bool // noted in the log
	in, out      reflect.Type
	accepts      string // media type of a body that is not JSON
	returns      string // media type of an answer that is not JSON

	input  func(http.ResponseWriter, *http.Request) (any, error)
	call   func(http.ResponseWriter, *http.Request, any) error
	stream func(ctx context.Context, in any, emit func(any)) error // items one by one, where that is offered
}

// list is a page of a list.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" desc:"Cursor of the next page; absent on the last."`
}

// none is the input, or the answer, of operations that have none.
type none struct{}

// define makes an operation of a function on its input, which is read from path,
// query and body by the tags of In, and whose result is written as JSON.
func define[In, Out any](id, method, path string, scope Scope, summary string, f func(context.Context, In) (Out, error)) operation {
	op := operation{
		id: id, method: method, path: path, scope: scope, summary: summary, status: http.StatusOK, changes: method != http.MethodGet,
		in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](),
		input: func(w http.ResponseWriter, r *http.Request) (any, error) {
			in := new(In)
			err := decode(w, r, in)
			return *in, err
		},
	}
	op.call = func(w http.ResponseWriter, r *http.Request, in any) error {
		out, err := f(r.Context(), in.(In))
		if err != nil {
			return err
		}
		if l, ok := any(out).(located); ok {
			w.Header().Set("Location", l.location())
			return writeJSON(w, http.StatusCreated, out)
		}
		if op.out == reflect.TypeFor[none]() {
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
		return writeJSON(w, http.StatusOK, out)
	}
	switch {
	case op.out.Implements(reflect.TypeFor[located]()):
		op.status = http.StatusCreated
	case op.out == reflect.TypeFor[none]():
		op.status = http.StatusNoContent
	}
	return op
}

// located is an answer that something was made, and where it is.
type located interface{ location() string }

func writeJSON(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
	return nil
}

// linesType is one JSON value a line.
const linesType = "application/x-ndjson"

func wantsLines(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), linesType) }

// line is one line of a stream: an item, or at the end what went wrong.
type line struct {
	Problem *problem `json:"problem"`
}

// longest is how long an operation that polls may take.
const longest = 15 * time.Minute

// patient lifts the server's own limit of time from one answer.
func patient(w http.ResponseWriter) {
	// Where a connection can't do that, the server's limit holds.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(longest))
}

// streamLines writes items as they come. The status is sent before the outcome
// is known, so a problem is the last line.
func (a *API) streamLines(w http.ResponseWriter, r *http.Request, op *operation, in any) {
	patient(w)
	w.Header().Set("Content-Type", linesType)
	w.Header().Set("X-Accel-Buffering", "no") // nginx would keep the lines
	flush := http.NewResponseController(w)
	enc := json.NewEncoder(w)
	begun := false
	err := op.stream(r.Context(), in, func(item any) {
		begun = true
		_ = enc.Encode(item) // whoever went away is noticed by the context
		_ = flush.Flush()
	})
	switch {
	case err == nil:
	case !begun:
		a.fail(w, r, err)
	default:
		p := problemOf(err).complete()
		if p.Status == http.StatusInternalServerError {
			a.Log.Error("the API failed", "path", r.URL.Path, "error", err)
		}
		_ = enc.Encode(line{&p})
	}
}
