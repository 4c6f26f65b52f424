// Package inflate undoes gzip (RFC 1952, RFC 1951) where the whole body is in memory.
//
// It is the short way around klauspost/compress for what publishers mostly send: no
// window of its own, no reader underneath, input taken eight bytes at a time, output
// written sixteen at a time. It decides nothing: a body that is broken, cut off,
// larger than there is room for or odd in any way is refused without a word why, and
// read again by the library, which is the authority on all of that. So no byte leaves
// here that the library would not have given, too.
package inflate

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

const (
	// Pad is how many bytes of capacity behind a body spare it a copy.
	Pad = 32

	// Slack is how much of the capacity of the output is not for what a body holds: a
	// turn of the loop over symbols writes up to four literals, a match, and
	// fifteen bytes beyond it.
	Slack = 320
)

// Decoder decodes one body after the other. Its zero value is ready.
type Decoder struct {
	own     tables // of a block with codes of its own
	pre     [1 << preBits]entry
	lengths [maxLit + maxDist]uint8

	in   []byte // with Pad zeros behind it
	size int    // of it, without those
	pos  int    // next byte of in
	bits uint64 // not yet taken, the next lowest
	n    uint   // how many of bits are accounted for; those above are right, too

	out  []byte // all its capacity
	o    int    // next byte of out
	base int    // where the member's output begins
}

// Gzip appends to out what in holds: one member or several, and nothing else. It
// refuses what is not whole and right, and what the capacity of out, less Slack,
// doesn't hold.
func (d *Decoder) Gzip(out, in []byte) (body []byte, ok bool) {
	if cap(out)-len(out) < Slack {
		return nil, false
	}
	var pad [Pad]byte
	d.size, d.in, d.pos = len(in), append(in, pad[:]...), 0
	d.out, d.o = out[:cap(out)], len(out)
	defer func() { d.in, d.out = nil, nil }()
	for d.member() {
		if d.pos == d.size {
			return d.out[:d.o], true
		}
	}
	return nil, false
}

// member decodes one member.
func (d *Decoder) member() bool {
	if !d.header() {
		return false
	}
	d.bits, d.n, d.base = 0, 0, d.o
	for last := false; !last; {
		d.refill()
		last = d.take(1) == 1
		ok := false
		switch d.take(2) {
		case 0:
			ok = d.stored()
		case 1:
			ok = d.symbols(fixed())
		case 2:
			ok = d.codes() && d.symbols(&d.own)
		}
		if !ok {
			return false
		}
	}
	d.align()
	if d.pos+8 > d.size {
		return false
	}
	body, tail := d.out[d.base:d.o], d.in[d.pos:]
	d.pos += 8
	return binary.LittleEndian.Uint32(tail) == crc32.ChecksumIEEE(body) && binary.LittleEndian.Uint32(tail[4:]) == uint32(len(body))
}

// header passes by the header of a member (RFC 1952 §2.3). One with a checksum of its
// own, or with long texts, is not for here.
func (d *Decoder) header() bool {
	const text, extra, name, comment = 1, 4, 8, 16
	in := d.in[d.pos:d.size]
	if len(in) < 10 || in[0] != 0x1f || in[1] != 0x8b || in[2] != 8 || in[3]&^(text|extra|name|comment) != 0 {
		return false
	}
	at := 10
	if in[3]&extra != 0 {
		if len(in) < at+2 {
			return false
		}
		if at += 2 + int(binary.LittleEndian.Uint16(in[at:])); at > len(in) {
			return false
		}
	}
	for _, flag := range []byte{name, comment} {
		if in[3]&flag != 0 {
			n := bytes.IndexByte(in[at:], 0)
			if n < 0 || n > 500 {
				return false
			}
			at += n + 1
		}
	}
	d.pos += at
	return true
}

// refill has at least 56 bits ready.
func (d *Decoder) refill() { d.pos, d.bits, d.n = refilled(d.in, d.pos, d.bits, d.n) }

// refilled has at least 56 bits ready. It may read beyond the input, by no more than
// Pad if that is looked at in time: it goes on by seven bytes at most.
func refilled(in []byte, pos int, bits uint64, n uint) (int, uint64, uint) {
	return pos + int(63-n)>>3, bits | binary.LittleEndian.Uint64(in[pos:])<<(n&63), n | 56
}

// take takes n of the bits that are ready.
func (d *Decoder) take(n uint) uint {
	v := uint(d.bits) & (1<<n - 1)
	d.bits >>= n
	d.n -= n
	return v
}

// align goes on at the next whole byte of the input.
func (d *Decoder) align() {
	d.pos -= int(d.n >> 3)
	d.bits, d.n = 0, 0
}

// over reports whether more was taken than there is.
func (d *Decoder) over() bool { return d.pos-int(d.n>>3) > d.size }

// stored copies a block that is not compressed.
func (d *Decoder) stored() bool {
	d.align()
	if d.pos+4 > d.size {
		return false
	}
	n := int(binary.LittleEndian.Uint16(d.in[d.pos:]))
	inverse := int(binary.LittleEndian.Uint16(d.in[d.pos+2:]))
	d.pos += 4
	if n^0xffff != inverse || d.pos+n > d.size || d.o+n > len(d.out)-Slack {
		return false
	}
	copy(d.out[d.o:], d.in[d.pos:d.pos+n])
	d.pos += n
	d.o += n
	return true
}

// order is the one in which the lengths of the codes of code lengths come.
var order = [maxPre]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// codes makes the tables of a block with codes of its own (RFC 1951 §3.2.7).
func (d *Decoder) codes() bool {
	lits, dists, pres := int(d.take(5))+257, int(d.take(5))+1, int(d.take(4))+4
	if lits > 286 || dists > 30 {
		return false
	}
	var pre [maxPre]uint8
	for i := range pres {
		if d.n < 3 {
			d.refill()
		}
		pre[order[i]] = uint8(d.take(3))
	}
	if d.over() || !build(d.pre[:], preBits, pre[:], preSymbols[:]) {
		return false
	}
	all := d.lengths[:lits+dists]
	for i := 0; i < len(all); {
		if d.pos > d.size+8 {
			return false
		}
		if d.n < 14 {
			d.refill()
		}
		e := d.pre[d.bits&(1<<preBits-1)]
		if e&special != 0 {
			return false
		}
		d.take(uint(e & takes))
		length, again := uint8(e>>16), 1
		switch {
		case length == 16:
			if i == 0 {
				return false
			}
			length, again = all[i-1], 3+int(d.take(2))
		case length == 17:
			length, again = 0, 3+int(d.take(3))
		case length == 18:
			length, again = 0, 11+int(d.take(7))
		}
		if again > len(all)-i {
			return false
		}
		for range again {
			all[i] = length
			i++
		}
	}
	if d.over() || !build(d.own.lit[:], litBits, all[:lits], litSymbols[:]) || !build(d.own.dist[:], distBits, all[lits:], distSymbols[:]) {
		return false
	}
	pair(&d.own.lit)
	return true
}
