package sqlite

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"wireroom/internal/need"
)

// The bell rings once for all that was written since it was last heard, and stays
// silent while nothing is.
func TestBell(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := newBell(path)
	defer b.Close()
	if _, ok := b.(*inotify); !ok {
		need.Missing(t, "this system has no inotify instance left (fs.inotify.max_user_instances)")
	}
	if b.wait(20 * time.Millisecond) {
		t.Error("it rang for nothing")
	}
	for range 1000 {
		if _, err := f.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if !b.wait(time.Minute) {
		t.Error("it was not heard")
	}
	if b.wait(20 * time.Millisecond) {
		t.Error("it rang twice")
	}
	b.Close()
	if begun := time.Now(); b.wait(time.Minute) || time.Since(begun) > time.Minute/2 {
		t.Error("a closed one is waited for")
	}
	if _, ok := newBell(filepath.Join(t.TempDir(), "none")).(noBell); !ok {
		t.Error("there is a bell on nothing")
	}
}
