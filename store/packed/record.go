package packed

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"math/bits"
	"sync"

	"github.com/klauspost/compress/zstd"

	"wireroom/article"
)

// The layouts of a record: up to the fourth the fields of fields.go as one zstd frame,
// in the fifth squeezed, behind their size (see squeeze.go). In the second one the id is
// left out where it was minted from what else is there; in the third, the text where it
// is that of the HTML, and the dictionary below where the record is long; in the fourth,
// usual words are numbers. Records that are long or foreign are still written in the
// fourth.
const (
	plainLayout    = 1
	mintedLayout   = 2
	zstdLayout     = 4
	squeezedLayout = 5
)

// longRecord is the size, in bytes, from which a record is worth a table of codes of
// its own.
const longRecord = 8 << 10

// foreign reports whether more than a quarter of a text is not ASCII: the codes of
// squeezed texts are for Latin script.
func foreign(text []byte) bool {
	const highBits = 0x8080808080808080
	n, limit := 0, len(text)/4
	for ; len(text) >= 8; text = text[8:] {
		n += bits.OnesCount64(binary.LittleEndian.Uint64(text) & highBits)
	}
	return n > limit
}

// dictionary primes the compressor with what records have in common: a little
// HTML, addresses, frequent words. It may never change; a better one takes
// another layout number, and this one stays to read what was written with it.
//
//go:embed dictionary.txt
var dictionary []byte

const dictionaryID = 1

// maxRecord bounds what a packed record may unfold to, in bytes.
const maxRecord = 64 << 20

// keepSpace is the largest buffer that is kept for the next record.
const keepSpace = 1 << 20

// Codec packs records. It is safe for concurrent use and owns no goroutine.
type Codec struct {
	enc   *zstd.Encoder // over the dictionary
	long  *zstd.Encoder // without
	dec   *zstd.Decoder
	space sync.Pool // of *[]byte
}

// NewCodec makes a Codec.
func NewCodec() (*Codec, error) {
	options := []zstd.EOption{zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false), zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(64 << 10)}
	long, err := zstd.NewWriter(nil, options...)
	if err != nil {
		return nil, fmt.Errorf("packed: %w", err)
	}
	enc, err := zstd.NewWriter(nil, append(options, zstd.WithEncoderDictRaw(dictionaryID, dictionary))...)
	if err != nil {
		return nil, fmt.Errorf("packed: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderDictRaw(dictionaryID, dictionary),
		zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxRecord), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, fmt.Errorf("packed: %w", err)
	}
	return &Codec{enc: enc, long: long, dec: dec, space: sync.Pool{New: func() any { return new([]byte) }}}, nil
}

// keep gives a buffer back.
func (c *Codec) keep(space *[]byte) {
	if cap(*space) <= keepSpace {
		c.space.Put(space)
	}
}

// Record appends r, packed, to b. Times keep their milliseconds.
func (c *Codec) Record(b []byte, r *article.Record) []byte { return c.Told(b, r, article.Plain{}) }

// Told does the same and is told what the text of r's HTML is, so that it need not find out.
func (c *Codec) Told(b []byte, r *article.Record, body article.Plain) []byte {
	space := c.space.Get().(*[]byte)
	defer c.keep(space)
	w := coder{b: append((*space)[:0], common...), writing: true, told: body}
	w.record(r)
	*space = w.b
	plain := w.b[len(common):]
	if len(plain) >= longRecord || foreign(plain) {
		return c.long.EncodeAll(plain, append(b, zstdLayout))
	}
	return squeeze(append(b, squeezedLayout), w.b)
}

// ParseRecord undoes Record.
func (c *Codec) ParseRecord(b []byte) (r article.Record, err error) {
	if len(b) == 0 || b[0] < plainLayout || b[0] > squeezedLayout {
		return r, fmt.Errorf("packed: article: %w", errDamaged)
	}
	space := c.space.Get().(*[]byte)
	defer c.keep(space)
	var plain []byte
	if b[0] == squeezedLayout {
		if *space, err = unsqueeze(append((*space)[:0], common...), b[1:]); err == nil {
			plain = (*space)[len(common):]
		}
	} else if plain, err = c.dec.DecodeAll(b[1:], (*space)[:0]); err == nil {
		*space = plain
	}
	if err != nil {
		return r, fmt.Errorf("packed: article: %w", err)
	}
	d := coder{text: string(plain)} // the strings of the record are parts of it
	if d.read(func(d *coder) { d.record(&r) }); d.bad {
		return article.Record{}, fmt.Errorf("packed: article: %w", errDamaged)
	}
	if d.authority != "" {
		r.ID = minted(d.authority, &r)
	}
	if d.textless {
		r.Body.Text = article.PlainText(r.Body.HTML)
	}
	return r, nil
}
