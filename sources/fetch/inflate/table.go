package inflate

import (
	"math/bits"
	"sync"
)

// entry is what the next bits of the stream mean:
//
//	bits 0 to 5    how many bits of the stream it takes, extra bits included
//	bits 6 and 7   how many literals it is, 0 to 2; they are bits 16 to 23 and 24 to 31
//	bits 8 to 11   how many of its bits are the code's, what is left are extra bits
//	bits 16 to 31  otherwise the length or distance that the extra bits are added to
//
// special is set in what is neither a literal nor a length or distance. Of these, one
// that leads to a table of longer codes has where that begins in bits 16 to 31, and in
// bits 8 to 11 how many more bits are its index.
type entry uint32

const (
	takes    entry = 63
	literals entry = 3 << 6
	leads    entry = 1 << 12
	end      entry = 1 << 13 // of the block
	special  entry = 1 << 15 // by itself: no code begins so
)

const (
	litBits, distBits, preBits = 11, 8, 7

	// The most entries a table and those it leads to can have (zlib's enough.c
	// computes 2,342 and 402), as powers of two.
	litTable, distTable = 12, 9

	maxLit, maxDist, maxPre = 288, 32, 19
	maxBits                 = 15 // of a code
)

// tables are those of a block.
type tables struct {
	lit  [1 << litTable]entry
	dist [1 << distTable]entry
}

// symbols are the entries of a code's symbols, but for the bits of their codes.
var litSymbols, distSymbols, preSymbols = func() (lit [maxLit]entry, dist [maxDist]entry, pre [maxPre]entry) {
	for i := range 256 {
		lit[i] = 1<<6 | entry(i)<<16
	}
	lit[256] = special | end
	for i, base := 0, entry(3); i < 28; i++ { // RFC 1951 §3.2.5
		extra := entry(max(0, i/4-1))
		lit[257+i] = base<<16 | extra
		base += 1 << extra
	}
	lit[285] = 258 << 16
	lit[286], lit[287] = special, special
	for i, base := 0, entry(1); i < 30; i++ {
		extra := entry(max(0, i/2-1))
		dist[i] = base<<16 | extra
		base += 1 << extra
	}
	dist[30], dist[31] = special, special
	for i := range pre {
		pre[i] = entry(i) << 16
	}
	return lit, dist, pre
}()

// fixed are the tables of blocks without codes of their own (RFC 1951 §3.2.6).
var fixed = sync.OnceValue(func() *tables {
	var lengths [maxLit + maxDist]uint8
	for i := range lengths {
		switch {
		case i < 144:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		case i < 280:
			lengths[i] = 7
		case i < maxLit:
			lengths[i] = 8
		default:
			lengths[i] = 5
		}
	}
	t := new(tables)
	build(t.lit[:], litBits, lengths[:maxLit], litSymbols[:])
	pair(&t.lit)
	build(t.dist[:], distBits, lengths[maxLit:], distSymbols[:])
	return t
})

// build makes the table that is looked up by the next size bits, and those of longer
// codes behind it, for symbols whose codes are as long as lengths says, 0 for none.
// It refuses codes that are not complete, but for one single code of a bit and none
// at all, which a block without matches may have.
func build(table []entry, size uint, lengths []uint8, symbols []entry) bool {
	var count [maxBits + 1]int
	for _, n := range lengths {
		count[n]++
	}
	var next [maxBits + 1]int // where the symbols of a length begin in sorted
	left, sum := 1, 0         // codes that are still free at this length
	for n := 1; n <= maxBits; n++ {
		next[n] = sum
		sum += count[n]
		if left = 2*left - count[n]; left < 0 {
			return false
		}
	}
	var sorted [maxLit]uint16
	for s, n := range lengths {
		if n > 0 {
			sorted[next[n]] = uint16(s)
			next[n]++
		}
	}
	if left > 0 {
		for i := range 1 << size {
			table[i] = special
		}
		if sum == 1 && count[1] == 1 {
			for i := 0; i < 1<<size; i += 2 {
				table[i] = symbols[sorted[0]] + 0x101
			}
			return true
		}
		return sum == 0
	}

	// Codes come in the order of their lengths; code is the next one, its first bit
	// the lowest. A table twice as large begins as two of the one before.
	code, i := uint(0), 0
	filled := uint(1)
	for n := uint(1); n <= size; n++ {
		copy(table[filled:2*filled], table[:filled])
		filled *= 2
		for range count[n] {
			table[code] = symbols[sorted[i]] + entry(n)*0x101
			code, i = after(code, n), i+1
		}
	}
	if i == sum {
		return true
	}
	from, begin, sub := ^uint(0), uint(0), uint(0) // the table of longer codes that is being filled
	behind := uint(1) << size
	for n := size + 1; n <= maxBits; n++ {
		for todo := count[n]; todo > 0; todo-- {
			if start := code & (1<<size - 1); start != from {
				from, begin, sub = start, behind, n-size
				for room := todo; room < 1<<sub; {
					sub++
					room = 2*room + count[size+sub]
				}
				behind += 1 << sub
				table[from] = special | leads | entry(begin)<<16 | entry(sub)<<8 | entry(size)
			}
			e := symbols[sorted[i]] + entry(n)*0x101
			for at := begin + code>>size; at < behind; at += 1 << (n - size) {
				table[at] = e
			}
			code, i = after(code, n), i+1
		}
	}
	return true
}

// after is the code that comes after one of n bits; after the last, it is 0.
func after(code, n uint) uint {
	high := uint(bits.Len(code^(1<<n-1))) - 1
	if high >= n {
		return 0
	}
	return code&(1<<high-1) | 1<<high
}

// pair makes one entry of two literals where their codes fit into an index.
func pair(table *[1 << litTable]entry) {
	for i := 1<<litBits - 1; i >= 0; i-- { // the entry that an index leads to is below it
		e := table[i]
		if e&literals == 0 {
			continue
		}
		n := e & takes
		if second := table[i>>n]; second&literals == 1<<6 && n+second&takes <= litBits {
			table[i] = e&0xff0000 | second&0xff0000<<8 | 2<<6 | (n + second&takes)
		}
	}
}
