//go:build unix

package http1

import (
	"net"
	"syscall"
)

// alive reports whether an idle connection is open and silent.
func alive(c net.Conn) bool {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return false
	}
	var got error
	err = raw.Read(func(fd uintptr) bool {
		var b [1]byte
		n, err := syscall.Read(int(fd), b[:]) // what is read spoils the connection, and is not missed
		if got = err; n >= 0 && err == nil {
			got = net.ErrClosed
		}
		return true
	})
	return err == nil && (got == syscall.EAGAIN || got == syscall.EWOULDBLOCK || got == syscall.EINTR)
}
