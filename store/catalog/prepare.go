package catalog

import (
	"slices"
	"sync"

	"wireroom/store"
	"wireroom/store/packed"
)

// Prepare implements store.Store's for stores that pack with a codec. The records of a
// source that is read for the first time are packed, too: of others, some may turn out
// to be what is there already.
func Prepare(p *store.Poll, c *packed.Codec) {
	for i := range p.Items {
		p.Items[i].Print = Ready(&p.Items[i], p.State.Source)
	}
	if !p.First || len(p.Items) == 0 {
		return
	}
	space := spaces.Get().(*[]byte)
	b := (*space)[:0]
	ends := make([]int, len(p.Items))
	for i := range p.Items {
		b = c.Told(b, p.Items[i].Record, p.Items[i].Plain)
		ends[i] = len(b)
	}
	all, from := slices.Clone(b), 0
	for i, end := range ends {
		p.Items[i].Packed = all[from:end:end]
		from = end
	}
	if *space = b; cap(b) <= keepSpace {
		spaces.Put(space)
	}
}

// spaces are buffers for the packed records of a poll; those of long ones are not kept.
var spaces = sync.Pool{New: func() any { return new([]byte) }}

const keepSpace = 256 << 10 // bytes

// Ready tidies an item's record and takes its print, unless that was done.
func Ready(it *store.Item, source string) (print int64) {
	if it.Print != 0 {
		return it.Print
	}
	Tidy(it.Record, source)
	return Print(it.Record)
}
