package bare

import (
	"path/filepath"
	"testing"

	"wireroom/bench/upstream"
)

func TestRounds(t *testing.T) {
	t.Parallel()
	site := upstream.New(upstream.Options{Feeds: 40})
	door, err := site.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	var urls []string
	for i := range site.Feeds {
		urls = append(urls, door.URL(i))
	}
	c, err := New(t.Context(), filepath.Join(t.TempDir(), "bare.db"), urls)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, round := range []struct {
		name    string
		advance float64
		want    Counts
	}{
		{"import", 0, Counts{Polls: 40, Items: 40 * upstream.Items}},
		{"nothing new", 0, Counts{Polls: 40, NotModified: 40}},
		{"a quarter changed", 0.25, Counts{Polls: 40, NotModified: 30, Items: 10 * upstream.News}},
	} {
		site.Advance(round.advance)
		got, err := c.Round(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got != round.want {
			t.Errorf("%s: %+v, want %+v", round.name, got, round.want)
		}
		rows := 0
		if err := c.store.db.QueryRowContext(t.Context(), "SELECT count(*) FROM item").Scan(&rows); err != nil {
			t.Fatal(err)
		}
		if want := 40*upstream.Items + 10*upstream.News*int(4*round.advance); rows != want {
			t.Errorf("%s: %d items are stored, want %d", round.name, rows, want)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	site := upstream.New(upstream.Options{Feeds: 10, Errors: 1})
	door, err := site.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	c, err := New(t.Context(), filepath.Join(t.TempDir(), "bare.db"), []string{door.URL(0), door.URL(1)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got, err := c.Round(t.Context()); err == nil || got.Items != 0 {
		t.Errorf("a broken publisher: %+v, %v", got, err)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte("<rss><item>a</item><item>b</item></rss>"))
	f.Add([]byte("<feed><entry>a</entry><entry>"))
	f.Add([]byte("{\n \"items\": [\n  {\n   \"id\": 1\n  },\n  {\n  }\n ]\n}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		total := 0
		for raw := range split(body) {
			total += len(raw)
		}
		if total > len(body) {
			t.Errorf("items of %d bytes in %d", total, len(body))
		}
	})
}
