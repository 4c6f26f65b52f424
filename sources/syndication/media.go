package syndication

import (
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"

	"wireroom/article"
)

// maxMedia is how many pictures and enclosures one item may have (input.md L3).
const maxMedia = 32

// add adds a picture or an enclosure. The same address again adds what was not
// known of it: feeds name one file as enclosure and as media:content.
func (b *builder) add(m article.Media) {
	if m.URL == "" || m.Width == 1 && m.Height == 1 || avatar(m.URL) {
		return
	}
	m.Type = mime(m.Type)
	m.Medium = medium(m)
	r := &b.it.Record
	for _, list := range [...][]article.Media{r.Images, r.Media} {
		for i := range list {
			if list[i].URL == m.URL {
				merge(&list[i], m)
				return
			}
		}
	}
	if len(r.Images)+len(r.Media) >= maxMedia {
		return
	}
	if m.Medium == "image" {
		r.Images = append(r.Images, m)
	} else {
		r.Media = append(r.Media, m)
	}
}

func merge(m *article.Media, o article.Media) {
	first(&m.Type, o.Type)
	first(&m.Title, o.Title)
	first(&m.Caption, o.Caption)
	first(&m.Alt, o.Alt)
	first(&m.Credit, o.Credit)
	first(&m.Copyright, o.Copyright)
	first(&m.Thumbnail, o.Thumbnail)
	first(&m.Role, o.Role)
	first(&m.Group, o.Group)
	if m.Width == 0 && m.Height == 0 {
		m.Width, m.Height = o.Width, o.Height
	}
	if m.Length == 0 {
		m.Length = o.Length
	}
	if m.Duration == 0 {
		m.Duration = o.Duration
	}
}

// avatar reports pictures of the author rather than of the piece: WordPress.com
// puts them into every item.
func avatar(u string) bool {
	p, err := url.Parse(u)
	return err == nil && (p.Hostname() == "gravatar.com" || strings.HasSuffix(p.Hostname(), ".gravatar.com"))
}

// medium is image, audio, video, document or, unknown, empty: as said, else by the
// MIME type, else by the file's name.
func medium(m article.Media) string {
	major, minor, _ := strings.Cut(m.Type, "/")
	switch said := strings.ToLower(strings.TrimSpace(m.Medium)); said {
	case "image", "audio", "video", "document":
		return said
	}
	switch major {
	case "image", "audio", "video":
		return major
	case "text":
		return "document"
	case "application":
		switch {
		case minor == "pdf", minor == "msword", strings.HasPrefix(minor, "vnd.openxml"), strings.HasPrefix(minor, "vnd.oasis"):
			return "document"
		case minor == "ogg":
			return "audio"
		case minor == "x-mpegurl", minor == "vnd.apple.mpegurl", minor == "dash+xml":
			return "video"
		}
	}
	p, err := url.Parse(m.URL)
	if err != nil {
		return ""
	}
	switch strings.ToLower(path.Ext(p.Path)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".heic", ".tif", ".tiff":
		return "image"
	case ".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".aac", ".flac":
		return "audio"
	case ".mp4", ".m4v", ".mov", ".webm", ".avi", ".mkv", ".mpg", ".mpeg", ".ogv", ".m3u8":
		return "video"
	case ".pdf", ".doc", ".docx", ".odt", ".epub", ".txt", ".rtf", ".xls", ".xlsx", ".ppt", ".pptx":
		return "document"
	}
	return ""
}

// facts are what Media RSS says of one object. What is said around it holds for
// it unless it says otherwise itself.
type facts struct{ title, caption, credit, copyright, thumbnail string }

// children finds the elements of one name.
type children func(name string) []ext.Extension

func (b *builder) facts(around facts, of children) facts {
	f := facts{thumbnail: b.thumbnail(of("thumbnail"))}
	if t := of("title"); len(t) > 0 {
		f.title = untyped(t[0]).line()
	}
	if t := of("description"); len(t) > 0 {
		f.caption = untyped(t[0]).text()
	}
	if t := of("copyright"); len(t) > 0 {
		f.copyright = untyped(t[0]).line()
	}
	var credits []string
	for _, c := range of("credit") {
		credits = unique(credits, untyped(c).line())
	}
	f.credit = strings.Join(credits, ", ")
	first(&f.title, around.title)
	first(&f.caption, around.caption)
	first(&f.credit, around.credit)
	first(&f.copyright, around.copyright)
	first(&f.thumbnail, around.thumbnail)
	return f
}

// thumbnail is the largest of several.
func (b *builder) thumbnail(list []ext.Extension) string {
	best, width := "", -1
	for _, t := range list {
		if w := measure(attr(t, "width")); w > width {
			if u := b.resolve("thumbnail", attr(t, "url")); u != "" {
				best, width = u, w
			}
		}
	}
	return best
}

// mediaRSS reads Media RSS. The objects of a group are renditions of one.
func (b *builder) mediaRSS(x fields) {
	around := b.facts(facts{}, func(name string) []ext.Extension { return x["media."+name] })
	before := len(b.it.Record.Images) + len(b.it.Record.Media)
	loose := facts{credit: around.credit, copyright: around.copyright}
	if len(x["media.content"])+len(x["media.group"]) == 1 {
		loose = around
	}
	for _, e := range x["media.content"] {
		b.content(e, loose, "")
	}
	for i, g := range x["media.group"] {
		inner := b.facts(loose, func(name string) []ext.Extension { return g.Children[name] })
		group := ""
		if len(g.Children["content"]) > 1 {
			group = "g" + strconv.Itoa(i+1)
		}
		for _, e := range g.Children["content"] {
			b.content(e, inner, group)
		}
		if len(g.Children["content"]) == 0 {
			b.add(article.Media{URL: inner.thumbnail, Medium: "image", Credit: inner.credit, Copyright: inner.copyright})
		}
	}
	b.loneThumbnail(around, before)
}

// loneThumbnail uses an item's thumbnail that belongs to no object: as the preview
// of a film or sound, else as the item's picture.
func (b *builder) loneThumbnail(f facts, before int) {
	r := &b.it.Record
	switch {
	case f.thumbnail == "":
	case len(r.Images) > 0:
		first(&r.Images[0].Thumbnail, f.thumbnail)
	case len(r.Media) > 0 && r.Media[0].Medium != "document":
		first(&r.Media[0].Thumbnail, f.thumbnail)
	default:
		b.add(article.Media{URL: f.thumbnail, Medium: "image", Title: f.title, Caption: f.caption, Credit: f.credit, Copyright: f.copyright})
	}
}

func (b *builder) content(e ext.Extension, around facts, group string) {
	if mime(attr(e, "type")) == "text/html" {
		return // a page that plays it, not a file
	}
	f := b.facts(around, func(name string) []ext.Extension { return e.Children[name] })
	m := article.Media{
		URL: b.resolve("content", attr(e, "url")), Type: attr(e, "type"), Medium: attr(e, "medium"),
		Title: f.title, Caption: f.caption, Credit: f.credit, Copyright: f.copyright, Thumbnail: f.thumbnail,
		Width: measure(attr(e, "width")), Height: measure(attr(e, "height")),
		Length: size(attr(e, "fileSize")), Duration: seconds(attr(e, "duration")), Group: group,
	}
	if strings.EqualFold(attr(e, "isDefault"), "true") {
		m.Role = "lead"
	}
	if m.Thumbnail == m.URL {
		m.Thumbnail = ""
	}
	b.add(m)
}

// measure reads a measure, 0 if it is none.
func measure(s string) int {
	return int(min(size(strings.TrimSuffix(strings.TrimSpace(s), "px")), 1<<24))
}

// size reads a count of bytes, 0 if it is none.
func size(s string) int64 {
	if s = strings.ReplaceAll(strings.TrimSpace(s), ",", ""); s == "" { // as most often
		return 0
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return max(n, 0)
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && f > 0 && f < 1<<53 {
		return int64(f)
	}
	return 0
}

// seconds reads a duration: seconds, minutes:seconds or hours:minutes:seconds.
func seconds(s string) int {
	const most = 100 * 24 * int64(time.Hour/time.Second)
	total := int64(0)
	for p := range strings.SplitSeq(strings.TrimSpace(s), ":") {
		n := size(p)
		if total = total*60 + n; total > most {
			return 0
		}
	}
	return int(total)
}
