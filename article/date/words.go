package date

import (
	"strings"
	"sync"
)

// kind is what a word can be; one word can be several things ("mar" is March,
// and Tuesday in French, Spanish and Italian), and its place decides.
type kind uint32

const (
	isMonth kind = 1 << iota
	isWeekday
	isZone     // an abbreviation with a fixed offset, or a place
	isUTC      // a zone after which an offset may stand ("GMT+1")
	isAM       // before noon
	isPM       // after noon
	isLatin    // an isAM or isPM that is a word of European languages as well
	isFiller   // says nothing ("de", "of", "at")
	isClock    // a time of day follows ("kl.", "um")
	isHour     // follows the hour ("h", "Uhr", "時")
	isMinute   // follows the minutes
	isSecond   // follows the seconds
	isYear     // follows the year ("年")
	isNumbered // follows the number of the month ("月")
	isDay      // follows the day ("日", "th")
	isEra      // a Japanese or Taiwanese era; month is its index
	isTee      // the T of ISO 8601
	isWeek     // the W of ISO 8601
	isThang    // the number of the month follows (Vietnamese)
	isKanun    // half of a month's name; the next word is "first" or "second"
)

// word is what a word means.
type word struct {
	kind    kind
	month   uint8  // 1 to 12
	alt     uint8  // another month of this name in another language
	weekday uint8  // 1 (Monday) to 7; 0 where languages disagree
	minutes int16  // of a zone, east of Greenwich
	place   string // IANA name of a zone whose offset depends on the date
}

// vocabulary is made at first use from the tables in names.go and zones.go; keys
// are folded.
var vocabulary = sync.OnceValue(func() map[string]*word {
	v := make(vocab, 4096)
	v.others()
	v.months()
	v.weekdays()
	v.zones()
	return v
})

type vocab map[string]*word

// entry returns the word for a name, new if need be.
func (v vocab) entry(name string) *word {
	name = foldString(name)
	w := v[name]
	if w == nil {
		w = new(word)
		v[name] = w
	}
	return w
}

func foldString(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' {
			return -1
		}
		if !unspaced(r) {
			r = fold(r)
		}
		if r == 0 {
			return -1
		}
		return r
	}, s)
}

// months enters the names, then their beginnings of three letters and more,
// which are the usual abbreviations. Where two languages mean different months
// by one name, both stay; a beginning that doesn't decide is left out.
func (v vocab) months() {
	short := map[string]uint8{}
	each(monthNames, func(i int, name string) {
		w, m := v.entry(name), uint8(i+1)
		switch {
		case w.month == 0:
			w.kind, w.month = w.kind|isMonth, m
		case w.month != m:
			w.alt = m
		}
		prefixes(foldString(name), 3, func(p string) {
			if old, ok := short[p]; ok && old != m {
				short[p] = 0
			} else {
				short[p] = m
			}
		})
	})
	each(monthAbbreviations, func(i int, name string) {
		w := v.entry(name)
		w.kind, w.month = w.kind|isMonth, uint8(i+1)
	})
	for p, m := range short {
		if w := v.entry(p); w.month == 0 && m != 0 && w.kind&(isFiller|isClock) == 0 {
			w.kind, w.month = w.kind|isMonth, m
		}
	}
	for name, months := range monthHomonyms {
		w := v.entry(name)
		w.kind, w.month, w.alt = w.kind|isMonth, months[0], months[1]
	}
}

// weekdays enters the names and their beginnings of two letters and more.
func (v vocab) weekdays() {
	each(weekdayNames, func(i int, name string) {
		d := uint8(i + 1)
		enter := func(p string) {
			w := v.entry(p)
			if w.kind&isWeekday != 0 && w.weekday != d {
				w.weekday = 0 // languages disagree
				return
			}
			w.kind, w.weekday = w.kind|isWeekday, d
		}
		enter(name)
		prefixes(foldString(name), 2, enter)
	})
}

// each calls f for every name of a table: languages on lines, places in the
// order of the year or the week between spaces, alternatives between commas.
func each(table string, f func(i int, name string)) {
	for line := range strings.Lines(table) {
		i := 0
		for names := range strings.FieldsSeq(line) {
			for name := range strings.SplitSeq(names, ",") {
				if name != "-" {
					f(i, name)
				}
			}
			i++
		}
	}
}

// prefixes calls f for the proper beginnings of name of at least n letters. In
// scripts without spaces there are none.
// Where a letter writes a syllable, one letter less will do.
func prefixes(name string, n int, f func(string)) {
	count := 0
	for i, r := range name {
		if unspaced(r) {
			return
		}
		if i == 0 && (r >= 0x0900 && r < 0x0E00 || r >= 0x1200 && r < 0x1380) {
			n = 2
		}
		if count >= n {
			f(name[:i])
		}
		count++
	}
}

// others enters the words that are neither names nor zones.
func (v vocab) others() {
	for k, words := range otherWords {
		for w := range strings.FieldsSeq(words) {
			v.entry(w).kind |= k
		}
	}
	for i, era := range eras {
		w := v.entry(era.name)
		w.kind, w.month = isEra, uint8(i)
	}
	for name, month := range kanun {
		w := v.entry(name)
		w.kind, w.month = isKanun, month
	}
}
