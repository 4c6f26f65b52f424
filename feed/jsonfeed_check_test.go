package feed_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// checkJSONFeed holds a document to JSON Feed 1.1 (https://jsonfeed.org/version/1.1),
// strictly: unknown keys, wrong types, empty values, relative addresses and
// doubles are faults.
func checkJSONFeed(doc []byte) []string {
	c := &jsonChecker{}
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	v, err := c.value(dec, "")
	if err != nil {
		return []string{err.Error()}
	}
	if dec.More() {
		c.fault("", "something follows the document")
	}
	if bytes.Contains(doc, []byte(`\u003c`)) || bytes.Contains(doc, []byte(`\u0026`)) {
		c.fault("", "HTML is escaped as for JavaScript")
	}
	c.object("", v, feedKeys)
	return c.faults
}

type jsonChecker struct {
	faults []string
	ids    map[string]bool
}

func (c *jsonChecker) fault(path, format string, args ...any) {
	c.faults = append(c.faults, path+": "+fmt.Sprintf(format, args...))
}

// value decodes one value and reports doubled keys.
func (c *jsonChecker) value(dec *json.Decoder, path string) (any, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch tok {
	case json.Delim('{'):
		m := map[string]any{}
		for dec.More() {
			k, err := dec.Token()
			if err != nil {
				return nil, err
			}
			key := k.(string)
			if _, twice := m[key]; twice {
				c.fault(path, "key %q twice", key)
			}
			if m[key], err = c.value(dec, path+"."+key); err != nil {
				return nil, err
			}
		}
		_, err := dec.Token()
		return m, err
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			v, err := c.value(dec, path+"[]")
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := dec.Token()
		return list, err
	}
	return tok, nil
}

// key is what a member may hold.
type key struct {
	check    func(c *jsonChecker, path string, v any)
	required bool
}

func text(c *jsonChecker, path string, v any) {
	s, ok := v.(string)
	if !ok || strings.TrimSpace(s) == "" {
		c.fault(path, "not a non-empty string: %v", v)
	}
	for _, r := range s {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0xfffd || r == 0xfffe || r == 0xffff {
			c.fault(path, "character %U", r)
		}
	}
}

func plainText(c *jsonChecker, path string, v any) {
	text(c, path, v)
	if s, _ := v.(string); anyTag.MatchString(s) {
		c.fault(path, "looks like HTML: %q", s)
	}
}

func webAddress(c *jsonChecker, path string, v any) {
	s, _ := v.(string)
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || !uriChars.MatchString(s) {
		c.fault(path, "not an absolute URL: %v", v)
	}
}

var uriChars = regexp.MustCompile(`^https?://[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+$`)

func instant(c *jsonChecker, path string, v any) {
	s, _ := v.(string)
	if _, err := time.Parse(time.RFC3339, s); err != nil {
		c.fault(path, "not an RFC 3339 date: %v", v)
	}
}

func language(c *jsonChecker, path string, v any) {
	if s, _ := v.(string); !languageRE.MatchString(s) {
		c.fault(path, "not a language: %v", v)
	}
}

var languageRE = regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*$`)

var positiveRE = regexp.MustCompile(`^[1-9][0-9]*$`)

func positive(c *jsonChecker, path string, v any) {
	if n, ok := v.(json.Number); !ok || !positiveRE.MatchString(n.String()) {
		c.fault(path, "not a positive integer: %v", v)
	}
}

func list(item func(c *jsonChecker, path string, v any), mayBeEmpty bool) func(c *jsonChecker, path string, v any) {
	return func(c *jsonChecker, path string, v any) {
		l, ok := v.([]any)
		if !ok || len(l) == 0 && !mayBeEmpty {
			c.fault(path, "not a list that has something: %v", v)
		}
		for i, x := range l {
			item(c, fmt.Sprintf("%s[%d]", path, i), x)
		}
	}
}

func (c *jsonChecker) object(path string, v any, keys map[string]key) map[string]any {
	m, ok := v.(map[string]any)
	if !ok {
		c.fault(path, "not an object: %v", v)
		return nil
	}
	for k, v := range m {
		switch rule, known := keys[k]; {
		case known:
			rule.check(c, path+"."+k, v)
		case strings.HasPrefix(k, "_"):
			extension(c, path+"."+k, v)
		default:
			c.fault(path, "unknown key %q", k)
		}
	}
	for k, rule := range keys {
		if _, there := m[k]; rule.required && !there {
			c.fault(path, "no %q", k)
		}
	}
	return m
}

// extension is an object that says what it is about, without nulls or empties.
func extension(c *jsonChecker, path string, v any) {
	m, ok := v.(map[string]any)
	if !ok {
		c.fault(path, "an extension must be an object")
		return
	}
	webAddress(c, path+".about", m["about"])
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case nil:
			c.fault(path, "null")
		case string:
			text(c, path, v)
		case []any:
			for _, x := range v {
				walk(path, x)
			}
		case map[string]any:
			for k, x := range v {
				walk(path+"."+k, x)
			}
		}
	}
	walk(path, v)
}

var authorKeys = map[string]key{"name": {check: plainText}, "url": {check: webAddress}, "avatar": {check: webAddress}}

func author(c *jsonChecker, path string, v any) {
	if m := c.object(path, v, authorKeys); len(m) == 0 {
		c.fault(path, "an author without anything")
	}
}

var feedKeys = map[string]key{
	"version": {required: true, check: func(c *jsonChecker, path string, v any) {
		if v != "https://jsonfeed.org/version/1.1" {
			c.fault(path, "version %v", v)
		}
	}},
	"title": {check: plainText, required: true}, "home_page_url": {check: webAddress, required: true},
	"feed_url": {check: webAddress, required: true}, "description": {check: plainText}, "user_comment": {check: text},
	"next_url": {check: webAddress}, "icon": {check: webAddress}, "favicon": {check: webAddress},
	"authors": {check: list(author, false), required: true}, "language": {check: language, required: true},
	"expired": {check: func(c *jsonChecker, path string, v any) {
		if _, ok := v.(bool); !ok {
			c.fault(path, "not a boolean")
		}
	}},
	"hubs": {check: list(func(c *jsonChecker, path string, v any) {
		c.object(path, v, map[string]key{"type": {check: text, required: true}, "url": {check: webAddress, required: true}})
	}, false)},
	"items": {check: list(item, true), required: true},
}

var itemKeys = map[string]key{
	"id": {check: text, required: true}, "url": {check: webAddress, required: true}, "external_url": {check: webAddress},
	"title": {check: plainText}, "content_html": {check: text, required: true}, "content_text": {check: text},
	"summary": {check: plainText}, "image": {check: webAddress}, "banner_image": {check: webAddress},
	"date_published": {check: instant, required: true}, "date_modified": {check: instant, required: true},
	"authors": {check: list(author, false), required: true}, "language": {check: language},
	"tags": {check: func(c *jsonChecker, path string, v any) {
		list(plainText, false)(c, path, v)
		seen := map[any]bool{}
		l, _ := v.([]any)
		for _, t := range l {
			if seen[t] {
				c.fault(path, "tag %v twice", t)
			}
			seen[t] = true
		}
	}},
	"attachments": {check: list(func(c *jsonChecker, path string, v any) {
		c.object(path, v, map[string]key{
			"url": {check: webAddress, required: true}, "title": {check: plainText},
			"mime_type": {required: true, check: func(c *jsonChecker, path string, v any) {
				if s, _ := v.(string); !mimeRE.MatchString(s) {
					c.fault(path, "media type %v", v)
				}
			}},
			"size_in_bytes": {check: positive}, "duration_in_seconds": {check: positive},
		})
	}, false)},
}

var mimeRE = regexp.MustCompile(`^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$`)

func item(c *jsonChecker, path string, v any) {
	m := c.object(path, v, itemKeys)
	if c.ids == nil {
		c.ids = map[string]bool{}
	}
	id, _ := m["id"].(string)
	if c.ids[id] {
		c.fault(path, "id %q twice", id)
	}
	c.ids[id] = true
}
