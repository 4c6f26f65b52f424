package webpage

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wireroom/article"
	"wireroom/article/wirecopy"
)

const maxImages = 60

// readImages finds the pictures of the article: those that stand in it, and the
// one that the metadata show for it.
func (p *page) readImages() {
	seen := map[string]int{}
	meta := p.metaImages()
	lead := p.leadFigure(meta)
	if lead >= 0 {
		if m, ok := p.figure(lead); ok {
			m.Role = "lead"
			if m.URL == "" && len(meta) > 0 {
				m.URL = meta[0].media.URL
			}
			p.addImage(seen, m, fromHTML)
		}
	}
	if len(p.rec.Images) == 0 && len(meta) > 0 {
		m := meta[0]
		if shown, ok := p.shownAs(meta); ok {
			m = metaImage{shown, fromHTML, "figure"}
		}
		m.media.Role = "lead"
		p.addImage(seen, m.media, m.input)
	}
	for i := range p.shown {
		b := &p.shown[i]
		if b.kind == figure && b.dropped == "" && b.el != lead {
			if m, ok := p.figure(b.el); ok {
				p.addImage(seen, m, fromHTML)
			}
		}
	}
	for _, m := range meta {
		if k, ok := seen[imageKey(m.media.URL)]; ok && m.media.URL != "" {
			complete(&p.rec.Images[k], m.media)
		}
		p.note("images", m.media.URL, m.input, m.where, "", false)
	}
	for i := range p.rec.Images {
		if m := &p.rec.Images[i]; m.Credit == "" && m.Caption != "" {
			m.Caption, m.Credit = wirecopy.PhotoCredit(m.Caption)
			m.Credit = trimCredit(m.Credit)
		}
	}
	if len(p.rec.Images) > 0 {
		p.note("images", p.rec.Images[0].URL, p.rec.Provenance["images"], "lead", "", true)
	}
}

// shownAs finds the picture of the metadata on the page, wherever it stands.
func (p *page) shownAs(meta []metaImage) (article.Media, bool) {
	for _, i := range p.tree.figures {
		n := &p.tree.nodes[i]
		if n.all&(tNav|tComments|tBio|tAd) != 0 || p.linkedAway(i) {
			continue
		}
		if p.told(i, meta) {
			if shown, ok := p.figure(p.figureAround(i)); ok {
				return shown, true
			}
		}
	}
	return article.Media{}, false
}

// linkedAway reports whether a picture stands in a link to another page, as
// those of teasers do.
func (p *page) linkedAway(i int32) bool {
	a := p.tree.up(i, func(n *node) bool { return n.DataAtom == atom.A })
	if a < 0 {
		return false
	}
	u := p.linkTarget(a)
	return u != "" && u != p.opts.URL && imageType(u) == "" && p.tree.nodes[a].text > 10
}

func (p *page) linkTarget(a int32) string { return p.abs(attr(p.tree.nodes[a].Node, "href")) }

// imageType is the type of a picture by the end of its address, "" if it is none.
func imageType(u string) string {
	u, _, _ = strings.Cut(u, "?")
	switch strings.ToLower(u[strings.LastIndexByte(u, '.')+1:]) {
	case "jpg", "jpeg":
		return "image/jpeg"
	case "png":
		return "image/png"
	case "webp":
		return "image/webp"
	case "gif":
		return "image/gif"
	case "avif":
		return "image/avif"
	}
	return ""
}

// figureAround returns the figure element around a picture, or the picture.
func (p *page) figureAround(i int32) int32 {
	for el := i; el >= 0; el = p.tree.nodes[el].parent {
		if p.tree.nodes[el].DataAtom == atom.Figure {
			return el
		}
	}
	return i
}

func (p *page) addImage(seen map[string]int, m article.Media, input string) {
	key := imageKey(m.URL)
	if k, ok := seen[key]; ok && m.URL != "" {
		complete(&p.rec.Images[k], m)
		return
	}
	if len(p.rec.Images) >= maxImages {
		return
	}
	if len(p.rec.Images) == 0 {
		p.credit("images", input)
	}
	m.Medium, m.Type = "image", imageType(m.URL)
	seen[key] = len(p.rec.Images)
	p.rec.Images = append(p.rec.Images, m)
}

// complete fills what m lacks from another account of the same picture.
func complete(m *article.Media, o article.Media) {
	if m.Caption == "" {
		m.Caption = o.Caption
	}
	if m.Credit == "" {
		m.Credit = o.Credit
	}
	if m.Alt == "" {
		m.Alt = o.Alt
	}
	if m.Copyright == "" {
		m.Copyright = o.Copyright
	}
	if m.Width == 0 {
		m.Width, m.Height = o.Width, o.Height
	}
}

// leadFigure finds the picture at the head of the article: of those of some size
// between the headline and the second paragraph, or above the headline, the one
// that the metadata show too, else the first.
func (p *page) leadFigure(meta []metaImage) int32 {
	from, to := p.imageRegion()
	best := int32(-1)
	for _, i := range p.tree.figures {
		n := &p.tree.nodes[i]
		if i < from || i >= to || n.all&tRelated != 0 && p.linkedAway(i) || n.all&(tAuthor|tBio|tAd|tNav|tShare|tPromo|tComments|tTags) != 0 || n.inLink && n.DataAtom != atom.Img && n.DataAtom != atom.Picture && n.DataAtom != atom.Figure {
			continue
		}
		if !p.substantial(i) {
			continue
		}
		if best < 0 {
			best = i
		}
		if p.told(i, meta) {
			best = i
			break
		}
	}
	if best < 0 {
		return -1
	}
	return p.figureAround(best) // which has its caption
}

// told reports whether the metadata show the picture at element i.
func (p *page) told(i int32, meta []metaImage) bool {
	img := p.imgIn(i)
	if img == nil {
		return false
	}
	u, _ := p.bestRendition(i, img)
	key := imageKey(u)
	return u != "" && slices.ContainsFunc(meta, func(m metaImage) bool { return imageKey(m.media.URL) == key })
}

// imageRegion is where the leading picture stands.
func (p *page) imageRegion() (from, to int32) {
	from, to = p.headRegion()
	if len(p.body) > 2 {
		to = max(to, p.body[1].from)
	}
	return from, to
}

// substantial reports whether a figure's picture is large enough, by what the
// page says of it, to be part of the article.
func (p *page) substantial(i int32) bool {
	n := p.imgIn(i)
	if n == nil {
		return false
	}
	src, wide := p.bestRendition(i, n)
	if src == "" && !p.announced(n) {
		return false
	}
	low := strings.ToLower(src)
	for _, w := range []string{"logo", "icon", "avatar", "gravatar", "pixel", "spacer", "blank.", "sprite", "placeholder", "badge", "1x1", "emoji", "loading."} {
		if strings.Contains(low, w) {
			return false
		}
	}
	if strings.HasSuffix(low, ".svg") {
		return false
	}
	if wide >= largeEnough {
		return true
	}
	w, h := size(n)
	return !(w > 0 && w < 150 || h > 0 && h < 100)
}

// largeEnough is the width of a rendition, in pixels, that no mere icon has.
const largeEnough = 480

// announced reports whether a script is to give the picture its address.
func (p *page) announced(img *html.Node) bool {
	for i := range img.Attr {
		if a := &img.Attr[i]; strings.HasPrefix(a.Key, "data-") && isTemplate(a.Val) && strings.Contains(a.Val, "://") {
			return true
		}
	}
	return false
}

// imgIn returns the image element at or in element i.
func (p *page) imgIn(i int32) *html.Node {
	for k := i; k < p.tree.nodes[i].end; k++ {
		n := p.tree.nodes[k].Node
		if n.DataAtom == atom.Img || n.Data == "amp-img" {
			return n
		}
	}
	return nil
}

// sourcesIn returns the source elements of the pictures in element i.
func (p *page) sourcesIn(i int32) (out []*html.Node) {
	for k := i; k < p.tree.nodes[i].end; k++ {
		if n := p.tree.nodes[k].Node; n.DataAtom == atom.Source && (attr(n, "srcset") != "" || attr(n, "data-srcset") != "") {
			out = append(out, n)
		}
	}
	return out
}

// figure reads one picture with its caption and credit. One whose address only a
// script knows has at least these.
func (p *page) figure(i int32) (article.Media, bool) {
	img := p.imgIn(i)
	if img == nil {
		return article.Media{}, false
	}
	m := article.Media{Alt: article.Line(attr(img, "alt"))}
	m.URL, _ = p.bestRendition(i, img)
	m.Width, m.Height = size(img)
	if !p.substantial(i) {
		return m, false
	}
	holder := p.captionHolder(i)
	m.Caption, m.Credit = p.captionOf(holder, i)
	if t := article.Line(attr(img, "title")); m.Caption == "" && t != "" && t != m.Alt && strings.Contains(t, " ") {
		m.Caption = t
	}
	if m.Credit == "" {
		for _, k := range []string{"data-credit", "data-copyright", "data-image-credit", "data-photographer"} {
			if v := article.Line(attr(img, k)); v != "" {
				m.Credit = trimCredit(v)
				break
			}
		}
	}
	return m, m.URL != "" || m.Caption != ""
}

// metaImage is a picture that metadata name.
type metaImage struct {
	media        article.Media
	input, where string
}

func (p *page) metaImages() (out []metaImage) {
	for _, th := range p.ld.articles {
		for _, key := range []string{"image", "thumbnailUrl"} {
			for _, v := range list(th[key]) {
				if len(out) < 6 {
					if m := p.linkedImage(v); m.URL != "" {
						out = append(out, metaImage{m, fromLinked, key})
					}
				}
			}
		}
	}
	for _, k := range []string{"og:image", "og:image:secure_url", "og:image:url", "twitter:image", "twitter:image:src", "thumbnail", "image"} {
		if u := p.abs(p.head.first(k)); u != "" {
			m := article.Media{URL: u, Alt: plain(p.head.first("og:image:alt"))}
			m.Width, _ = strconv.Atoi(p.head.first("og:image:width"))
			m.Height, _ = strconv.Atoi(p.head.first("og:image:height"))
			input := fromMeta
			if strings.HasPrefix(k, "og:") {
				input = fromGraph
			}
			out = append(out, metaImage{m, input, k})
		}
	}
	if l := p.head.links["image_src"]; len(l) > 0 {
		if u := p.abs(l[0]); u != "" {
			out = append(out, metaImage{article.Media{URL: u}, fromHTML, "link rel=image_src"})
		}
	}
	return out
}

func (p *page) linkedImage(v any) article.Media {
	if s, ok := v.(string); ok {
		return article.Media{URL: p.abs(s)}
	}
	n := p.ld.follow(v)
	if n == nil {
		return article.Media{}
	}
	var m article.Media
	for _, k := range []string{"url", "contentUrl", "@id"} {
		if m.URL = p.abs(p.ld.textOf(n[k])); m.URL != "" {
			break
		}
	}
	caption := p.ld.textOf(n["caption"])
	if caption == "" {
		caption = p.ld.textOf(n["description"])
	}
	m.Caption = caption
	for _, k := range []string{"creditText", "author", "creator", "copyrightHolder"} {
		if m.Credit = trimCredit(p.ld.textOf(n[k])); m.Credit != "" && !strings.HasPrefix(m.Credit, "http") {
			break
		}
		m.Credit = ""
	}
	m.Copyright = p.ld.textOf(n["copyrightNotice"])
	m.Width, m.Height = number(n["width"]), number(n["height"])
	return m
}

// number reads a size in pixels.
func number(v any) int {
	switch v := v.(type) {
	case float64:
		return int(v)
	case string:
		n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(v), "px"))
		return n
	case map[string]any:
		return number(v["value"])
	}
	return 0
}
