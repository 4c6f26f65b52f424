package webpage

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/net/html"
)

// imageKey is what the addresses of one picture's renditions share: its file
// name or its number.
func imageKey(u string) string {
	u, _, _ = strings.Cut(u, "?")
	u, _, _ = strings.Cut(u, "#")
	segs := strings.Split(u, "/")
	for i := len(segs) - 1; i > 2; i-- {
		s := rendition().ReplaceAllString(segs[i], "")
		if len(s) > 8 {
			return s
		}
	}
	return u
}

// rendition are the parts of a file name that tell the size of a picture.
var rendition = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)[-_](\d+x\d+|w\d+|h\d+|scaled|large|medium|small|thumb(nail)?|\d+)?(\.\w+)?$|\.(jpe?g|png|webp|gif|avif)$`)
})

// size is what an element says of its picture's size, in pixels. Where one of the
// two is no whole number ("56.25", "100%") they are a proportion.
func size(n *html.Node) (w, h int) {
	ws, hs := attr(n, "width"), attr(n, "height")
	w, errW := strconv.Atoi(strings.TrimSuffix(ws, "px"))
	h, errH := strconv.Atoi(strings.TrimSuffix(hs, "px"))
	if errW != nil && ws != "" && ws != "auto" || errH != nil && hs != "" && hs != "auto" {
		return 0, 0
	}
	return w, h
}

// isTemplate reports whether an address still has a place for a script to fill
// in, as "https://x.example/7_${format}.jpg" has.
func isTemplate(u string) bool {
	open := strings.IndexByte(u, '{')
	return open >= 0 && strings.IndexByte(u[open:], '}') > 0
}

// bestSource returns the address of an image or source element's largest
// rendition and its width, 1 if that is not told.
func bestSource(n *html.Node) (src string, width float64) {
	for _, k := range []string{"srcset", "data-srcset", "data-lazy-srcset"} {
		for _, c := range splitSrcset(attr(n, k)) {
			if c.width > width && !strings.HasPrefix(c.url, "data:") && !isTemplate(c.url) {
				src, width = c.url, c.width
			}
		}
	}
	if src != "" {
		return src, width
	}
	for _, k := range []string{"data-src", "data-original", "data-lazy-src", "data-image", "data-url", "data-full-src", "data-hi-res-src", "src"} {
		if v := strings.TrimSpace(attr(n, k)); v != "" && !strings.HasPrefix(v, "data:") && !isTemplate(v) {
			return v, 1
		}
	}
	return "", 0
}

// bestRendition returns the address of the largest rendition of the picture at
// element i, whose image element is img, and its width, 1 if that is not told.
func (p *page) bestRendition(i int32, img *html.Node) (url string, wide float64) {
	best, width := bestSource(img)
	for _, s := range p.sourcesIn(i) {
		if strings.Contains(attr(s, "type"), "avif") {
			continue // not every reader shows it
		}
		if src, w := bestSource(s); src != "" && (w > width && w > 10 || best == "") {
			best, width = src, w
		}
	}
	return p.abs(best), width
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
