package fetch

import (
	"bufio"
	"io"
	"sync"
)

// pools hold what one exchange leaves to the next: buffers of bodies, readers,
// and decoders, of which a gzip reader alone takes 40 KiB.
type pools struct {
	buffers sync.Pool // of *[]byte
	readers sync.Pool // of *bufio.Reader
	inflate sync.Pool // of *inflate.Decoder
	gzip    sync.Pool // of *gzipStream
	brotli  sync.Pool // of *brotli.Reader
	zstd    sync.Pool // of *zstd.Decoder
}

const (
	readerSize  = 8 << 10
	firstBuffer = 64 << 10 // holds most feeds
	keptBuffer  = 1 << 20  // larger ones are left to the collector
)

// buffer returns an empty buffer, for a body that says it is hint bytes long.
func (p *pools) buffer(hint int64) []byte {
	if b, ok := p.buffers.Get().(*[]byte); ok {
		return (*b)[:0]
	}
	return make([]byte, 0, max(firstBuffer, min(hint+1, keptBuffer)))
}

// room returns an empty buffer for n bytes.
func (p *pools) room(n int) []byte {
	b := p.buffer(int64(n))
	if cap(b) < n {
		p.putBuffer(b)
		b = make([]byte, 0, n)
	}
	return b
}

func (p *pools) putBuffer(b []byte) {
	if p != nil && cap(b) >= firstBuffer && cap(b) <= keptBuffer {
		p.buffers.Put(&b)
	}
}

// grow doubles b, to limit at most.
func (p *pools) grow(b []byte, limit int) []byte {
	next := make([]byte, len(b), max(len(b)+1, min(2*cap(b), limit)))
	copy(next, b)
	p.putBuffer(b)
	return next
}

func (p *pools) reader(r io.Reader) *bufio.Reader {
	if in, ok := p.readers.Get().(*bufio.Reader); ok {
		in.Reset(r)
		return in
	}
	return bufio.NewReaderSize(r, readerSize)
}

func (p *pools) putReader(in *bufio.Reader) {
	in.Reset(nil)
	p.readers.Put(in)
}
