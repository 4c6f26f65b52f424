package sqlite

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"wireroom/store"
	"wireroom/store/storetest"
)

// files are the databases of the tests that run.
type files struct {
	mu   sync.Mutex
	path map[testing.TB]string
}

func (f *files) open(t testing.TB) *Store {
	t.Helper()
	f.mu.Lock()
	if f.path == nil {
		f.path = map[testing.TB]string{}
	}
	if f.path[t] == "" {
		f.path[t] = filepath.Join(t.TempDir(), "sub folder", "wire room?#%.db")
	}
	path := f.path[t]
	f.mu.Unlock()
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	var f files
	storetest.Run(t, func(t *testing.T) store.Store { return f.open(t) })
}
