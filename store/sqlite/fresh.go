package sqlite

import (
	"slices"
	"sync"
	"time"

	"wireroom/article"
)

// fresh holds the records of the last changes that this process saved, for those
// who follow the changes: what was packed a moment ago need not be read and
// unpacked again. It is bounded in bytes and in time, and knows nothing of what
// other processes write: whoever asks must see to that (Changes does).
type fresh struct {
	mu    sync.Mutex
	after int64 // list begins with the change after this one
	list  []*freshRecord
	bytes int
	timer *time.Timer
}

// freshRecord is one change. Records are shared: nobody writes into them.
type freshRecord struct {
	seq    int64     // of the article
	at     time.Time // when it was committed
	record *article.Record
	again  bool // it replaces an earlier change
	gone   bool // a later change has replaced it
}

const (
	freshBytes = 8 << 20
	freshTime  = 2 * time.Second
)

func (f *fresh) last() int64 { return f.after + int64(len(f.list)) }

// add takes what was committed: the changes that follow number before. Where there
// were others in between, those before are let go; what was committed together is
// held together, for it is read next.
func (f *fresh) add(before int64, list []*freshRecord) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if before != f.last() {
		f.clear(before)
	}
	now := time.Now()
	for _, x := range list {
		x.at = now
		if x.again {
			for _, old := range f.list {
				old.gone = old.gone || old.seq == x.seq
			}
		}
		f.list = append(f.list, x)
		f.bytes += sizeOf(x.record)
	}
	k := 0
	for ; k < len(f.list)-len(list) && (f.bytes > freshBytes || now.Sub(f.list[k].at) > freshTime); k++ {
		f.bytes -= sizeOf(f.list[k].record)
	}
	f.list = slices.Delete(f.list, 0, k)
	f.after += int64(k)
	if f.timer == nil {
		f.timer = time.AfterFunc(freshTime, f.forget)
	} else {
		f.timer.Reset(freshTime)
	}
}

// forget lets go of all.
func (f *fresh) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clear(f.last())
}

// close ends the timer.
func (f *fresh) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.timer != nil {
		f.timer.Stop()
	}
}

func (f *fresh) clear(after int64) { f.after, f.list, f.bytes = after, nil, 0 }

// since returns at most limit of the changes after a number, if all of them up to
// number last are held.
func (f *fresh) since(after, last int64, limit int) ([]*article.Record, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if after < f.after || last != f.last() || len(f.list) == 0 {
		return nil, false
	}
	list := make([]*article.Record, 0, min(int64(limit), last-after))
	for i := after - f.after; i < int64(len(f.list)) && len(list) < limit; i++ {
		if x := f.list[i]; !x.gone {
			list = append(list, x.record)
		}
	}
	return list, true
}

// sizeOf is about what a record takes.
func sizeOf(r *article.Record) int {
	return 2048 + len(r.Body.HTML) + len(r.Body.Text) + len(r.Standfirst)
}
