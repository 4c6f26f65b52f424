package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
)

// describe makes the OpenAPI 3.1 description of the table. Its schemas are those
// of the Go types that are read and written, so it can't say what is not so.
func (a *API) describe() ([]byte, error) {
	s := schemas{defs: map[string]any{}}
	paths := map[string]map[string]any{}
	for i := range a.operations {
		op := &a.operations[i]
		entry, err := s.operation(op)
		if err != nil {
			return nil, fmt.Errorf("describe %s: %w", op.id, err)
		}
		if paths[op.path] == nil {
			paths[op.path] = map[string]any{}
		}
		paths[op.path][strings.ToLower(op.method)] = entry
	}
	if _, err := s.of(reflect.TypeFor[problem]()); err != nil {
		return nil, err
	}
	return json.MarshalIndent(map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{
			"title": "Wireroom", "version": a.Version,
			"description": "What the desk shows and does. Send a token as a bearer; `wireroom token` makes one. Errors are problem details (RFC 9457).",
		},
		"servers": []any{map[string]any{"url": a.Base + Prefix}},
		"paths":   paths,
		"components": map[string]any{
			"schemas":         s.defs,
			"securitySchemes": map[string]any{"token": map[string]any{"type": "http", "scheme": "bearer"}},
			"responses": map[string]any{"problem": map[string]any{
				"description": "What went wrong.",
				"content":     content(problemType, ref("problem")),
			}},
		},
	}, "", " ")
}

func ref(name string) map[string]any { return map[string]any{"$ref": "#/components/schemas/" + name} }

func content(media string, schema any) map[string]any {
	return map[string]any{media: map[string]any{"schema": schema}}
}

// schemas gathers the named types of the description.
type schemas struct{ defs map[string]any }

func (s *schemas) operation(op *operation) (map[string]any, error) {
	e := map[string]any{"operationId": op.id, "summary": op.summary, "security": []any{}}
	if op.scope != Anyone {
		e["security"] = []any{map[string]any{"token": []any{}}}
		e["description"] = "Needs the scope " + string(op.scope) + "."
		e["x-scope"] = op.scope
	}
	if p := parameters(op.in); len(p) > 0 {
		e["parameters"] = p
	}
	if err := s.body(e, op); err != nil {
		return nil, err
	}
	answer := map[string]any{"description": http.StatusText(op.status)}
	switch {
	case op.returns != "":
		answer["content"] = content(op.returns, map[string]any{"type": "string"})
	case op.out != reflect.TypeFor[none]():
		schema, err := s.of(op.out)
		if err != nil {
			return nil, err
		}
		answer["content"] = content("application/json", schema)
		if op.stream != nil { // lines of the list's items
			answer["content"].(map[string]any)[linesType] = map[string]any{"schema": map[string]any{"type": "string"}}
		}
	}
	e["responses"] = map[string]any{
		strconv.Itoa(op.status): answer,
		"default":               map[string]any{"$ref": "#/components/responses/problem"},
	}
	return e, nil
}

func (s *schemas) body(e map[string]any, op *operation) error {
	switch {
	case op.accepts != "":
		e["requestBody"] = map[string]any{"required": true, "content": content(op.accepts, map[string]any{"type": "string"})}
	case hasBody(op.in):
		schema, err := s.of(op.in)
		if err != nil {
			return err
		}
		e["requestBody"] = map[string]any{"content": content("application/json", schema)}
	}
	return nil
}

// parameters are those of path and query.
func parameters(in reflect.Type) []any {
	var out []any
	for i := range in.NumField() {
		f := in.Field(i)
		for _, where := range []string{pathTag, queryTag} {
			name := f.Tag.Get(where)
			if name == "" {
				continue
			}
			p := map[string]any{"name": name, "in": where, "required": where == pathTag, "schema": parameter(f.Type)}
			if d := f.Tag.Get("desc"); d != "" {
				p["description"] = d
			}
			out = append(out, p)
		}
	}
	return out
}

func parameter(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": parameter(t.Elem())}
	case t.Kind() == reflect.Int:
		return map[string]any{"type": "integer"}
	}
	return map[string]any{"type": "string"}
}

// of is the schema of a type, with the types that it is made of among the named.
func (s *schemas) of(t reflect.Type) (map[string]any, error) {
	r := jsonschema.Reflector{Anonymous: true, Namer: typeName, LookupComment: comment}
	raw, err := json.Marshal(r.ReflectFromType(t))
	if err != nil {
		return nil, err
	}
	var schema map[string]any
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(raw), "#/$defs/", "#/components/schemas/")), &schema); err != nil {
		return nil, err
	}
	if defs, ok := schema["$defs"].(map[string]any); ok {
		for name, d := range defs {
			s.defs[name] = d
		}
	}
	delete(schema, "$defs")
	delete(schema, "$schema")
	return schema, nil
}

// typeName is a type's name in the description: ListOfStatus, not list[wireroom/…].
// Types of the floors below carry their package's name, because both floors know
// sources.
func typeName(t reflect.Type) string {
	outer, inner, generic := strings.Cut(t.Name(), "[")
	if !generic {
		return qualified(t.PkgPath(), outer)
	}
	inner = strings.TrimSuffix(inner, "]")
	dot := strings.LastIndexByte(inner, '.')
	return outer + "Of" + qualified(inner[:dot], inner[dot+1:])
}

func qualified(pkg, name string) string {
	switch pkg = path.Base(pkg); pkg {
	case "article", "store":
		return strings.ToUpper(pkg[:1]) + pkg[1:] + name
	}
	return name
}

// comment is the description of a field, from its desc tag.
func comment(t reflect.Type, field string) string {
	if field == "" || t.Kind() != reflect.Struct {
		return ""
	}
	f, _ := t.FieldByName(field)
	return f.Tag.Get("desc")
}
