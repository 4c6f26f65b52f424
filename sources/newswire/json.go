package newswire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"wireroom/sources"
)

// The bounds of one JSON document (input.md L2).
const (
	maxJSONDepth = 64
	maxValues    = 200_000
)

// object is a JSON object with its keys in lower case: ninjs changed their case
// between its versions, their letters never.
type object map[string]any

func parseJSON(doc *sources.Document, f Format, body []byte, o Options) error {
	root, err := readJSON(decode(body))
	if err != nil {
		return fmt.Errorf("read %s: %w", f, err)
	}
	switch f {
	case APMedia:
		return parseAP(doc, root, o)
	case DPA:
		return parseDPA(doc, root, o)
	}
	return parseNINJS(doc, root, o)
}

// readJSON decodes a bounded document.
func readJSON(body []byte) (any, error) {
	deep, values, inside := 0, 1, false
	for i := 0; i < len(body); i++ {
		switch b := body[i]; {
		case inside && b == '\\':
			i++
		case b == '"':
			inside = !inside
		case inside:
		case b == '{' || b == '[':
			if deep++; deep > maxJSONDepth {
				return nil, fmt.Errorf("nested deeper than %d", maxJSONDepth)
			}
		case b == ',':
			if values++; values > maxValues {
				return nil, fmt.Errorf("more than %d values", maxValues)
			}
		case b == '}' || b == ']':
			deep--
		}
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return nil, fmt.Errorf("malformed JSON: %w", err)
	}
	return lowerKeys(v), nil
}

func lowerKeys(v any) any {
	switch v := v.(type) {
	case map[string]any:
		o := make(object, len(v))
		for k, x := range v {
			o[strings.ToLower(k)] = lowerKeys(x)
		}
		return o
	case []any:
		for i := range v {
			v[i] = lowerKeys(v[i])
		}
	}
	return v
}

// str returns the first of the keys that holds a text, a number or a boolean.
func (o object) str(keys ...string) string {
	for _, k := range keys {
		if s := scalar(o[k]); s != "" {
			return s
		}
	}
	return ""
}

func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// text is str, joined where a list of texts came.
func (o object) text(keys ...string) string {
	for _, k := range keys {
		if l, ok := o[k].([]any); ok {
			var parts []string
			for i, v := range l {
				if s := scalar(v); s != "" && i < maxNames {
					parts = append(parts, s)
				}
			}
			if len(parts) > 0 {
				return strings.Join(parts, " ")
			}
		}
		if s := scalar(o[k]); s != "" {
			return s
		}
	}
	return ""
}

func (o object) num(keys ...string) int { return atoi(o.str(keys...)) }

func (o object) obj(key string) object {
	v, _ := o[key].(object)
	return v
}

// list returns the objects under the first of the keys that is there: a list, an
// object of objects (in the order of its keys), or one alone. Plain texts become
// objects with a name.
func (o object) list(keys ...string) []object {
	for _, k := range keys {
		if l := objects(o[k]); len(l) > 0 {
			return l
		}
	}
	return nil
}

func objects(v any) []object {
	var out []object
	add := func(v any) {
		switch v := v.(type) {
		case object:
			out = append(out, v)
		case string:
			if v != "" {
				out = append(out, object{"name": v})
			}
		}
	}
	switch v := v.(type) {
	case []any:
		for i, x := range v {
			if i >= maxItems {
				break
			}
			add(x)
		}
	case object:
		if nested(v) {
			for _, k := range sortedKeys(v) {
				sub, _ := v[k].(object)
				if sub["name"] == nil {
					sub = withName(sub, k)
				}
				out = append(out, sub)
			}
			return out
		}
		out = append(out, v)
	case string:
		add(v)
	}
	return out
}

// nested reports whether every value of o is an object: ninjs 1's associations
// and renditions are such maps.
func nested(o object) bool {
	if len(o) == 0 || len(o) > maxNames {
		return false
	}
	for _, v := range o {
		if _, ok := v.(object); !ok {
			return false
		}
	}
	return true
}

func withName(o object, name string) object {
	c := make(object, len(o)+1)
	for k, v := range o {
		c[k] = v
	}
	c["name"] = name
	return c
}

// detectJSON tells the format by the keys of the first object.
func detectJSON(head []byte) Format {
	keys := topKeys(head)
	if keys == nil {
		return ""
	}
	has := func(names ...string) bool {
		for _, n := range names {
			if _, ok := keys[n]; ok {
				return true
			}
		}
		return false
	}
	switch {
	case strings.HasPrefix(keys["format"], `"digitalwires`), has("urn") && has("version_created"):
		return DPA
	case has("api_version") && has("data"):
		return APMedia
	case strings.Contains(keys["version"], "jsonfeed.org"), has("$ref", "definitions", "@context"):
		return ""
	case has("entries") && (bytes.Contains(head, []byte(`"digitalwires`)) || len(keys) == 1 && emptyList(keys["entries"])): // wireQ, or with nothing in the queue
		return DPA
	case has("_items") && has("_meta", "_links"):
		return NINJS
	case has("uri", "guid") && has(ninjsKeys...), strings.Contains(keys["standard"], "ninjs"):
		return NINJS
	case has("_items", "items", "results", "item") && !has("title", "feed_url") && (bytes.Contains(head, []byte(`"versioncreated"`)) || bytes.Contains(head, []byte(`"versionCreated"`))):
		return NINJS
	}
	return ""
}

var ninjsKeys = []string{
	"type", "versioncreated", "pubstatus", "representationtype", "body_text", "body_html", "body_xhtml", "bodies", "headline", "headlines", "title", "renditions", "associations", "mimetype", "profile",
	"version", "embargoed", "embargoeduntil", "language", "copyrightholder", "copyrightnotice", "description_text", "descriptions", "person", "people", "organisation", "organisations", "place", "places", "subject", "subjects",
	"event", "events", "object", "objects", "urgency", "firstcreated", "ednote", "infosource", "infosources", "trustindicator", "trustindicators", "byline", "by", "slugline", "located", "rightsinfo", "genre", "genres", "altids", "standard", "expires", "eventdetails", "plannedcoverage",
}

// emptyList reports whether a value begins with a list that has no members.
func emptyList(v string) bool {
	v, open := strings.CutPrefix(v, "[")
	return open && strings.HasPrefix(strings.TrimLeft(v, " \t\r\n"), "]")
}

// topKeys returns the keys of the first object of a document, in lower case,
// with the beginning of their values. It reads no more than head.
func topKeys(head []byte) map[string]string {
	i := bytes.IndexByte(head, '{')
	if i < 0 || len(bytes.Trim(head[:i], " \t\r\n[")) > 0 {
		return nil
	}
	keys := map[string]string{}
	deep := 0
	for ; i < len(head) && len(keys) < maxNames; i++ {
		switch head[i] {
		case '{', '[':
			deep++
		case '}', ']':
			if deep--; deep == 0 {
				return keys
			}
		case '"':
			end := stringEnd(head, i)
			if end < 0 {
				return keys
			}
			rest := bytes.TrimLeft(head[end+1:], " \t\r\n")
			if deep == 1 && len(rest) > 0 && rest[0] == ':' {
				value := bytes.TrimLeft(rest[1:], " \t\r\n")
				keys[strings.ToLower(string(head[i+1:end]))] = string(value[:min(len(value), 120)])
			}
			i = end
		}
	}
	return keys
}

// stringEnd is where the string that opens at i closes, -1 if it does not.
func stringEnd(s []byte, i int) int {
	for from := i + 1; ; from++ {
		n := bytes.IndexByte(s[from:], '"')
		if n < 0 {
			return -1
		}
		from += n
		slashes := 0
		for s[from-1-slashes] == '\\' && from-1-slashes > i {
			slashes++
		}
		if slashes%2 == 0 {
			return from
		}
	}
}
