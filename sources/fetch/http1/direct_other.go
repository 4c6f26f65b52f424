//go:build !unix

package http1

import "net"

// direct is for unix; see there.
type direct struct {
	kept bool
	out  []byte
}

func newDirect(net.Conn) *direct { return nil }

func (*direct) ask([]byte) (n int, rest []byte, err error) { return 0, nil, errSpoilt }

// alive can't be told here: a connection that has died breaks when it is used, and
// the request is made again on another one.
func alive(net.Conn) bool { return true }
