//go:build !unix

package http1

import "net"

// alive can't be told here: a connection that has died breaks when it is used, and
// the request is made again on another one.
func alive(net.Conn) bool { return true }
