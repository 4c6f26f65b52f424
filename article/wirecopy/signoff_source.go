package wirecopy

import "strings"

// contributed reads the sentence that closes AP copy and its kin: "Associated
// Press writer X in Y contributed to this report."
func contributed(s string) (Credit, bool) {
	var c Credit
	if len(s) > 900 || ascii(s) && !mayContribute(s) {
		return c, false
	}
	low := strings.ToLower(s)
	if !strings.Contains(low, "contribu") && !strings.Contains(low, "beigetragen") && !strings.Contains(low, "mitgearbeitet") &&
		!strings.Contains(low, "colabor") && !strings.Contains(low, " reported from ") {
		return c, false
	}
	hit := false
	for _, m := range [...]string{
		"contributed to this report", "contributed to this story", "contributed to this article", "contributed reporting", "contributed from ", "contributed additional reporting", "also contributed to",
		"haben zu diesem bericht beigetragen", "hat zu diesem bericht beigetragen", "haben zu diesem artikel beigetragen", "haben mitgearbeitet",
		"a contribué à cet article", "ont contribué à cet article", "a contribué à ce reportage", "ont contribué à ce reportage",
		"contribuyó a este", "contribuyeron a este", "contribuyó con este", "contribuyeron con este", "colaboró en este", "colaboraron en este", "contribuiu para est", "contribuíram para est", "ha contribuito a quest", "hanno contribuito a quest",
	} {
		if strings.Contains(low, m) {
			hit = true
			break
		}
	}
	if !hit && !(strings.Contains(low, " reported from ") && strings.Count(low, ". ") <= 2 && len(s) < 240) {
		return c, false
	}
	for _, a := range Agencies(s) {
		c.agency(a)
	}
	return c, true
}

// mayContribute is false for most text that has none of the words which contributed
// looks for: each has a b or an f in this company.
func mayContribute(s string) bool {
	for _, c := range [...]byte{'b', 'B', 'f', 'F'} {
		for i := strings.IndexByte(s, c); i >= 0; {
			one := s[max(0, i-1):]
			if hasFold(one, "ibu") || hasFold(one, "abo") || hasFold(s[i:], "bei") || hasFold(s[max(0, i-5):], "rted f") {
				return true
			}
			next := strings.IndexByte(s[i+1:], c)
			if next < 0 {
				break
			}
			i += 1 + next
		}
	}
	return false
}

// reserved reads a copyright line before its words could pass for initials.
func reserved(s string) (Credit, bool) {
	if r := firstRune(s); r != '©' && r != '℗' && !hasFold(s, "copyright") {
		return Credit{}, false
	}
	return sourced(s)
}

// sourced reads "Quelle: APA", "Mit Agenturmaterial.", "Copyright 2024 The
// Associated Press. All rights reserved."
func sourced(s string) (Credit, bool) {
	var c Credit
	if len(s) > 400 {
		return c, false
	}
	if l := sourceLabels.of(s); l != "" {
		rest := strings.TrimLeft(s[len(l):], " :\u00a0")
		if len(rest) > 200 || rest == "" || strings.Count(rest, " ") > 24 {
			return c, false
		}
		bare := !strings.HasSuffix(l, ":") && !strings.HasPrefix(strings.TrimLeft(s[len(l):], " \u00a0"), ":")
		c.Agencies = Agencies(rest)
		if bare && len(c.Agencies) == 0 && !copyright(l) {
			return Credit{}, false
		}
		c.initials(rest)
		return c, true
	}
	return c, false
}

func copyright(l string) bool { return l == "©" || l == "copyright" || l == "(c)" || l == "℗" }

// initials takes the marks off "SZ/stga/sab".
func (c *Credit) initials(s string) {
	if !strings.Contains(s, "/") || strings.Contains(s, "://") || strings.ContainsAny(s, ".:") {
		return
	}
	for p := range strings.SplitSeq(strings.TrimRight(s, ")"), "/") {
		p = strings.TrimSpace(p)
		if lower(p) && editorMark(p) && len(c.Editors) < maxInitials {
			if _, ok := lookup(p); !ok {
				c.Editors = append(c.Editors, p)
			}
		}
	}
}

var sourceLabels = openingsOf(
	"quelle:", "quellen:", "source:", "sources:", "source :", "sources :", "fuente:", "fuentes:", "fonte:", "fonti:", "fontes:", "bron:", "bronnen:", "kilde:", "kilder:", "källa:", "lähde:",
	"źródło:", "źródła:", "zdroj:", "kaynak:", "источник:", "джерело:", "forrás:", "sursa:", "izvor:", "sumber:", "allikas:", "πηγή:", "المصدر:", "来源：", "出典：", "来源:",
	"©", "(c)", "copyright", "℗",
	"mit agenturmaterial", "mit agenturen", "mit material", "mit informationen", "mit ", "unter verwendung von", "aus ", "nach informationen von",
	"avec ", "d'après ", "con ", "with ", "via ", "le figaro avec ", "le monde avec ",
	"this report by the", "this story by the", "this article by the", "distributed by ", "published by ", "syndicated by ", "published via ",
)

// footer reads the lines that agencies and their syndication set below a text.
func footer(s string) (Credit, bool) {
	var c Credit
	if len(s) > 500 {
		return c, false
	}
	if footers.folded(s) {
		c.Agencies = Agencies(s)
		return c, true
	}
	desk, _ := strings.CutSuffix(s, "-Redaktion")
	return c, desk != s && desk != "" && !strings.ContainsAny(desk, " .")
}

var footers = openingsOf(
	"with agency inputs", "with agencies", "with agency reports", "agency inputs", "our standards the thomson reuters trust principles", "unsere werte der thomson reuters", "nos principes de confiance", "nuestros estandares los principios", "nossos padroes",
	"this report by the canadian press was first published", "this story has not been edited by", "except for the headline this story has not been edited", "this is a syndicated", "this story is auto generated", "this article has been published from a wire agency feed",
	"only the headline and picture of this report may have been reworked", "the above article was published", "for more ap coverage", "more ap coverage", "full ap coverage", "copyright the associated press", "all contents copyright",
	"this material may not be published", "all rights reserved this material may not be", "mit agenturmaterial", "mit material der nachrichtenagenturen", "mit material von nachrichtenagenturen", "mit agenturen", "dpa infocom",
	"diese meldung wurde von der deutschen presse agentur", "diese meldung ist teil des automatisierten angebots", "dieser text wurde automatisiert", "dieser artikel entstand mit material", "direkt aus dem dpa newskanal", "hinweis diese meldung ist teil",
	"der beitrag basiert auf einer meldung", "esta noticia ha sido publicada por", "esta nota fue realizada con informacion de", "cet article a ete publie automatiquement", "la redaction avec",
)
