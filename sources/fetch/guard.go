package fetch

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"syscall"

	"code.dny.dev/ssrf"
)

// azureWire is where Azure serves its virtual machines with secrets: a public
// address that is not public.
var azureWire = netip.MustParsePrefix("168.63.129.16/32")

// guard decides which addresses may be dialled. It is asked with the very
// address that the connection goes to, after the name was resolved, so a name
// server that answers differently the second time gains nothing.
type guard struct {
	public  *ssrf.Guardian
	allowed []netip.Prefix
	own     []netip.Addr
}

func newGuard(allowed []netip.Prefix, own []netip.Addr, ports []int) *guard {
	g := &guard{own: own}
	for _, p := range allowed {
		g.allowed = append(g.allowed, unmapPrefix(p))
	}
	p16 := make([]uint16, len(ports))
	for i, p := range ports {
		p16[i] = uint16(p)
	}
	g.public = ssrf.New(ssrf.WithPorts(p16...), ssrf.WithDeniedV4Prefixes(azureWire))
	return g
}

// unmapPrefix turns ::ffff:10.0.0.0/104 into 10.0.0.0/8.
func unmapPrefix(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked()
}

// control is a net.Dialer's Control: it runs on every dial, between the
// resolution of the name and the connection.
func (g *guard) control(network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return &blockedError{address, "only TCP is spoken"}
	}
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return &blockedError{address, "the address can't be read"}
	}
	return g.check(ap)
}

// check says why ap may not be connected to, nil if it may.
func (g *guard) check(ap netip.AddrPort) error {
	addr := ap.Addr().Unmap().WithZone("")
	ap = netip.AddrPortFrom(addr, ap.Port())
	// Behind NAT64 every IPv4 host has an address in this prefix, private ones
	// too: allowing the prefix allows the translation, not what is behind it.
	if ssrf.IPv6NAT64Prefix.Contains(addr) && g.isAllowed(addr) {
		b := addr.As16()
		return g.check(netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[12:])), ap.Port()))
	}
	if g.isAllowed(addr) {
		return nil
	}
	if slices.Contains(g.own, addr) {
		return &blockedError{ap.String(), "it is one of this machine's own addresses"}
	}
	err := g.public.SafeAddrPort(ap)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ssrf.ErrProhibitedPort):
		return portBlocked(ap.String(), strconv.Itoa(int(ap.Port())))
	default:
		return &blockedError{ap.String(), "the address is private or reserved: add its network to the allowed networks if it is meant"}
	}
}

func (g *guard) isAllowed(addr netip.Addr) bool {
	return slices.ContainsFunc(g.allowed, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// blockedError is the guard's refusal.
type blockedError struct{ address, why string }

func portBlocked(address, port string) error {
	return &blockedError{address, "port " + port + " is not among those that may be fetched from: add it to the allowed ports if it is meant"}
}

func (e *blockedError) Error() string {
	return "connecting to " + e.address + " is forbidden: " + e.why
}
