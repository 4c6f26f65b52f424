package story

// gathered is a word on its way to a term.
type gathered struct {
	hash   uint32
	weight float32
	kind   kind
}

// summed adds up the words of a text, or of several.
type summed struct {
	list  []gathered // each word once, as they came
	slots []uint16   // by hash, a power of two: where in the list, plus one; 0: free
}

// maxGathered is how many different words are taken in at most.
const maxGathered = 8192

func (s *summed) reset() {
	if s.slots == nil {
		s.slots = make([]uint16, 1024)
	}
	s.list = s.list[:0]
	clear(s.slots)
}

// find returns where in the list a hash is, or -1.
func (s *summed) find(hash uint32) int { return int(s.slots[s.slot(hash)]) - 1 }

// slot is where a hash is, or would be.
func (s *summed) slot(hash uint32) int {
	i := int(hash) & (len(s.slots) - 1)
	for s.slots[i] != 0 && s.list[s.slots[i]-1].hash != hash {
		i = (i + 1) & (len(s.slots) - 1)
	}
	return i
}

// at returns the word with a hash, and whether it is new. There is none where
// the list is full.
func (s *summed) at(hash uint32) (g *gathered, fresh bool) {
	i := s.slot(hash)
	if at := s.slots[i]; at != 0 {
		return &s.list[at-1], false
	}
	if len(s.list) == maxGathered {
		return nil, false
	}
	s.list = append(s.list, gathered{hash: hash})
	s.slots[i] = uint16(len(s.list))
	if 2*len(s.list) > len(s.slots) {
		s.slots = make([]uint16, 2*len(s.slots))
		for n := range s.list {
			s.slots[s.slot(s.list[n].hash)] = uint16(n + 1)
		}
	}
	return &s.list[len(s.list)-1], true
}

// add takes in a word of a text.
func (s *summed) add(hash uint32, weight float32, k kind) {
	g, fresh := s.at(hash)
	switch {
	case g == nil:
	case fresh:
		g.weight, g.kind = weight, k
	default:
		g.weight += weight
		whole := g.kind & k & piece // a whole word stays one
		g.kind = (g.kind|k)&^piece | whole
	}
}
