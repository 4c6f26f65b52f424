// Package fetchtest is an internet in memory for tests of whatever fetches: a
// Network of named hosts that are reached by pipes, with certificates, and a
// Publisher that takes every rule of politeness literally and notes each breach.
// All of it may live inside a testing/synctest bubble, where a week takes a
// second.
package fetchtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// Network connects names and ports to servers.
type Network struct {
	Roots *x509.CertPool // trusts the certificates of HandleTLS

	mu      sync.Mutex
	servers map[string]*listener
	dials   map[string]int
	key     *ecdsa.PrivateKey
	ca      *x509.Certificate
	serial  int64
}

// NewNetwork makes a Network whose servers stop when the test ends.
func NewNetwork(t testing.TB) *Network {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	n := &Network{Roots: x509.NewCertPool(), servers: make(map[string]*listener), dials: make(map[string]int), key: key}
	n.ca = n.certify(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "fetchtest"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	})
	n.Roots.AddCert(n.ca)
	return n
}

// certify signs template by the network's authority, itself at first.
func (n *Network) certify(t testing.TB, template *x509.Certificate) *x509.Certificate {
	t.Helper()
	n.serial++
	template.SerialNumber = big.NewInt(n.serial)
	if template.NotAfter.IsZero() { // valid in a bubble's year 2000 too
		template.NotBefore = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
		template.NotAfter = time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	parent := n.ca
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, n.key.Public(), n.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// Certificate makes one for names, valid until notAfter (zero: for long).
func (n *Network) Certificate(t testing.TB, notAfter time.Time, names ...string) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{DNSNames: names, KeyUsage: x509.KeyUsageDigitalSignature}
	if !notAfter.IsZero() {
		template.NotBefore, template.NotAfter = notAfter.Add(-24*time.Hour), notAfter
	}
	leaf := n.certify(t, template)
	return tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: n.key, Leaf: leaf}
}

// Handle serves HTTP at address, a host and a port.
func (n *Network) Handle(t testing.TB, address string, h http.Handler) {
	t.Helper()
	s, l := newServer(t, h), n.listen(t, address)
	go func() { _ = s.Serve(l) }()
}

// HandleTLS serves HTTPS, HTTP/2 included, at address. A nil config presents a
// certificate for the address's host.
func (n *Network) HandleTLS(t testing.TB, address string, h http.Handler, config *tls.Config) {
	t.Helper()
	s := newServer(t, h)
	if config == nil {
		host, _, _ := net.SplitHostPort(address)
		config = &tls.Config{Certificates: []tls.Certificate{n.Certificate(t, time.Time{}, host)}}
	}
	s.TLSConfig = config
	l := n.listen(t, address)
	go func() { _ = s.ServeTLS(l, "", "") }()
}

func newServer(t testing.TB, h http.Handler) *http.Server {
	s := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}
	t.Cleanup(func() { s.Close() })
	return s
}

// HandleConn gives every connection to address to f, which closes it.
func (n *Network) HandleConn(t testing.TB, address string, f func(net.Conn)) {
	t.Helper()
	l := n.listen(t, address)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go f(c)
		}
	}()
}

// Silent makes address one that takes no connection and refuses none.
func (n *Network) Silent(t testing.TB, address string) {
	t.Helper()
	n.listen(t, address)
}

func (n *Network) listen(t testing.TB, address string) *listener {
	t.Helper()
	l := &listener{address: address, conns: make(chan net.Conn), done: make(chan struct{})}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.servers[address] = l
	t.Cleanup(func() { l.Close() })
	return l
}

// Dial connects to a server by name: the Dial of fetch.Options. A place that
// nobody serves does not exist.
func (n *Network) Dial(ctx context.Context, _, address string) (net.Conn, error) {
	n.mu.Lock()
	n.dials[address]++
	l := n.servers[address]
	n.mu.Unlock()
	if l == nil {
		host, _, _ := net.SplitHostPort(address)
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	client, server := net.Pipe()
	buffer := newBuffered(server)
	select {
	case l.conns <- buffer:
		return client, nil
	case <-l.done:
		buffer.Close()
		return nil, errors.New("connection refused")
	case <-ctx.Done():
		buffer.Close()
		return nil, ctx.Err()
	}
}

// Dials is how often address was dialled.
func (n *Network) Dials(address string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.dials[address]
}

// listener hands out the server ends of pipes.
type listener struct {
	address string
	conns   chan net.Conn
	done    chan struct{}
	once    sync.Once
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *listener) Addr() net.Addr { return address(l.address) }

// buffered writes behind the caller's back, as a kernel does: on a bare pipe a
// server that writes and a client that wants to tell it an error wait for each
// other.
type buffered struct {
	net.Conn
	queue chan []byte
	gone  chan struct{} // closed when nothing more can be written
	mu    sync.Mutex    // no write after Close
	ended bool
}

func newBuffered(c net.Conn) *buffered {
	b := &buffered{Conn: c, queue: make(chan []byte, 16), gone: make(chan struct{})}
	go func() {
		defer c.Close()
		for p := range b.queue {
			if _, err := c.Write(p); err != nil {
				close(b.gone)
				return
			}
		}
	}()
	return b
}

func (b *buffered) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return 0, net.ErrClosed
	}
	select {
	case <-b.gone:
		return 0, io.ErrClosedPipe
	default:
	}
	select {
	case b.queue <- append([]byte(nil), p...):
		return len(p), nil
	case <-b.gone:
		return 0, io.ErrClosedPipe
	}
}

// Close lets go after what was written has been read.
func (b *buffered) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.ended {
		b.ended = true
		close(b.queue)
	}
	return nil
}

type address string

func (address) Network() string  { return "pipe" }
func (a address) String() string { return string(a) }
