//go:build unix

package http1

import (
	"io"
	"net"
	"os"
	"syscall"
)

// direct makes an exchange over a plain connection with as few calls of the system as
// there can be: one look whether a kept connection is as it was left, one write, and
// one read once there is something. (net.Conn reads before it waits, in vain where
// an answer has to come first.)
type direct struct {
	raw  syscall.RawConn
	turn func(fd uintptr) bool // step, made once

	kept bool   // the connection was used before: it must be silent
	out  []byte // the request; nil once it was written
	rest []byte // what the system did not take of it
	in   []byte // what the answer is read into
	n    int    // bytes of it
	err  error
}

// newDirect makes c direct, nil where it can't be.
func newDirect(c net.Conn) *direct {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil
	}
	d := &direct{raw: raw}
	d.turn = d.step
	return d
}

// ask writes the request, waits for the answer and reads its beginning into p. Where
// the system took only a part of the request, it returns what is left.
func (d *direct) ask(p []byte) (n int, rest []byte, err error) {
	d.in, d.rest, d.n, d.err = p, nil, 0, nil
	if err = d.raw.Read(d.turn); err == nil {
		err = d.err
	}
	d.in, d.out = nil, nil
	return d.n, d.rest, err
}

// step does what can be done without waiting, and reports whether there is no more to
// wait for.
func (d *direct) step(fd uintptr) (done bool) {
	if d.out == nil {
		n, err := again(syscall.Read, fd, d.in)
		switch {
		case err == syscall.EAGAIN:
			return false
		case err != nil:
			d.err = failed("read", err)
		case n == 0:
			d.err = io.EOF
		}
		d.n = max(n, 0)
		return true
	}
	if d.kept && !silent(fd) {
		d.err = errSpoilt
		return true
	}
	out := d.out
	d.out = nil
	n, err := again(syscall.Write, fd, out)
	if err != nil && err != syscall.EAGAIN {
		d.err = failed("write", err)
		return true
	}
	if n = max(n, 0); n < len(out) {
		d.rest = out[n:]
	}
	return d.rest != nil
}

// silent reports whether nothing came over a connection, neither bytes nor its end.
// What is read spoils it, and is not missed.
func silent(fd uintptr) bool {
	var b [1]byte
	_, err := again(syscall.Read, fd, b[:])
	return err == syscall.EAGAIN
}

// again makes a call until no signal interrupts it.
func again(call func(int, []byte) (int, error), fd uintptr, p []byte) (n int, err error) {
	for {
		if n, err = call(int(fd), p); err != syscall.EINTR {
			return n, err
		}
	}
}

// failed is an error as package net has it.
func failed(call string, err error) error {
	return &net.OpError{Op: call, Net: "tcp", Err: os.NewSyscallError(call, err)}
}

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
	good := false
	err = raw.Read(func(fd uintptr) bool {
		good = silent(fd)
		return true
	})
	return err == nil && good
}
