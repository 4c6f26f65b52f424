package packed_test

import (
	"testing"

	"wireroom/article"
	"wireroom/store/packed"
	"wireroom/store/storetest"
)

func typical() []article.Record {
	list := make([]article.Record, 300)
	for i := range list {
		list[i] = storetest.Typical("example", i, storetest.Start).Record
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
