package fetch

import (
	"bufio"
	"encoding/binary"
	"io"

	"wireroom/sources/fetch/inflate"
)

// maxAhead is how many compressed bytes are read before they are decoded; longer
// bodies are decoded while they come.
const maxAhead = 256 << 10

// atOnce reads a gzip body whole and decodes it at once, where both are of usual size.
// It gives nil where that can't be, for whatever reason: in then begins anew, and
// whoever reads it finds it as if nobody had read ahead.
func (b *bounded) atOnce(in *bufio.Reader) []byte {
	packed, err := b.pools.buffer(b.hint), error(nil)
	peeked, _ := in.Peek(in.Buffered())
	packed = append(packed, peeked...)
	for err == nil && len(packed) < maxAhead {
		if len(packed)+inflate.Pad >= cap(packed) {
			packed = b.pools.grow(packed, maxAhead+inflate.Pad)
		}
		var n int
		n, err = b.in.Read(packed[len(packed):min(cap(packed)-inflate.Pad, maxAhead)])
		packed = packed[:len(packed)+n]
	}
	if err == io.EOF {
		if body := b.inflate(packed); body != nil {
			b.pools.putBuffer(packed)
			return body
		}
	}
	b.in.ahead, b.in.after, b.in.err = packed, err, nil
	in.Reset(&b.in)
	return nil
}

// inflate decodes a gzip body that is whole and right, and not so large that its ratio
// would count; nil for any other.
func (b *bounded) inflate(packed []byte) []byte {
	if len(packed) < 4 {
		return nil
	}
	// How long the last member says it is. If that is untrue, it costs a megabyte.
	size := int64(binary.LittleEndian.Uint32(packed[len(packed)-4:]))
	most := min(b.limits.Decoded, ratioFrom)
	if size > most {
		return nil
	}
	d, ok := b.pools.inflate.Get().(*inflate.Decoder)
	if !ok {
		d = new(inflate.Decoder)
	}
	defer b.pools.inflate.Put(d)
	out := b.pools.room(int(size) + inflate.Slack)
	body, ok := d.Gzip(out, packed)
	if !ok || int64(len(body)) > most {
		b.pools.putBuffer(out)
		return nil
	}
	b.decoded = int64(len(body))
	return body
}
