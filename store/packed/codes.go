package packed

import (
	_ "embed"
	"math/bits"
)

// common are words that stand in front of every text that is squeezed: a little HTML,
// parts of addresses, what fields often hold. They may never change.
//
//go:embed common.txt
var common []byte

// matches is the first symbol of a squeezed text that is the class of a match's
// length; those below are bytes.
const matches = 256

// code is a code's bits, the first the lowest, above its length; where bits are looked
// up, what they stand for is in place of them.
type code uint32

const (
	codeLength  = 4 // bits that tell the length
	longestCode = 12
)

func (c code) value() uint64 { return uint64(c >> codeLength) }
func (c code) length() uint  { return uint(c & (1<<codeLength - 1)) }

// The lengths of the codes of symbols and of the classes of distances, a letter each,
// a is 1; from them the codes follow (RFC 1951, 3.2.2). They were counted in news in
// twenty languages, mostly of Latin script, and in feeds. They may never change.
const (
	symbolLengths   = "ligghhijhkjjjkkkilililjlllllllllcljjllkkkkllggghhhhiiiiijjijiiiilhiiiijjjijjiiijijjhijjillkllllkldgfedgffdigefdefieeefggjghlllllgjjkkkllkllkkllkkllkklllkjlljjkkkkllikllljlllklljkkkkjjljkkkikjlllkhjjllllllllllgilllllljlllllllllhjljkklllkjlllllllllllllllllllfgghiiijijjlkkkkklllllllllllllllll"
	distanceLengths = "lllljlfjhgefeeddddcdcddddffghiilll"
)

var (
	symbolCodes, symbols     = codesOf(symbolLengths)
	distanceCodes, distances = codesOf(distanceLengths)
	byteCodes                = [matches]code(symbolCodes)
)

// codesOf are the codes of all symbols, and what the next longestCode bits begin with.
func codesOf(lengths string) (codes []code, table [1 << longestCode]code) {
	codes = make([]code, len(lengths))
	next := uint32(0)
	for n := uint32(1); n <= longestCode; n++ {
		for symbol := range lengths {
			if uint32(lengths[symbol]-'a')+1 != n {
				continue
			}
			bits := bits.Reverse32(next) >> (32 - n)
			codes[symbol] = code(bits<<codeLength | n)
			for b := bits; b < 1<<longestCode; b += 1 << n {
				table[b] = code(uint32(symbol)<<codeLength | n)
			}
			next++
		}
		next <<= 1
	}
	return codes, table
}

// classOf is the class of a number below 1<<16, and how many of its lowest bits that
// leaves open: small numbers are a class each, larger ones share one with those that
// have the same first two bits.
func classOf(n uint) (class int, open uint) {
	if n < 8 {
		return int(n), 0
	}
	k := uint(bits.Len(n)) - 1
	return int(2*k + 2 + n>>(k-1)&1), k - 1
}

// leastOf undoes classOf: the least number of a class.
func leastOf(class int) (n uint64, open uint) {
	if class < 8 {
		return uint64(class), 0
	}
	open = uint(class)/2 - 2
	return uint64(2+class&1) << open, open
}
