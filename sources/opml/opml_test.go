package opml

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"wireroom/internal/need"
)

func list1(body string) string {
	return `<?xml version="1.0"?><opml version="2.0"><head><title>t</title></head><body>` + body + `</body></opml>`
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     []Outline
	}{
		{"empty", list1(""), nil},
		{
			"a feed", list1(`<outline type="rss" text="T" title="Title" xmlUrl="https://a.example/f" htmlUrl="https://a.example/" description="D &amp;amp; E" language="en_us"/>`),
			[]Outline{{URL: "https://a.example/f", Title: "Title", Home: "https://a.example/", Description: "D &amp; E", Language: "en-US"}},
		},
		{
			"folders and categories",
			list1(`<outline text="News"><outline text=" World  news "><outline text="A" xmlUrl="http://a.example/f" category="/Tech/AI, plain,News"/></outline><outline text="B" xmlUrl="http://b.example/"/></outline><outline text="C" xmlUrl="http://c.example/"/>`),
			[]Outline{
				{URL: "http://a.example/f", Title: "A", Categories: []string{"News", "World news", "Tech/AI", "plain"}},
				{URL: "http://b.example/", Title: "B", Categories: []string{"News"}}, {URL: "http://c.example/", Title: "C"},
			},
		},
		{
			"the same feed twice",
			list1(`<outline text="x"><outline xmlUrl="https://A.example:443/f"/></outline><outline text="y"><outline text="T" xmlUrl="https://a.example/f#top" htmlUrl="https://a.example/"/></outline>`),
			[]Outline{{URL: "https://A.example:443/f", Title: "T", Home: "https://a.example/", Categories: []string{"x", "y"}}},
		},
		{
			"addresses", list1(`<outline xmlurl="feed://a.example/f"/><outline XMLURL="feed:https://b.example/f"/><outline xmlUrl="https://user:secret@c.example/f"/>
				<outline xmlUrl="ftp://d.example/"/><outline xmlUrl="file:///etc/passwd"/><outline xmlUrl="javascript:x"/><outline xmlUrl="/f"/><outline xmlUrl="https://"/><outline xmlUrl=""/>`),
			[]Outline{{URL: "http://a.example/f"}, {URL: "https://b.example/f"}, {URL: "https://c.example/f"}},
		},
		{
			"a feed within a feed", list1(`<outline text="A" xmlUrl="http://a.example/"><outline text="B" xmlUrl="http://b.example/"/></outline>`),
			[]Outline{{URL: "http://a.example/", Title: "A"}, {URL: "http://b.example/", Title: "B"}},
		},
		{
			"broken markup", `<opml><body><outline text="Fish & chips" xmlUrl="http://a.example/?a=1&b=2"/><outline text='no end' xmlUrl=http://b.example/></body>`,
			[]Outline{{URL: "http://a.example/?a=1&b=2", Title: "Fish & chips"}, {URL: "http://b.example/", Title: "no end"}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Read(strings.NewReader(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestReadLimits(t *testing.T) {
	t.Parallel()
	nest := func(n int) string {
		return list1(strings.Repeat(`<outline text="f">`, n) + `<outline xmlUrl="http://a.example/"/>` + strings.Repeat("</outline>", n))
	}
	for _, tt := range []struct {
		name, in string
		want     error
	}{
		{"large", list1(strings.Repeat(" ", MaxBytes)), ErrTooLarge},
		{"deep", nest(MaxDepth), ErrTooDeep},
		{"deep enough", nest(MaxDepth - 1), nil},
		{"many", list1(strings.Repeat(`<outline/>`, MaxOutlines+1)), ErrTooMany},
		{"many enough", list1(strings.Repeat(`<outline/>`, MaxOutlines)), nil},
		{"a feed", `<rss version="2.0"><channel><title>x</title></channel></rss>`, ErrNotOPML},
		{"a page", `<!DOCTYPE html><html><body>x</body></html>`, ErrNotOPML},
	} {
		if _, err := Read(strings.NewReader(tt.in)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	// Entities that would expand to gigabytes, and depth that would overflow a stack.
	bomb := `<!DOCTYPE opml [<!ENTITY a "` + strings.Repeat("x", 1000) + `"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><opml><body><outline text="&b;&b;" xmlUrl="http://a.example/"/></body></opml>`
	if got, err := Read(strings.NewReader(bomb)); err != nil || len(got) != 1 || len(got[0].Title) > maxText {
		t.Errorf("bomb: %+v %v", got, err)
	}
	if _, err := Read(strings.NewReader(`<opml><body>` + strings.Repeat(`<outline>`, 1_000_000))); err == nil {
		t.Error("a million levels were read")
	}
	if _, err := Read(failing{}); err == nil {
		t.Error("a failing reader is an error")
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error)  { return 0, errors.New("cut off") }
func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }

func sample() []Outline {
	return []Outline{
		{URL: "https://a.example/f?x=1&y=\"2\"", Title: "A <b> & 'c'", Home: "https://a.example/", Description: "d", Language: "en", Categories: []string{"News", "World, wide", "x"}},
		{URL: "https://b.example/f"},
		{URL: "https://c.example/f", Title: "C\u0000\u202e", Categories: []string{"News"}},
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := Write(&b, "My list", sample()); err != nil {
		t.Fatal(err)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>My list</title>
  </head>
  <body>
    <outline text="News" title="News">
      <outline text="A &lt;b&gt; &amp; &#39;c&#39;" title="A &lt;b&gt; &amp; &#39;c&#39;" type="rss" xmlUrl="https://a.example/f?x=1&amp;y=&#34;2&#34;" htmlUrl="https://a.example/" description="d" language="en" category="World wide,x"></outline>
      <outline text="C" title="C" type="rss" xmlUrl="https://c.example/f"></outline>
    </outline>
    <outline text="https://b.example/f" type="rss" xmlUrl="https://b.example/f"></outline>
  </body>
</opml>
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	if err := Write(failing{}, "", sample()); err == nil {
		t.Error("a failing writer is an error")
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := Write(&b, "t", sample()); err != nil {
		t.Fatal(err)
	}
	got, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	want := []Outline{
		{URL: "https://a.example/f?x=1&y=%222%22", Title: "A <b> & 'c'", Home: "https://a.example/", Description: "d", Language: "en", Categories: []string{"News", "World wide", "x"}},
		{URL: "https://c.example/f", Title: "C", Categories: []string{"News"}},
		{URL: "https://b.example/f", Title: "https://b.example/f"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestWellFormed asks another parser.
func TestWellFormed(t *testing.T) {
	t.Parallel()
	xmllint := need.Program(t, "xmllint")
	name := filepath.Join(t.TempDir(), "list.opml")
	var b bytes.Buffer
	if err := Write(&b, "a \x01 & <b>", sample()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(xmllint, "--noout", "--nonet", name).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(list1(`<outline text="a"><outline text="b" xmlUrl="http://a.example/" category="/x,y"/></outline>`)))
	f.Add([]byte(`<opml><outline xmlUrl=feed://x.example text="a & b">`))
	f.Fuzz(func(t *testing.T, body []byte) {
		first, err := Read(bytes.NewReader(body))
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, o := range first {
			if !strings.HasPrefix(o.URL, "http://") && !strings.HasPrefix(o.URL, "https://") || seen[o.URL] || len(o.Title) > maxText || len(o.Categories) > maxLabels {
				t.Errorf("%+v", o)
			}
			seen[o.URL] = true
		}
		// What was read can be written, and is then read again: all feeds, the same.
		var b bytes.Buffer
		if err := Write(&b, "t", first); err != nil {
			t.Fatal(err)
		}
		second, err := Read(&b)
		if err != nil {
			t.Fatalf("%v in %q", err, b.String())
		}
		if len(second) != len(first) {
			t.Errorf("%d feeds of %d: %+v %+v", len(second), len(first), first, second)
		}
		for _, o := range second {
			if !seen[o.URL] {
				t.Errorf("%q is new", o.URL)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var body strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&body, `<outline text="Feed %d" type="rss" xmlUrl="https://%d.example/feed" htmlUrl="https://%d.example/"/>`, i, i, i)
	}
	in := list1(body.String())
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if list, err := Read(strings.NewReader(in)); err != nil || len(list) != 2000 {
			b.Fatal(err)
		}
	}
}
