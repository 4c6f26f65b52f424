package inflate

import "encoding/binary"

// symbols decodes the literals and matches of a block to its end.
//
// A turn takes two entries of literals, or one at most and a match. Bits are taken
// from the stream eight bytes at a time, those that were not needed once more the next
// time; the next entry is looked up before a match is copied, so that one need not wait
// for the other. Beyond the input there are zeros to read, and beyond the output there
// is room to write, so neither is looked after but once a turn.
func (d *Decoder) symbols(t *tables) bool {
	in, out := d.in, d.out
	pos, buf, n, o, base := d.pos, d.bits, d.n, d.o, d.base
	lastPos, lastOut := d.size+8, len(out)-Slack
	if pos > lastPos {
		return false
	}
	pos, buf, n = refilled(in, pos, buf, n)
	e := t.lit[buf&(1<<litBits-1)]
	for {
		if pos > lastPos || o > lastOut {
			return false
		}
		if e&literals != 0 { // 11 bits at most
			binary.LittleEndian.PutUint16(out[o:], uint16(e>>16))
			o += int(e & literals >> 6)
			buf >>= e & takes
			n -= uint(e & takes)
			e = t.lit[buf&(1<<litBits-1)]
			if e&literals != 0 {
				binary.LittleEndian.PutUint16(out[o:], uint16(e>>16))
				o += int(e & literals >> 6)
				buf >>= e & takes
				n -= uint(e & takes)
				e = t.lit[buf&(1<<litBits-1)]
				pos, buf, n = refilled(in, pos, buf, n)
				continue
			}
		}
		if e&special != 0 {
			if e&leads != 0 {
				e = t.lit[(uint64(e>>16)+buf>>litBits&(1<<(e>>8&15)-1))&(1<<litTable-1)]
			}
			switch {
			case e&literals != 0:
				out[o] = byte(e >> 16)
				o++
				buf >>= e & takes
				n -= uint(e & takes)
				e = t.lit[buf&(1<<litBits-1)]
				pos, buf, n = refilled(in, pos, buf, n)
				continue
			case e&end != 0:
				d.pos, d.bits, d.n, d.o = pos, buf>>(e&takes), n-uint(e&takes), o
				return !d.over() && o <= lastOut
			case e&special != 0:
				return false
			}
		}
		// 45 bits are left at least, of which a length takes 20; a distance takes 28.
		length := int(e>>16) + int(buf&(1<<(e&takes)-1)>>(e>>8&15))
		buf >>= e & takes
		n -= uint(e & takes)
		if n < 28+litBits {
			pos, buf, n = refilled(in, pos, buf, n)
		}
		e = t.dist[buf&(1<<distBits-1)]
		if e&special != 0 {
			if e&leads == 0 {
				return false
			}
			if e = t.dist[(uint64(e>>16)+buf>>distBits&(1<<(e>>8&15)-1))&(1<<distTable-1)]; e&special != 0 {
				return false
			}
		}
		distance := int(e>>16) + int(buf&(1<<(e&takes)-1)>>(e>>8&15))
		buf >>= e & takes
		n -= uint(e & takes)
		e = t.lit[buf&(1<<litBits-1)]
		pos, buf, n = refilled(in, pos, buf, n)
		from, to := o-distance, o+length
		if from < base {
			return false
		}
		if distance >= 16 {
			for o < to {
				*(*[16]byte)(out[o:]) = *(*[16]byte)(out[from:])
				o += 16
				from += 16
			}
		} else {
			for ; o < to; o++ {
				out[o] = out[from]
				from++
			}
		}
		o = to
	}
}
