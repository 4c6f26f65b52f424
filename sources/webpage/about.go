package webpage

import (
	"strings"

	"wireroom/article"
)

// readPublisher finds who publishes the page.
func (p *page) readPublisher() {
	pub := p.ld.follow(p.ld.first("publisher"))
	name, _ := pub["name"].(string)
	if pub == nil {
		name = p.ld.text("publisher")
	}
	p.rec.Publisher.Name = p.choose("publisher",
		cand(p.nameNotURL(plain(name)), fromLinked, "publisher"),
		cand(p.nameNotURL(plain(p.head.first("og:site_name"))), fromGraph, "og:site_name"),
		cand(p.nameNotURL(plain(p.head.first("application-name"))), fromMeta, "application-name"),
		cand(p.nameNotURL(plain(p.head.first("dc.publisher", "dcterms.publisher", "publisher", "copyright"))), fromMeta, "publisher"),
		cand(strings.TrimPrefix(p.host, "www."), fromURL, "host"),
	)
	if u := p.abs(p.ld.textOf(pub["url"])); u != "" {
		p.rec.Publisher.URL = u
	} else if p.host != "" {
		p.rec.Publisher.URL = article.Resolve(p.opts.URL, "/")
	}
}

func (p *page) nameNotURL(s string) string {
	if strings.Contains(s, "://") || len(s) > 120 {
		return ""
	}
	return s
}

// readPaywall finds whether the page says that its text is not free.
func (p *page) readPaywall() {
	for _, th := range p.ld.articles {
		if v, ok := th["isAccessibleForFree"]; ok {
			p.rec.Paywall = isFalse(v)
			p.credit("paywall", fromLinked)
			if p.rec.Paywall {
				p.note("paywall", "true", fromLinked, "isAccessibleForFree", "", true)
				return
			}
		}
		for _, part := range list(th["hasPart"]) {
			if m, ok := part.(map[string]any); ok && isFalse(m["isAccessibleForFree"]) {
				p.rec.Paywall = true
				p.credit("paywall", fromLinked)
				p.note("paywall", "true", fromLinked, "hasPart.isAccessibleForFree", "", true)
				return
			}
		}
	}
	if _, said := p.rec.Provenance["paywall"]; said {
		return
	}
	switch tier := strings.ToLower(p.head.first("article:content_tier", "og:article:content_tier", "content_tier")); tier {
	case "locked", "metered", "paid", "premium":
		p.rec.Paywall = true
		p.credit("paywall", fromGraph)
		p.note("paywall", "true", fromGraph, "article:content_tier", tier, true)
	}
}

func isFalse(v any) bool {
	switch v := v.(type) {
	case bool:
		return !v
	case string:
		s := strings.ToLower(strings.TrimSpace(typeName(v)))
		return s == "false" || s == "no"
	case map[string]any:
		return isFalse(v["@value"])
	}
	return false
}

// readRights finds copyright and licence.
func (p *page) readRights() {
	holder := p.ld.textOf(p.ld.first("copyrightHolder"))
	if year := p.ld.text("copyrightYear"); holder != "" && year != "" {
		holder = "© " + year + " " + holder
	} else if holder != "" {
		holder = "© " + holder
	}
	p.rec.Rights.Copyright = p.choose("rights.copyright",
		cand(p.ld.text("copyrightNotice"), fromLinked, "copyrightNotice"),
		cand(holder, fromLinked, "copyrightHolder"),
		cand(plain(p.head.first("dcterms.rights", "dc.rights", "copyright", "rights", "dcterms.rightsholder")), fromMeta, "rights"),
	)
	license := ""
	if l := p.head.links["license"]; len(l) > 0 {
		license = p.abs(l[0])
	}
	p.rec.Rights.License = p.choose("rights.license", cand(p.ld.text("license"), fromLinked, "license"), cand(license, fromHTML, "link rel=license"))
	p.rec.Rights.Terms = p.choose("rights.terms", cand(p.ld.text("usageInfo"), fromLinked, "usageInfo"))
}
