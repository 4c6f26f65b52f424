package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// longList is a config with many sources.
func longList(n int, entry func(i int) string) string {
	var b strings.Builder
	b.WriteString("# ours\nserver:\n  name: News\nsources: # many\n  # the first\n")
	for i := range n {
		b.WriteString(entry(i))
	}
	b.WriteString("feeds:\n  - {id: all}\n")
	return b.String()
}

func flow(i int) string {
	return fmt.Sprintf("  - {id: s%d, url: \"https://a.example/%d?a=1&b=2\", every: 10m}\n", i, i)
}

func block(i int) string {
	return fmt.Sprintf("  - id: s%d\n    url: https://a.example/%d\n\n    # often\n    cron: \"*/10 * * * *\"\n    topics:\n    - a\n    - b\n", i, i)
}

// TestPieces holds the config of a long list to the one that the whole file gives,
// and errors to their places.
func TestPieces(t *testing.T) {
	t.Parallel()
	for name, entry := range map[string]func(int) string{"flow": flow, "block": block} {
		src := longList(1000, entry)
		for what, text := range map[string]string{
			"":      src,
			"last":  strings.Replace(src, "feeds:\n  - {id: all}\n", "", 1),
			"flush": strings.ReplaceAll(src, "\n  ", "\n"),
			"crlf":  strings.ReplaceAll(src, "\n", "\r\n"),
		} {
			var whole, pieces Config
			if err := yaml.NewDecoder(strings.NewReader(text), yaml.Strict()).Decode(&whole); what != "flush" && err != nil {
				t.Fatal(err)
			}
			if !decodePieces([]byte(text), &pieces, pieceSize) {
				if what != "flush" {
					t.Errorf("%s, %s: not read in pieces", name, what)
				}
				continue
			}
			if !reflect.DeepEqual(whole, pieces) || len(pieces.Sources) != 1000 {
				t.Errorf("%s, %s: %d sources differ", name, what, len(pieces.Sources))
			}
		}
		_, err := Parse("wireroom.yaml", []byte(strings.Replace(src, "id: s999", "idd: s999", 1)), none)
		before, _, _ := strings.Cut(src, "id: s999")
		line, column := 1+strings.Count(before, "\n"), len(before)-strings.LastIndexByte(before, '\n')
		if want := fmt.Sprintf("wireroom.yaml:%d:%d: unknown key \"idd\"", line, column); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
		_, err = Parse("wireroom.yaml", []byte(strings.Replace(src, "id: s999", "id: s7", 1)), none)
		if want := fmt.Sprintf("wireroom.yaml:%d:%d: two sources", line, column+len("id: ")); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

// FuzzPieces holds that what is read in pieces is read as a whole alike.
func FuzzPieces(f *testing.F) {
	for _, src := range []string{
		longList(3, flow), longList(3, block), strings.ReplaceAll(longList(3, block), "\n  ", "\n"),
		"sources:\n- &a {id: a, url: x}\n- *a\n", "sources:\n- {id: &a x}\n- {id: *a}\n",
		"sources:\n- id: \"a\n- b\"\n- id: c\n", "sources:\n- {id: a,\n- b}\n", "sources:\n- id: |\n   a\n  b\n- id: >-\n\n    c\n",
		"store: \"a\nsources:\n- id: x\n\"\n", "store: |\n a\nsources:\n- id: x\nsources:\n- id: y\n",
		"a: b\n---\nsources:\n- id: x\n", "sources:\n- id: x\n---\nfeeds: []\n", "sources:\n- id: x\n\t\n- id: y\n",
		"sources:\n  - id: x\n- id: y\n", "sources:\n  - id: x\n feeds: []\n", "sources:\n-\n- null\n- id: ~\n-   id: x\n", "sources:\n- id: x\n  << : {url: y}\n",
		"feeds: [\nsources:\n- id: x\nkeep: 9d\n", "sources:\n- !!map {id: x}\n- id: !!str 1\n", "sources:\r- id: a\rsources:\n- id: x\n",
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		var whole, pieces Config
		if !decodePieces(src, &pieces, 1) {
			return
		}
		err := yaml.NewDecoder(bytes.NewReader(src), yaml.Strict()).Decode(&whole)
		if err != nil && !errors.Is(err, io.EOF) {
			t.Fatalf("%q is read in pieces only: %v", src, err)
		}
		if !reflect.DeepEqual(whole, pieces) {
			t.Errorf("%q\nwhole  %+v\npieces %+v", src, whole, pieces)
		}
	})
}
