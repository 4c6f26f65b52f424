package syndication

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"wireroom/internal/need"
	"wireroom/sources/repair"
)

// sameBothWays fails where the short way around gofeed reads a document otherwise than
// gofeed does.
func sameBothWays(t *testing.T, name string, body []byte) {
	t.Helper()
	r, err := repair.Document(body, repair.Options{})
	if err != nil || r.Kind != repair.RSS && r.Kind != repair.Atom && r.Kind != repair.JSON {
		return
	}
	short, shortErr := Parse(r, Options{URL: "https://e.example/dir/feed"})
	long, longErr := Parse(r, Options{URL: "https://e.example/dir/feed", long: true})
	switch {
	case fmt.Sprint(shortErr) != fmt.Sprint(longErr):
		t.Errorf("%s: the short way says %v, gofeed %v, in %q", name, shortErr, longErr, r.Body)
	case !reflect.DeepEqual(short, long):
		t.Errorf("%s: read otherwise than by gofeed: %s\nin %q", name, difference(reflect.ValueOf(short), reflect.ValueOf(long)), r.Body)
	}
}

// difference names the first part of two values that is not the same in both.
func difference(a, b reflect.Value) string {
	switch {
	case a.Kind() == reflect.Pointer && !a.IsNil() && !b.IsNil():
		return difference(a.Elem(), b.Elem())
	case a.Kind() == reflect.Struct:
		for i := range a.NumField() {
			if x, y := a.Field(i), b.Field(i); !reflect.DeepEqual(show(x), show(y)) {
				return a.Type().Field(i).Name + " " + difference(x, y)
			}
		}
	case a.Kind() == reflect.Slice && a.Len() == b.Len():
		for i := range a.Len() {
			if x, y := a.Index(i), b.Index(i); !reflect.DeepEqual(show(x), show(y)) {
				return fmt.Sprint(i, " ", difference(x, y))
			}
		}
	}
	return fmt.Sprintf("%#v, gofeed has %#v", show(a), show(b))
}

func show(v reflect.Value) any {
	if v.CanInterface() {
		return v.Interface()
	}
	return v.String()
}

// TestShortWay reads all documents at hand with gofeed and without it, as they are and
// damaged a little.
func TestShortWay(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"testdata", "../repair/testdata"} {
		everyFile(t, root)
	}
	t.Run("corpora", func(t *testing.T) {
		t.Parallel()
		everyFile(t, need.Corpora(t, "feeds"))
		everyFile(t, need.Corpora(t, "hostile"))
	})
}

// inputs are the documents of testdata.
func inputs(t testing.TB) (list [][]byte) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, ".golden") {
			continue
		}
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, body)
	}
	return list
}

func everyFile(t *testing.T, root string) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		sameBothWays(t, path, body)
		random := rand.New(rand.NewPCG(2, uint64(n)))
		for range mutations() / 20 {
			sameBothWays(t, path+", damaged", mutated(random, body))
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Errorf("%s: %d files, %v", root, n, err)
	}
}

// pieces are what the documents of TestShortWayMutated are damaged with.
var pieces = strings.Split(`<|>|/>|</item>|<item>|</entry>|<entry>|<link>|<link|</link>|&amp;|&lt;b&gt;|&#8217;|&#x80;|&nbsp;|&copy|&|;|"|'|<![CDATA[|]]>|<!-- c -->|<?pi?>| |x|é|`+
	"\n|\t|\r|\x00|\u0085|<media:content url='a b'>|</media:content>|<media:group>|<category domain='d'>|</category>|<b>|</b>|<source url='u'>|</source>|<author>|</author>|<name>|<uri>|<image>|</image>|<url>|"+
	`<skipHours><hour>7</hour></skipHours>|href="%zz é"|href=" HTTP://E.example/a b"|rel="self"|xml:base="/b/"|xml:lang="de"|type="html"|xmlns:q="urn:q"|q:href="/q"|http://|:|`+
	`,|{|}|[|]|null|true|12|-1|1.5e3|"id":|"hubs":["/h"],|"title":"t",|"Title":"T",|"tags":null,|"author":{"name":"n"},|"authors":[null],|"expired":"true",|\|\u00e9|\ud83d\ude00|\ud83d|"attachments":[{"size_in_bytes":"3"}],`, "|")

// TestShortWayMutated does the same with documents that are damaged at random.
func TestShortWayMutated(t *testing.T) {
	t.Parallel()
	for i, body := range inputs(t) {
		name := fmt.Sprintf("document %d of testdata", i)
		random := rand.New(rand.NewPCG(1, uint64(i)))
		for range mutations() {
			sameBothWays(t, name, mutated(random, body))
			if t.Failed() {
				return
			}
		}
	}
}

// mutations is how often each document is damaged.
func mutations() int {
	if testing.Short() {
		return 20
	}
	return 200
}

// mutated is a copy with a few pieces put in, moved or taken out.
func mutated(random *rand.Rand, body []byte) []byte {
	body = bytes.Clone(body)
	for range 1 + random.IntN(4) {
		at := random.IntN(len(body) + 1)
		from := random.IntN(len(body) + 1)
		switch random.IntN(4) {
		case 0:
			body = slices.Delete(body, at, min(len(body), at+random.IntN(40)))
		case 1:
			body = slices.Insert(body, at, body[from:min(len(body), from+random.IntN(200))]...)
		default:
			body = slices.Insert(body, at, []byte(pieces[random.IntN(len(pieces))])...)
		}
	}
	return body
}

func FuzzShortWay(f *testing.F) {
	for _, body := range inputs(f) {
		f.Add(body)
	}
	f.Add([]byte(`{"items":[{"id":"1","tags":["a"],"tags":null,"author":{"name":"n"},"author":null,"authors":[],"authors":null,"attachments":[],"attachments":null}]}`))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","hubs":[{"type":"WebSub","url":"/h"}],"items":[{"id":"1","title":"\ud83d\ude00\ud83d \u00e9\n","tags":["a","\u0062"],"attachments":[{"url":"/a","size_in_bytes":12,"duration_in_seconds":1.5}]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) { sameBothWays(t, "input", body) })
}
