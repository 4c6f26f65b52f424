package wirecopy

import (
	"strings"
	"unicode/utf8"

	"wireroom/article"
)

// eastern reads the datelines of Japanese, Korean and Chinese copy:
// "【ソウル＝小池和樹】", "【ワシントン共同】", "(서울=연합뉴스) 홍길동 기자 = ",
// "新华社北京3月7日电".
func eastern(s string) (d article.Dateline, rest string, ok bool) {
	for _, pair := range [...][2]string{{"【", "】"}, {"（", "）"}, {"(", ")"}, {"[", "]"}, {"［", "］"}} {
		if body, found := strings.CutPrefix(s, pair[0]); found {
			end := strings.Index(body[:min(len(body), maxHead)], pair[1])
			if end < 0 || !strings.ContainsFunc(body[:end], cjk) {
				return d, s, false
			}
			if d, ok = bracketed(body[:end]); !ok {
				d, _, ok = telegram(body[:end])
			}
			if !ok {
				return article.Dateline{}, s, false
			}
			rest = body[end+len(pair[1]):]
			d.Text = s[:len(s)-len(rest)]
			return d, reporter(rest), true
		}
	}
	if cjk(firstRune(s)) {
		return telegram(s)
	}
	return d, s, false
}

// bracketed reads the inside of a bracket: place, an equals sign or nothing,
// then an agency or a reporter.
func bracketed(in string) (d article.Dateline, ok bool) {
	place, who, eq := cutEquals(in)
	if !eq {
		a := ideographs(nil, word{in, 0, len(in)})
		if len(a) == 0 || a[0].start == 0 || utf8.RuneCountInString(in) > 16 {
			return d, false
		}
		place, who = in[:a[0].start], in[a[0].start:]
	}
	place = strings.Trim(place, " 　・")
	if place == "" || utf8.RuneCountInString(place) > 16 || strings.ContainsAny(place, "。、！？") {
		return d, false
	}
	for p := range strings.FieldsFuncSeq(place, func(r rune) bool { return r == '・' || r == '/' || r == '／' || r == '、' }) {
		d.Places = append(d.Places, strings.TrimSpace(p))
	}
	if a := Agencies(who); len(a) > 0 {
		d.Agency = a[0]
	}
	return d, true
}

func cutEquals(s string) (before, after string, ok bool) {
	for _, eq := range [...]string{"＝", "=", "゠"} {
		if before, after, ok = strings.Cut(s, eq); ok {
			return before, after, true
		}
	}
	return s, "", false
}

// reporter drops "홍길동 기자 = " and the space after a bracket.
func reporter(rest string) string {
	rest = strings.TrimLeft(rest, " 　")
	head := rest[:min(len(rest), 96)]
	if i := strings.Index(head, "="); i > 0 && (strings.Contains(head[:i], "기자") || strings.Contains(head[:i], "특파원")) {
		return strings.TrimLeft(rest[i+1:], " 　")
	}
	return rest
}

// telegram reads "新华社北京3月7日电（记者王某）": agency, place, day, the sign for
// telegram.
func telegram(s string) (d article.Dateline, rest string, ok bool) {
	head := s[:min(len(s), 120)]
	end, size := -1, 0
	for _, t := range [...]string{"日电", "日電", "日讯", "日訊"} {
		if i := strings.Index(head, t); i > 0 && (end < 0 || i < end) {
			end, size = i, len(t)
		}
	}
	if end < 0 {
		return d, s, false
	}
	a := ideographs(nil, word{head, 0, end})
	if len(a) == 0 || a[0].start > 0 || a[0].end > end {
		return d, s, false
	}
	place := head[a[0].end:end]
	i := strings.IndexFunc(place, func(r rune) bool { return '0' <= r && r <= '9' || '０' <= r && r <= '９' })
	if i <= 0 || utf8.RuneCountInString(place[:i]) > 20 {
		return d, s, false
	}
	d = article.Dateline{Text: s[:end+size], Places: []string{strings.TrimSpace(place[:i])}, Agency: agencies[a[0].of].name}
	rest = s[end+size:]
	if strings.HasPrefix(rest, "（") || strings.HasPrefix(rest, "(") {
		if j := strings.IndexAny(rest[:min(len(rest), 120)], "）)"); j > 0 {
			_, n := utf8.DecodeRuneInString(rest[j:])
			rest = rest[j+n:]
		}
	}
	return d, strings.TrimLeft(rest, " 　"), true
}
