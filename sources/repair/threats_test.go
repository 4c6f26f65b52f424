package repair

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	rssHead = `<rss version="2.0"><channel><title>C</title><item><title>first</title></item>`
	rssTail = `</channel></rss>`
)

// threats are bodies that cost more than they should if nobody takes care, of
// about n bytes.
var threats = []struct {
	name string
	kind ErrorKind // of the error; empty if there is a document
	make func(n int) string
}{
	{"nested elements", Limit, func(n int) string { return strings.Repeat("<x>", n/3) }},
	{"nested elements of HTML", "", func(n int) string { return strings.Repeat("<a>", n/3) }},
	{"nested elements of HTML in XML", Limit, func(n int) string { return `<?xml version="1.0"?>` + strings.Repeat("<a>", n/3) }},
	{"nested elements in a feed", Limit, func(n int) string { return rssHead + strings.Repeat("<x:a>", n/5) }},
	{"nested elements in a channel", "", func(n int) string { return rssHead + strings.Repeat("<a>", n/3) }},
	{"nested channels", Limit, func(n int) string { return "<rss>" + strings.Repeat("<channel>", n/9) }},
	{"nested extensions in an item", Limit, func(n int) string { return rssHead + "<item>" + strings.Repeat("<x:a>", n/5) }},
	{"nested elements in a description", "", func(n int) string {
		return rssHead + "<item><description>" + strings.Repeat("<b>", n/100) + "</description></item>" + rssTail
	}},
	{"more elements in a description than a document may have", "", func(n int) string {
		return rssHead + "<item><description>" + strings.Repeat("<b/>", n/4) + "</description></item>" + rssTail
	}},
	{"elements in a channel", Limit, func(n int) string {
		return `<rss><channel>` + strings.Repeat("<a/>", n/4) + rssTail
	}},
	{"nested namespaces", Limit, func(n int) string {
		var b strings.Builder
		for i := range n / 64 {
			fmt.Fprintf(&b, `<x%d:a xmlns:x%d="http://example.org/%d">`, i, i, i)
		}
		return rssHead + b.String()
	}},
	{"namespaces in the root", "", func(n int) string {
		var b strings.Builder
		for i := range n / 40 {
			fmt.Fprintf(&b, ` xmlns:x%d="http://example.org/%d"`, i, i)
		}
		return "<rss" + b.String() + rssHead[4:] + rssTail
	}},
	{"a namespace an element", Limit, func(n int) string {
		var b strings.Builder
		for i := range n / 64 {
			fmt.Fprintf(&b, `<x%d:a xmlns:x%d="http://example.org/%d"/>`, i, i, i)
		}
		return rssHead + b.String() + rssTail
	}},
	{"prefixes declared again and again", "", func(n int) string {
		return rssHead + "<item><description>" + strings.Repeat(`<p:a xmlns:p="http://a/"/><p:a xmlns:p="http://b/"/>`, n/100) + "</description></item>" + rssTail
	}},
	{"prefixes looked up", "", func(n int) string {
		var b strings.Builder
		for i := range 1024 {
			fmt.Fprintf(&b, ` xmlns:x%d="http://example.org/%d"`, i, i)
		}
		return "<rss" + b.String() + rssHead[4:] + "<item><description>" + strings.Repeat("<x0:a/>", n/45) + "</description></item>" + rssTail
	}},
	{"attributes", "", func(n int) string {
		var b strings.Builder
		for i := range n / 12 {
			fmt.Fprintf(&b, ` a%d="%d"`, i, i)
		}
		return rssHead + "<item><a" + b.String() + "/></item>" + rssTail
	}},
	{"attributes that differ late", "", func(n int) string {
		var b strings.Builder
		for i := range 256 {
			fmt.Fprintf(&b, ` aaaaaaaaaaaaaaaa%d="1"`, i)
		}
		return rssHead + "<item><title>" + strings.Repeat("<a"+b.String()+"/>", n/7000) + "</title></item>" + rssTail
	}},
	{"a long attribute", "", func(n int) string {
		return rssHead + `<item><a href="data:` + strings.Repeat("x", n) + `"/></item>` + rssTail
	}},
	{"long bases", "", func(n int) string {
		return rssHead + strings.Repeat(`<item xml:base="http://example.org/`+strings.Repeat("x", 3000)+`"><title>T</title></item>`, n/3100) + rssTail
	}},
	{"quotes left open", "", func(n int) string { return rssHead + "<item>" + strings.Repeat(`<a b="<c d='`, n/12) }},
	{"tags left open", "", func(n int) string { return rssHead + "<item><title>" + strings.Repeat(`<a b `, n/5) }},
	{"less-than signs", "", func(n int) string {
		return rssHead + "<item><title>" + strings.Repeat("<", n/4) + "</title></item>" + rssTail
	}},
	{"ampersands", "", func(n int) string {
		return rssHead + "<item><title>" + strings.Repeat("&", n/5) + "</title></item>" + rssTail
	}},
	{"ampersands beyond what may come out", "", func(n int) string {
		return rssHead + "<item><title>" + strings.Repeat("&", n) + "</title></item>" + rssTail
	}},
	{"brackets", "", func(n int) string {
		return rssHead + "<item><title>" + strings.Repeat("]]>", n/3) + "</title></item>" + rssTail
	}},
	{"control characters", "", func(n int) string {
		return rssHead + "<item><title>" + strings.Repeat("\x01", n) + "</title></item>" + rssTail
	}},
	{"HTML entities", "", func(n int) string {
		return rssHead + "<item><title>" + strings.Repeat("&nbsp;", n/6) + "</title></item>" + rssTail
	}},
	{"unknown entities", "", func(n int) string {
		return rssHead + "<item><title>" + strings.Repeat("&abcdefghij;", n/12) + "</title></item>" + rssTail
	}},
	{"numbered entities", "", func(n int) string {
		var b strings.Builder
		for i := range n / 10 {
			fmt.Fprintf(&b, "&e%d;", i)
		}
		return rssHead + "<item><title>" + b.String() + "</title></item>" + rssTail
	}},
	{"a billion laughs", "", func(n int) string {
		var b strings.Builder
		b.WriteString(`<!DOCTYPE rss [<!ENTITY l0 "lol">`)
		for i := range 20 {
			fmt.Fprintf(&b, `<!ENTITY l%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&l%d;", i), 10))
		}
		return b.String() + "]>" + rssHead + "<item><title>&l20;</title></item>" + rssTail
	}},
	{"a quadratic blow-up", "", func(n int) string {
		return `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("a", 1000) + `">]>` + rssHead + "<item><title>" + strings.Repeat("&a;", n/3) + "</title></item>" + rssTail
	}},
	{"a long DOCTYPE", Limit, func(n int) string {
		return `<!DOCTYPE rss [` + strings.Repeat(`<!ENTITY a "b">`, n/15) + `]>` + rssHead + rssTail
	}},
	{"DOCTYPEs left open", Limit, func(n int) string { return strings.Repeat(`<!DOCTYPE a [<!ENTITY b "`, n/25) }},
	{"comments left open in front", Limit, func(n int) string { return strings.Repeat(`<!-- <?x `, n/9) }},
	{"scripts left open in front", "", func(n int) string { return strings.Repeat(`<script>`, n/8) }},
	{"100,000 items", "", func(n int) string {
		return rssHead + strings.Repeat("<item><title>T</title><link>http://e.org/</link><pubDate>nonsense</pubDate></item>", n/100) + rssTail
	}},
	{"a million empty items", "", func(n int) string { return rssHead + strings.Repeat("<item/>", n/10) + rssTail }},
	{"items left open", "", func(n int) string { return rssHead + strings.Repeat("<item><title>T</title>", n/22) }},
	{"items left open, comments too", "", func(n int) string { return rssHead + strings.Repeat("<item><!--", n/10) }},
	{"items left open, sections too", "", func(n int) string { return rssHead + strings.Repeat("<item><title><![CDATA[", n/22) }},
	{"items left open, instructions too", "", func(n int) string { return rssHead + strings.Repeat("<item><?x ", n/10) }},
	{"items under many names", Limit, func(n int) string {
		var b strings.Builder
		for i := range n / 20 {
			fmt.Fprintf(&b, "<x%d:item>", i%200)
		}
		return `<rss><channel>` + b.String()
	}},
	{"titles left open", "", func(n int) string { return rssHead + "<item>" + strings.Repeat("<title><link>", n/100) }},
	{"sections left open under many names", "", func(n int) string {
		var b strings.Builder
		for i := range n / 50 {
			fmt.Fprintf(&b, "<x%d><![CDATA[</y", i)
		}
		return rssHead + "<item>" + b.String()
	}},
	{"nested sections", "", func(n int) string {
		return rssHead + "<item><title>" + strings.Repeat("<![CDATA[", n/9) + strings.Repeat("]]>", n/9) + "</title></item>" + rssTail
	}},
	{"sections in an extension", "", func(n int) string {
		return rssHead + "<item><x:a>" + strings.Repeat("<![CDATA[a]]>", n/13) + "</x:a></item>" + rssTail
	}},
	{"text between the children of an extension", "", func(n int) string {
		return rssHead + "<item><x:a>" + strings.Repeat("<x:b/>"+strings.Repeat("a", 94), n/100) + "</x:a></item>" + rssTail
	}},
	{"extensions", "", func(n int) string {
		return rssHead + strings.Repeat("<item>"+strings.Repeat("<x:a b='c'>d</x:a>", 100)+"</item>", n/4400) + rssTail
	}},
	{"categories", "", func(n int) string {
		return rssHead + "<item>" + strings.Repeat("<category/>", n/45) + "</item>" + rssTail
	}},
	{"end tags of nothing", "", func(n int) string {
		return rssHead + "<item><title>" + strings.Repeat("<b>", 200) + strings.Repeat("</zz>", n/5) + "</title></item>" + rssTail
	}},
	{"a long title", "", func(n int) string {
		return rssHead + "<item><title>" + strings.Repeat("x", n) + "</title></item>" + rssTail
	}},
	{"a long title in a section", "", func(n int) string {
		return rssHead + "<item><title><![CDATA[" + strings.Repeat("&amp;", n/5) + "]]></title></item>" + rssTail
	}},
	{"bad dates", "", func(n int) string {
		return rssHead + strings.Repeat("<item>"+strings.Repeat("<pubDate>32 Nonsense 2024 25:61</pubDate>", 20)+"</item>", n/2100) + rssTail
	}},
	{"escaped markup under a base", "", func(n int) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://example.org/"><entry><id>1</id><content type="html">` + strings.Repeat("&lt;b&gt;", n/9) + `</content></entry></feed>`
	}},
	{"more bytes than allowed", TooLarge, func(n int) string { return rssHead + strings.Repeat("x", 2*n) + rssTail }},
	{"more bytes than allowed once decoded", TooLarge, func(n int) string {
		return `<?xml version="1.0" encoding="windows-1251"?>` + rssHead + strings.Repeat("\xE0", n+n/10) + rssTail
	}},
	{"declarations of encodings", "", func(n int) string {
		return strings.Repeat(`<?xml encoding="euc-jp"?><?xml encoding="big5"?>`, 80) + rssHead + strings.Repeat("\xE0\xFF", n/4) + rssTail
	}},
	{"undeclared bytes", "", func(n int) string { return rssHead + strings.Repeat("\xE0\xE1<b>", n/8) + rssTail }},
	{"nested JSON", Limit, func(n int) string { return strings.Repeat("[", n) }},
	{"nested JSON objects", Limit, func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat(`{"a":`, n/5)
	}},
	{"100,000 JSON items", "", func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat(`{"id":1,"title":"T","date_published":5},`, n/100) + "]}"
	}},
	{"JSON tags", "", func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1","items":[{"id":"0"},{"id":"1","tags":[` + strings.Repeat(`"a",`, n/4) + "]}]}"
	}},
	{"JSON values", Limit, func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1","a":[` + strings.Repeat(`1,`, n/2) + "]}"
	}},
	{"JSON of the wrong types", "", func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1","title":[` + strings.Repeat(`1,`, n/50) + `],"items":[]}`
	}},
	{"JSON keys", Limit, func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1",` + strings.Repeat(`"\u0041b":1,`, n/12) + "}"
	}},
	{"a long JSON title", "", func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"` + strings.Repeat("x", n) + `"}]}`
	}},
	{"JSON quotes", "", func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1","title":` + strings.Repeat(`"`, n/2)
	}},
	{"JSON escapes", "", func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1","title":"` + strings.Repeat(`\`, n/2-1)
	}},
}

// TestThreats holds every threat against the budget of a parse: two seconds of
// CPU and 200 MiB, for the repair and for gofeed on what comes out of it. With
// REPAIR_THREATS set they have the size of what may come over the wire, and
// what each takes is logged; otherwise size, limits and budget are smaller.
func TestThreats(t *testing.T) {
	size, share := 1<<20, 10
	verbose := os.Getenv("REPAIR_THREATS") != ""
	if verbose {
		size, share = 10<<20, 1
	}
	budget, room := 2*time.Second/time.Duration(share), 200<<20/uint64(share)
	if share > 1 { // what the test itself does is no smaller
		budget += time.Second
		room += 10 << 20
	}
	if raceEnabled { // which takes ten times as long
		size, budget = 1<<18, 20*time.Second
	}
	lim := Limits{Bytes: 2 * size, Elements: size / 40, Items: size / 2000, Prolog: size / 40}
	for _, c := range threats {
		t.Run(c.name, func(t *testing.T) {
			body := []byte(c.make(size))
			runtime.GC()
			base, stop := heapPeak()
			cpu := cpuTime()
			res, err := Document(body, Options{Limits: lim})
			spent := cpuTime() - cpu
			var e *Error
			switch {
			case err != nil && !errors.As(err, &e):
				t.Fatalf("an error without a kind: %v", err)
			case err != nil && e.Kind != c.kind:
				t.Fatalf("error %v, want kind %q", err, c.kind)
			case err == nil && c.kind != "":
				t.Errorf("no error, want %s", c.kind)
			}
			parsing := time.Duration(0)
			if err == nil && (res.Kind == RSS || res.Kind == Atom || res.Kind == JSON) {
				cpu = cpuTime()
				_, _ = parse(res.Body)
				parsing = cpuTime() - cpu
			}
			peak := stop() - base
			checkSmall(t, c.make(1<<14))
			if verbose {
				t.Logf("%d bytes: repair %v, gofeed %v, peak %d MiB", len(body), spent, parsing, peak>>20)
			}
			if spent+parsing > budget {
				t.Errorf("repair took %v, gofeed %v of CPU", spent, parsing)
			}
			if peak > room && !raceEnabled {
				t.Errorf("%d MiB in use", peak>>20)
			}
		})
	}
}

// checkSmall checks what comes of a threat of a size that is quickly checked.
func checkSmall(t *testing.T, body string) {
	res, err := Document([]byte(body), Options{})
	if err != nil {
		return
	}
	if err := checkResult(res, Limits{}); err != nil {
		t.Errorf("%v: %.200s", err, res.Body)
	}
	if feed, err := parse(res.Body); res.Kind == RSS && (err != nil || len(feed.Items) != len(res.Entries)) {
		t.Errorf("gofeed reads it not: %v", err)
	}
}

// cpuTime is what the process has used so far.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// heapPeak watches the heap until stop, which returns its highest size.
func heapPeak() (now uint64, stop func() uint64) {
	read := func() uint64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	now = read()
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		peak := now
		for {
			select {
			case <-done:
				result <- max(peak, read())
				return
			case <-time.After(2 * time.Millisecond):
				peak = max(peak, read())
			}
		}
	}()
	return now, func() uint64 { close(done); return <-result }
}
