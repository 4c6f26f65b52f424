package fetch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

const (
	maxZstdWindow = 8 << 20 // RFC 9659
	sniffed       = 64      // bytes that tell a coding from text
)

var (
	gzipMagic = []byte{0x1f, 0x8b, 0x08}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// codingError is a content coding that can't be undone.
type codingError struct {
	reason string
	err    error
}

func (e *codingError) Error() string { return e.reason }
func (e *codingError) Unwrap() error { return e.err }

// labelled reads Content-Encoding: the one coding, empty for none. Two are
// refused, because a stack multiplies what a small body can grow to.
func labelled(values []string) (string, error) {
	coding := ""
	for _, line := range values {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.ToLower(strings.TrimSpace(name))
			switch name {
			case "", "identity", "none", "aws-chunked", "utf-8", "8bit", "7bit", "binary":
				continue // what servers write for no coding at all
			}
			if coding != "" {
				return "", &codingError{reason: "the body is compressed more than once, which is refused: the publisher must mend it"}
			}
			coding = strings.TrimPrefix(name, "x-")
		}
	}
	return coding, nil
}

// actual decides which coding a body that is labelled so and begins so has.
// gzip and zstd say so themselves; text under a label is text.
func actual(label string, head []byte) (coding, repair string, err error) {
	switch {
	case bytes.HasPrefix(head, gzipMagic):
		coding = "gzip"
	case bytes.HasPrefix(head, zstdMagic), isSkippableFrame(head):
		coding = "zstd"
	case label == "" || len(head) == 0:
		return "", "", nil
	case looksText(head):
		return "", RepairMislabeled, nil
	case label == "br" || label == "deflate":
		return label, "", nil
	case label == "gzip" || label == "zstd":
		return "", "", &codingError{reason: "the body is not " + label + " though it says so: the publisher must mend it"}
	default:
		return "", "", &codingError{reason: fmt.Sprintf("the content coding %q is not known here and was not asked for: the publisher must mend it", plainText(label))}
	}
	switch label {
	case coding:
	case "":
		repair = RepairUnlabeled
	default:
		repair = RepairMislabeled
	}
	return coding, repair, nil
}

// isSkippableFrame knows what a zstd stream may also begin with (RFC 8878 §3.1.2).
func isSkippableFrame(head []byte) bool {
	return len(head) >= 4 && head[0]&0xf0 == 0x50 && head[1] == 0x2a && head[2] == 0x4d && head[3] == 0x18
}

// looksText reports whether head can only be the begin of markup or JSON.
func looksText(head []byte) bool {
	rest := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(rest) == 0 || bytes.IndexByte([]byte("<{["), rest[0]) < 0 {
		return false
	}
	return bytes.IndexFunc(head, func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' && r != '\n' }) < 0
}

// compressedAgain refuses a decoded body that is compressed once more.
func compressedAgain(body []byte) error {
	if bytes.HasPrefix(body, gzipMagic) || bytes.HasPrefix(body, zstdMagic) {
		return &codingError{reason: "the body is compressed more than once, which is refused: the publisher must mend it"}
	}
	return nil
}

// decode undoes one coding. release gives the decoder back to its pool.
func (p *pools) decode(coding string, in *bufio.Reader) (r io.Reader, release func(), err error) {
	switch coding {
	case "":
		return in, func() {}, nil
	case "gzip":
		g, ok := p.gzip.Get().(*gzipStream)
		if !ok {
			g = new(gzipStream)
		}
		return g, func() { g.in = nil; p.gzip.Put(g) }, g.reset(in)
	case "br":
		b, ok := p.brotli.Get().(*brotli.Reader)
		if !ok {
			b = new(brotli.Reader)
		}
		return b, func() { _ = b.Reset(nil); p.brotli.Put(b) }, b.Reset(in)
	case "zstd":
		z, ok := p.zstd.Get().(*zstd.Decoder)
		if !ok {
			if z, err = newZstd(); err != nil {
				return nil, func() {}, err
			}
		}
		return z, func() { _ = z.Reset(nil); p.zstd.Put(z) }, z.Reset(in)
	case "deflate":
		// RFC 9110 §8.4.1.2 means zlib; some servers send the bare stream.
		head, _ := in.Peek(2)
		if len(head) == 2 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
			z, err := zlib.NewReader(in)
			return z, func() {}, err
		}
		return flate.NewReader(in), func() {}, nil
	}
	return nil, func() {}, errors.New("unknown coding")
}

func newZstd() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxZstdWindow))
}

// isTrailing knows how the decoders complain of bytes that follow a stream which
// was read to its end. brotli's error has no name.
func isTrailing(err error) bool {
	return errors.Is(err, zstd.ErrMagicMismatch) || strings.HasSuffix(err.Error(), "excessive input")
}

// gzipStream reads the members of a gzip body and stops where something else
// follows them, as browsers do.
type gzipStream struct {
	z  gzip.Reader
	in *bufio.Reader
}

func (g *gzipStream) reset(in *bufio.Reader) error {
	g.in = in
	err := g.z.Reset(in)
	g.z.Multistream(false)
	return err
}

func (g *gzipStream) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	if err != io.EOF {
		return n, err
	}
	head, _ := g.in.Peek(len(gzipMagic))
	if len(head) == 0 {
		return n, io.EOF
	}
	if !bytes.Equal(head, gzipMagic) || g.z.Reset(g.in) != nil {
		return n, io.EOF
	}
	g.z.Multistream(false)
	return n, nil
}
