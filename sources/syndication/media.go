package syndication

import (
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

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
	if !strings.Contains(u, "gravatar.com") {
		return false
	}
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

// mediaNames are what the elements are called that say it.
type mediaNames struct{ thumbnail, title, description, copyright, credit string }

var (
	inItem  = mediaNames{"media.thumbnail", "media.title", "media.description", "media.copyright", "media.credit"}
	inMedia = mediaNames{"thumbnail", "title", "description", "copyright", "credit"}
)

func (b *builder) facts(around facts, x fields, of *mediaNames) facts {
	f := facts{thumbnail: b.thumbnail(x, of.thumbnail)}
	if t := x.first(of.title); t != nil {
		f.title = untyped(t).line()
	}
	if t := x.first(of.description); t != nil {
		f.caption = untyped(t).text()
	}
	if t := x.first(of.copyright); t != nil {
		f.copyright = untyped(t).line()
	}
	var credits []string
	for c := range x.all(of.credit) {
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
func (b *builder) thumbnail(x fields, name string) string {
	best, width := "", -1
	for t := range x.all(name) {
		if w := measure(t.attr("width")); w > width {
			if u := b.resolve("thumbnail", t.attr("url")); u != "" {
				best, width = u, w
			}
		}
	}
	return best
}

// mediaRSS reads Media RSS. The objects of a group are renditions of one.
func (b *builder) mediaRSS(x fields) {
	around := b.facts(facts{}, x, &inItem)
	before := len(b.it.Record.Images) + len(b.it.Record.Media)
	loose := facts{credit: around.credit, copyright: around.copyright}
	if x.count("media.content")+x.count("media.group") == 1 {
		loose = around
	}
	for e := range x.all("media.content") {
		b.content(e, loose, "")
	}
	groups := 0
	for g := range x.all("media.group") {
		groups++
		inner, group, n := b.facts(loose, g.children, &inMedia), "", g.children.count("content")
		if n > 1 {
			group = "g" + strconv.Itoa(groups)
		}
		for e := range g.children.all("content") {
			b.content(e, inner, group)
		}
		if n == 0 {
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

func (b *builder) content(e *element, around facts, group string) {
	if mime(e.attr("type")) == "text/html" {
		return // a page that plays it, not a file
	}
	f := b.facts(around, e.children, &inMedia)
	m := article.Media{
		URL: b.resolve("content", e.attr("url")), Type: e.attr("type"), Medium: e.attr("medium"),
		Title: f.title, Caption: f.caption, Credit: f.credit, Copyright: f.copyright, Thumbnail: f.thumbnail,
		Width: measure(e.attr("width")), Height: measure(e.attr("height")),
		Length: size(e.attr("fileSize")), Duration: seconds(e.attr("duration")), Group: group,
	}
	if strings.EqualFold(e.attr("isDefault"), "true") {
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
