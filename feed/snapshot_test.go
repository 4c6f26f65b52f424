package feed_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"regexp"
	"slices"
	"sync"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"wireroom/article"
	"wireroom/feed"
)

func newCompressor(t testing.TB) *feed.Compressor {
	t.Helper()
	c, err := feed.NewCompressor()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	c := newCompressor(t)
	d := feed.Prepare(site, world, feed.Page{Records: sample()})
	for _, f := range feed.Formats() {
		s, err := d.Snap(f, c)
		if err != nil {
			t.Fatal(err)
		}
		plain, _ := d.Render(f)
		tags := map[string]bool{}
		for _, coding := range []string{"", "gzip", "br", "zstd"} {
			b, ok := s.Body(coding)
			if !ok || b.Coding != coding || tags[b.ETag] || !regexp.MustCompile(`^"[\x21\x23-\x7e]+"$`).MatchString(b.ETag) {
				t.Errorf("%s %q: %q %v", f, coding, b.ETag, ok)
			}
			tags[b.ETag] = true
			if got := decode(t, coding, b.Bytes); !bytes.Equal(got, plain) {
				t.Errorf("%s %q decodes to something else", f, coding)
			}
			for _, sent := range []string{b.ETag, "W/" + b.ETag, b.ETag[:len(b.ETag)-1] + `-gzip"`, b.ETag[:len(b.ETag)-1] + `;gzip"`, " " + b.ETag} {
				if coding != "" && sent != b.ETag && sent != "W/"+b.ETag && sent != " "+b.ETag {
					continue
				}
				if feed.TagOf(sent) != s.Tag {
					t.Errorf("%s is of %q, not %q", sent, feed.TagOf(sent), s.Tag)
				}
			}
		}
		if _, ok := s.Body("deflate"); ok {
			t.Error("deflate is there")
		}
		if s.ContentType != f.MediaType()+"; charset=utf-8" || s.LastModified != "Fri, 08 Mar 2024 09:00:00 GMT" || s.Index.Len() != 3 {
			t.Errorf("%s: %q %q %d", f, s.ContentType, s.LastModified, s.Index.Len())
		}
		want := `<https://news.example.org/feeds/world.` + string(f) + `>; rel="self", <https://news.example.org/hub>; rel="hub", <https://news.example.org/feeds/world>; rel="alternate"; type="text/html"`
		if s.Link != want {
			t.Errorf("%s: Link: %s", f, s.Link)
		}
	}
	if _, err := d.Snap("gopher", c); err == nil {
		t.Error("an unknown format is packed")
	}
}

func decode(t *testing.T, coding string, b []byte) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(b)
	switch coding {
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	case "br":
		r = brotli.NewReader(r)
	case "zstd":
		z, err := zstd.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		r = z
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", coding, err)
	}
	return out
}

// TestSnapshotsAgree packs the same document in different processes' stead: with
// compressors of different history, and at the same time. Strong validators
// promise equal bytes.
func TestSnapshotsAgree(t *testing.T) {
	t.Parallel()
	fresh, used := newCompressor(t), newCompressor(t)
	d := feed.Prepare(site, world, feed.Page{Records: numbered(100)})
	want, err := d.Snap(feed.Atom, fresh)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for _, f := range []feed.Format{feed.RSS, feed.JSON, feed.Atom} {
				other := feed.Prepare(site, world, feed.Page{Records: numbered(10 * i)})
				if _, err := other.Snap(f, used); err != nil {
					t.Error(err)
				}
			}
			got, err := d.Snap(feed.Atom, used)
			if err != nil {
				t.Error(err)
				return
			}
			for _, coding := range []string{"", "gzip", "br", "zstd"} {
				a, _ := want.Body(coding)
				b, _ := got.Body(coding)
				if a.ETag != b.ETag || !bytes.Equal(a.Bytes, b.Bytes) {
					t.Errorf("%q depends on what was compressed before", coding)
				}
			}
		})
	}
	wg.Wait()
}

func TestPack(t *testing.T) {
	t.Parallel()
	c := newCompressor(t)
	opml, err := feed.OPML(site, []feed.Channel{world}, day(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	a := c.Pack(opml, feed.OPMLType, day(1, 0, 0), "")
	b := c.Pack(append(opml, '\n'), feed.OPMLType, day(1, 0, 0), "")
	if a.Tag == b.Tag || a.ContentType != "text/x-opml; charset=utf-8" {
		t.Errorf("%q %q", a.Tag, b.Tag)
	}
	empty := c.Pack(nil, "text/plain", day(1, 0, 0), "")
	for _, coding := range []string{"gzip", "br", "zstd"} {
		if body, ok := empty.Body(coding); !ok || body.Coding != coding || len(decode(t, coding, body.Bytes)) != 0 {
			t.Errorf("nothing as %s: %+v", coding, body)
		}
	}
}

// TestTag: whatever its last letters, a tag can be told from a coding's suffix.
func TestTag(t *testing.T) {
	t.Parallel()
	for i := range 2000 {
		tag := feed.Tag(fmt.Append(nil, i))
		for _, etag := range []string{`"` + tag + `"`, `W/"` + tag + `"`, `"` + tag + `-gzip"`, `"` + tag + `-br"`, `"` + tag + `-zstd"`, `W/"` + tag + `;gzip"`} {
			if got := feed.TagOf(etag); got != tag {
				t.Fatalf("%s: %q, want %q", etag, got, tag)
			}
		}
	}
}

// TestMemo holds documents made with a memo to those made without, whatever changes
// between them.
func TestMemo(t *testing.T) {
	t.Parallel()
	list := newsLike(20, article.Full)
	for i := range list {
		list[i].Status = article.Usable
	}
	steps := []func(*feed.Site, *feed.Channel, *feed.Page){
		func(*feed.Site, *feed.Channel, *feed.Page) {},
		func(_ *feed.Site, _ *feed.Channel, p *feed.Page) { p.Records = p.Records[3:] },
		func(_ *feed.Site, _ *feed.Channel, p *feed.Page) {
			p.Records[4].Headline, p.Records[4].Version = "Another", 2
		},
		func(_ *feed.Site, _ *feed.Channel, p *feed.Page) { p.Records[5].Images[0].Caption = "Another" },
		func(_ *feed.Site, _ *feed.Channel, p *feed.Page) {
			p.Records[6].Rights.Republish = article.LinkOnly
		},
		func(_ *feed.Site, _ *feed.Channel, p *feed.Page) { p.Records[7].Status = article.Canceled },
		func(_ *feed.Site, c *feed.Channel, _ *feed.Page) { c.Title, c.Select.Limit = "Another", 5 },
		func(_ *feed.Site, c *feed.Channel, p *feed.Page) { c.Language, p.Records[8].Language = "de", "de" },
		func(s *feed.Site, _ *feed.Channel, _ *feed.Page) { s.BaseURL = "https://other.example" },
		func(s *feed.Site, _ *feed.Channel, p *feed.Page) { p.Records = append(p.Records, p.Records[0]) },
		func(s *feed.Site, c *feed.Channel, p *feed.Page) {
			c.Once, p.Records[1].Story.Text = feed.OnceText, "t"
		},
	}
	var memo feed.Memo
	s, c, p := site, world, feed.Page{Records: list}
	for i, change := range steps {
		p.Records = slices.Clone(p.Records)
		for j := range p.Records {
			p.Records[j].Images = slices.Clone(p.Records[j].Images)
		}
		change(&s, &c, &p)
		if i%4 == 3 {
			memo.Forget()
		}
		for _, f := range feed.Formats() {
			got, err := memo.Prepare(s, c, p).Render(f)
			if err != nil {
				t.Fatal(err)
			}
			if want, err := feed.Render(f, s, c, p); err != nil || !bytes.Equal(got, want) {
				t.Errorf("step %d: %s differs", i, f)
			}
		}
	}
}
