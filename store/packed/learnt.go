package packed

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"

	"wireroom/store"
)

// Learnt is the part of a state that only polls with news change, packed for stores
// that keep it in columns. Its hash tells whether it did, but for Known and Recent,
// which a claim may leave in the store.
type Learnt struct {
	Known  []byte // Hashes of State.Known
	Recent []byte // as it is; nil if it is too long
	Detail []byte // see detail.go; text
	Hash   int64
}

// LearntOf packs what a state has learnt.
func LearntOf(st *store.State) (l Learnt) {
	l.Known, l.Detail = Hashes(st.Known), appendText(nil, appendDetail(nil, &st.Detail))
	if len(st.Recent) <= store.RecentLen {
		l.Recent = st.Recent
	}
	var d xxhash.Digest
	d.Reset()
	for _, s := range [...]string{st.URL, st.ETag, st.LastModified} {
		d.WriteString(s)
		d.WriteString("\x00")
	}
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:], st.BodyHash)
	binary.LittleEndian.PutUint64(b[8:], uint64(Millis(st.LastChange)))
	d.Write(b[:])
	d.Write(l.Detail)
	l.Hash = int64(d.Sum64())
	return l
}
