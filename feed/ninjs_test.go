package feed_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/feed"
)

// checkNinjs holds a document to the schema of IPTC ninjs 3.0, as far as we use
// it: its properties, their types, no others.
func checkNinjs(doc []byte) []string {
	c := &jsonChecker{}
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	v, err := c.value(dec, "")
	if err != nil {
		return []string{err.Error()}
	}
	c.ninjs("", v, false)
	return c.faults
}

func iri(c *jsonChecker, path string, v any) {
	if s, _ := v.(string); !strings.Contains(s, ":") || strings.ContainsAny(s, " <>\"{}|\\^`\n") {
		c.fault(path, "not a URI: %v", v)
	}
}

func oneOf(values ...string) func(c *jsonChecker, path string, v any) {
	return func(c *jsonChecker, path string, v any) {
		for _, x := range values {
			if v == x {
				return
			}
		}
		c.fault(path, "is %v", v)
	}
}

func objects(keys map[string]key) func(c *jsonChecker, path string, v any) {
	return list(func(c *jsonChecker, path string, v any) { c.object(path, v, keys) }, false)
}

func (c *jsonChecker) ninjs(path string, v any, associated bool) {
	texts := objects(map[string]key{"role": {check: text}, "contentType": {check: text}, "value": {check: text, required: true}})
	concept := objects(map[string]key{"name": {check: text}, "rel": {check: text}, "uri": {check: iri}, "literal": {check: text}})
	c.object(path, v, map[string]key{
		"uri": {check: iri, required: true}, "name": {required: associated, check: func(c *jsonChecker, path string, v any) {
			if !associated {
				c.fault(path, "only associations have a name")
			}
		}},
		"type":               {check: oneOf("text", "audio", "video", "picture", "component")},
		"representationType": {check: oneOf("full", "partial")}, "pubStatus": {check: oneOf("usable", "canceled")},
		"version": {check: text}, "firstCreated": {check: instant}, "versionCreated": {check: instant}, "embargoedUntil": {check: instant},
		"expires": {check: instant}, "urgency": {check: func(c *jsonChecker, path string, v any) {
			if n, ok := v.(json.Number); !ok || len(n) != 1 || n < "1" {
				c.fault(path, "urgency %v", v)
			}
		}},
		"copyrightNotice": {check: text}, "usageTerms": {check: text}, "edNote": {check: text}, "language": {check: language},
		"headlines": {check: texts}, "descriptions": {check: texts}, "by": {check: text}, "slugline": {check: text}, "located": {check: text},
		"bodies": {check: objects(map[string]key{"role": {check: text}, "contentType": {check: text}, "wordCount": {check: positive}, "value": {check: text, required: true}})},
		"people": {check: concept}, "places": {check: concept}, "organisations": {check: concept}, "subjects": {check: concept}, "genres": {check: concept},
		"infoSources": {check: objects(map[string]key{"name": {check: text}, "role": {check: text}})},
		"altIds":      {check: objects(map[string]key{"role": {check: text}, "value": {check: text}})},
		"rightsInfo": {check: func(c *jsonChecker, path string, v any) {
			c.object(path, v, map[string]key{"linkedRights": {check: iri, required: true}})
		}},
		"standard": {check: func(c *jsonChecker, path string, v any) {
			c.object(path, v, map[string]key{"name": {check: oneOf("ninjs")}, "version": {check: oneOf("3.0")}, "schema": {check: iri}})
		}},
		"renditions": {check: objects(map[string]key{"name": {check: text, required: true}, "href": {check: webAddress}, "contentType": {check: text},
			"width": {check: positive}, "height": {check: positive}, "sizeInBytes": {check: positive}, "duration": {check: positive}})},
		"associations": {check: list(func(c *jsonChecker, path string, v any) { c.ninjs(path, v, true) }, false)},
	})
}

func TestArticleDocuments(t *testing.T) {
	t.Parallel()
	for i, r := range sample() {
		ninjs, err := feed.Ninjs(site, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range checkNinjs(ninjs) {
			t.Errorf("article %d: %s", i, f)
		}
		ld, err := feed.JSONLD(site, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range [][]byte{ninjs, ld} {
			if text := "der nicht hinausgeht"; bytes.Contains(doc, []byte(text)) || bytes.Contains(doc, []byte("Not to leave")) {
				t.Errorf("article %d: the text leaves in spite of its rights: %s", i, doc)
			}
		}
	}
}

func TestUnpublishable(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]article.Record{
		"withheld":     {ID: "tag:x,2026:1", Status: article.Withheld, Published: day(1, 0, 0), Headline: "Secret"},
		"without id":   {Published: day(1, 0, 0), Headline: "Secret"},
		"without date": {ID: "tag:x,2026:1", Headline: "Secret"},
		"out of time":  {ID: "tag:x,2026:1", Headline: "Secret", Published: time.Date(12024, 1, 1, 0, 0, 0, 0, time.UTC)},
		"unknown":      {ID: "tag:x,2026:1", Status: "draft", Published: day(1, 0, 0), Headline: "Secret"},
	} {
		if _, err := feed.Ninjs(site, r); !errors.Is(err, feed.ErrUnpublishable) {
			t.Errorf("%s: ninjs says %v", name, err)
		}
		if _, err := feed.JSONLD(site, r); !errors.Is(err, feed.ErrUnpublishable) {
			t.Errorf("%s: JSON-LD says %v", name, err)
		}
		for _, f := range feed.Formats() {
			doc, err := feed.Render(f, site, world, feed.Page{Records: []article.Record{r}})
			if err != nil || bytes.Contains(doc, []byte("Secret")) || bytes.Contains(doc, []byte("tag:x")) {
				t.Errorf("%s: appears as %s (%v)", name, f, err)
			}
		}
	}
}

// TestNewsTypes: the genre chooses the class.
func TestNewsTypes(t *testing.T) {
	t.Parallel()
	r := sample()[1]
	for genre, want := range map[string]string{"opinion": "OpinionNewsArticle", "analysis": "AnalysisNewsArticle", "background": "BackgroundNewsArticle",
		"review": "ReviewNewsArticle", "reportage": "ReportageNewsArticle", "": "NewsArticle", "news": "NewsArticle", "interview": "NewsArticle"} {
		r.Genre, r.Paywall = genre, true
		ld, err := feed.JSONLD(site, r)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(ld, &m); err != nil || fmt.Sprint(m["@type"]) != want || m["isAccessibleForFree"] != false {
			t.Errorf("genre %q: %v, %v", genre, m["@type"], err)
		}
	}
}
