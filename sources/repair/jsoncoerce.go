package repair

import (
	"bytes"
	"encoding/json"
	"strings"
)

// maxCoerced bounds what is decoded to be coerced: a value of the wrong type
// that is longer is worth nothing.
const maxCoerced = 64 << 10

// coerce appends value, which is JSON of another type, as JSON of the shape
// that is wanted: numbers as strings of their digits, one element for a list of
// it, names for people, addresses for things that have one.
func coerce(dst, value []byte, want shape) []byte {
	var v any
	if len(value) <= maxCoerced {
		d := json.NewDecoder(bytes.NewReader(value))
		d.UseNumber()
		if d.Decode(&v) != nil {
			v = nil
		}
	}
	var out any
	switch want {
	case shapeString:
		out = asString(v)
	case shapeAuthor:
		if people := asPeople(v); len(people) > 0 {
			out = people[0]
		}
	case shapeAuthors:
		out = asPeople(v)
	case shapeTags:
		out = asTags(v)
	case shapeAttachments:
		out = asAttachments(v)
	case shapeItems:
		out = asItems(v)
	}
	b, err := json.Marshal(out)
	if err != nil {
		b = []byte("null")
	}
	return append(dst, b...)
}

// asString makes a string of a value: the address or name in an object, the
// first of a list.
func asString(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	case []any:
		for _, e := range v {
			if s := asString(e); s != "" {
				return s
			}
		}
	case map[string]any:
		for _, key := range []string{"url", "href", "src", "value", "name", "title", "label", "term", "html", "text", "rendered", "#text", "$t", "_"} {
			if s := asString(v[key]); s != "" {
				return s
			}
		}
	}
	return ""
}

// asList makes a list of a value that should have been one.
func asList(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// asPeople makes a list of author objects.
func asPeople(v any) []any {
	people := []any{}
	for _, e := range asList(v) {
		person, ok := e.(map[string]any)
		if !ok {
			person = map[string]any{}
			if name := asString(e); name != "" {
				person["name"] = name
			}
		}
		for _, key := range []string{"name", "url", "avatar"} {
			stringMember(person, key)
		}
		if len(person) > 0 && len(people) < maxAuthors {
			people = append(people, person)
		}
	}
	return people
}

// stringMember makes a string of a member, whatever the case of its name.
func stringMember(object map[string]any, key string) {
	for name, v := range object {
		if strings.EqualFold(name, key) {
			if _, ok := v.(string); !ok && v != nil {
				object[name] = asString(v)
			}
		}
	}
}

// asTags makes a list of strings, of one string too: "a, b".
func asTags(v any) []string {
	tags := []string{}
	if s, ok := v.(string); ok {
		for part := range strings.SplitSeq(s, ",") {
			if part = strings.TrimSpace(part); part != "" && len(tags) < maxCategories {
				tags = append(tags, part)
			}
		}
		return tags
	}
	for _, e := range asList(v) {
		if s := asString(e); s != "" && len(tags) < maxCategories {
			tags = append(tags, s)
		}
	}
	return tags
}

// asAttachments makes a list of attachment objects.
func asAttachments(v any) []any {
	list := []any{}
	for _, e := range asList(v) {
		object, ok := e.(map[string]any)
		if !ok {
			object = map[string]any{"url": asString(e)}
		}
		for _, key := range []string{"url", "mime_type", "title"} {
			stringMember(object, key)
		}
		if len(object) > 0 && len(list) < maxEnclosures {
			list = append(list, object)
		}
	}
	return list
}

// asItems is for items that are no list, which are none.
func asItems(any) []any { return []any{} }
