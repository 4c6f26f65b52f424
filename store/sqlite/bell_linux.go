package sqlite

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// inotify is a bell of Linux. Its events are not told apart; those that nobody has
// heard yet are one.
type inotify struct {
	events *os.File
	space  [4 << 10]byte
}

func newBell(path string) bell {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return noBell{} // there are too many
	}
	if _, err := unix.InotifyAddWatch(fd, path, unix.IN_MODIFY); err != nil {
		unix.Close(fd)
		return noBell{}
	}
	return &inotify{events: os.NewFile(uintptr(fd), path)}
}

func (b *inotify) wait(d time.Duration) bool {
	if b.events.SetReadDeadline(time.Now().Add(d)) != nil { // it is closed
		return false
	}
	n, _ := b.events.Read(b.space[:]) // an error is the deadline, or the end
	return n > 0
}

func (b *inotify) Close() error { return b.events.Close() }
