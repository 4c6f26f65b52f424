package wirecopy

import "wireroom/article"

// Bylines is Byline for the items of one document, most of which the same few
// people wrote: what was read once is told again. The zero value is ready; it is
// not for use by several at a time.
type Bylines struct{ read map[string]byline }

// maxBylines is how many are remembered.
const maxBylines = 256

// Read is Byline. What it returns is not to be changed.
func (m *Bylines) Read(s string) (authors []article.Person, agencies []string) {
	b, ok := m.read[s]
	if !ok {
		b.read(s)
		if m.read == nil {
			m.read = map[string]byline{}
		}
		if len(m.read) < maxBylines {
			m.read[s] = b
		}
	}
	return b.people, b.agencies
}
