package repair

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// readableRaw reports whether a body may be given to gofeed as it is: nothing
// that could overflow its stack.
func readableRaw(body []byte) bool {
	return len(body) < 64<<10 && bytes.Count(body, []byte("<")) < 4000 && bytes.Count(body, []byte("[")) < 1000 && bytes.Count(body, []byte("{")) < 1000
}

// regression compares what gofeed reads of a body with what it reads after
// repair. A body that strict parsers accept must be read the same, any other
// must not lose an item. It returns "" if all is well.
func regression(body []byte) string {
	if !readableRaw(body) || bytes.IndexByte(body, 0x1B) >= 0 { // gofeed does not know escapes
		return ""
	}
	before, err := parse(body)
	if err != nil {
		return ""
	}
	res, err := Document(body, Options{})
	if err != nil {
		return "refused: " + err.Error()
	}
	if err := checkResult(res, Limits{}); err != nil {
		return err.Error() + ": " + string(res.Body)
	}
	after, err := parse(res.Body)
	if err != nil {
		return "lost: " + err.Error() + ": " + string(res.Body)
	}
	if len(after.Items) != len(res.Entries) {
		return "items and entries differ in number: " + string(res.Body)
	}
	if len(after.Items) < len(before.Items) {
		return strconv.Itoa(len(before.Items)) + " items became " + strconv.Itoa(len(after.Items))
	}
	if sound(body) {
		if diffs := differences(before, after, res.hasBase()); len(diffs) > 0 {
			return strings.Join(diffs, "\n")
		}
	}
	return ""
}

// onPurposeMarks are what is read otherwise on purpose, wherever it occurs:
// instructions, comments, declarations, C1 controls, surrogates, JSON's
// escaped controls.
var onPurposeMarks = regexp.MustCompile(`utf-7|.<\?|<!|[\x{80}-\x{9F}\x{FFFE}\x{FFFF}]|&#[xX]?[dD89]|&#1[2-5][0-9];|\\u00|(?s)<channel.*<channel`)

// sound reports whether a body is XML, or JSON, that needs no repair and of
// which nothing is read otherwise on purpose.
func sound(body []byte) bool {
	if !utf8.Valid(body) || onPurposeMarks.Match(body) {
		return false
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		_, err := d.Token()
		if err == io.EOF {
			return true
		}
		if err != nil {
			return json.Valid(body)
		}
	}
}

// TestMutations damages feeds at random and looks for what gofeed reads of them
// as they are and does not after repair. REPAIR_MUTATIONS says how many.
func TestMutations(t *testing.T) {
	t.Parallel()
	n, _ := strconv.Atoi(os.Getenv("REPAIR_MUTATIONS"))
	if n == 0 {
		n = 3000
	}
	seeds := seedBodies()
	if dir := os.Getenv("WIREROOM_CORPORA"); dir != "" {
		seeds = append(seeds, corpusBodies(t, dir)...)
	}
	seed, _ := strconv.ParseUint(os.Getenv("REPAIR_SEED"), 10, 64)
	rnd := rand.New(rand.NewPCG(seed, 1))
	failures := 0
	for range n {
		body := mutate(rnd, seeds[rnd.IntN(len(seeds))], seeds)
		if what := regression(body); what != "" {
			if failures++; failures <= 10 {
				t.Errorf("%.1500q\n%.1500s", body, what)
			}
		}
	}
	if failures > 0 {
		t.Errorf("%d of %d mutations", failures, n)
	}
}

func corpusBodies(t *testing.T, dir string) (bodies [][]byte) {
	for _, sub := range []string{"feeds", "hostile/feeds"} {
		err := filepath.WalkDir(filepath.Join(dir, sub), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, ".jsonl") {
				return err
			}
			body, err := os.ReadFile(path)
			if len(body) < 4<<10 {
				bodies = append(bodies, body)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return bodies
}

// fragments are what mutations put in.
var fragments = []string{
	"<", ">", "&", "\"", "'", "/", "=", "]]>", "<![CDATA[", "<!--", "-->", "<?x", "?>", "<br>", "<p>", "</p>", "</item>", "<item>",
	"</entry>", "<entry>", "</channel>", "<title>", "</title>", "<link/>", "<a:b>", "</a:b>", " xmlns=\"x\"", " xmlns:a=\"b\"", "&amp;",
	"&#0;", "&nbsp;", "&#x80;", "\x00", "\xFF", "\xE9", "\uFFFE", "\u0085", "<b", "</", "<b/>", "{", "}", "[", "]", ",", ":", "null", "\\", "\n", " ",
	"<x y=z>", "<x y>", "<x y='1' y='2'>", "<description>", "</description>", "<!DOCTYPE a>", "xml:base=\"http://a/\"", "\uFEFF",
}

// mutate makes one to four random changes.
func mutate(rnd *rand.Rand, body []byte, seeds [][]byte) []byte {
	body = slices.Clone(body)
	for range 1 + rnd.IntN(4) {
		if len(body) == 0 {
			return body
		}
		i := rnd.IntN(len(body))
		k := min(len(body), i+1+rnd.IntN(1+rnd.IntN(64)))
		switch rnd.IntN(7) {
		case 0:
			body = slices.Delete(body, i, k)
		case 1:
			body = slices.Insert(body, i, slices.Clone(body[i:k])...)
		case 2:
			body[i] = byte(rnd.IntN(256))
		case 3:
			body = body[:i]
		case 4:
			other := seeds[rnd.IntN(len(seeds))]
			if len(other) > 0 {
				from := rnd.IntN(len(other))
				body = slices.Insert(body, i, other[from:min(len(other), from+rnd.IntN(48))]...)
			}
		default:
			body = slices.Insert(body, i, []byte(fragments[rnd.IntN(len(fragments))])...)
		}
	}
	return body
}
