package newswire

import "testing"

// Entries of dpa's wireQ tell what takes them out of it; those of a file don't.
func TestReceipts(t *testing.T) {
	t.Parallel()
	body := []byte(`{"entries":[{"format":"digitalwires@0.9.1","urn":"urn:a","version":1,"headline":"A","_wireq_receipt":"r/1"}]}`)
	for _, k := range []struct{ url, want string }{
		{"https://wire.example/token/wireq/f1/entries.json", "https://wire.example/token/wireq/f1/entry/r%2F1"},
		{"https://wire.example/token/wireq/f1/entries", "https://wire.example/token/wireq/f1/entry/r%2F1"},
		{"https://wire.example/token/feed.json", ""},
		{"", ""},
	} {
		doc, err := Parse(body, Options{URL: k.url})
		if err != nil || len(doc.Items) != 1 {
			t.Fatalf("%s: %v", k.url, err)
		}
		if got := doc.Items[0].Receipt; got != k.want {
			t.Errorf("%s: receipt %q, want %q", k.url, got, k.want)
		}
	}
	if doc, err := Parse([]byte(`{ "entries" : [ ] }`), Options{}); err != nil || len(doc.Items) != 0 || doc.Format != string(DPA) {
		t.Errorf("an empty queue: %v", err)
	}
	for _, other := range []string{`{"entries":[],"title":"x"}`, `{"entries":[1]}`, `{"entries":{}}`} {
		if f := Detect([]byte(other)); f != "" {
			t.Errorf("%s is taken for %s", other, f)
		}
	}
}

// AP's next page leaves out what a client gives with every call.
func TestCursor(t *testing.T) {
	t.Parallel()
	for _, k := range []struct{ base, next, want string }{
		{"https://api.example/feed?q=a&apikey=K&include=*", "https://api.example/feed?qt=1&seq=2", "https://api.example/feed?qt=1&seq=2&apikey=K&include=%2A"},
		{"https://api.example/feed?apikey=K", "https://api.example/feed?apikey=L&seq=2", "https://api.example/feed?apikey=L&seq=2"},
		{"https://api.example/feed?apikey=K", "https://other.example/feed?seq=2", "https://other.example/feed?seq=2"},
		{"https://api.example/feed?apikey=K", "/feed", "https://api.example/feed?apikey=K"},
		{"https://api.example/feed", "", ""},
	} {
		if got := apCursor(k.base, k.next); got != k.want {
			t.Errorf("%s after %s: %s, want %s", k.next, k.base, got, k.want)
		}
	}
}
