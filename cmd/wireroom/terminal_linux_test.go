package main

import (
	"fmt"
	"os"
	"testing"

	"wireroom/internal/need"

	"golang.org/x/sys/unix"
)

// terminal opens a pseudoterminal of a width.
func terminal(t *testing.T, width uint16) *os.File {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		need.Missing(t, "no pseudoterminals here: %v", err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		need.Missing(t, "no pseudoterminals here: %v", err)
	}
	t.Cleanup(func() { tty.Close() })
	if err := unix.IoctlSetWinsize(int(tty.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: width}); err != nil {
		t.Fatal(err)
	}
	return tty
}

// TestTerminal has colours and the width on a terminal, and no colours where
// they are not wanted.
func TestTerminal(t *testing.T) {
	t.Parallel()
	tty := terminal(t, 72)
	for _, k := range []struct {
		name, value string
		colour      bool
	}{{"X", "", true}, {"NO_COLOR", "1", false}, {"NO_COLOR", "", true}, {"TERM", "dumb", false}, {"TERM", "xterm", true}} {
		p := painterOf(tty, func(name string) string {
			if name == k.name {
				return k.value
			}
			return ""
		})
		if p.colour != k.colour || p.width != 72 {
			t.Errorf("%s=%q: colour %t, width %d", k.name, k.value, p.colour, p.width)
		}
	}
}
