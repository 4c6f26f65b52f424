package newswire

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"wireroom/article"
	"wireroom/article/wirecopy"
)

// fuzz seeds with the samples whose names begin with one of the prefixes.
func fuzz(f *testing.F, prefixes ...string) {
	for _, name := range samples(f) {
		for _, p := range prefixes {
			if strings.HasPrefix(filepath.Base(name), p) {
				f.Add(sample(f, name))
			}
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 1<<20 {
			return
		}
		check(t, body)
	})
}

func FuzzNewsMLG2(f *testing.F) { fuzz(f, "g2-") }
func FuzzNewsML1(f *testing.F)  { fuzz(f, "newsml-") }
func FuzzNITF(f *testing.F)     { fuzz(f, "nitf-") }
func FuzzNINJS(f *testing.F)    { fuzz(f, "ninjs") }
func FuzzAPMedia(f *testing.F)  { fuzz(f, "ap-") }
func FuzzDPA(f *testing.F)      { fuzz(f, "dpa-") }
func FuzzTelegram(f *testing.F) { fuzz(f, "7901-", "anpa-") }

// check holds what is true of every body, whatever is in it.
func check(t *testing.T, body []byte) {
	t.Helper()
	format := Detect(body)
	doc, err := Parse(body, received)
	if errors.Is(err, ErrFormat) != (format == "") {
		t.Fatalf("detected %q, then %v", format, err)
	}
	if err != nil {
		if doc != nil {
			t.Error("a document and an error")
		}
		return
	}
	if doc.Format != string(format) || len(doc.Items) > maxItems {
		t.Errorf("format %q, %d items", doc.Format, len(doc.Items))
	}
	for i := range doc.Items {
		it := &doc.Items[i]
		r := &it.Record
		switch r.Status {
		case article.Usable, article.Withheld, article.Canceled:
		default:
			t.Errorf("status %q", r.Status)
		}
		if r.Version < 1 || r.Urgency < 0 || r.Urgency > 9 || r.Updated.Before(r.Published) && !r.Updated.IsZero() {
			t.Errorf("version %d, urgency %d, published %v, updated %v", r.Version, r.Urgency, r.Published, r.Updated)
		}
		if r.Headline != strings.TrimSpace(r.Headline) || it.GUID != strings.TrimSpace(it.GUID) {
			t.Errorf("space around %q or %q", r.Headline, it.GUID)
		}
		if !utf8.ValidString(r.Headline) || !utf8.ValidString(r.Body.HTML) || !utf8.ValidString(r.Body.Text) {
			t.Error("the record is no UTF-8")
		}
		if len(r.Images) > 2*maxMedia || len(r.Media) > maxMedia || len(r.Subjects) > maxSubjects || len(r.Keywords) > maxNames {
			t.Error("a list is over its bound")
		}
		for _, m := range append(r.Images, r.Media...) {
			if !strings.HasPrefix(m.URL, "http://") && !strings.HasPrefix(m.URL, "https://") {
				t.Errorf("a picture at %q", m.URL)
			}
		}
		for _, s := range r.Body.Sections {
			for _, b := range s.Blocks {
				if b.Type == "paragraph" && wirecopy.NotForPublication(b.Text) {
					t.Errorf("not for publication: %q", b.Text)
				}
			}
		}
		Gaps(it)
		Newer(it, &doc.Items[0])
	}
}

// Every sample cut off at any place, and with any byte of it broken, is read or
// refused in the same way.
func TestDamaged(t *testing.T) {
	t.Parallel()
	for _, name := range samples(t) {
		body := sample(t, name)
		step := max(1, len(body)/25)
		for i := 0; i < len(body); i += step {
			check(t, body[:i])
			broken := bytes.Clone(body)
			broken[i] ^= 0x5B
			check(t, broken)
			check(t, append(append(bytes.Clone(body[:i]), body...), body[i:]...))
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"g2-reuters-update.xml", "g2-dpa.xml", "newsml-afp.xml", "nitf-cp.xml", "ninjs3-text.json", "ap-item.json", "dpa-text.json", "7901-dpa-en.txt", "anpa-ap.tst"} {
		body := sample(b, "testdata/"+name)
		b.Run(strings.TrimSuffix(name, filepath.Ext(name)), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(body, received); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
