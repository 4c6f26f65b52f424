package config

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON Schema of the file, for editors.
func Schema() ([]byte, error) {
	r := &jsonschema.Reflector{FieldNameTag: "yaml", Anonymous: true, Mapper: scalar, DoNotReference: true}
	s := r.Reflect(&Config{})
	describe(s, reflect.TypeFor[Config]())
	s.ID = "https://wireroom.invalid/wireroom.schema.json"
	s.Title = "wireroom.yaml"
	out, err := json.MarshalIndent(s, "", "  ")
	return append(out, '\n'), err
}

// scalar maps our own scalar types.
func scalar(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[Duration]():
		return &jsonschema.Schema{Type: "string", Pattern: `^(\d+[dw])?(\d+(\.\d+)?(h|m|s|ms))*$`}
	case reflect.TypeFor[Secret]():
		return &jsonschema.Schema{Type: "string"}
	}
	return nil
}

// describe brings the desc, enum and default tags into the schema.
func describe(s *jsonschema.Schema, t reflect.Type) {
	if s == nil || s.Properties == nil {
		return
	}
	s.Required = nil
	for i := range t.NumField() {
		f := t.Field(i)
		p, ok := s.Properties.Get(yamlName(f))
		if !ok {
			continue
		}
		p.Description = f.Tag.Get("desc")
		if d := f.Tag.Get("default"); d != "" {
			v := reflect.New(f.Type).Elem()
			if set(v, d) == nil && v.Kind() == reflect.Int {
				p.Default = v.Interface()
			} else {
				p.Default = d
			}
		}
		if e := f.Tag.Get("enum"); e != "" {
			for w := range strings.SplitSeq(e, ",") {
				p.Enum = append(p.Enum, w)
			}
		}
		switch f.Type.Kind() {
		case reflect.Struct:
			describe(p, f.Type)
		case reflect.Slice:
			if f.Type.Elem().Kind() == reflect.Struct {
				describe(p.Items, f.Type.Elem())
			}
		}
	}
}
