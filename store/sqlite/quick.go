package sqlite

import (
	"context"
	"fmt"
)

// QuickCheck looks through the file for damage: pages that can't be read or are
// used twice, rows out of order. It does not hold indexes against their tables
// and reads no more than it must, but all of the file.
func (s *Store) QuickCheck(ctx context.Context) error {
	var says string
	if err := s.read.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&says); err != nil {
		return s.fault("check", err)
	}
	if says != "ok" {
		return fmt.Errorf("%s is damaged: %s", s.path, says)
	}
	return nil
}
