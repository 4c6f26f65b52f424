package webpage

import (
	"regexp"
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
	lead := p.leadFigure()
	if lead >= 0 {
		if m, ok := p.figure(lead); ok {
			m.Role = "lead"
			p.addImage(seen, m, fromHTML)
		}
	}
	meta := p.metaImages()
	if len(p.rec.Images) == 0 {
		for _, m := range meta[:min(len(meta), 1)] {
			m.media.Role = "lead"
			p.addImage(seen, m.media, m.input)
		}
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
		if k, ok := seen[imageKey(m.media.URL)]; ok {
			complete(&p.rec.Images[k], m.media)
		}
		p.note("images", m.media.URL, m.input, m.where, "", false)
	}
	if len(p.rec.Images) > 0 {
		p.note("images", p.rec.Images[0].URL, p.rec.Provenance["images"], "lead", "", true)
	}
}

func (p *page) addImage(seen map[string]int, m article.Media, input string) {
	key := imageKey(m.URL)
	if k, ok := seen[key]; ok {
		complete(&p.rec.Images[k], m)
		return
	}
	if len(p.rec.Images) >= maxImages {
		return
	}
	if len(p.rec.Images) == 0 {
		p.credit("images", input)
	}
	m.Medium = "image"
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

// imageKey is what the addresses of one picture's renditions share: its file
// name or its number.
func imageKey(u string) string {
	u, _, _ = strings.Cut(u, "?")
	u, _, _ = strings.Cut(u, "#")
	segs := strings.Split(u, "/")
	for i := len(segs) - 1; i > 2; i-- {
		s := rendition.ReplaceAllString(segs[i], "")
		if len(s) > 8 {
			return s
		}
	}
	return u
}

// rendition are the parts of a file name that tell the size of a picture.
var rendition = regexp.MustCompile(`(?i)[-_](\d+x\d+|w\d+|h\d+|scaled|large|medium|small|thumb(nail)?|\d+)?(\.\w+)?$|\.(jpe?g|png|webp|gif|avif)$`)

// leadFigure finds the picture at the head of the article: the first of some
// size between the headline and the second paragraph, or above the headline.
func (p *page) leadFigure() int32 {
	from, to := p.imageRegion()
	best := int32(-1)
	for _, i := range p.tree.figures {
		n := &p.tree.nodes[i]
		if i < from || i >= to || n.all&(tRelated|tAuthor|tBio|tAd|tNav|tShare|tPromo|tComments|tTags) != 0 || n.inLink && n.DataAtom != atom.Img && n.DataAtom != atom.Picture && n.DataAtom != atom.Figure {
			continue
		}
		if !p.substantial(i) {
			continue
		}
		best = i
		break
	}
	if best < 0 {
		return -1
	}
	// The figure around a picture has its caption.
	for el := best; el >= 0 && el > p.root; el = p.tree.nodes[el].parent {
		if p.tree.nodes[el].DataAtom == atom.Figure {
			return el
		}
	}
	return best
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
	src := bestSource(n)
	if src == "" && len(p.sourcesIn(i)) == 0 {
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
	w, h := size(n)
	return !(w > 0 && w < 150 || h > 0 && h < 100)
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

// figure reads one picture with its caption and credit.
func (p *page) figure(i int32) (article.Media, bool) {
	img := p.imgIn(i)
	if img == nil {
		return article.Media{}, false
	}
	m := article.Media{URL: p.abs(bestSource(img)), Alt: article.Line(attr(img, "alt"))}
	if m.URL == "" {
		for _, s := range p.sourcesIn(i) {
			if m.URL = p.abs(bestSource(s)); m.URL != "" {
				break
			}
		}
	}
	m.Width, m.Height = size(img)
	if m.URL == "" || !p.substantial(i) {
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
	return m, true
}

// captionHolder is the element around a picture that holds its caption: the
// figure, or the largest element around it with little else in it.
func (p *page) captionHolder(i int32) int32 {
	nodes := p.tree.nodes
	el := i
	for up := 0; up < 5; up++ {
		par := nodes[el].parent
		if par < 0 || par <= p.root && p.root >= 0 && p.tree.contains(p.root, i) || nodes[par].text > 700 || p.headline >= 0 && p.tree.contains(par, p.headline) || p.holdsParagraph(par) {
			break
		}
		el = par
	}
	return el
}

// holdsParagraph reports whether a paragraph of the body stands in element el.
func (p *page) holdsParagraph(el int32) bool {
	for _, b := range p.body {
		if p.tree.contains(el, b.from) {
			return true
		}
		if b.from > p.tree.nodes[el].end {
			break
		}
	}
	return false
}

// captionOf reads caption and credit in element el, of the picture i.
func (p *page) captionOf(el, i int32) (caption, credit string) {
	var credits, captions []string
	nodes := p.tree.nodes
	figcaption := false
	for k := el; k < nodes[el].end; k++ {
		n := &nodes[k]
		switch {
		case n.DataAtom == atom.Figcaption || n.traits&tCaption != 0:
			figcaption = true
		}
		if n.traits&tCredit != 0 && n.text > 0 && n.text < 250 && !p.holdsCaption(k) {
			if s := p.tree.textOf(k); s != "" && !containsFold(credits, s) {
				credits = append(credits, s)
			}
			k = n.end - 1
		}
	}
	for k := el; k < nodes[el].end; k++ {
		n := &nodes[k]
		if n.text == 0 || n.Type != html.ElementNode {
			continue
		}
		is := n.DataAtom == atom.Figcaption || n.traits&tCaption != 0 || !figcaption && n.block && k != el && n.text < 500
		if !is || n.traits&(tShare|tAd|tRelated|tHeadline) != 0 || n.DataAtom == atom.H1 {
			continue
		}
		w := inliner{tree: p.tree, skip: tCredit | tShare}
		w.span(k, n.end)
		if s := w.line(); s != "" && !containsFold(captions, s) {
			captions = append(captions, s)
		}
		k = n.end - 1
	}
	caption = strings.Join(captions, " ")
	credit = trimCredit(strings.Join(credits, " / "))
	if credit == "" && caption != "" {
		caption, credit = wirecopy.PhotoCredit(caption)
		credit = trimCredit(credit)
	} else if credit != "" {
		caption = strings.TrimSpace(strings.TrimSuffix(caption, credit))
	}
	return strings.Trim(caption, " |"), credit
}

// holdsCaption reports whether an element holds one that is named a caption.
func (p *page) holdsCaption(el int32) bool {
	for k := el + 1; k < p.tree.nodes[el].end; k++ {
		if p.tree.nodes[k].traits&tCaption != 0 {
			return true
		}
	}
	return false
}

// creditLabels stand before the name in a credit.
var creditLabels = regexp.MustCompile(`(?i)^\s*[(\[]?\s*(photo credit|image credit|photograph by|photo by|picture by|image by|photos? courtesy of|photograph|photos?|pictures?|images?|credits?|fotos?|bild(er|quelle|nachweis|rechte)?|fotocredit|foto de|crédit(s)?( photo)?|imagen|fotografía|quelle|source|fuente|fonte|©|\(c\)|copyright)\s*[:©]*\s*`)

func trimCredit(s string) string {
	s = strings.Trim(article.Line(s), " |-–—")
	for range 2 {
		if m := creditLabels.FindString(s); m != "" && len(m) < len(s) && (strings.ContainsAny(m, ":©(") || strings.HasSuffix(strings.ToLower(strings.TrimSpace(m)), "by")) {
			s = s[len(m):]
		}
	}
	if strings.HasSuffix(s, ")") && !strings.Contains(s, "(") || strings.HasSuffix(s, "]") && !strings.Contains(s, "[") {
		s = s[:len(s)-1]
	}
	return strings.Trim(s, " |:")
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

func size(n *html.Node) (w, h int) {
	w, _ = strconv.Atoi(strings.TrimSuffix(attr(n, "width"), "px"))
	h, _ = strconv.Atoi(strings.TrimSuffix(attr(n, "height"), "px"))
	return w, h
}

// bestSource returns the address of an image element's largest rendition.
func bestSource(n *html.Node) string {
	best, width := "", 0.0
	for _, k := range []string{"srcset", "data-srcset", "data-lazy-srcset"} {
		for _, c := range splitSrcset(attr(n, k)) {
			if c.width > width {
				best, width = c.url, c.width
			}
		}
	}
	if best != "" && !strings.HasPrefix(best, "data:") {
		return best
	}
	for _, k := range []string{"data-src", "data-original", "data-lazy-src", "data-image", "data-url", "data-full-src", "data-hi-res-src", "src"} {
		if v := strings.TrimSpace(attr(n, k)); v != "" && !strings.HasPrefix(v, "data:") && !strings.HasPrefix(v, "{") {
			return v
		}
	}
	return ""
}

type rendered struct {
	url   string
	width float64 // or density
}

// splitSrcset reads a srcset as HTML defines it: addresses may hold commas.
func splitSrcset(s string) (out []rendered) {
	for {
		s = strings.TrimLeft(s, " \t\r\n,")
		if s == "" || len(out) > 40 {
			return out
		}
		end := strings.IndexAny(s, " \t\r\n")
		if end < 0 {
			return append(out, rendered{strings.TrimRight(s, ","), 1})
		}
		u := s[:end]
		s = s[end:]
		if strings.HasSuffix(u, ",") {
			out = append(out, rendered{strings.TrimRight(u, ","), 1})
			continue
		}
		desc, rest, _ := strings.Cut(s, ",")
		s = rest
		w := 1.0
		if d := strings.TrimSpace(desc); d != "" {
			if v, err := strconv.ParseFloat(strings.TrimRight(d, "wxh"), 64); err == nil {
				w = v
			}
		}
		out = append(out, rendered{u, w})
	}
}
