package packed

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"wireroom/article"
)

// recordLayout: the record's JSON as one zstd frame over the dictionary below.
const recordLayout = 1

// dictionary primes the compressor with what records have in common: the JSON's
// names and a little HTML. It may never change; a better one takes another
// layout number, and this one stays to read what was written with it.
//
//go:embed dictionary.json
var dictionary []byte

const dictionaryID = 1

// maxRecord bounds what a packed record may unfold to, in bytes.
const maxRecord = 64 << 20

// Codec packs records. It is safe for concurrent use and owns no goroutine.
type Codec struct {
	enc   *zstd.Encoder
	dec   *zstd.Decoder
	plain sync.Pool // of *[]byte
}

// NewCodec makes a Codec.
func NewCodec() (*Codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderDictRaw(dictionaryID, dictionary), zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithEncoderCRC(false), zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(64<<10))
	if err != nil {
		return nil, fmt.Errorf("packed: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderDictRaw(dictionaryID, dictionary),
		zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxRecord), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, fmt.Errorf("packed: %w", err)
	}
	return &Codec{enc: enc, dec: dec, plain: sync.Pool{New: func() any { return new([]byte) }}}, nil
}

// Record appends r, packed, to b.
func (c *Codec) Record(b []byte, r *article.Record) ([]byte, error) {
	space := c.plain.Get().(*[]byte)
	defer c.plain.Put(space)
	plain := bytes.NewBuffer((*space)[:0])
	e := json.NewEncoder(plain)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		return nil, fmt.Errorf("packed: article %s: %w", r.ID, err)
	}
	*space = plain.Bytes()
	return c.enc.EncodeAll(*space, append(b, recordLayout)), nil
}

// ParseRecord undoes Record.
func (c *Codec) ParseRecord(b []byte) (r article.Record, err error) {
	if len(b) == 0 || b[0] != recordLayout {
		return r, fmt.Errorf("packed: article: %w", errDamaged)
	}
	space := c.plain.Get().(*[]byte)
	defer c.plain.Put(space)
	plain, err := c.dec.DecodeAll(b[1:], (*space)[:0])
	if err == nil {
		*space = plain
		err = json.Unmarshal(plain, &r)
	}
	if err != nil {
		return r, fmt.Errorf("packed: article: %w", err)
	}
	return r, nil
}
