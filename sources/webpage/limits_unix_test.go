//go:build unix

package webpage

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Pages made to cost. Each must end in a record or an error within the time and
// the memory that a page may take.
func TestLimits(t *testing.T) {
	if slack > 1 && os.Getenv("CI") == "true" {
		t.Skip("the race detector costs more than what is measured; .ci/run runs it without")
	}
	const (
		mostTime   = 2 * time.Second
		mostMemory = 200 << 20
	)
	para := "<p>The council met on Tuesday and agreed on a budget for the coming year, the mayor said.</p>"
	cases := map[string]func() []byte{
		"20 MB of paragraphs": func() []byte { return bytes.Repeat([]byte(para), 20<<20/len(para)) },
		"20 MB of text":       func() []byte { return append([]byte("<html><body><p>"), bytes.Repeat([]byte("words and "), 2<<20)...) },
		"20 MB of one word":   func() []byte { return append([]byte("<html><body><p>"), bytes.Repeat([]byte("x"), 20<<20)...) },
		"a million elements":  func() []byte { return bytes.Repeat([]byte("<b></b>"), 1<<20) },
		"a million open divs": func() []byte { return bytes.Repeat([]byte("<div>"), 1<<20) },
		"10,000 levels": func() []byte {
			return []byte(strings.Repeat("<div><section>", 5000) + para + strings.Repeat("</section></div>", 5000))
		},
		"10,000 levels of lists":  func() []byte { return []byte(strings.Repeat("<ul><li>", 5000) + para) },
		"10,000 levels of tables": func() []byte { return []byte(strings.Repeat("<table><tr><td>", 5000) + para) },
		"unclosed formatting":     func() []byte { return unclosedFormatting(400, 200_000) },
		"nested links":            func() []byte { return bytes.Repeat([]byte("<a href=/x><p>text "), 200_000) },
		"attributes": func() []byte {
			return append(append([]byte("<html><body "), bytes.Repeat([]byte("a b c d e f g h "), 1<<20)...), '>')
		},
		"one long attribute": func() []byte {
			return append(append([]byte(`<html><body class="`), bytes.Repeat([]byte("related "), 2<<20)...), `">`...)
		},
		"many classes":          manyClasses,
		"only opening brackets": func() []byte { return bytes.Repeat([]byte("<"), 20<<20) },
		"comments":              func() []byte { return bytes.Repeat([]byte("<!-- -->"), 2<<20) },
		"unclosed comment":      func() []byte { return append([]byte("<html><!--"), bytes.Repeat([]byte("- "), 10<<20)...) },
		"unclosed script":       func() []byte { return append([]byte("<html><script>"), bytes.Repeat([]byte("{[<"), 6<<20)...) },
		"linked data, deep":     func() []byte { return linkedPage(strings.Repeat(`{"@graph":[`, 200_000)) },
		"linked data, wide": func() []byte {
			return linkedPage("[" + strings.Repeat(`{"@type":"NewsArticle","headline":"x"},`, 100_000) + "{}]")
		},
		"linked data, 20 MB":  func() []byte { return linkedPage(`{"articleBody":"` + strings.Repeat("word ", 4<<20) + `"}`) },
		"linked data, broken": func() []byte { return linkedPage(`{"a":"` + strings.Repeat(`" `, 1<<20)) },
		"state, broken": func() []byte {
			return []byte("<html><script>window.x=" + strings.Repeat(`{"a":[`, 500_000) + "</script><p>x")
		},
		"many scripts of state": func() []byte { return bytes.Repeat([]byte("<script>"+strings.Repeat("{", 3000)+"</script>"), 2000) },
		"headings": func() []byte {
			return bytes.Repeat([]byte("<h1>The council agrees on a budget for the year</h1>"), 100_000)
		},
		"metas": func() []byte { return bytes.Repeat([]byte(`<meta name="keywords" content="a,b,c">`), 200_000) },
		"images": func() []byte {
			return bytes.Repeat([]byte(`<figure><img src=/a.jpg><figcaption>words of it</figcaption></figure>`), 100_000)
		},
		"bylines": func() []byte { return bytes.Repeat([]byte(`<div class="byline author">By Jane Doe</div>`), 100_000) },
		"tables": func() []byte {
			return bytes.Repeat([]byte(`<table><tr><td>one cell of it<td>and another</table>`), 60_000)
		},
		"one table": func() []byte {
			return append([]byte("<table>"), bytes.Repeat([]byte(`<tr><td>one cell of it, he said.<td>and another`), 60_000)...)
		},
		"one list": func() []byte {
			return append([]byte("<ul>"), bytes.Repeat([]byte(`<li>one item of the list, he said.`), 100_000)...)
		},
		"teasers": func() []byte {
			return bytes.Repeat([]byte(`<article><h3><a href=/x>A title of it</a></h3><p>And words about it, he said on Monday.</p></article>`), 30_000)
		},
		"breaks": func() []byte { return append([]byte("<p>"), bytes.Repeat([]byte("words of it<br><br>"), 200_000)...) },
		"invalid UTF-8": func() []byte {
			return append([]byte("<html><p>"), bytes.Repeat([]byte{0xff, 0xfe, 0x80, 'a', ' '}, 4<<20)...)
		},
		"zero bytes": func() []byte { return make([]byte, 20<<20) },
		"plain text, 20 MB": func() []byte {
			return bytes.Repeat([]byte("A line of words, he said on Monday in the town.\n\n"), 400_000)
		},
		"plain text, one line": func() []byte { return bytes.Repeat([]byte("words "), 3<<20) },
		"wide entities": func() []byte {
			return append([]byte("<html><p>"), bytes.Repeat([]byte("&CounterClockwiseContourIntegral;"), 600_000)...)
		},
		"custom elements":    func() []byte { return bytes.Repeat([]byte("<x-y>words of it, he said</x-y>"), 200_000) },
		"frames and selects": func() []byte { return bytes.Repeat([]byte("<select><option>a<frameset><noscript><template>"), 50_000) },
		"svg and math":       func() []byte { return bytes.Repeat([]byte("<svg><foreignObject><math><mi><p>x"), 60_000) },
		"forms":              func() []byte { return bytes.Repeat([]byte("<form><p><button><p>"), 200_000) },
		"similar titles": func() []byte {
			return []byte("<title>" + strings.Repeat("word - ", 200_000) + "</title><h1>" + strings.Repeat("word ", 100_000) + "</h1>" + para)
		},
		"srcset": func() []byte {
			return []byte(`<h1>The council agrees on a budget</h1><img srcset="` + strings.Repeat("/a.jpg 1w,", 800_000) + `">` + para + para)
		},
		"long class names of noise": func() []byte {
			return []byte(strings.Repeat(`<div class="`+strings.Repeat("related-", 100)+`">`, 5000) + para)
		},
	}
	for name, make := range cases {
		t.Run(name, func(t *testing.T) {
			page := make()
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			stop := watchHeap()
			start, spent := time.Now(), processorTime(t)
			res, err := Extract(page, Options{URL: "https://news.example/a/b"})
			took := min(time.Since(start), processorTime(t)-spent) // the machine may be busy with others
			peak := stop()
			runtime.ReadMemStats(&after)
			used := int64(peak) - int64(before.HeapAlloc)
			if (res == nil) == (err == nil) {
				t.Errorf("neither a record nor an error: %v, %v", res, err)
			}
			most := mostTime * slack
			if testing.CoverMode() != "" {
				most *= 2 // counting takes its time too
			}
			if took > most {
				t.Errorf("took %v", took)
			}
			if used > mostMemory {
				t.Errorf("took %d MB", used>>20)
			}
			t.Logf("%v, %d MB, %v", took.Round(time.Millisecond), used>>20, err)
		})
	}
}

// processorTime is what this process has used of the processors.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watchHeap samples the heap until the function it returns is called, which
// returns the highest.
func watchHeap() func() uint64 {
	done := make(chan struct{})
	result := make(chan uint64)
	go func() {
		var peak uint64
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
			select {
			case <-done:
				result <- peak
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(done); return <-result }
}

func unclosedFormatting(kinds, paragraphs int) []byte {
	var b bytes.Buffer
	b.WriteString("<p>")
	for i := range kinds {
		fmt.Fprintf(&b, "<b id=%d>", i)
	}
	b.WriteString("</p>")
	for range paragraphs {
		b.WriteString("<p>x</p>")
	}
	return b.Bytes()
}

func manyClasses() []byte {
	var b bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&b, `<div class="name-%d-related teaserBox%d"></div>`, i, i)
	}
	return b.Bytes()
}

func linkedPage(data string) []byte {
	return []byte(`<html><head><script type="application/ld+json">` + data + `</script></head><body><h1>The council agrees on a budget</h1><p>The council met on Tuesday and agreed on a budget for the coming year, the mayor said.</p></body></html>`)
}
