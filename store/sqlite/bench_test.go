package sqlite

import (
	"os"
	"strconv"
	"testing"

	"wireroom/store"
	"wireroom/store/storetest"
)

func BenchmarkStore(b *testing.B) {
	storetest.Bench(b, func(b *testing.B) store.Store { return new(files).open(b) })
}

// BenchmarkSelect takes the number of articles from WIREROOM_BENCH_ARTICLES
// (20,000 if it is not set).
func BenchmarkSelect(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("WIREROOM_BENCH_ARTICLES"))
	if err != nil {
		n = 20_000
	}
	storetest.BenchSelect(b, func(b *testing.B) store.Store { return new(files).open(b) }, n)
}
