package packed

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/cespare/xxhash/v2"

	"wireroom/store"
)

// Learnt is the part of a state that only polls with news change, packed. Its
// hash tells whether it did.
type Learnt struct {
	Known  []byte // Hashes of State.Known
	Recent []byte // as it is; nil if it is too long
	Detail []byte // JSON
	Hash   int64
}

// LearntOf packs what a state has learnt.
func LearntOf(st *store.State) (l Learnt, err error) {
	if l.Detail, err = json.Marshal(&st.Detail); err != nil {
		return l, fmt.Errorf("packed: detail: %w", err)
	}
	l.Known = Hashes(st.Known)
	if len(st.Recent) <= store.RecentLen {
		l.Recent = st.Recent
	}
	var d xxhash.Digest
	d.Reset()
	for _, s := range [...]string{st.URL, st.ETag, st.LastModified} {
		d.WriteString(s)
		d.WriteString("\x00")
	}
	var n [16]byte
	binary.LittleEndian.PutUint64(n[:], st.BodyHash)
	binary.LittleEndian.PutUint64(n[8:], uint64(Millis(st.LastChange)))
	d.Write(n[:])
	for _, part := range [...][]byte{l.Known, l.Detail, l.Recent} {
		binary.LittleEndian.PutUint64(n[:8], uint64(len(part)))
		d.Write(n[:8])
		d.Write(part)
	}
	l.Hash = int64(d.Sum64())
	return l, nil
}

// ParseLearnt undoes LearntOf for what is packed. It keeps none of its arguments.
func ParseLearnt(known, recent, detail []byte, st *store.State) (err error) {
	if len(recent) > 0 {
		st.Recent = append([]byte(nil), recent...)
	}
	if st.Known, err = ParseHashes(known); err != nil {
		return fmt.Errorf("packed: known items: %w", err)
	}
	if len(detail) > len("{}") {
		if err = json.Unmarshal(detail, &st.Detail); err != nil {
			return fmt.Errorf("packed: detail: %w", err)
		}
	}
	return nil
}
