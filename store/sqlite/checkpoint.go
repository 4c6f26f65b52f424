package sqlite

import "time"

// What is committed lies in the journal (the WAL) until a checkpoint writes it into
// the file and waits for the disk. SQLite would do that within the commit that
// makes the journal long, and everybody would wait who waits for the writer: half
// a second and more on a busy disk. Here it is done beside the writer, now and
// then; only a journal that grew very long all the same is left to SQLite.

// checkpointAfter is how long a commit waits for others before they are written
// into the file: pages that many commits change are written once.
const checkpointAfter = 5 * time.Second

// journalPages is how long the journal may become before the writer itself has to
// see to it, in pages: 64 MiB.
const journalPages = "8192"

// wrote tells that something was committed.
func (s *Store) wrote() {
	select {
	case s.written <- struct{}{}:
	default:
	}
}

// checkpoints writes what was committed into the file, until the store is closed.
func (s *Store) checkpoints() {
	for {
		select {
		case <-s.closed.Done():
			return
		case <-s.written:
		}
		t := time.NewTimer(checkpointAfter)
		select {
		case <-s.closed.Done():
			t.Stop()
			return
		case <-t.C:
		}
		// The first round takes a while, in which more is committed; after the second,
		// which has little to do, the journal can begin anew.
		for range 2 {
			if err := s.checkpoint(); err != nil && s.closed.Err() == nil {
				s.log.Warn("the journal could not be written into the file", "error", s.fault("checkpoint", err))
			}
		}
	}
}

// checkpoint writes into the file what it can without waiting for anybody.
func (s *Store) checkpoint() error {
	var busy, pages, written int64
	return s.read.QueryRowContext(s.closed, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &written)
}
