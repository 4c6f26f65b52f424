package postgres

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"wireroom/store"
	"wireroom/store/sqlite"
	"wireroom/store/storetest"
)

// TestMove copies into PostgreSQL and out of it.
func TestMove(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	paths := map[*testing.T]string{}
	file := func(t *testing.T) store.Store {
		mu.Lock()
		if paths[t] == "" {
			paths[t] = filepath.Join(t.TempDir(), "file.db")
		}
		path := paths[t]
		mu.Unlock()
		s, err := sqlite.Open(context.Background(), path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	var f schemas
	base := func(t *testing.T) store.Store { return f.open(t) }
	t.Run("in", func(t *testing.T) { t.Parallel(); storetest.Move(t, file, base, "whole", "broken off", "in use") })
	t.Run("out", func(t *testing.T) { t.Parallel(); storetest.Move(t, base, file, "whole", "again") })
}
