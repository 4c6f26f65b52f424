package api

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// validator holds answers to the description that the API gives of itself. It
// knows the words of JSON Schema that occur there and fails on any other.
type validator struct {
	doc        map[string]any
	operations map[string]map[string]any // by operationId
}

func newValidator(t *testing.T, b *bench) *validator {
	t.Helper()
	v := &validator{operations: map[string]map[string]any{}}
	if err := json.Unmarshal(b.do("GET", "/openapi.json", "", "").Body.Bytes(), &v.doc); err != nil {
		t.Fatal(err)
	}
	for path, methods := range v.doc["paths"].(map[string]any) {
		for method, op := range methods.(map[string]any) {
			o := op.(map[string]any)
			id := o["operationId"].(string)
			if v.operations[id] != nil {
				t.Errorf("two operations are called %s", id)
			}
			v.operations[id] = o
			named := strings.Count(path, "{")
			for _, p := range list1(o["parameters"]) {
				if p.(map[string]any)["in"] == "path" {
					named--
				}
			}
			if named != 0 {
				t.Errorf("%s %s: the path's parameters are not described", method, path)
			}
		}
	}
	return v
}

func list1(v any) []any {
	l, _ := v.([]any)
	return l
}

// answer holds one answer to what the description says of the operation.
func (v *validator) answer(t *testing.T, id string, w *httptest.ResponseRecorder) {
	t.Helper()
	op := v.operations[id]
	if op == nil {
		t.Fatalf("%s is not described", id)
	}
	said, ok := op["responses"].(map[string]any)[strconv.Itoa(w.Code)].(map[string]any)
	if !ok {
		t.Fatalf("%s: the status %d is not described", id, w.Code)
	}
	media, _ := said["content"].(map[string]any)
	if len(media) == 0 {
		if w.Body.Len() > 0 {
			t.Errorf("%s: a body that is not described", id)
		}
		return
	}
	kind, _, err := mime.ParseMediaType(w.Header().Get("Content-Type"))
	if err != nil || media[kind] == nil {
		t.Fatalf("%s: %q is not described", id, w.Header().Get("Content-Type"))
	}
	if kind != "application/json" {
		return
	}
	var body any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	for _, fault := range v.check(media[kind].(map[string]any)["schema"], body, id) {
		t.Error(fault)
	}
}

// check says how a value breaks a schema.
func (v *validator) check(schema, value any, at string) (faults []string) {
	if b, ok := schema.(bool); ok {
		if !b {
			return []string{at + ": nothing is allowed here"}
		}
		return nil
	}
	s := schema.(map[string]any)
	for word, arg := range s {
		switch word {
		case "description", "title":
		case "$ref":
			name := strings.TrimPrefix(arg.(string), "#/components/schemas/")
			def, ok := v.doc["components"].(map[string]any)["schemas"].(map[string]any)[name]
			if !ok {
				return append(faults, fmt.Sprintf("%s: no schema %s", at, arg))
			}
			faults = append(faults, v.check(def, value, at)...)
		case "type":
			if !isType(arg.(string), value) {
				faults = append(faults, fmt.Sprintf("%s: %v is no %s", at, value, arg))
			}
		case "format":
			if _, err := time.Parse(time.RFC3339, fmt.Sprint(value)); arg == "date-time" && err != nil {
				faults = append(faults, fmt.Sprintf("%s: %v", at, err))
			}
		case "required":
			for _, name := range arg.([]any) {
				if m, ok := value.(map[string]any); ok && m[name.(string)] == nil {
					faults = append(faults, fmt.Sprintf("%s: no %s", at, name))
				}
			}
		case "items":
			for i, e := range list1(value) {
				faults = append(faults, v.check(arg, e, fmt.Sprintf("%s[%d]", at, i))...)
			}
		case "properties", "additionalProperties":
			faults = append(faults, v.fields(s, word, value, at)...)
		default:
			faults = append(faults, at+": this validator does not know "+word)
		}
	}
	return faults
}

func (v *validator) fields(s map[string]any, word string, value any, at string) (faults []string) {
	m, _ := value.(map[string]any)
	props, _ := s["properties"].(map[string]any)
	for name, field := range m {
		known := props[name]
		switch {
		case word == "properties" && known != nil:
			faults = append(faults, v.check(known, field, at+"."+name)...)
		case word == "additionalProperties" && known == nil:
			faults = append(faults, v.check(s[word], field, at+"."+name)...)
		}
	}
	return faults
}

func isType(name string, v any) bool {
	switch x := v.(type) {
	case string:
		return name == "string"
	case bool:
		return name == "boolean"
	case float64:
		return name == "number" || name == "integer" && x == float64(int64(x))
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	}
	return false
}

// TestValidator shows that it finds faults.
func TestValidator(t *testing.T) {
	t.Parallel()
	v := newValidator(t, newBench(t))
	ref := map[string]any{"$ref": "#/components/schemas/Polled"}
	good := map[string]any{"source": "a", "outcome": "new", "new": 1., "updated": 0., "bytes": 0., "ms": 0., "due": "2026-01-01T00:00:00Z"}
	if f := v.check(ref, good, "it"); len(f) > 0 {
		t.Error(f)
	}
	for name, bad := range map[string]any{"new": "1", "due": "soon", "other": 1.} {
		broken := map[string]any{name: bad}
		for k, x := range good {
			if k != name {
				broken[k] = x
			}
		}
		if f := v.check(ref, broken, "it"); len(f) == 0 {
			t.Errorf("%s: %v is taken for good", name, bad)
		}
	}
	if f := v.check(ref, map[string]any{}, "it"); len(f) < 6 || !slices.Contains(f, "it: no source") {
		t.Error(f)
	}
}
