package feed

// Bound is the estimate of the size of a document's entries.
func Bound(d *Document) int {
	n := 0
	for _, e := range d.entries {
		n += e.size
	}
	return n
}
