package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"wireroom/article"
)

// What is wrong with a request as such.
var (
	errInput    = errors.New("bad request")
	errTooLarge = errors.New("request too large")
	errMedia    = errors.New("wrong media type")
)

// wrong is a fault of a request with a text for people.
type wrong struct {
	kind error
	text string
}

func (e *wrong) Error() string { return e.text }
func (e *wrong) Unwrap() error { return e.kind }

func refuse(kind error, format string, args ...any) error {
	return &wrong{kind, fmt.Sprintf(format, args...)}
}

// The bounds of a request.
const (
	maxBody  = 64 << 10
	maxValue = 2 << 10 // of a parameter, in bytes
)

// The tags of an input: path and query name parameters, all other fields with a
// json tag make up the body.
const (
	pathTag  = "path"
	queryTag = "query"
)

// decode fills in, a pointer to a struct, from a request.
func decode(w http.ResponseWriter, r *http.Request, in any) error {
	v := reflect.ValueOf(in).Elem()
	if hasBody(v.Type()) {
		if err := decodeBody(w, r, in); err != nil {
			return err
		}
	}
	query := r.URL.Query()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if name := f.Tag.Get(pathTag); name != "" {
			if err := setParameter(v.Field(i), name, []string{r.PathValue(name)}); err != nil {
				return err
			}
		}
		if name := f.Tag.Get(queryTag); name != "" && query.Has(name) {
			if err := setParameter(v.Field(i), name, query[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

// hasBody reports whether fields of an input come from the body.
func hasBody(t reflect.Type) bool {
	for i := range t.NumField() {
		if f := t.Field(i); f.Tag.Get(pathTag) == "" && f.Tag.Get(queryTag) == "" {
			return true
		}
	}
	return false
}

// decodeBody reads the body as JSON; one of no bytes is an empty object.
func decodeBody(w http.ResponseWriter, r *http.Request, in any) error {
	body, err := read(w, r, maxBody)
	if err != nil || len(body) == 0 {
		return err
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return refuse(errMedia, "The body must be JSON: Content-Type: application/json.")
	}
	if !utf8.Valid(body) {
		return refuse(errInput, "The body is not valid UTF-8.")
	}
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(in); err != nil {
		return refuse(errInput, "The body can't be read: %s.", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return refuse(errInput, "After the body's value there is something else.")
	}
	return nil
}

func read(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, refuse(errTooLarge, "The body is larger than %d bytes.", limit)
	case err != nil:
		return nil, refuse(errInput, "The body was cut off.")
	}
	return body, nil
}

// setParameter reads the values of one parameter.
func setParameter(v reflect.Value, name string, words []string) error {
	for _, w := range words {
		if len(w) > maxValue || !utf8.ValidString(w) || article.Clean(w) != w {
			return refuse(errInput, "%s is too long or has characters that nothing here has.", name)
		}
	}
	word := words[len(words)-1]
	switch v.Interface().(type) {
	case []string:
		v.Set(reflect.ValueOf(words))
		return nil
	case time.Time:
		t, err := time.Parse(time.RFC3339, word)
		if err != nil {
			if t, err = time.Parse(time.DateOnly, word); err != nil {
				return refuse(errInput, "%s: expected a time such as 2026-01-31T12:00:00Z, not %q.", name, word)
			}
		}
		v.Set(reflect.ValueOf(t.UTC()))
		return nil
	}
	switch v.Kind() {
	case reflect.Int:
		n, err := strconv.Atoi(word)
		if err != nil {
			return refuse(errInput, "%s: expected a whole number, not %q.", name, word)
		}
		v.SetInt(int64(n))
	default:
		v.SetString(word)
	}
	return nil
}
