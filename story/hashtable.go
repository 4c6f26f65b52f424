package story

// hashtable maps the hash of a word to what is kept of it, in one flat piece of
// memory: a lookup touches one line of it, as a rule, and nothing has to be
// followed by the garbage collector. Entries are never removed one by one; once
// the table is full, those that are no longer wanted are left out of the next.
type hashtable[V any] struct {
	entries []entry[V] // a power of two, probed in order
	count   int        // of entries in use
}

type entry[V any] struct {
	key   uint32 // 0: free
	value V
}

// slot is where the search for a key begins. The hashes of a sketch are all
// small, so they are spread once more.
func (t *hashtable[V]) slot(key uint32) int {
	return int(uint64(key*0x9E3779B1) * uint64(len(t.entries)) >> 32)
}

// spell makes a key of a hash: 0 means a free entry.
func spell(hash uint32) uint32 { return max(hash, 1) }

// get returns what is kept of a hash, nil if nothing is.
func (t *hashtable[V]) get(hash uint32) *V {
	if len(t.entries) == 0 {
		return nil
	}
	key := spell(hash)
	for i := t.slot(key); ; i++ {
		e := &t.entries[i&(len(t.entries)-1)]
		switch e.key {
		case key:
			return &e.value
		case 0:
			return nil
		}
	}
}

// put returns what is kept of a hash, and whether it is new. There must be room
// for it.
func (t *hashtable[V]) put(hash uint32) (value *V, fresh bool) {
	key := spell(hash)
	for i := t.slot(key); ; i++ {
		e := &t.entries[i&(len(t.entries)-1)]
		switch e.key {
		case key:
			return &e.value, false
		case 0:
			e.key = key
			t.count++
			return &e.value, true
		}
	}
}

// room makes room for n more entries. Where the table has to be made anew, only
// those that keep wants are taken over. What get and put returned before is not
// good any more.
func (t *hashtable[V]) room(n int, keep func(*V) bool) {
	if t.count+n <= len(t.entries)/4*3 {
		return
	}
	old, wanted := t.entries, n
	for i := range old {
		if old[i].key != 0 && keep(&old[i].value) {
			wanted++
		} else {
			old[i].key = 0
		}
	}
	size := 64
	for size < 2*wanted {
		size *= 2
	}
	t.entries, t.count = make([]entry[V], size), 0
	for i := range old {
		if old[i].key != 0 {
			value, _ := t.put(old[i].key)
			*value = old[i].value
		}
	}
}

// all calls f for everything that is kept.
func (t *hashtable[V]) all(f func(hash uint32, value *V)) {
	for i := range t.entries {
		if e := &t.entries[i]; e.key != 0 {
			f(e.key, &e.value)
		}
	}
}
