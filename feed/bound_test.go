package feed_test

import (
	"math/rand/v2"
	"testing"

	"wireroom/article"
	"wireroom/feed"
)

// TestBound: by the estimate of an entry's size documents are kept below their
// limit, so it must never be too low, and not much too high.
func TestBound(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	records := append(sample(), newsLike(3, article.Full)...)
	for n := range 300 {
		records = append(records, hostileRecord(r, n))
	}
	channel := feed.Channel{ID: "x"}
	for i, rec := range records {
		d := feed.Prepare(site, channel, feed.Page{Records: []article.Record{rec}})
		longest := 0
		for _, f := range feed.Formats() {
			doc, err := d.Render(f)
			if err != nil {
				t.Fatal(err)
			}
			empty, _ := feed.Render(f, site, channel, feed.Page{})
			longest = max(longest, len(doc)-len(empty))
		}
		bound := feed.Bound(d)
		if bound < longest {
			t.Errorf("record %d: %d bytes, thought to be %d at most", i, longest, bound)
		}
		if i >= 3 && i < 6 && bound > longest*5/4 {
			t.Errorf("record %d: %d bytes, thought to be %d", i, longest, bound)
		}
	}
}
