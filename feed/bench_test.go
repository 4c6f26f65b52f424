package feed_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"wireroom/article"
	"wireroom/feed"
)

// newsLike are n articles of about the size and the redundancy of news: 40
// paragraphs from a vocabulary in which few words are frequent.
func newsLike(n int, mode article.Republish) []article.Record {
	r := rand.New(rand.NewPCG(1, 1))
	zipf := rand.NewZipf(r, 1.1, 3, 20_000)
	words := func(n int) string {
		var b strings.Builder
		for range n {
			fmt.Fprintf(&b, "%s ", syllables(zipf.Uint64()))
		}
		return b.String()
	}
	list := numbered(n)
	for i := range list {
		rec := &list[i]
		rec.Headline, rec.Standfirst, rec.Rights.Republish = words(8), words(25), mode
		rec.Agencies, rec.Keywords = []string{"AFP"}, strings.Fields(words(5))
		rec.Authors = []article.Person{{Name: words(2)}}
		var body strings.Builder
		for range 20 {
			body.WriteString("<p>" + words(30) + `<a href="https://s.example/` + syllables(zipf.Uint64()) + `">` + words(2) + "</a></p>")
		}
		rec.Body = article.Body{HTML: body.String(), Text: words(600)}
		rec.Images = []article.Media{{URL: fmt.Sprintf("https://i.example/%d.jpg", i), Caption: words(10), Credit: words(2), Width: 1200, Height: 800}}
	}
	return list
}

func syllables(n uint64) string {
	var b strings.Builder
	for n++; n > 0; n /= 40 {
		b.WriteByte("bcdfghklmnprstvz"[n%16])
		b.WriteByte("aeiou"[n/16%5])
	}
	return b.String()
}

func BenchmarkPrepare(b *testing.B) {
	for _, mode := range []article.Republish{article.Full, article.Summary} {
		b.Run(string(mode), func(b *testing.B) {
			page := feed.Page{Records: newsLike(100, mode)}
			b.ReportAllocs()
			for b.Loop() {
				feed.Prepare(site, world, page)
			}
		})
	}
}

// BenchmarkMemo is what Prepare costs where one article of 100 is new.
func BenchmarkMemo(b *testing.B) {
	records := newsLike(101, article.Full)
	var memo feed.Memo
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		memo.Prepare(site, world, feed.Page{Records: records[i%2 : 100+i%2]})
	}
}

func BenchmarkRender(b *testing.B) {
	for _, mode := range []article.Republish{article.Full, article.Summary} {
		page := feed.Page{Records: newsLike(100, mode)}
		for _, f := range feed.Formats() {
			b.Run(string(mode)+"/"+string(f), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					b.StopTimer()
					d := feed.Prepare(site, world, page) // its entries keep what they were rendered to
					b.StartTimer()
					doc, err := d.Render(f)
					if err != nil {
						b.Fatal(err)
					}
					b.SetBytes(int64(len(doc)))
				}
			})
		}
	}
}

// BenchmarkSnapshot is what one change of a feed costs in one format: rendering
// and all codings.
func BenchmarkSnapshot(b *testing.B) {
	for _, mode := range []article.Republish{article.Full, article.Summary} {
		d := feed.Prepare(site, world, feed.Page{Records: newsLike(100, mode)})
		c := newCompressor(b)
		for _, f := range feed.Formats() {
			b.Run(string(mode)+"/"+string(f), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := d.Snap(f, c); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkDelta(b *testing.B) {
	old := prepare(newsLike(100, article.Summary)).Index()
	now := prepare(newsLike(103, article.Summary))
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := now.Delta(feed.Atom, old); !ok {
			b.Fatal("no delta")
		}
	}
}

func BenchmarkArticle(b *testing.B) {
	r := newsLike(1, article.Full)[0]
	for name, f := range map[string]func(feed.Site, article.Record) ([]byte, error){"ninjs": feed.Ninjs, "json-ld": feed.JSONLD} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f(site, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
