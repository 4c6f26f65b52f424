package sqlite

import (
	"sync"
	"time"

	"wireroom/article"
	"wireroom/store/packed"
)

// unpacked holds the records that were selected lately by their packed bytes: a feed
// is read again with each change, and nearly all of its articles are as they were.
// What is packed alike is alike, so nobody has to tell it of changes. It is bounded
// in bytes and in time. Records are shared: nobody writes into them.
type unpacked struct {
	codec *packed.Codec

	mu    sync.Mutex
	fresh map[string]*unpackedRecord // asked for since, by their packed bytes
	old   map[string]*unpackedRecord // ... before
	since time.Time
	bytes int // of fresh
	timer *time.Timer
}

type unpackedRecord struct {
	blob   string
	record article.Record
}

const (
	unpackedBytes = 4 << 20
	unpackedTime  = 500 * time.Millisecond
)

// parse is what the codec makes of packed bytes, or made of them a moment ago.
func (u *unpacked) parse(blob []byte) (article.Record, error) {
	if x := u.find(blob); x != nil {
		return x.record, nil
	}
	r, err := u.codec.ParseRecord(blob)
	if err == nil {
		u.mu.Lock()
		u.keep(&unpackedRecord{string(blob), r})
		u.mu.Unlock()
	}
	return r, err
}

func (u *unpacked) find(blob []byte) *unpackedRecord {
	u.mu.Lock()
	defer u.mu.Unlock()
	if now := time.Now(); u.fresh == nil || u.bytes > unpackedBytes || now.Sub(u.since) > unpackedTime {
		u.fresh, u.old, u.since, u.bytes = map[string]*unpackedRecord{}, u.fresh, now, 0
		if u.timer == nil {
			u.timer = time.AfterFunc(2*unpackedTime, u.forget)
		} else {
			u.timer.Reset(2 * unpackedTime)
		}
	}
	x := u.fresh[string(blob)]
	if x == nil {
		if x = u.old[string(blob)]; x != nil {
			u.keep(x)
		}
	}
	return x
}

func (u *unpacked) keep(x *unpackedRecord) {
	if u.fresh != nil { // it was not let go meanwhile
		u.fresh[x.blob] = x
		u.bytes += len(x.blob) + sizeOf(&x.record)
	}
}

// forget lets go of all.
func (u *unpacked) forget() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.fresh, u.old = nil, nil
}

// close ends the timer.
func (u *unpacked) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.timer != nil {
		u.timer.Stop()
	}
}
