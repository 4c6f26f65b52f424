package catalog

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"wireroom/store"
)

// Standing is what the config says of a source.
type Standing int

// The standings, as they are stored.
const (
	Retired Standing = 0 // no longer in the config
	Polled  Standing = 1
	Paused  Standing = 2
)

// StandingOf is the standing of a source that is in the config.
func StandingOf(s *store.Source) Standing {
	if s.Paused {
		return Paused
	}
	return Polled
}

// Digest hashes what Sync goes by, whatever the order of the list, so that being
// told the same again costs nothing. A source that is there twice is an error.
func Digest(sources []store.Source) ([]byte, error) {
	order := make([]*store.Source, len(sources))
	for i := range sources {
		order[i] = &sources[i]
	}
	slices.SortFunc(order, func(a, b *store.Source) int { return cmp.Compare(a.ID, b.ID) })
	h := sha256.New()
	var line []byte
	for i, s := range order {
		if i > 0 && s.ID == order[i-1].ID {
			return nil, fmt.Errorf("source %s is there twice", s.ID)
		}
		line = line[:0]
		for _, text := range [...]string{s.ID, s.Host, s.Title, string(s.Republish)} {
			line = binary.AppendUvarint(line, uint64(len(text)))
			line = append(line, text...)
		}
		h.Write(append(line, byte(StandingOf(s))))
	}
	return h.Sum(nil), nil
}
