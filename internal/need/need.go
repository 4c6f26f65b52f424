// Package need finds what tests can't do without: programs, the corpora, rights on
// this machine. Where it is missing a test is skipped and says what is; where CI=true
// says that everything must be shown, it fails.
package need

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Missing ends a test that can't be done here.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// Program is the path of the first program of these names that is installed.
func Program(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Missing(t, "%s is not installed", names[0])
	return ""
}

// Feedparser is a Python that has the package feedparser: Debian's.
func Feedparser(t testing.TB) string {
	t.Helper()
	python := Program(t, "/usr/bin/python3")
	if out, err := exec.CommandContext(t.Context(), python, "-c", "import feedparser").CombinedOutput(); err != nil {
		Missing(t, "python3-feedparser is not installed: %v: %s", err, out)
	}
	return python
}

// Corpora is a file or folder of the corpora, which the environment variable
// WIREROOM_CORPORA names. One that is named must be whole.
func Corpora(t testing.TB, path ...string) string {
	t.Helper()
	root := os.Getenv("WIREROOM_CORPORA")
	if root == "" {
		Missing(t, "WIREROOM_CORPORA is not set: no real input to read")
	}
	name := filepath.Join(append([]string{root}, path...)...)
	if _, err := os.Stat(name); err != nil {
		t.Fatalf("WIREROOM_CORPORA: %v", err)
	}
	return name
}
