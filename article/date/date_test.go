package date

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

const day = "2024-03-05T00:00:00Z"

// The instant that most rows mean, and how far from it zones lead.
const (
	utc  = "2024-03-05T10:20:30Z"
	min0 = "2024-03-05T10:20:00Z"
	east = "2024-03-05T09:20:30Z" // one hour east of Greenwich
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, group := range []struct {
		want string
		in   []string
	}{
		{utc, []string{
			"Tue, 05 Mar 2024 10:20:30 GMT", "Tue, 05 Mar 2024 10:20:30 UT", "Tue, 5 Mar 24 10:20:30 Z", "05 Mar 2024 10:20:30 +0000",
			"Tuesday, 05-Mar-24 10:20:30 GMT", "Tue Mar  5 10:20:30 2024", "Tue Mar 5 10:20:30 UTC 2024", "Tue Mar 05 10:20:30 +0000 2024",
			"2024-03-05T10:20:30Z", "2024-03-05t10:20:30z", "2024-03-05T10:20:30", "2024-03-05 10:20:30", "2024-03-05T10:20:30+00:00", "2024-03-05T10:20:30-0000",
			"20240305T102030Z", "20240305102030", "2024-W10-2T10:20:30Z", "2024W102T102030Z", "2024-065T10:20:30Z", "2024065T102030Z",
			"2024/03/05 10:20:30", "2024.03.05 10:20:30", "05.03.2024 10:20:30", "5. 3. 2024 10:20:30", "05.03.2024 10.20.30", "2024-03-05_10:20:30",
			"1709634030", " 1709634030 ", "1709634030000", "1709634030000000", "1709634030000000000", "1709634030.0", "1.70963403e+09", "@1709634030",
			"/Date(1709634030000)/", `\/Date(1709634030000+0100)\/`, "new Date(1709634030000)", "Date(1709634030000)",
			"2024:03:05 10:20:30", "05/Mar/2024:10:20:30 +0000", "Tue, 05/Mar/2024 10:20:30", "2024-Mar-05 10:20:30", "2024 March 5 10:20:30",
			"TUE, 05 MAR 2024 10:20:30 GMT", "Tue,05 Mar 2024 10:20:30 GMT", "Tues., 5 Mar. 2024, 10:20:30 GMT", "\n\tTue, 05 Mar\n 2024\r\n10:20:30 GMT \n",
			"Tue,\u00a05\u202fMar\u00a02024 10:20:30 GMT", "\u200eTue, 05 Mar 2024 10:20:30 GMT\u200f", "Tue, 05 Mar 2024 10:20:30 (UTC)", "Tue, 05 Mar 2024 10:20:30 GMT+0",
			"Tue, 05 Mar 2024 10:20:30 +0000 (GMT)", "Tue, 05 Mar 2024 10:20:30 +0000 UTC", "Tue, 05 Mar 2024 10:20:30 [UTC]", "2024-03-05T10:20:30Z[UTC]",
			"5th of March, 2024 10:20:30", "March 5th, 2024 at 10:20:30 AM", "Mar 5, 2024 10:20:30am", "10:20:30, March 5, 2024", "10:20:30 05.03.2024", "10:20:30 AM 5 Mar '24",
			"Published: Tue, 5 Mar 2024 10:20:30 GMT", "Wed, 05 Mar 2024 10:20:30 GMT", "05Mar2024 10:20:30", "2024–03–05 10:20:30", "2024-03-05 10:20:30 Etc/UTC",
			"2024-03-05T10:20:30&#43;00:00", "2024-03-05&nbsp;10:20:30", "２０２４年３月５日　１０：２０：３０", "٥ مارس ٢٠٢٤ ١٠:٢٠:٣٠", "۲۰۲۴-۰۳-۰۵ ۱۰:۲۰:۳۰",
			"2024年3月5日 10:20:30", "2024年3月5日(火) 10時20分30秒", "2024年3月5日星期二上午10:20:30", "二〇二四年三月五日 10:20:30", "令和6年3月5日 10:20:30", "民國113年3月5日 10:20:30",
			"Tue, 05 Mar 2024 10:20:30 Zulu", "Tue, 05 Mar 2024 10:20:30 Greenwich Mean Time", "Tue, 05 Mar 2024 10:20:30 (Coordinated Universal Time)",
			"Tue, 05 Mar 2024 10:20:30 Europe/London", "Tue, 05 Mar 2024 10:20:30 europe/lisbon", "Tue, 05 Mar 2024 10:20:30 Etc/GMT",
			"2024-03-05T10:20:30 00:00", "Tue, 05 Mar 2024 T10:20:30 Z", "2024-03-05 T 10:20:30", "05/03/2024 10:20:30 GMT|d", "03/05/2024 10:20:30 GMT|m",
			"05/03/24 10:20:30|d", "05-03-2024 10:20:30|d", "05-03-24 10:20:30|d", "03-05-24 10:20:30|m", "24-03-05 10:20:30", "Tue, 03/05/2024 - 10:20:30", "Tue 05/03/2024 10:20:30",
		}},
		{"2024-03-05T10:20:30.5Z", []string{"2024-03-05T10:20:30.5Z", "2024-03-05T10:20:30,500Z", "20240305T102030.5Z", "Tue, 05 Mar 2024 10:20:30.500 GMT", "1709634030500", "20240305102030500", "1709634030.5"}},
		{"2024-03-05T10:20:30.123456789Z", []string{"2024-03-05T10:20:30.123456789Z", "2024-03-05T10:20:30.123456789123Z", "2024-03-05 10:20:30.123456789 +0000 UTC", "1709634030123456789"}},
		{east, []string{
			"Tue, 05 Mar 2024 10:20:30 +0100", "Tue, 05 Mar 2024 10:20:30 +01:00", "Tue, 05 Mar 2024 10:20:30 +1", "Tue, 05 Mar 2024 10:20:30 +100", "2024-03-05T10:20:30+01", "20240305T102030+0100",
			"Tue, 05 Mar 2024 10:20:30 CET", "Tue, 05 Mar 2024 10:20:30 MET", "Tue, 05 Mar 2024 10:20:30 MEZ", "Tue, 05 Mar 2024 10:20:30 A", "Tue, 05 Mar 2024 10:20:30 GMT+1", "Tue, 05 Mar 2024 10:20:30 UTC +01:00",
			"Tue, 05 Mar 2024 10:20:30 (CET)", "Tue, 05 Mar 2024 10:20:30 +0100 (CET)", "Tue Mar 05 2024 10:20:30 GMT+0100 (Central European Standard Time)", "Tue, 05 Mar 2024 10:20:30 CET +0100",
			"Tue, 05 Mar 2024 10:20:30 Europe/Berlin", "2024-03-05T10:20:30+01:00[Europe/Paris]", "2024-03-05T10:20:30[Europe/Paris]", "Tue, 05 Mar 2024 10:20:30 W. Europe Standard Time", "Tue, 05 Mar 2024 10:20:30 Central European Time",
			"Tue, 05 Mar 2024 10:20:30 Etc/GMT-1", "Tue, 05 Mar 2024 10:20:30 BST", "2024-03-05T10:20:30 01:00", "2024-03-05T08:20:30−01:00",
			"Di, 05 Mär 2024 10:20:30 +0100", "mar., 5 mars 2024 10:20:30 +0100", "mar, 05 mar 2024 10:20:30 +0100", "Вт, 05 мар 2024 10:20:30 +0100",
			"2024. március 5. 10:20:30 CET", "2024-március-05T10:20:30+01:00", "2024. 03. 05. 10:20:30 CET", "Τρι, 05 Μάρ 2024 10:20:30 +0100", "Sal, 05 Mar 2024 10:20:30 +0100", "wt., 5 mar 2024 10:20:30 +0100",
		}},
		{min0, []string{
			"5. März 2024 10:20", "5. März 2024, 10.20 Uhr", "5. März 2024 um 10:20 Uhr", "am 5. März 2024 um 10.20", "Dienstag, 5. März 2024 - 10:20", "10.20 Uhr, 5. März 2024", "5 mars 2024 à 10h20", "mardi 5 mars 2024 à 10 h 20",
			"Mardi 5 mars 2024 - 10:20", "5 de marzo de 2024, 10:20 h", "5 de marzo de 2024 a las 10:20", "martes, 5 de marzo de 2024 - 10:20 a. m.", "terça-feira, 5 de março de 2024 às 10h20", "5 marzo 2024 alle ore 10.20",
			"martedì 5 marzo 2024 ore 10:20", "den 5 mars 2024 kl. 10.20", "5. mars 2024 kl 10:20", "5. marts 2024 kl. 10.20", "5. maaliskuuta 2024 klo 10.20", "5. märts 2024 10:20", "2024. gada 5. marts 10:20", "2024 m. kovo 5 d. 10:20",
			"5 marca 2024, godz. 10:20", "5. března 2024 10:20", "5. marca 2024 o 10:20", "5. marec 2024 ob 10:20", "5. ožujka 2024. u 10:20", "5. mart 2024. 10:20", "5. март 2024. 10:20", "5 марта 2024 г. в 10:20", "5 березня 2024 р., 10:20",
			"5 март 2024 г., 10:20 ч.", "5 martie 2024, ora 10:20", "5 Mart 2024 Salı 10:20", "5 Μαρτίου 2024, 10:20 π.μ.", "5 במרץ 2024, 10:20", "5 مارس 2024 10:20 ص", "5 آذار 2024 10:20", "۵ مارس ۲۰۲۴ ساعت ۱۰:۲۰", "5 मार्च 2024 10:20",
			"5 มี.ค. 2567 10:20 น.", "วันอังคารที่ 5 มีนาคม 2567 เวลา 10:20", "05/03/2024 10:20, thứ Ba|d", "Thứ ba, 05/03/2024 10:20|d", "10:20 ngày 5 tháng 3, 2024", "5 Maret 2024 pukul 10.20", "Selasa, 5 Maret 2024 10:20", "5 Machi 2024 10:20", "2024年3月5日 午前10時20分", "2024/3/5 10:20",
			"March 5, 2024 10:20", "2024-03-05T10:20", "202403051020", "20240305T1020", "March 5, 2024 at 10:20 a.m.", "Mar. 5, 2024, 10:20 A.M.",
		}},
		{"2024-03-05T22:20:00Z", []string{"March 5, 2024 10:20 PM", "5 Mar 2024 10:20p", "Mar 5, 2024 10:20 p. m.", "5 Μαρτίου 2024 10:20 μ.μ.", "2024年3月5日 下午10:20", "2024/3/5 PM 10:20", "5 March 2024 22:20 PM", "5 مارس 2024 10:20 م"}},
		{"2024-03-05T13:20:00Z", []string{"2024년 3월 5일 오후 10:20", "2024년 03월 05일 22시 20분"}},
		{"2024-03-05T10:00:00Z", []string{"March 5, 2024 10 am", "10am, March 5, 2024", "2024-03-05T10Z", "5. März 2024, 10 Uhr", "5 mars 2024 10h"}},
		{"2024-03-05T00:10:00Z", []string{"March 5, 2024 12:10 AM", "5 March 2024 0:10"}},
		{"2024-03-05T12:10:00Z", []string{"March 5, 2024 12:10 PM"}},
		{"2024-03-06T00:00:00Z", []string{"2024-03-05T24:00:00Z", "2024-03-05T23:59:60Z"}},
		{day, []string{
			"2024-03-05", "20240305", "2024-065", "2024065", "2024-W10-2", "2024W102", "24-03-05", "240305", "2024/03/05", "2024.03.05", "05.03.2024", "5.3.2024", "5.3.24", "Tue, 5 Mar 2024", "5 March 2024",
			"March 5, 2024", "March 5th, 2024", "Mar 5 2024", "5-Mar-2024", "5 III 2024", "5. März 2024", "5 de março de 2024", "2024년 3월 5일", "2024年3月5日", "2024-03-05Z", "5 Mar 2024 GMT", "05/03/2024|d", "03/05/2024|m",
			"03/05/2024 (Tuesday)", "martes, 05/03/2024", "2024-03-05+00:00", "5 Mar 24", "Tuesday the 5th of March 2024", "2024. március 5.", "2024ko martxoaren 5a",
		}},
		{"2024-03-01T00:00:00Z", []string{"2024-03", "March 2024", "Mar. 2024", "03/2024", "2024/03", "mars 2024", "2024年3月", "1er mars 2024", "2024 m. kovo 1 d."}},
		{"2024-01-01T00:00:00Z", []string{"2024", "2024-W01", "2024-W01-1", "2024年", "2024-001"}},
		{"2024-12-30T00:00:00Z", []string{"2025-W01-1", "2025W01", "2024-365", "30 كانون الأول 2024", "30 december 2024", "30. joulukuuta 2024", "30 დეკემბერი 2024", "30 दिसम्बर 2024", "30 ธ.ค. 2567"}},
		{"2024-01-30T00:00:00Z", []string{"30 كانون الثاني 2024", "30 stycznia 2024", "30. siječnja 2024.", "30 Ocak 2024", "30 января 2024", "30 sausio 2024"}},
		{"2024-07-05T00:00:00Z", []string{"5 lipca 2024", "pt., 5 lip 2024", "5. července 2024", "petak, 5. srp 2024", "5 juil. 2024", "5 Temmuz 2024", "5 липня 2024"}},
		{"2003-12-01T00:00:00Z", []string{"-0312", "-03-12", "03335", "2003-335", "2003335", "03-335"}},
		{"2003-12-31T00:00:00Z", []string{"031231", "03-12-31", "12/31/03", "31/12/2003", "31-12-03|d", "12-31-2003", "2003-012-31"}},
		{"1999-12-31T00:00:00Z", []string{"31 Dec 99", "99-12-31", "12/31/99", "99/12/31"}},
		{"2004-07-11T17:00:00Z", []string{"Κυρ, 11 Ιούλ 2004 12:00:00 EST", "Sun, 11 July, 2004 12:00:00 EST", "Sun Jul 11 12:00:00 EST 2004", "Sun, 2004/07/11 12:00:00 EST", "07/11/2004 12:00 pm EST|m", "Sun, 07 11 2004 12:00:00 -0500|m", "Sunday, July 11th 2004 12:00 PM EST"}},
		{"2004-05-27T16:31:15Z", []string{"2004년 05월 28일  01:31:15", "2004-05-28 오전 1:31:15", "2004-05-27T16:31:15-00:00Z", "Thu, 27th May 2004 16:31:15 GMT", "Thurs, 27 May 2004 16:31:15 +0000", "May 27 2004 04:31:15 PM"}},
		{"2024-02-05T00:00:00Z", []string{"24. 2. 5.", "05 Feb., 2024", "5 فوریه 2024", "2024 M02 5, Mon", "5 ಫೆಬ್ರವರಿ 2024", "5 Pebrero 2024", "lunes 5 de febrero del 2024", "Luns, 5 de febreiro de 2024", "5 de feb. de 2024", "5 Şub 2024 Pzt", "5 feb. 2024", "5 лют. 2024 р.", "5 בפבר׳ 2024"}},
		{"2024-10-31T00:00:00Z", []string{"31. listopada 2024.", "31 ottobre 2024", "31 d’octubre del 2024", "31 paź 2024", "31 Ekim 2024 Perşembe", "31 ต.ค. 2567", "31 октября 2024 г."}},
		// Zones
		{"2024-07-05T14:00:00Z", []string{"5 Jul 2024 10:00 EDT", "5 Jul 2024 10:00 ET", "5 Jul 2024 10:00 America/New_York", "5 Jul 2024 10:00 Eastern Time", "5 Jul 2024 10:00 Eastern Daylight Time", "5 Jul 2024 10:00 EST5EDT", "5 Jul 2024 10:00 -0400 (EDT)", "5 Jul 2024 10:00 EST -0400"}},
		{"2024-01-05T15:00:00Z", []string{"5 Jan 2024 10:00 EST", "5 Jan 2024 10:00 ET", "5 Jan 2024 10:00 America/New_York", "5 Jan 2024 10:00 US/Eastern", "5 Jan 2024 10:00 R", "5 Jan 2024 10:00 GMT-5", "5 Jan 2024 10:00 Etc/GMT+5", "5 Jan 2024 10:00 America/Port-au-Prince"}},
		{"2024-01-05T01:00:00Z", []string{"5 Jan 2024 10:00 JST", "5 Jan 2024 10:00 KST", "5 Jan 2024 10:00 Japan", "5 Jan 2024 10:00 Tokyo Standard Time", "5 Jan 2024 10:00 +0900"}},
		{"2024-01-05T04:30:00Z", []string{"5 Jan 2024 10:00 IST", "5 Jan 2024 10:00 +0530", "5 Jan 2024 10:00 +5:30", "5 Jan 2024 10:00 India Standard Time", "5 Jan 2024 10:00 Asia/Kolkata", "5 Jan 2024 10:00 Asia/Calcutta"}},
		{"2024-01-05T07:00:00Z", []string{"5 Jan 2024 10:00 MSK", "5 января 2024 10:00 МСК", "5 Jan 2024 10:00 W-SU", "5 Jan 2024 10:00 +03"}},
		{"2024-01-05T13:00:00Z", []string{"5 Jan 2024 10:00 America/Argentina/Buenos_Aires", "5 Jan 2024 10:00 ART", "5 Jan 2024 10:00 Argentina Standard Time", "5 Jan 2024 10:00 BRT"}},
	} {
		want, err := time.Parse(time.RFC3339, group.want)
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range group.in {
			in, mode, _ := strings.Cut(in, "|")
			got, err := Parse(in, map[string]Order{"d": DayFirst, "m": MonthFirst}[mode])
			if err != nil || !got.Time.Equal(want) {
				t.Errorf("Parse(%q) = %v, %v, want %v", in, got.Time, err, want)
			}
			if got.Time.Location() != time.UTC {
				t.Errorf("Parse(%q) is not in UTC", in)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"", " ", "\n", "-", ",", "now", "today", "yesterday", "2 hours ago", "N/A", "null", "0", "1", "12", "013", "99", "22013", "123456", "201203", "99999999", "1234567890123456789012",
		"0000-00-00", "0000-00-00 00:00:00", "0000-00-00T00:00:00Z", "0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 +0000", "Thu, 30 Nov -0001 00:00:00 +0000", "1402/12/15", "-2024-03-05",
		"2024-00-05", "2024-13-05", "2024-03-00", "2024-03-32", "2024-02-30", "2023-02-29", "31 Feb 2024", "31 Apr 2024", "0 Mar 2024", "32 Mar 2024", "2024-366x", "2023-366", "2024-000", "2024-367", "2024-W54-1", "2023-W53-1", "2024-W00-1", "2024-W10-8", "2024-W10-0",
		"2024-03-05T25:00:00Z", "2024-03-05T24:00:01Z", "2024-03-05T10:60:00Z", "2024-03-05T10:20:61Z", "2024-03-05T10:20:30+25:00", "2024-03-05T10:20:30+01:60", "9999-12-31T23:59:59-99:99", "9999-12-31T23:59:59-01:00",
		"Sun, 16 Dec 2012 1:2:3:4 GMT", "Sun, Dec x 2012 11:47:32 GMT", "Sun, 16 zzz 2012 11:47:32 GMT", "Sun, 16 Dec zz 11:47:32 GMT", "Sun, 16 Dec 2012 11:47:32 +zz:00", "Sun, 16 Dec 2012 11:47:32 +00:zz", "Sun, 16 Dec 2012 x1:47:32 GMT",
		"Sun, 99 Dec 2012 11:47:32 GMT", "Tue, 05 Mar 124 10:20:30 GMT", "Tue, 05 Mar 20245 10:20:30 GMT", "2013-01-27-01", "2013-01-28T11:30:00-06:00Textra", "2013-01-28T11:30:00Zfoo", "2013-01-28T11:30:00 foo", "2013-01-28Tfoo", "2013-01-28T",
		"5 March", "March 5", "Tue, 5 Mar 10:20:30 GMT", "--03-05", "---05", "03/05", "10:20:30", "10:20:30 GMT", "Mar", "Tuesday", "GMT", "Mar Mar 2024", "5 Mar Apr 2024", "5 6 Mar 2024", "5 Mar 2024 2025", "5 Mar 2024 10:20 11:20",
		"1 2 3 4", "2024-03-05-10", "2024 03", "2024, 03", "Windows 2000", "Room 12", "version 1.2.3.4", "5 Mar 2024 <b>", "5 Mar 2024?", "%a, %d %b %Y", "{{date}}", "5 Mar 2024 10:20:30 $1", "22:20:30 AM 5 Mar 2024", "March 5, 2024 13 am",
		"/Date(0)/", "/Date(-62135596800000)/", "/Date(x)/", "-1709634030", "170963403x", "17096340300", "1e99", "1.5.5.5.5", "253402300800000", "2024-03-05T10:20:30+", "2024-03-05T10:20:30+-01:00", "2024-03-05T10:20:30:40", "31/31/2024", "2024年13月5日",
		"5 كانون 2024", "5 tháng 2024", "2024-W10-2-3", "2024W1", "\xff\xfe", "5 Mar 2024\x00", strings.Repeat("1", 200), strings.Repeat("a ", 100), strings.Repeat("-", 128), strings.Repeat("&", 128), strings.Repeat("&lt;", 40), "5 M\u20ac 2024",
	} {
		for _, o := range []Order{Unknown, DayFirst, MonthFirst} {
			if got, err := Parse(in, o); err == nil {
				t.Errorf("Parse(%q) = %v", in, got.Time)
			}
		}
	}
}

func TestParseFlags(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		o    Order
		want Result
	}{
		{"Tue, 05 Mar 2024 10:20:30 GMT", Unknown, Result{}},
		{"Tue, 05 Mar 2024 10:20:30", Unknown, Result{ZoneUnknown: true}},
		{"Tue, 05 Mar 2024 10:20:30 XYZ", Unknown, Result{ZoneUnknown: true}},
		{"Tue, 05 Mar 2024 10:20:30 +0000 XYZ", Unknown, Result{}},
		{"2024-03-05", Unknown, Result{ZoneUnknown: true, DateOnly: true}},
		{"2024-03-05Z", Unknown, Result{DateOnly: true}},
		{"1709596800", Unknown, Result{}},
		{"03/05/2024", Unknown, Result{ZoneUnknown: true, DateOnly: true, Ambiguous: true}},
		{"03/05/2024", MonthFirst, Result{ZoneUnknown: true, DateOnly: true}},
		{"05-03-2024", Unknown, Result{ZoneUnknown: true, DateOnly: true, Ambiguous: true}},
		{"03/25/2024", DayFirst, Result{ZoneUnknown: true, DateOnly: true}},
		{"05.03.2024", Unknown, Result{ZoneUnknown: true, DateOnly: true}},
		{"03/03/2024", Unknown, Result{ZoneUnknown: true, DateOnly: true}},
		{"Tue, 03/05/2024", Unknown, Result{ZoneUnknown: true, DateOnly: true}},
		{"Sat, 03/05/2024", Unknown, Result{ZoneUnknown: true, DateOnly: true, Ambiguous: true}},
		{"05-03-24", Unknown, Result{ZoneUnknown: true, DateOnly: true, Ambiguous: true}},
		{"05-3-05", Unknown, Result{ZoneUnknown: true, DateOnly: true, Ambiguous: true}},
		{"05-05-05", Unknown, Result{ZoneUnknown: true, DateOnly: true}},
		{"5 lip 2024", Unknown, Result{ZoneUnknown: true, DateOnly: true, Ambiguous: true}},
		{"śr., 5 cze 2024", Unknown, Result{ZoneUnknown: true, DateOnly: true}},
		{"2024년 3월 5일 10:20", Unknown, Result{ZoneUnknown: true}},
	} {
		got, err := Parse(tt.in, tt.o)
		got.Time = time.Time{}
		if err != nil || got != tt.want {
			t.Errorf("Parse(%q, %d) = %+v, %v, want %+v", tt.in, tt.o, got, err, tt.want)
		}
	}
}

func TestOrderOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		want    Order
		samples []string
	}{
		{Unknown, nil},
		{Unknown, []string{"03/05/2024", "2024-03-25", "25 March 2024", "25.03.2024", "no date"}},
		{DayFirst, []string{"03/05/2024", "25/03/2024 10:20", "04/05/2024"}},
		{MonthFirst, []string{"03/05/2024", "03/25/2024"}},
		{MonthFirst, []string{"Tue, 03/05/2024"}},
		{DayFirst, []string{"Tue, 05/03/2024"}},
		{Unknown, []string{"25/03/2024", "03/25/2024"}},
		{DayFirst, []string{"25-03-2024"}},
	} {
		if got := OrderOf(tt.samples); got != tt.want {
			t.Errorf("OrderOf(%q) = %d, want %d", tt.samples, got, tt.want)
		}
	}
}

// Every zone of the database can be named, in any case.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq(ianaList) {
		l, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		if w := vocabulary()[strings.ToLower(name)]; w != nil && w.place != name {
			continue // the abbreviation goes before: MET, EST, …
		}
		want := time.Date(2024, 7, 5, 10, 0, 0, 0, l)
		for _, s := range []string{name, strings.ToUpper(name)} {
			if got, err := Parse("5 Jul 2024 10:00 "+s, Unknown); err != nil || !got.Time.Equal(want) {
				t.Errorf("%s: %v, %v, want %v", s, got.Time, err, want)
			}
		}
	}
}

// Every month of every language is read, beside a day and a year.
func TestMonthNames(t *testing.T) {
	t.Parallel()
	each(monthNames, func(i int, name string) {
		if w := vocabulary()[foldString(name)]; w == nil || int(w.month) != i+1 && int(w.alt) != i+1 {
			t.Errorf("%s is not month %d", name, i+1)
		} else if got, err := Parse("17 "+name+" 2024", Unknown); err != nil || int(got.Time.Month()) != i+1 && w.alt == 0 || got.Time.Day() != 17 {
			t.Errorf("17 %s 2024 is read as %v, %v", name, got.Time, err)
		}
	})
}

// TestLocales reads what browsers write for the dates of seventy locales
// (Intl.DateTimeFormat in full, long and medium style): locale, Unix time, text.
func TestLocales(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("testdata/locales.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		row := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 3)
		want, err := strconv.ParseInt(row[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Parse(row[2], DayFirst); err != nil || got.Time.Unix() != want {
			t.Errorf("%s: %q is read as %v, %v, want %v", row[0], row[2], got.Time, err, time.Unix(want, 0).UTC())
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range good {
		f.Add(s)
	}
	for _, s := range bad {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Parse(s, Unknown)
		if err != nil {
			return
		}
		if y := got.Time.Year(); y < 1500 || y > 9999 {
			t.Errorf("Parse(%q) = %v", s, got.Time)
		}
		if !got.Ambiguous {
			for _, o := range []Order{DayFirst, MonthFirst} {
				if again, err := Parse(s, o); err != nil || !again.Time.Equal(got.Time) {
					t.Errorf("Parse(%q) = %v, but %v in order %d", s, got.Time, again.Time, o)
				}
			}
		}
		if again, err := Parse(got.Time.Format(time.RFC3339Nano), Unknown); err != nil || !again.Time.Equal(got.Time) {
			t.Errorf("%v is read as %v, %v", got.Time, again.Time, err)
		}
	})
}

var (
	good = []string{"Tue, 05 Mar 2024 10:20:30 GMT", "2024-03-05T10:20:30+01:00", "5 de marzo de 2024, 10:20 h", "2024年3月5日(火) 10時20分30秒", "Friday, December 22, 2017 - 3:09pm", "Tue, 05 Mar 2024 10:20:30 America/New_York"}
	bad  = []string{"Sun, 16 Dec 2012 1:2:3:4 GMT", "this is not a date", "2013-01-28T11:30:00-06:00Textra", "Thu, 30 Nov -0001 00:00:00 +0000", strings.Repeat("Mar/", 60), strings.Repeat("1&", 64), strings.Repeat("GMT ", 60), strings.Repeat("é", 80), "Tue, 05 Mar 2024 10:20:30 " + strings.Repeat("a/", 50)}
)

func BenchmarkParse(b *testing.B) {
	for name, dates := range map[string][]string{"good": good, "bad": bad} {
		for _, s := range dates {
			b.Run(name+"/"+s[:min(len(s), 24)], func(b *testing.B) {
				Parse(s, Unknown)
				b.ReportAllocs()
				for b.Loop() {
					Parse(s, Unknown)
				}
			})
		}
	}
}
