package webpage

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// One page in every charset must give the same record, declared or not.
func TestCharsets(t *testing.T) {
	t.Parallel()
	const (
		de = "Die Bäckerei in Übersee schließt nach dreißig Jahren. Größere Betriebe übernehmen die Öfen, hieß es am Dienstag."
		ja = "港の灯台が塗り替えられることになった。市が十一日に発表した。工事には半年ほどかかる見込みという。"
		zh = "市政府星期一宣布，新的大桥将在明年春天开通。这是他们的第三座桥，也是最长的一座。"
		tw = "市政府星期一宣布，新的大橋將在明年春天開通。這是他們的第三座橋，也是最長的一座。"
		ko = "항구의 등대가 다시 칠해진다. 시는 화요일에 이를 발표했다. 공사에는 반년이 걸릴 것으로 보인다."
		ru = "Новый мост через реку откроют весной, сообщила мэрия во вторник. Строительство заняло три года."
		el = "Η νέα γέφυρα θα ανοίξει την άνοιξη, ανακοίνωσε ο δήμος την Τρίτη. Η κατασκευή κράτησε τρία χρόνια."
		he = "הגשר החדש ייפתח באביב, הודיעה העירייה ביום שלישי. הבנייה נמשכה שלוש שנים."
		pl = "Nowy most zostanie otwarty wiosną, ogłosił ratusz we wtorek. Budowa trwała trzy lata, dłużej niż się spodziewano."
	)
	for _, c := range []struct {
		name, lang, text string
		enc              encoding.Encoding
		declared         string
	}{
		{"utf-8", "de", de, encoding.Nop, ""},
		{"utf-8 declared otherwise", "de", de, encoding.Nop, "iso-8859-1"},
		{"utf-8 with mark", "de", "\ufeff" + de, encoding.Nop, ""},
		{"utf-16 with mark", "de", de, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), ""},
		{"utf-16le", "de", de, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), ""},
		{"utf-16be", "de", de, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), ""},
		{"latin 1", "de", de, charmap.ISO8859_1, ""},
		{"latin 1 declared utf-8", "de", de, charmap.ISO8859_1, "utf-8"},
		{"latin 2", "pl", pl, charmap.ISO8859_2, "iso-8859-2"},
		{"windows-1250", "pl", pl, charmap.Windows1250, ""},
		{"shift_jis", "ja", ja, japanese.ShiftJIS, "shift_jis"},
		{"shift_jis not declared", "ja", ja, japanese.ShiftJIS, ""},
		{"euc-jp", "ja", ja, japanese.EUCJP, ""},
		{"iso-2022-jp", "ja", ja, japanese.ISO2022JP, ""},
		{"gb18030", "zh", zh, simplifiedchinese.GB18030, ""},
		{"big5", "zh-TW", tw, traditionalchinese.Big5, ""},
		{"euc-kr", "ko", ko, korean.EUCKR, ""},
		{"windows-1251", "ru", ru, charmap.Windows1251, ""},
		{"koi8-r", "ru", ru, charmap.KOI8R, ""},
		{"windows-1253", "el", el, charmap.Windows1253, ""},
		{"windows-1255", "he", he, charmap.Windows1255, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			head := ""
			if c.declared != "" {
				head = `<meta charset="` + c.declared + `">`
			}
			page := `<html lang="` + c.lang + `"><head>` + head + `<title>x</title></head><body><p>` + c.text + "</p><p>" + c.text + " 2</p></body></html>"
			raw, err := c.enc.NewEncoder().String(page)
			if err != nil {
				t.Fatal(err)
			}
			res, err := Extract([]byte(raw), Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := strings.TrimPrefix(c.text, "\ufeff")
			if !strings.Contains(res.Record.Body.Text, want) {
				t.Errorf("read as %s: %q", res.Charset, res.Record.Body.Text)
			}
		})
	}
}

func TestHeaderCharset(t *testing.T) {
	t.Parallel()
	raw, err := charmap.Windows1251.NewEncoder().String("<p>Новый мост через реку откроют весной, сообщила мэрия во вторник.</p>")
	if err != nil {
		t.Fatal(err)
	}
	res, err := Extract([]byte(raw), Options{ContentType: "text/html; charset=windows-1251"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(res.Record.Body.Text, "Новый мост") {
		t.Errorf("read as %s: %q", res.Charset, res.Record.Body.Text)
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"", " \n\t ", "\ufeff"} {
		if _, err := Extract([]byte(page), Options{}); !errors.Is(err, ErrEmpty) {
			t.Errorf("%q: %v", page, err)
		}
	}
	res, err := Extract([]byte("<html></html>"), Options{URL: "https://a.example/b"})
	if err != nil || res.Record.Body.Text != "" || res.Record.Headline != "" {
		t.Errorf("a page without text: %+v, %v", res, err)
	}
}

// paragraph is enough text to be an article.
const paragraphs = `<p>The council met on Tuesday and agreed on a budget for the coming year, the mayor said in the evening.</p>
<p>It was the first budget in a decade that was passed without a single vote against it, to the surprise of many.</p>
<p>The session ended before midnight, and the members went home through the snow that had fallen meanwhile.</p>`

// Each case puts something into an article that is no part of its text.
func TestNoise(t *testing.T) {
	t.Parallel()
	for name, noise := range map[string]string{
		"class of an advertisement": `<div class="ad-container"><p>Buy the best shoes in town, now with a discount for all who come on foot.</p></div>`,
		"label":                     `<p>Advertisement</p>`,
		"related box":               `<section class="c-relatedArticles"><h3>More on this</h3><p>The council fell out over the swimming pool, and nobody knows why it did.</p></section>`,
		"read more":                 `<p>Read more: <a href="/x">The pool that divided the council for years</a></p>`,
		"leer más":                  `<p>También te puede interesar: <a href="/x">La piscina que dividió al concejo</a></p>`,
		"関連記事":                      `<p>関連記事：<a href="/x">市議会を二分したプール</a></p>`,
		"list of links":             `<ul><li><a href="/1">The pool that divided the council</a></li><li><a href="/2">Who pays for the new bridge over the canal</a></li></ul>`,
		"newsletter":                `<div class="newsletter-box"><p>Sign up for our weekly letter and never miss a story from the town hall again.</p></div>`,
		"appeal":                    `<p>Subscribe now to read every story from the town hall. <a href="/abo">Here</a></p>`,
		"caption":                   `<figure><img src="/a.jpg" width="600" height="400"><figcaption>The town hall in the snow on Tuesday evening, shortly after the session had ended.</figcaption></figure>`,
		"caption without a name":    `<div class="x1"><div class="x2"><img src="/a.jpg" width="600" height="400"></div><div class="x3">The town hall in the snow on Tuesday evening, shortly after the vote.</div></div>`,
		"author box":                `<div class="author-bio"><p>Jane Doe has reported on the council since before most of its members were born.</p></div>`,
		"date line":                 `<p>Updated: 4 March 2025, 18:20</p>`,
		"reading time":              `<div>5 min read</div>`,
		"paywall":                   `<div class="paywall-offer"><p>Subscribe to continue reading: log in or register for a free trial, cancel any time.</p></div>`,
		"cookies":                   `<div class="cookie-consent"><p>We and our partners use cookies to measure how you read this page and to improve it.</p></div>`,
		"teaser card":               `<div class="z9"><h3><a href="/x">Pool opens in May</a></h3><p>After three years of repairs the water is back, and so are the swimmers.</p></div>`,
		"nested article":            `<article><a href="/x"><h4>Pool opens in May</h4></a><div>After three years of repairs the water is back in the basin.</div></article>`,
		"text for screen readers":   `<span class="visually-hidden">Skip the advertisement that follows here and go on with the text.</span>`,
		"not displayed":             `<div style="display: none"><p>This text is shown by a script to those who have not logged in yet.</p></div>`,
		"button":                    `<button>Show all comments on this article and write one of your own</button>`,
		"empty heading":             `<h2>You may also like</h2>`,
		"tweet":                     `<blockquote class="twitter-tweet"><p>What a night in the council. I have never seen so much peace in that room.</p><a href="https://twitter.com/a/status/1">4 March</a></blockquote>`,
		"new tab":                   `<p>Budget of the town <a href="https://town.example/budget">published here<span> (opens in new tab)</span></a> on Tuesday evening after the vote, with a summary for those in a hurry.</p>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts := strings.SplitAfter(paragraphs, "</p>\n")
			page := "<html lang=en><body><h1>The council agrees on a budget</h1><div class=text>" + parts[0] + noise + parts[1] + parts[2] + "</div></body></html>"
			res, err := Extract([]byte(page), Options{URL: "https://town.example/a"})
			if err != nil {
				t.Fatal(err)
			}
			want := 3
			if name == "new tab" {
				want = 4
			}
			got := 0
			for _, s := range res.Record.Body.Sections {
				if s.Heading != "" {
					t.Errorf("heading %q", s.Heading)
				}
				for _, b := range s.Blocks {
					if b.Type == "paragraph" || b.Type == "list" || b.Type == "quote" {
						got++
					}
				}
			}
			if got != want || strings.Contains(res.Record.Body.Text, "new tab") {
				t.Errorf("%d blocks of text:\n%s", got, res.Record.Body.Text)
			}
		})
	}
}

// What looks like noise by its name and is the text.
func TestTextDespiteNames(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"body of comments":          `<body class="comments-open search single-author"><h1>The council agrees on a budget</h1><div>` + paragraphs + `</div></body>`,
		"article with a video":      `<h1>The council agrees on a budget</h1><div class="video article-with-video">` + paragraphs + `</div>`,
		"paid text":                 `<h1>The council agrees on a budget</h1><div class="paywall">` + paragraphs + `</div>`,
		"paragraphs named paywall":  `<h1>The council agrees on a budget</h1><div>` + strings.ReplaceAll(paragraphs, "<p>", `<p class="paywall">`) + `</div>`,
		"topic of the same name":    `<h1>The council agrees on a budget</h1><article class="post tag-advertisement category-newsletter">` + paragraphs + `</article>`,
		"hidden until a script":     `<h1>The council agrees on a budget</h1><div style="display:none" class="content">` + strings.Repeat(paragraphs, 3) + `</div>`,
		"in noscript":               `<h1>The council agrees on a budget</h1><noscript>` + strings.Repeat(paragraphs, 3) + `</noscript>`,
		"in a link of the whole":    `<h1>The council agrees on a budget</h1><div>` + strings.ReplaceAll(paragraphs, "<p>", `<p><a name="here"></a>`) + `</div>`,
		"breaks instead of p":       `<h1>The council agrees on a budget</h1><div>` + strings.NewReplacer("<p>", "", "</p>", "<br><br>").Replace(paragraphs) + `</div>`,
		"divs instead of p":         `<h1>The council agrees on a budget</h1><div>` + strings.NewReplacer("<p>", "<div>", "</p>", "</div>").Replace(paragraphs) + `</div>`,
		"unclosed p":                `<h1>The council agrees on a budget</h1><div>` + strings.ReplaceAll(paragraphs, "</p>", "") + `</div>`,
		"custom elements":           `<h1>The council agrees on a budget</h1><news-story><story-text>` + paragraphs + `</story-text></news-story>`,
		"table as layout":           `<h1>The council agrees on a budget</h1><table><tr><td>` + paragraphs + `</td></tr></table>`,
		"a second heading of it":    `<div class=related><h3>The council agrees on a budget</h3></div><h1>The council agrees on a budget</h1><div>` + paragraphs + `</div>`,
		"teaser of itself below":    `<h1 class=x>The council agrees on a budget</h1><div>` + paragraphs + `</div><div class=slider><h3><a href=/a>The council agrees on a budget</a></h3></div>`,
		"deeply nested":             `<h1>The council agrees on a budget</h1>` + strings.Repeat("<div>", 2000) + paragraphs + strings.Repeat("</div>", 2000),
		"formatting never closed":   `<h1>The council agrees on a budget</h1><b><i><u>` + paragraphs,
		"linked data with the text": `<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"The council met on Tuesday and agreed on a budget for the coming year, the mayor said in the evening.\nIt was the first budget in a decade that was passed without a single vote against it, to the surprise of many.\nThe session ended before midnight, and the members went home through the snow that had fallen meanwhile."}</script><h1>The council agrees on a budget</h1>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, err := Extract([]byte("<html lang=en>"+page), Options{URL: "https://town.example/a"})
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"agreed on a budget for the coming year", "without a single vote against it", "the snow that had fallen meanwhile"} {
				if !strings.Contains(res.Record.Body.Text, want) {
					t.Fatalf("%q is not in the text:\n%s", want, res.Record.Body.Text)
				}
			}
			if res.Record.Headline != "The council agrees on a budget" {
				t.Errorf("headline %q", res.Record.Headline)
			}
		})
	}
}
