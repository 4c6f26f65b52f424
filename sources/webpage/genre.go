package webpage

import (
	"strings"
)

// readGenre finds what kind of piece it is: from the marks of the headline, the
// type that the linked data give, the labels at the headline, and the address.
func (p *page) readGenre() {
	if p.rec.Genre != "" {
		p.credit("genre", fromHTML)
		return
	}
	cands := []Candidate{
		cand(p.linkedGenre(), fromLinked, "@type"),
		cand(genreOf(p.rec.Kicker), fromHTML, "kicker"),
		cand(genreOf(p.ld.text("genre")), fromLinked, "genre"),
		cand(genreOf(p.ld.text("articleSection")), fromLinked, "articleSection"),
		cand(genreOf(p.head.first("article:section")), fromGraph, "article:section"),
		cand(p.pathGenre(), fromURL, "path"),
		cand("news", fromText, "nothing says otherwise"),
	}
	p.rec.Genre = p.choose("genre", cands...)
}

func (p *page) linkedGenre() string {
	for _, th := range p.ld.articles {
		for _, t := range [...]struct{ typ, genre string }{
			{"LiveBlogPosting", "live"}, {"OpinionNewsArticle", "opinion"}, {"AnalysisNewsArticle", "analysis"}, {"ReviewNewsArticle", "review"},
			{"BackgroundNewsArticle", "analysis"}, {"AdvertiserContentArticle", "advertorial"}, {"SatiricalArticle", "satire"}, {"AskPublicNewsArticle", "interview"},
		} {
			if th.is(t.typ) {
				return t.genre
			}
		}
	}
	for _, th := range p.ld.all {
		if th.is("ClaimReview") {
			return "fact-check"
		}
	}
	return ""
}

// pathGenre reads the first segments of the address.
func (p *page) pathGenre() string {
	_, rest, _ := strings.Cut(p.opts.URL, "://")
	segs := strings.Split(rest, "/")
	for i, s := range segs {
		if i == 0 || i == len(segs)-1 {
			continue
		}
		if g := genres[strings.ToLower(strings.ReplaceAll(s, "_", "-"))]; g != "" {
			return g
		}
	}
	return ""
}

// genreOf reads a label.
func genreOf(s string) string {
	f := strings.ReplaceAll(fold(s), " ", "-")
	if g := genres[f]; g != "" {
		return g
	}
	for w := range strings.SplitSeq(f, "-") {
		if g := genres[w]; g != "" && len(f) < 30 {
			return g
		}
	}
	return ""
}

// genres are labels and path segments that name a genre.
var genres = map[string]string{
	"opinion": "opinion", "opinions": "opinion", "comment": "opinion", "commentary": "opinion", "commentisfree": "opinion", "editorial": "opinion", "editorials": "opinion", "op-ed": "opinion", "column": "opinion", "columns": "opinion", "columnists": "opinion", "kommentar": "opinion", "kommentare": "opinion", "meinung": "opinion", "kolumne": "opinion", "kolumnen": "opinion", "gastkommentar": "opinion", "gastbeitrag": "opinion", "leitartikel": "opinion", "glosse": "opinion", "standpunkt": "opinion", "opinión": "opinion", "tribuna": "opinion", "tribune": "opinion", "tribunes": "opinion", "chronique": "opinion", "idées": "opinion", "debats": "opinion", "opinião": "opinion", "opinione": "opinion", "opinioni": "opinion", "commento": "opinion", "opinie": "opinion", "ledare": "opinion", "kronikk": "opinion", "leder": "opinion", "köşe-yazıları": "opinion", "мнение": "opinion", "社説": "opinion", "オピニオン": "opinion",
	"analysis": "analysis", "analyse": "analysis", "analysen": "analysis", "análisis": "analysis", "analisis": "analysis", "analisi": "analysis", "análise": "analysis", "hintergrund": "analysis", "explainer": "analysis", "explainers": "analysis", "explained": "analysis", "faq": "analysis", "décryptage": "analysis", "aнализ": "analysis",
	"interview": "interview", "interviews": "interview", "entrevista": "interview", "entrevistas": "interview", "entretien": "interview", "intervista": "interview", "im-gespräch": "interview",
	"live": "live", "liveblog": "live", "live-blog": "live", "liveticker": "live", "ticker": "live", "live-updates": "live", "en-direct": "live", "direct": "live", "directo": "live", "ao-vivo": "live", "newsblog": "live",
	"faktencheck": "fact-check", "fact-check": "fact-check", "factcheck": "fact-check", "factchecking": "fact-check", "verificación": "fact-check", "désintox": "fact-check", "faktenfuchs": "fact-check",
	"review": "review", "reviews": "review", "rezension": "review", "kritik": "review", "filmkritik": "review", "reseña": "review", "critique": "review", "recensione": "review", "test": "review",
	"obituary": "obituary", "obituaries": "obituary", "nachruf": "obituary", "nachrufe": "obituary", "nécrologie": "obituary", "obituario": "obituary",
	"gallery": "gallery", "galleries": "gallery", "photos": "gallery", "fotostrecke": "gallery", "bildergalerie": "gallery", "slideshow": "gallery", "diaporama": "gallery", "fotogalería": "gallery",
	"video": "video", "videos": "video", "vidéo": "video", "vídeo": "video", "podcast": "podcast", "podcasts": "podcast",
	"feature": "feature", "features": "feature", "reportage": "feature", "reportagen": "feature", "reportaje": "feature", "longread": "feature", "porträt": "feature", "portrait": "feature",
	"newsletter": "newsletter", "newsletters": "newsletter", "satire": "satire", "ratgeber": "guide", "how-to": "guide", "guide": "guide", "tipps": "guide", "advertorial": "advertorial", "sponsored": "advertorial", "anzeige": "advertorial", "press-release": "press-release", "pressemitteilung": "press-release",
}
