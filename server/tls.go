package server

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// Certificate is a TLS certificate in files, which is read again when they
// change: whoever renews it need not tell us.
type Certificate struct {
	cert, key string
	log       *slog.Logger
	now       func() time.Time

	mu      sync.Mutex
	loaded  *tls.Certificate
	stamp   [2]fileStamp
	checked time.Time
}

type fileStamp struct {
	size int64
	at   time.Time
}

// checkEvery is how often the files are looked at, at most.
const checkEvery = 5 * time.Second

// LoadCertificate reads a certificate and its key, in PEM.
func LoadCertificate(cert, key string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{cert: cert, key: key, log: log, now: time.Now}
	if err := c.load(); err != nil {
		return nil, err
	}
	return c, nil
}

// Config is for a server; HTTP/2 is added by net/http.
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
}

// get returns the certificate as the files have it; the one before while they
// are being written.
func (c *Certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if now.Sub(c.checked) < checkEvery {
		return c.loaded, nil
	}
	c.checked = now
	if stamp, err := c.stat(); err == nil && stamp != c.stamp {
		if err := c.load(); err != nil {
			c.log.Error("the new certificate can't be used; the one before stays", "error", err)
		} else {
			c.log.Info("certificate taken over", "file", c.cert)
		}
	}
	return c.loaded, nil
}

func (c *Certificate) stat() (stamp [2]fileStamp, err error) {
	for i, name := range [...]string{c.cert, c.key} {
		info, err := os.Stat(name)
		if err != nil {
			return stamp, fmt.Errorf("certificate: %w", err)
		}
		stamp[i] = fileStamp{info.Size(), info.ModTime()}
	}
	return stamp, nil
}

func (c *Certificate) load() error {
	stamp, err := c.stat()
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w", c.cert, c.key, err)
	}
	c.loaded, c.stamp = &pair, stamp
	return nil
}
