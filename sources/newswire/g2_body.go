package newswire

import (
	"encoding/base64"
	"html"
	"strings"

	"wireroom/article"
)

// g2Body reads the content of a news item: text that stands in it, and what is
// said of content elsewhere.
func (d *draft) g2Body(set *node) {
	if set == nil {
		return
	}
	for _, x := range set.all("inlinexml") {
		if len(d.blocks) == 0 {
			d.inlineXML(x)
		}
	}
	for _, x := range set.all("inlinedata") {
		if len(d.blocks) == 0 {
			d.inlineData(x)
		}
	}
	d.renditions(set.all("remotecontent"))
	if len(d.blocks) == 0 && d.script != "" {
		d.blocks = textBlocks(d.script)
	}
}

// inlineXML reads NITF, XHTML, or a provider's own markup.
func (d *draft) inlineXML(x *node) {
	if lang := article.Language(x.get("xml:lang")); lang != "" && d.rec.Language == "" {
		d.rec.Language = lang
	}
	if n := x.child("nitf"); n != nil {
		d.nitfBody(n)
		return
	}
	body := x
	if h := x.child("html"); h != nil {
		body = h
		if b := h.child("body"); b != nil {
			body = b
		}
	}
	if t := x.find("text"); t.child("brodtext") != nil { // TT
		d.tt(t)
		return
	}
	if text := body.raw(); !hasElements(body) && looksHTML(text) { // markup that was escaped once too often
		d.blocks = flatten(fragment(text), d.base)
		return
	}
	d.blocks = flatten(body, d.base)
}

// tt reads the markup of Tidningarnas Telegrambyrå: place and source, preamble,
// body.
func (d *draft) tt(t *node) {
	if place := t.at("dat/ort").line(); place != "" && d.rec.Dateline.Text == "" {
		d.rec.Dateline = article.Dateline{Text: place, Places: []string{place}}
	}
	if lead := t.child("ingress").line(); lead != "" {
		d.rec.Standfirst = lead
	}
	d.blocks = flatten(t.child("brodtext"), d.base)
}

// inlineData reads text that is no XML: plain or HTML, perhaps in base64.
func (d *draft) inlineData(x *node) {
	text := x.raw()
	if strings.Contains(strings.ToLower(x.get("encoding")), "base64") {
		b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			return
		}
		text = string(decode(b))
	}
	d.markup(text, x.get("contenttype"))
}

// markup reads a body that came as one string.
func (d *draft) markup(s, contentType string) {
	ct := strings.ToLower(contentType)
	switch {
	case strings.Contains(ct, "html"), strings.Contains(ct, "xml"), looksHTML(s):
		d.blocks = flatten(fragment(s), d.base)
	default:
		d.blocks = textBlocks(html.UnescapeString(s))
	}
}

// looksHTML reports whether s holds the end of a paragraph or another block.
func looksHTML(s string) bool {
	low := strings.ToLower(cut(s, 64<<10))
	return strings.Contains(low, "</p>") || strings.Contains(low, "<br") || strings.Contains(low, "</div>") || strings.Contains(low, "<p>") || strings.Contains(low, "</a>") || strings.Contains(low, "</b>")
}

// renditions reads remote content: pictures, sound, film.
func (d *draft) renditions(list []*node) {
	var all []rendition
	for i, c := range list {
		if i >= maxNames {
			break
		}
		all = append(all, rendition{
			role: strings.ToLower(c.get("rendition")), mime: first(c.get("contenttype"), c.get("contenttypevariant")), url: address(d.base, c.get("href")),
			width: atoi(c.get("width")), height: atoi(c.get("height")), size: int64(atoi(c.get("size"))), seconds: atoi(c.get("duration")),
		})
	}
	a := asset{medium: d.media(), renditions: all, title: d.rec.Headline}
	if a.medium != "" {
		a.caption = d.rec.Standfirst
	}
	d.asset(a)
}

// rendition is one form of a picture, sound or film.
type rendition struct {
	role, mime, url        string
	width, height, seconds int
	size                   int64
}

// asset is a picture, sound or film with its renditions.
type asset struct {
	medium     string // picture, graphic, video, audio; guessed from the types if empty
	renditions []rendition
	title      string
	caption    string
	credit     string
	alt        string
	copyright  string
	group      string
	text       string // NewsML 1: the words of a sound or film
}

// asset adds a picture, or a film or sound with all its renditions.
func (d *draft) asset(a asset) {
	best, thumb := -1, -1
	for i := range a.renditions {
		r := &a.renditions[i]
		if !strings.HasPrefix(r.url, "http://") && !strings.HasPrefix(r.url, "https://") {
			continue
		}
		poster := (a.medium == "video" || a.medium == "audio") && strings.HasPrefix(r.mime, "image/")
		if poster || strings.Contains(r.role, "thumb") || strings.Contains(r.role, "icon") {
			if thumb < 0 {
				thumb = i
			}
			continue
		}
		if best < 0 || better(r, &a.renditions[best]) {
			best = i
		}
	}
	if best < 0 {
		if best, thumb = thumb, -1; best < 0 {
			return
		}
		if strings.HasPrefix(a.renditions[best].mime, "image/") { // of a film there is only its poster
			a.medium = "picture"
		}
	}
	m := a.renditions[best].media(a)
	if thumb >= 0 {
		m.Thumbnail = a.renditions[thumb].url
	}
	r := &d.rec
	if m.Medium == "image" {
		if len(r.Images) < maxMedia {
			r.Images = append(r.Images, m)
		}
		return
	}
	if len(r.Media) < maxMedia {
		r.Media = append(r.Media, m)
	}
}

// better prefers what can be shown over what can't, then the larger one.
func better(a, b *rendition) bool {
	if as, bs := shown(a.mime), shown(b.mime); as != bs {
		return as
	}
	if a.width != b.width {
		return a.width > b.width
	}
	return a.size > b.size
}

func shown(mime string) bool {
	return strings.HasPrefix(mime, "image/jp") || mime == "image/png" || mime == "image/gif" || mime == "image/webp" || strings.HasPrefix(mime, "video/mp4") || mime == "audio/mpeg" || mime == "audio/mp3" || mime == ""
}

func (r *rendition) media(a asset) article.Media {
	m := article.Media{URL: r.url, Type: r.mime, Title: fields(a.title), Caption: fields(a.caption), Credit: fields(a.credit), Alt: fields(a.alt), Copyright: fields(a.copyright), Width: r.width, Height: r.height, Length: r.size, Duration: r.seconds, Group: a.group}
	switch {
	case a.medium == "video", strings.HasPrefix(r.mime, "video/"):
		m.Medium = "video"
	case a.medium == "audio", strings.HasPrefix(r.mime, "audio/"):
		m.Medium = "audio"
	case a.medium == "picture", a.medium == "graphic", strings.HasPrefix(r.mime, "image/"), a.medium == "" && r.mime == "":
		m.Medium = "image"
		m.Title = ""
	default:
		m.Medium = "document"
	}
	return m
}
