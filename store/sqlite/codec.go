package sqlite

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/klauspost/compress/zstd"

	"wireroom/article"
	"wireroom/store"
)

// dictionary holds what most records have in common. It is part of the format:
// a better one needs another id and both must be known to readers.
//
//go:embed record.dict
var dictionary []byte

const dictionaryID = 1

// codec writes records as compressed JSON.
type codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

// maxRecord bounds what a stored record may unpack to, in bytes.
const maxRecord = 64 << 20

func newCodec() (*codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderDictRaw(dictionaryID, dictionary), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false))
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderDictRaw(dictionaryID, dictionary), zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxRecord))
	if err != nil {
		return nil, err
	}
	return &codec{enc, dec}, nil
}

func (c *codec) pack(r *article.Record) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		return nil, fmt.Errorf("article %s: %w", r.ID, err)
	}
	return c.enc.EncodeAll(b.Bytes(), make([]byte, 0, b.Len()/2)), nil
}

func (c *codec) unpack(b []byte) (r article.Record, err error) {
	plain, err := c.dec.DecodeAll(b, nil)
	if err == nil {
		err = json.Unmarshal(plain, &r)
	}
	if err != nil {
		return r, fmt.Errorf("a stored article can't be read: %w", err)
	}
	return r, nil
}

func packKnown(list []uint64) []byte {
	if len(list) == 0 {
		return nil
	}
	b := make([]byte, 0, 8*len(list))
	for _, h := range list {
		b = binary.LittleEndian.AppendUint64(b, h)
	}
	return b
}

func unpackKnown(b []byte) []uint64 {
	if len(b) < 8 {
		return nil
	}
	list := make([]uint64, 0, len(b)/8)
	for ; len(b) >= 8; b = b[8:] {
		list = append(list, binary.LittleEndian.Uint64(b))
	}
	return list
}

// packHistory writes polls as varints; times in seconds, durations in
// milliseconds.
func packHistory(list []store.PollLog) []byte {
	b := make([]byte, 0, 20*len(list))
	for _, p := range list {
		b = binary.AppendVarint(b, p.At.Unix())
		b = binary.AppendUvarint(b, uint64(max(p.Took.Milliseconds(), 0)))
		b = binary.AppendUvarint(b, uint64(len(p.Outcome)))
		b = append(b, p.Outcome...)
		for _, n := range [...]int64{int64(p.Status), int64(p.New), int64(p.Updated), p.Bytes} {
			b = binary.AppendVarint(b, n)
		}
	}
	return b
}

var errHistory = errors.New("a stored history of polls can't be read")

func unpackHistory(b []byte) ([]store.PollLog, error) {
	var list []store.PollLog
	for len(b) > 0 {
		var p store.PollLog
		var fault bool
		signed := func() int64 {
			v, n := binary.Varint(b)
			if n <= 0 {
				fault, b = true, nil
				return 0
			}
			b = b[n:]
			return v
		}
		unsigned := func() uint64 {
			v, n := binary.Uvarint(b)
			if n <= 0 {
				fault, b = true, nil
				return 0
			}
			b = b[n:]
			return v
		}
		p.At = time.Unix(signed(), 0).UTC()
		p.Took = time.Duration(unsigned()) * time.Millisecond
		n := unsigned()
		if fault || n > uint64(len(b)) {
			return nil, errHistory
		}
		p.Outcome, b = string(b[:n]), b[n:]
		p.Status, p.New, p.Updated, p.Bytes = int(signed()), int(signed()), int(signed()), signed()
		if fault {
			return nil, errHistory
		}
		list = append(list, p)
	}
	return list, nil
}
