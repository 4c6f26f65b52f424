package syndication

import (
	"fmt"
	"slices"
	"testing"

	"wireroom/article"
	"wireroom/sources/repair"
)

func TestMedium(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ said, kind, url, want string }{
		{"Video", "text/html", "x", "video"}, {"", "image/png", "x.mp3", "image"}, {"", "audio/mpeg", "", "audio"}, {"", "video/mp4", "", "video"},
		{"", "text/plain", "", "document"}, {"", "application/pdf", "", "document"}, {"", "application/vnd.apple.mpegurl", "", "video"},
		{"", "", "https://e.example/a.JPG?x=.mp3", "image"}, {"", "application/octet-stream", "https://e.example/a.opus", "audio"},
		{"", "", "https://e.example/a.mkv", "video"}, {"", "", "https://e.example/a.pdf", "document"}, {"", "", "https://e.example/a", ""}, {"executable", "", "", ""},
	} {
		if got := medium(article.Media{Medium: tt.said, Type: tt.kind, URL: tt.url}); got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}

func TestMeasures(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{"61": 61, "1:01": 61, "1:02:03": 3723, "": 0, "x": 0, "-5": 0, "61.7": 61, "99999999:00:00": 0} {
		if got := seconds(in); got != want {
			t.Errorf("seconds(%q) is %d, want %d", in, got, want)
		}
	}
	for in, want := range map[string]int64{"12": 12, " 1,234 ": 1234, "1e3": 1000, "": 0, "-1": 0, "NaN": 0, "1e300": 0, "9223372036854775808": 0} {
		if got := size(in); got != want {
			t.Errorf("size(%q) is %d, want %d", in, got, want)
		}
	}
	for in, want := range map[string]int{"640": 640, "640px": 640, "100%": 0, "99999999999": 1 << 24} {
		if got := measure(in); got != want {
			t.Errorf("measure(%q) is %d, want %d", in, got, want)
		}
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	b.add(article.Media{URL: "https://e.example/a.mp3", Length: 5})
	b.add(article.Media{URL: "https://e.example/a.mp3", Type: "Audio/MPEG; x=y", Length: 9, Duration: 7, Credit: "C", Width: 2, Height: 3})
	b.add(article.Media{URL: ""})
	b.add(article.Media{URL: "https://e.example/1.gif", Width: 1, Height: 1})
	b.add(article.Media{URL: "https://0.gravatar.com/avatar/x"})
	b.add(article.Media{URL: "https://e.example/p.png"})
	r := b.it.Record
	want := article.Media{URL: "https://e.example/a.mp3", Type: "audio/mpeg", Medium: "audio", Length: 5, Duration: 7, Credit: "C", Width: 2, Height: 3}
	if len(r.Media) != 1 || r.Media[0] != want || len(r.Images) != 1 {
		t.Errorf("got %+v %+v", r.Media, r.Images)
	}
	for i := range 100 {
		b.add(article.Media{URL: fmt.Sprintf("https://e.example/%d.png", i)})
	}
	if r = b.it.Record; len(r.Media)+len(r.Images) != maxMedia {
		t.Errorf("%d media", len(r.Media)+len(r.Images))
	}
}

func TestThumbnails(t *testing.T) {
	t.Parallel()
	thumb := called("media.thumbnail", element1("", "url", "/t.jpg", "width", "9"))
	with := func(list ...element) fields { return newFields(append(list, thumb)) }
	group := element{name: "media.group", children: newFields([]element{called("thumbnail", element1("", "url", "g.jpg"))})}
	for _, tt := range []struct {
		name string
		x    fields
		want article.Record
	}{
		{"alone it is the picture", with(), article.Record{Images: []article.Media{{URL: "https://e.example/t.jpg", Medium: "image"}}}},
		{
			"of a film", with(called("media.content", element1("", "url", "f.mp4"))),
			article.Record{Media: []article.Media{{URL: "https://e.example/f.mp4", Medium: "video", Thumbnail: "https://e.example/t.jpg"}}},
		},
		{
			"of a picture", with(called("media.content", element1("", "url", "p.jpg"))),
			article.Record{Images: []article.Media{{URL: "https://e.example/p.jpg", Medium: "image", Thumbnail: "https://e.example/t.jpg"}}},
		},
		{"a page is no file", newFields([]element{called("media.content", element1("", "url", "embed", "type", "text/html", "medium", "video"))}), article.Record{}},
		{
			"a group of previews", newFields([]element{group}),
			article.Record{Images: []article.Media{{URL: "https://e.example/g.jpg", Medium: "image"}}},
		},
	} {
		b := newBuilder()
		b.mediaRSS(tt.x)
		if got := b.it.Record; fmt.Sprintf("%+v%+v", got.Images, got.Media) != fmt.Sprintf("%+v%+v", tt.want.Images, tt.want.Media) {
			t.Errorf("%s: %+v %+v", tt.name, got.Images, got.Media)
		}
	}
}

// Elements of modules with children and without keep their order, whoever reads them.
func TestBranchesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	in := `<rss version="2.0" xmlns:m="http://search.yahoo.com/mrss/"><channel><title>T</title><item><title>I</title>` +
		`<m:content url="https://e.example/1.jpg" type="image/jpeg"/><m:content url="https://e.example/2.jpg" type="image/jpeg"><m:title>two</m:title></m:content>` +
		`<m:content url="https://e.example/3.jpg" type="image/jpeg"> </m:content><m:content url="https://e.example/4.jpg" type="image/jpeg"><m:title>four</m:title></m:content></item></channel></rss>`
	r, err := repair.Document([]byte(in), repair.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, long := range []bool{false, true} {
		doc, err := Parse(r, Options{URL: "https://e.example/feed", long: long})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range doc.Items[0].Record.Images {
			got = append(got, m.URL[len("https://e.example/"):]+m.Title)
		}
		if want := []string{"1.jpg", "2.jpgtwo", "3.jpg", "4.jpgfour"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
