package api

import (
	"bytes"
	"errors"
	"net/http"
	"reflect"

	"wireroom/server/control"
	"wireroom/store"
)

const opmlType = "text/x-opml"

// maxList bounds a list of feeds, in bytes.
const maxList = 8 << 20

// noArticle names what was not found.
func noArticle(err error, id string) error {
	if errors.Is(err, store.ErrNotFound) {
		return control.Refuse(control.ErrNotFound, "There is no article %q.", id)
	}
	return err
}

func noInput(http.ResponseWriter, *http.Request) (any, error) { return none{}, nil }

// exportOPML writes the sources as a list that other programs read.
func (a *API) exportOPML() operation {
	return operation{
		id: "exportSources", method: "GET", path: "/opml", scope: Edit, status: http.StatusOK, summary: "The sources as OPML, with the secrets that stand in addresses.",
		in: reflect.TypeFor[none](), returns: opmlType, input: noInput,
		call: func(w http.ResponseWriter, _ *http.Request, _ any) error {
			var b bytes.Buffer
			if err := a.Room.Export(&b); err != nil {
				return err
			}
			w.Header().Set("Content-Type", opmlType+"; charset=utf-8")
			_, _ = w.Write(b.Bytes())
			return nil
		},
	}
}

// importOPML adds the feeds of a list.
func (a *API) importOPML() operation {
	return operation{
		id: "importSources", method: "POST", path: "/opml", scope: Edit, status: http.StatusOK, summary: "Add the feeds of an OPML list that are not there yet.",
		in: reflect.TypeFor[none](), out: reflect.TypeFor[control.Imported](), accepts: opmlType, changes: true,
		input: func(w http.ResponseWriter, r *http.Request) (any, error) { return read(w, r, maxList) },
		call: func(w http.ResponseWriter, r *http.Request, in any) error {
			done, err := a.Room.Import(r.Context(), bytes.NewReader(in.([]byte)))
			if err != nil {
				return err
			}
			return writeJSON(w, http.StatusOK, done)
		},
	}
}

// openAPI is the description itself.
func (a *API) openAPI() operation {
	return operation{
		id: "describe", method: "GET", path: "/openapi.json", status: http.StatusOK, summary: "This description.",
		in: reflect.TypeFor[none](), out: reflect.TypeFor[map[string]any](), input: noInput,
		call: func(w http.ResponseWriter, _ *http.Request, _ any) error {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(a.description)
			return nil
		},
	}
}
