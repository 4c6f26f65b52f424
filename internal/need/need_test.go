package need

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
)

// told is a test that notes how it was ended.
type told struct {
	testing.TB
	how string
}

func (t *told) Helper() {}

func (t *told) end(how, format string, args []any) {
	t.how = how + fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (t *told) Skipf(format string, args ...any)  { t.end("skip: ", format, args) }
func (t *told) Fatalf(format string, args ...any) { t.end("fail: ", format, args) }

func TestMissing(t *testing.T) {
	dir := t.TempDir()
	for _, k := range []struct {
		ci, corpora string
		need        func(testing.TB)
		want        string
	}{
		{"", "", func(t testing.TB) { Program(t, "no-such-program", "nor-this") }, "skip: no-such-program is not installed"},
		{"true", "", func(t testing.TB) { Program(t, "no-such-program") }, "fail: no-such-program is not installed"},
		{"true", "", func(t testing.TB) { Program(t, "no-such-program", "go") }, ""},
		{"", "", func(t testing.TB) { Corpora(t) }, "skip: WIREROOM_CORPORA is not set: no real input to read"},
		{"true", "", func(t testing.TB) { Corpora(t, "feeds") }, "fail: WIREROOM_CORPORA is not set: no real input to read"},
		{"", dir, func(t testing.TB) { Corpora(t, "feeds") }, "fail: WIREROOM_CORPORA: stat " + filepath.Join(dir, "feeds") + ": no such file or directory"},
		{"", dir, func(t testing.TB) { Corpora(t) }, ""},
	} {
		t.Setenv("CI", k.ci)
		t.Setenv("WIREROOM_CORPORA", k.corpora)
		x, done := &told{TB: t}, make(chan struct{})
		go func() { defer close(done); k.need(x) }()
		if <-done; x.how != k.want {
			t.Errorf("CI=%s: %q, want %q", k.ci, x.how, k.want)
		}
	}
}
