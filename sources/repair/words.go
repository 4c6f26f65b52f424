package repair

import "encoding/binary"

// Text is looked at by eight bytes as one number, the first one lowest, in which the
// top bit of each byte tells of it.
const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

func eight(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// below is zero if none of eight bytes is below c, which is at most 0x80.
func below(w, c uint64) uint64 { return (w - ones*c) &^ w & tops }

// controls are the bytes that are C0 controls but tab, line feed and carriage return.
func controls(w uint64) uint64 {
	return ^(w&^tops + ones*(0x80-' ') | w) & tops &^ (equal(w, '\t') | equal(w, '\n') | equal(w, '\r'))
}

// equal are the bytes that are c.
func equal(w, c uint64) uint64 {
	w ^= ones * c
	return ^(w&^tops + ones*0x7F | w) & tops
}
