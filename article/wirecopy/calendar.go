package wirecopy

import (
	"strings"
	"sync"
	"time"

	"wireroom/article"
)

// day is the date of a dateline as far as it says: any part may be zero.
type day struct {
	year, month, dom int
	weekday          int // 1 Monday to 7 Sunday
	ok               bool
}

// iso is YYYY-MM-DD where the year is told and the day exists.
func (d day) iso() string {
	if d.year == 0 || d.month == 0 || d.dom == 0 {
		return ""
	}
	t := time.Date(d.year, time.Month(d.month), d.dom, 0, 0, 0, 0, time.UTC)
	if t.Day() != d.dom {
		return ""
	}
	return t.Format(time.DateOnly)
}

// Dated gives a dateline that names a day without a year ("LIMA, Jan 21") or
// only a weekday its full date: the one nearest to when the piece was
// published. A dateline that has its date, or tells none, is returned as it is.
func Dated(d article.Dateline, published time.Time) article.Dateline {
	if d.Date != "" || d.Text == "" || published.IsZero() {
		return d
	}
	front, _, _ := cutAgency(d.Text)
	_, w := trailingDay(front)
	switch {
	case w.month != 0 && w.dom != 0 && w.year == 0:
		d.Date = nearest(w, published)
	case w.weekday != 0 && w.month == 0:
		back := (int(published.Weekday()) - w.weekday%7 + 7) % 7
		d.Date = published.AddDate(0, 0, -back).Format(time.DateOnly)
	}
	return d
}

func nearest(w day, published time.Time) string {
	best, gap := "", time.Duration(1<<62)
	for y := published.Year() - 1; y <= published.Year()+1; y++ {
		w.year = y
		s := w.iso()
		if t, err := time.Parse(time.DateOnly, s); err == nil && t.Sub(published).Abs() < gap {
			best, gap = s, t.Sub(published).Abs()
		}
	}
	return best
}

// trailingDay takes the date off the end of a dateline's front and returns what
// stands before it. w.ok says whether there was one.
func trailingDay(s string) (before string, w day) {
	end := len(s)
	for range 7 {
		tok, start := lastToken(s[:end])
		if tok == "" || !w.take(tok) {
			break
		}
		end = start
	}
	w.ok = w.month != 0 && w.dom != 0 || w.weekday != 0 && w.month == 0 && w.dom == 0
	if !w.ok {
		return s, day{}
	}
	return strings.TrimRight(s[:end], " ,.;\u00a0"), w
}

// lastToken returns the last word of s, without the commas about it, and where
// it starts.
func lastToken(s string) (string, int) {
	s = strings.TrimRight(s, " ,;\u00a0\t")
	i := strings.LastIndexAny(s, " ,;\u00a0\t")
	if i >= 0 {
		i++
		for i < len(s) && s[i]&0xC0 == 0x80 { // the second byte of a no-break space
			i++
		}
	}
	i = max(i, 0)
	return s[i:], i
}

// take reads one word of a date, from the last to the first; false if it is
// none or there is no room for it.
func (w *day) take(tok string) bool {
	if y, m, d, ok := numeric(tok); ok && w.month == 0 && w.dom == 0 && w.year == 0 {
		w.year, w.month, w.dom = y, m, d
		return true
	}
	bare := strings.TrimRight(tok, ".")
	if n, ok := number(bare); ok {
		switch {
		case n >= 1900 && n < 2100 && w.year == 0 && len(bare) == 4:
			w.year = n
		case n >= 1 && n <= 31 && w.dom == 0 && len(bare) <= 4:
			w.dom = n
		default:
			return false
		}
		return true
	}
	f := fold(bare)
	if m := monthOf(f); m != 0 && w.month == 0 {
		w.month = m
		return true
	}
	if d := weekdayOf(f); d != 0 && w.weekday == 0 {
		w.weekday = d
		return true
	}
	switch f { // "7 de marzo de 2024", "the 7th of March", "de 2024"
	case "de", "of", "r", "g", "г", "року":
		return w.year != 0 || w.month != 0 || f != "de" && f != "of"
	}
	return false
}

// number reads "7", "07", "7th", "1er", "2ème", "1º".
func number(s string) (int, bool) {
	n, i := 0, 0
	for i < len(s) && i < 5 && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	if i == 0 {
		return 0, false
	}
	switch s[i:] {
	case "", "st", "nd", "rd", "th", "er", "re", "e", "ème", "º", "ª", "-го":
		return n, true
	}
	return 0, false
}

// numeric reads 7.3.2024, 07/03, 2024-03-07, 7.3., always day before month
// unless the year leads.
func numeric(s string) (y, m, d int, ok bool) {
	s = strings.TrimRight(s, ".")
	var n [3]int
	k, digits := 0, 0
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9' && digits < 4:
			n[k] = n[k]*10 + int(r-'0')
			digits++
		case (r == '.' || r == '/' || r == '-') && digits > 0 && k < 2:
			k, digits = k+1, 0
		default:
			return 0, 0, 0, false
		}
	}
	switch {
	case k == 0 || digits == 0:
		return 0, 0, 0, false
	case k == 2 && n[0] >= 1900:
		y, m, d = n[0], n[1], n[2]
	case k == 2:
		d, m, y = n[0], n[1], n[2]
		if y < 100 {
			y += 2000
		}
		if y < 1900 || y > 2100 {
			y = 0
		}
	default:
		d, m = n[0], n[1]
	}
	return y, m, d, m >= 1 && m <= 12 && d >= 1 && d <= 31
}

// monthOf returns the month that the folded word names in one of the languages
// of wire copy, 0 for none.
func monthOf(f string) int { return monthNumbers()[f] }

// weekdayOf does the same for days of the week.
func weekdayOf(f string) int { return weekdayNumbers()[f] }

var (
	monthNumbers   = sync.OnceValue(func() map[string]int { return numbersOf(months[:]) })
	weekdayNumbers = sync.OnceValue(func() map[string]int { return numbersOf(weekdays[:]) })
)

// numbersOf gives each name the number of its line, from 1; where two lines have
// it, the first one's.
func numbersOf(lines []string) map[string]int {
	out := map[string]int{}
	for i, names := range lines {
		for name := range strings.FieldsSeq(names) {
			if out[name] == 0 {
				out[name] = i + 1
			}
		}
	}
	return out
}

var months = [12]string{
	" jan january januar janner janvier janv enero ene gennaio gen janeiro januari stycznia ledna januara ianuarie ian sijecnja tammikuuta ocak января янв січня yanvar sausio janvaris ιανουαριου ",
	" feb february februar feber fevrier fevr fev febrero febbraio fevereiro februari lutego unora februara februarie veljace helmikuuta subat февраля фев лютого vasario februaris φεβρουαριου ",
	" mar march marz mars marzo marco maart brezna marca martie ozujka maaliskuuta mart марта мар марта березня kov kovo marts maret marcius mrz μαρτιου ",
	" apr april avril avr abril abr aprile kwietnia dubna aprila aprilie travnja huhtikuuta nisan апреля апр квітня balandzio aprilis απριλιου ",
	" may mai mayo maggio mag maio mei maj maja kvetna svibnja toukokuuta mayis мая май травня geguzes maijs majus μαιου ",
	" jun june juni juin junio giugno giu junho czerwca cervna juna iunie lipnja kesakuuta haziran июня июн червня birzelio junijs junius ιουνιου ",
	" jul july juli juillet juil julio luglio lug julho lipca cervence jula iulie srpnja heinakuuta temmuz июля июл липня liepos julijs julius ιουλιου ",
	" aug august aout agosto ago augustus augusti sierpnia srpna augusta kolovoza elokuuta agustos августа авг серпня rugpjucio augusts augusztus agustus αυγουστου ",
	" sep sept september septembre septiembre settembre set setembro wrzesnia zari septembra septembrie rujna syyskuuta eylul сентября сен сент вересня rugsejo septembris szeptember σεπτεμβριου ",
	" oct october oktober okt octobre octubre ottobre ott outubro out pazdziernika rijna oktobra octombrie lokakuuta ekim октября окт жовтня spalio oktobris οκτωβριου ",
	" nov november novembre noviembre novembro listopadu listopada novembra noiembrie studenoga marraskuuta kasim ноября ноя листопада lapkricio novembris νοεμβριου ",
	" dec december dezember dez decembre diciembre dic dicembre dezembro grudnia prosince decembra decembrie prosinca joulukuuta aralik декабря дек грудня gruodzio decembris desember des δεκεμβριου ",
}

var weekdays = [7]string{
	" monday mon montag lundi lunes lunedi hetfo poniedzialek pondeli понедельник ",
	" tuesday tue tues dienstag mardi martes martedi kedd wtorek utery вторник ",
	" wednesday wed mittwoch mercredi miercoles mercoledi szerda sroda streda среда ",
	" thursday thu thur thurs donnerstag jeudi jueves giovedi csutortok czwartek ctvrtek четверг ",
	" friday fri freitag vendredi viernes venerdi pentek piatek patek пятница ",
	" saturday sat samstag sonnabend samedi sabado sabato szombat sobota суббота ",
	" sunday sun sonntag dimanche domingo domenica vasarnap niedziela nedele воскресенье ",
}
