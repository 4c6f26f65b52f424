package repair

import (
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// sentences are what a headline and a first sentence look like, one a language.
var sentences = []struct{ page, text string }{
	{"shift_jis", "日本語のニュース"},
	{"shift_jis", "首相、来週にも訪米へ 日米首脳会談で経済協力を協議"},
	{"euc-jp", "首相、来週にも訪米へ 日米首脳会談で経済協力を協議"},
	{"euc-jp", "ゲーム三昧な正月"},
	{"euc-kr", "한국어 뉴스"},
	{"euc-kr", "대통령, 다음 주 미국 방문... 정상회담에서 경제 협력 논의"},
	{"gb18030", "中国新闻网：国务院总理下周访问欧洲，讨论经济合作问题"},
	{"gbk", "今日要闻 北京天气预报"},
	{"big5", "台灣新聞：總統下週訪問歐洲，討論經濟合作問題"},
	{"big5", "今日要聞 台北天氣預報"},
	{"windows-1251", "Новости сегодня"},
	{"windows-1251", "Это проверка кодировки документа без объявления."},
	{"windows-1251", "Президент України зустрівся з міністром"},
	{"koi8-r", "Новости сегодня: президент встретился с министром"},
	{"iso-8859-5", "Новости сегодня: президент встретился с министром"},
	{"ibm866", "Новости сегодня: президент встретился с министром"},
	{"windows-1253", "Ειδήσεις σήμερα: ο πρωθυπουργός συναντήθηκε με τον υπουργό"},
	{"windows-1255", "חדשות היום: ראש הממשלה נפגש עם השר"},
	{"windows-1256", "أخبار اليوم: رئيس الوزراء يلتقي الوزير في القاهرة"},
	{"windows-874", "ข่าววันนี้ นายกรัฐมนตรีพบรัฐมนตรี"},
	{"windows-1252", "café"},
	{"windows-1252", "Le président a reçu hier à l’Élysée le ministre des Affaires étrangères"},
	{"windows-1252", "Größere Änderungen für Österreich – “Grüße”"},
	{"windows-1252", "El niño está aquí: ¿qué pasó mañana?"},
	{"windows-1252", "Regeringen föreslår åtgärder på området"},
	{"windows-1250", "Prezydent spotkał się z ministrem, żeby omówić ważną współpracę"},
	{"windows-1250", "Příliš žluťoučký kůň úpěl ďábelské ódy"},
	{"windows-1250", "A kormányfő találkozott a külügyminiszterrel, szűk körű ebéden"},
	{"windows-1254", "Cumhurbaşkanı bugün dışişleri bakanı ile görüştü, ağır koşullar"},
}

func encodeAs(t testing.TB, page, text string) []byte {
	t.Helper()
	enc, err := htmlindex.Get(page)
	if err != nil {
		enc = lookup(page)
	}
	b, err := encoding.ReplaceUnsupported(enc.NewEncoder()).Bytes([]byte(text))
	if err != nil {
		t.Fatalf("encode %q as %s: %v", text, page, err)
	}
	return b
}

func TestSniff(t *testing.T) {
	t.Parallel()
	for _, s := range sentences {
		body := append([]byte("<?xml version=\"1.0\"?><rss><channel><title>Feed</title><item><title>"), encodeAs(t, s.page, s.text)...)
		body = append(body, "</title><link>http://example.org/a</link></item></channel></rss>"...)
		text, name, err := decode(body, "", 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		want := "<?xml version=\"1.0\"?><rss><channel><title>Feed</title><item><title>" + s.text + "</title><link>http://example.org/a</link></item></channel></rss>"
		if string(text) != want {
			t.Errorf("%s: read as %s: %q", s.page, name, text[60:min(len(text), 160)])
		}
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ page, text, labels string }{
		{"windows-1252", "é", "latin-1 latin1 l1 8859-1 iso8859-1 iso_8859-1 iso-8859-1-1252 windows1252 windows-1252 cp1252 cp-1252 win-1252 1252 ansi x-ansi western"},
		{"windows-1251", "Привет", "cp1251 windows-1251 win1251 x-cp1251 1251"},
		{"koi8-r", "Привет", "koi8-r koi8 KOI8_R cskoi8r cp878 20866"},
		{"shift_jis", "日本語", "Shift_JIS sjis x-sjis cp932 windows-31j ms_kanji MS932 shift-jis csShiftJIS 932"},
		{"euc-jp", "日本語", "EUC-JP x-euc-jp eucjp ujis euc_jp"},
		{"euc-kr", "한국어", "EUC-KR ks_c_5601-1987 cp949 949 ksc5601 uhc windows-949 x-windows-949 ms949 korean"},
		{"gb18030", "漢字中文", "gb2312 gbk cp936 936 gb18030 GB_2312-80 x-gbk chinese ms936 euc-cn"},
		{"big5", "漢字中文", "big5 big-5 cp950 big5-hkscs x-x-big5 950"},
		{"windows-874", "ภาษา", "tis-620 windows-874 cp874 iso-8859-11 874"},
		{"ibm437", "é", "cp437 ibm437 437 cspc8codepage437"},
		{"ibm850", "é", "cp850 ibm850 850"},
		{"ibm866", "Привет", "cp866 ibm866 866 dos-866"},
		{"macintosh", "é", "macintosh mac x-mac-roman macroman mac-roman 10000"},
		{"iso-8859-15", "€", "iso-8859-15 latin9 latin-9 iso8859-15 l9"},
		{"iso-8859-2", "ł", "iso-8859-2 latin2 8859_2 csISOLatin2"},
		{"iso-8859-7", "Ειδήσεις", "iso-8859-7 ISO_8859-7:1987 elot_928 28597"},
		{"windows-1255", "שלום", "windows-1255 cp1255 win-1255"},
		{"windows-1256", "سلام", "windows-1256 cp1256"},
	} {
		for _, name := range strings.Fields(c.labels) {
			body := append([]byte(`<?xml version="1.0" encoding="`+name+`"?><rss><title>`), encodeAs(t, c.page, c.text)...)
			for _, http := range []bool{false, true} {
				contentType := ""
				if http {
					contentType = "text/xml; charset= '" + name + "'"
					body = append([]byte("<rss><title>"), encodeAs(t, c.page, c.text)...)
				}
				text, _, err := decode(body, contentType, 1<<20)
				if err != nil || !strings.HasSuffix(string(text), c.text) {
					t.Errorf("%s (in the header: %t): %q, %v, want %q", name, http, text, err, c.text)
				}
			}
		}
	}
	for _, name := range strings.Fields("utf-8 UTF8 utf-8; bogus none unicode binary us-ascii utf-16 utf-32 ucs-2 iso-8859-1 gb2312 x-user-defined replacement iso-2022-kr 65001") {
		text, got, err := decode([]byte(`<?xml version="1.0" encoding="`+name+`"?><rss><title>é`), "", 1<<20)
		if err != nil || got != "utf-8" || !strings.HasSuffix(string(text), "é") {
			t.Errorf("UTF-8 declared as %s: %q in %s, %v", name, text, got, err)
		}
	}
}

func TestUnicodeForms(t *testing.T) {
	t.Parallel()
	const doc = `<?xml version="1.0" encoding="utf-16"?><rss><title>日本語 😀</title></rss>`
	for _, w := range wides {
		for _, lead := range []string{"", "\uFEFF", "\n\n ", "\uFEFF\uFEFF"} {
			text, name, err := decode(w.encode(lead+doc), "", 1<<20)
			if err != nil || name != w.name || !strings.HasSuffix(string(text), doc) {
				t.Errorf("%s after %q: %q in %s, %v", w.name, lead, text, name, err)
			}
		}
		text, name, err := decode(w.encode(`{"version":"https://jsonfeed.org/version/1.1","title":"café"}`), "", 1<<20)
		if err != nil || name != w.name || !strings.HasSuffix(string(text), `"café"}`) {
			t.Errorf("%s JSON: %q in %s, %v", w.name, text, name, err)
		}
	}
}

func TestDecodeOddities(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, body, contentType, want string }{
		{"one stray byte", "<t>café ok\xE9</t>", "", "<t>café oké</t>"},
		{"stray quotes of Windows", "<?xml encoding='utf-8'?><t>\x93éè\x94</t>", "", "<?xml encoding='utf-8'?><t>“éè”</t>"},
		{"CESU-8", "<t>é\xED\xA0\xBD\xED\xB8\x80</t>", "", "<t>é😀</t>"},
		{"lone surrogate", "<t>éé\xED\xA0\xBD</t>", "", "<t>éé\uFFFD</t>"},
		{"wrong mark", "\xFF\xFE<t>é</t>", "", "<t>é</t>"},
		{"two marks", "\xEF\xBB\xBF\xEF\xBB\xBF<t>é</t>", "", "<t>é</t>"},
		{"declared UTF-8, is Latin-1", "<?xml encoding='utf-8'?><t>caf\xE9</t>", "", "<?xml encoding='utf-8'?><t>café</t>"},
		{"declared UTF-8, header says Cyrillic", "<?xml encoding='utf-8'?><t>\xCF\xF0\xE8\xE2\xE5\xF2</t>", "text/xml; charset=windows-1251", "<?xml encoding='utf-8'?><t>Привет</t>"},
		{"declared broken EUC-JP, header right", "<?xml encoding='euc-jp'?><t>\xCF\xF0\xE8\xE2\xE5\xF2\xFF\xFF\xFF</t>", "text/xml; charset=windows-1251", "<?xml encoding='euc-jp'?><t>Приветяяя</t>"},
		{"second declaration", "<?xml version='1.0'?><?xml version='1.0' encoding='windows-1251'?><t>\xCF\xF0</t>", "", "<?xml version='1.0'?><?xml version='1.0' encoding='windows-1251'?><t>Пр</t>"},
		{"ISO-2022-JP declared UTF-8", "<?xml encoding='utf-8'?><t>\x1B$BF|K\\8l\x1B(B</t>", "", "<?xml encoding='utf-8'?><t>日本語</t>"},
		{"ISO-2022-JP with a byte missing", "<?xml encoding='utf-8'?><t>\x1B$BF|K\\8\x1B(B</t>\n<t>\x1B$BF|K\n</t>", "", "<?xml encoding='utf-8'?><t>日本</t>\n<t>日\n</t>"},
		{"ISO-2022-KR", "\x1B$)C<t>\x0EGQ19\x0F</t>", "", "<t>한국</t>"},
		{"HZ", "<?xml encoding='hz-gb-2312'?><t>~{VPND~}</t>", "", "<?xml encoding='hz-gb-2312'?><t>中文</t>"},
		{"UTF-7", "<?xml encoding='utf-7'?><t>+AOk +AOkA6Q- a+-b + +</t>", "", "<?xml encoding='utf-7'?><t>é éé a+b + +</t>"},
		{"meta", "<html><meta charset=windows-1251><p>\xCF\xF0</p>", "", "<html><meta charset=windows-1251><p>Пр</p>"},
		{"EBCDIC", string(encodeAs(t, "ibm037", "<?xml version='1.0' encoding='ibm037'?><t>é</t>")), "", "<?xml version='1.0' encoding='ibm037'?><t>é</t>"},
		{"EBCDIC, another page", string(encodeAs(t, "ibm1047", "<?xml version='1.0' encoding='ibm1047'?><t>[é]</t>")), "", "<?xml version='1.0' encoding='ibm1047'?><t>[é]</t>"},
	} {
		text, name, err := decode([]byte(c.body), c.contentType, 1<<20)
		if err != nil || string(text) != c.want {
			t.Errorf("%s: %q in %s, %v, want %q", c.name, text, name, err, c.want)
		}
	}
}

// encode is the inverse of decode, for tests.
func (w wide) encode(s string) []byte {
	var out []byte
	put := func(u rune) {
		for i := range w.size {
			shift := 8 * i
			if w.big {
				shift = 8 * (w.size - 1 - i)
			}
			out = append(out, byte(u>>shift))
		}
	}
	for _, r := range s {
		if hi, lo := utf16.EncodeRune(r); w.size == 2 && hi != 0xFFFD {
			put(hi)
			put(lo)
		} else {
			put(r)
		}
	}
	return out
}
