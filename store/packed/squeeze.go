package packed

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Texts of a kilobyte or two are squeezed in a form of our own: what stood before, in
// the text or in the common words in front of it, is told by its length and distance
// (LZ77); lengths, distances and all other bytes are written in codes that are the
// same for all texts (codes.go). zstd makes a table of codes for each text, which takes
// half of its time and a twentieth of the space.

// leastMatch is how many bytes must have stood before to be told by where.
const leastMatch = 6

// indexBits is the size of the index of what stood where: 8 KB, which stay in the
// processor's first cache.
const indexBits = 12

// skipAfter is after how many bytes (as a power of two) without a match one more is
// passed over unlooked at each time.
const skipAfter = 5

// index is where bytes were seen last, by their hash.
type index [1 << indexBits]uint16

// commonIndex is that of the common words.
var commonIndex = func() (x index) {
	for i := 0; i+8 <= len(common); i++ {
		x[hash(binary.LittleEndian.Uint64(common[i:]))] = uint16(i)
	}
	return x
}()

// first are the first leastMatch bytes of eight.
func first(eight uint64) uint64 { return eight << (64 - 8*leastMatch) }

func hash(eight uint64) uint64 { return first(eight) * 0xcf1bbcdcbfa56300 >> (64 - indexBits) }

// longestText is the size, in bytes, that a text may have that is squeezed.
const longestText = 32 << 10

// squeeze appends its size and what stands behind the common words in b, shorter.
func squeeze(dst, b []byte) []byte {
	w := bitWriter{b: binary.AppendUvarint(dst, uint64(len(b)-len(common)))}
	seen := commonIndex
	done := len(common) // what comes next to be written
	last := len(b) - 8
	for i := done; i <= last; {
		eight := binary.LittleEndian.Uint64(b[i:])
		at := &seen[hash(eight)]
		before := int(*at)
		*at = uint16(i)
		if first(binary.LittleEndian.Uint64(b[before:])^eight) != 0 {
			i += 1 + (i-done)>>skipAfter
			continue
		}
		for i > done && before > 0 && b[i-1] == b[before-1] {
			i, before = i-1, before-1
		}
		n := leastMatch + alike(b[before+leastMatch:], b[i+leastMatch:])
		w.bytes(b[done:i])
		w.match(n, i-before)
		if i += n; i-2 <= last {
			seen[hash(binary.LittleEndian.Uint64(b[i-2:]))] = uint16(i - 2)
		}
		done = i
	}
	w.bytes(b[done:])
	return w.end()
}

// alike is how many bytes a begins with that b begins with; a is the longer one.
func alike(a, b []byte) (n int) {
	for ; n+8 <= len(b); n += 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
	}
	for n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// bitWriter appends bits, the lowest first.
type bitWriter struct {
	b    []byte
	bits uint64 // not yet in b
	n    uint   // how many
}

// add adds bits; flush has to follow before there are more than 64.
func (w *bitWriter) add(bits uint64, n uint) {
	w.bits |= bits << w.n
	w.n += n
}

func (w *bitWriter) code(c code) { w.add(c.value(), c.length()) }

// flush leaves fewer than eight bits.
func (w *bitWriter) flush() {
	w.b = binary.LittleEndian.AppendUint64(w.b, w.bits)
	w.b = w.b[:len(w.b)-8+int(w.n/8)]
	w.bits >>= w.n &^ 7
	w.n &= 7
}

// bytes writes bytes as they are.
func (w *bitWriter) bytes(b []byte) {
	out := slices.Grow(w.b, 2*len(b)+8) // a byte takes longestCode bits at most
	at := len(out)
	out = out[:cap(out)]
	bits, n := w.bits, w.n
	for ; len(b) >= 4; b = b[4:] {
		c, d, e, f := byteCodes[b[0]], byteCodes[b[1]], byteCodes[b[2]], byteCodes[b[3]]
		k, l := c.length()+d.length(), e.length()
		bits |= (c.value() | d.value()<<(c.length()&63) | (e.value()|f.value()<<(l&63))<<(k&63)) << (n & 63)
		n += k + l + f.length()
		binary.LittleEndian.PutUint64(out[at:], bits)
		at += int(n / 8)
		bits >>= n &^ 7 & 63
		n &= 7
	}
	w.b, w.bits, w.n = out[:at], bits, n
	for _, x := range b {
		w.code(byteCodes[x])
	}
	w.flush()
}

// match writes that n bytes are the same as those that stand so far before them.
func (w *bitWriter) match(n, distance int) {
	class, open := classOf(uint(n - leastMatch))
	w.code(symbolCodes[matches+class])
	w.add(uint64(n-leastMatch)&(1<<open-1), open)
	class, open = classOf(uint(distance - 1))
	w.code(distanceCodes[class])
	w.add(uint64(distance-1)&(1<<open-1), open)
	w.flush()
}

func (w *bitWriter) end() []byte {
	w.flush()
	if w.n > 0 {
		w.b = append(w.b, byte(w.bits))
	}
	return w.b
}

// unsqueeze appends to dst, which has the common words already, what was squeezed
// into b.
func unsqueeze(dst, b []byte) ([]byte, error) {
	n, k := binary.Uvarint(b)
	if k <= 0 || n > longestText {
		return nil, errDamaged
	}
	b = b[k:]
	end := len(dst) + int(n)
	used := uint(0) // bits of b
	for len(dst) < end {
		have := bitsAt(b, used)
		c := symbols[have&(1<<longestCode-1)]
		if c >= matches<<codeLength {
			used += c.length()
			class := int(c.value()) - matches
			length, open := leastOf(class)
			length += have >> c.length() & (1<<open - 1)
			used += open
			have = bitsAt(b, used)
			c = distances[have&(1<<longestCode-1)]
			distance, wide := leastOf(int(c.value()))
			distance += have >> c.length() & (1<<wide - 1)
			used += c.length() + wide
			var ok bool
			if dst, ok = again(dst, int(length)+leastMatch, int(distance)+1, end); !ok {
				return nil, errDamaged
			}
			continue
		}
		for range 4 { // of the 57 bits
			dst = append(dst, byte(c.value()))
			used += c.length()
			have >>= c.length()
			if c = symbols[have&(1<<longestCode-1)]; c >= matches<<codeLength || len(dst) == end {
				break
			}
		}
	}
	if (used+7)/8 != uint(len(b)) {
		return nil, errDamaged
	}
	return dst, nil
}

// bitsAt are at least 57 bits of b from the at-th; behind its end are zeros.
func bitsAt(b []byte, at uint) uint64 {
	if i := at / 8; i+8 <= uint(len(b)) {
		return binary.LittleEndian.Uint64(b[i:]) >> (at % 8)
	}
	var rest [8]byte
	copy(rest[:], b[min(at/8, uint(len(b))):])
	return binary.LittleEndian.Uint64(rest[:]) >> (at % 8)
}

// again appends n bytes that are the same as those so far before them; false if there
// are none, or dst would become longer than end.
func again(dst []byte, n, distance, end int) ([]byte, bool) {
	from := len(dst) - distance
	if from < 0 || n > end-len(dst) {
		return dst, false
	}
	for ; n > distance; n -= distance { // it repeats itself
		dst = append(dst, dst[from:from+distance]...)
	}
	return append(dst, dst[from:from+n]...), true
}
