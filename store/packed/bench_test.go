package packed_test

import (
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/packed"
	"wireroom/store/storetest"
)

func typical() []article.Record {
	list := make([]article.Record, 300)
	for i := range list {
		list[i] = *storetest.Typical("example", i, storetest.Start).Record
	}
	return list
}

func codec(b *testing.B) *packed.Codec {
	b.Helper()
	c, err := packed.NewCodec()
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func BenchmarkRecord(b *testing.B) {
	c, list := codec(b), typical()
	size, html := 0, 0
	b.ReportAllocs()
	var out []byte
	for i := range b.N {
		out = c.Record(out[:0], &list[i%len(list)])
		size += len(out)
		html += len(list[i%len(list)].Body.HTML)
	}
	b.ReportMetric(float64(size)/float64(b.N), "B/record")
	b.ReportMetric(float64(html)/float64(b.N), "B/html")
}

func BenchmarkParseRecord(b *testing.B) {
	c, list := codec(b), typical()
	var packed [][]byte
	for i := range list {
		packed = append(packed, c.Record(nil, &list[i]))
	}
	b.ReportAllocs()
	for i := range b.N {
		if _, err := c.ParseRecord(packed[i%len(packed)]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkState is a state's way out of the store and back.
func BenchmarkState(b *testing.B) {
	st := store.State{
		URL: "https://example.org/feeds/news.xml", ETag: `W/"5f3a-61d2"`, LastModified: "Sun, 01 Mar 2026 12:00:00 GMT", BodyHash: 1 << 60, Interval: 15 * time.Minute,
		LastSuccess: time.UnixMilli(1772366400000), LastChange: time.UnixMilli(1772360000000), Status: 304, History: make([]store.PollLog, store.HistoryLen),
		Detail: store.Detail{Title: "Example", Home: "https://example.org/", Format: "rss", Language: "en", Why: "as configured", Gap: time.Hour, Repairs: map[string]int{"entity": 2}},
	}
	text := packed.AppendState(nil, &st)
	b.ReportAllocs()
	for b.Loop() {
		var got store.State
		if err := packed.ParseState(string(text), &got); err != nil {
			b.Fatal(err)
		}
		text = packed.AppendState(text[:0], &got)
	}
}
