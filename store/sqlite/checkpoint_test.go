package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"wireroom/store"
)

// After a checkpoint the file alone holds what was committed before it, and the
// journal begins anew.
func TestCheckpoint(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	doc := store.Document{Kind: "k", Key: "a", Body: make([]byte, 100)}
	journal := func() int64 {
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	var size int64
	for round := range 20 {
		docs := []store.Document{doc}
		if err := s.Put(t.Context(), docs); err != nil {
			t.Fatal(err)
		}
		doc.Revision = docs[0].Revision
		if err := s.checkpoint(); err != nil {
			t.Fatal(err)
		}
		if round == 0 {
			size = journal()
		}
	}
	if n := journal(); n > size {
		t.Errorf("the journal grew from %d to %d bytes, though it was written into the file each time", size, n)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	alone := filepath.Join(t.TempDir(), "y.db")
	if err := os.WriteFile(alone, b, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Open(context.Background(), alone, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got, err := c.Document(t.Context(), "k", "a"); err != nil || got.Revision != doc.Revision {
		t.Errorf("the file alone has %+v, %v; want revision %d", got, err, doc.Revision)
	}
}
