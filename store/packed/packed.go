// Package packed turns what the stores keep into few bytes and back: records
// into compressed fields, a poll history and a list of item hashes into short
// binary forms. In goes the program's own, already clean data; out comes a form
// that every later version of the program must be able to read, so each begins
// with a byte that names its layout. It does no I/O.
package packed

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"
)

// errDamaged says that bytes are not what this package wrote.
var errDamaged = errors.New("damaged data")

// Millis is t in Unix milliseconds; the zero time is 0.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time undoes Millis; the result is UTC.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// hashesLayout: the sorted hashes, eight bytes each, big endian.
const hashesLayout = 1

// Hashes packs the hashes of raw items; nil for none. The order is not kept:
// they come back sorted.
func Hashes(list []uint64) []byte {
	if len(list) == 0 {
		return nil
	}
	return appendHashes(make([]byte, 0, 1+8*len(list)), list)
}

func appendHashes(b []byte, list []uint64) []byte {
	if len(list) == 0 {
		return b
	}
	if !slices.IsSorted(list) {
		list = slices.Clone(list)
		slices.Sort(list)
	}
	b = append(b, hashesLayout)
	for _, h := range list {
		b = binary.BigEndian.AppendUint64(b, h)
	}
	return b
}

// ParseHashes undoes Hashes.
func ParseHashes(b []byte) ([]uint64, error) {
	if len(b) == 0 {
		return nil, nil
	}
	if b[0] != hashesLayout || len(b)%8 != 1 {
		return nil, errDamaged
	}
	list := make([]uint64, 0, len(b)/8)
	for b = b[1:]; len(b) > 0; b = b[8:] {
		list = append(list, binary.BigEndian.Uint64(b))
	}
	return list, nil
}
