package sqlite

import (
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// advice says what to do about the errors that people meet, by SQLite's primary
// result code.
var advice = map[int]string{
	lib.SQLITE_NOTADB:   "the file is no SQLite database: name another one, or move this one away",
	lib.SQLITE_CORRUPT:  "the file is damaged: restore a backup, or move it away and let the sources fill a new one",
	lib.SQLITE_READONLY: "the file or its folder can't be written by this user: change its owner or mode, or name another place",
	lib.SQLITE_CANTOPEN: "the file can't be opened by this user, or is a folder: change its owner or mode, or name another place",
	lib.SQLITE_PERM:     "the file can't be opened by this user: change its owner or mode",
	lib.SQLITE_FULL:     "the disk is full: make room; what was not saved is polled again",
	lib.SQLITE_IOERR:    "the disk can't be read or written (is it full?)",
	lib.SQLITE_BUSY:     "another process holds the file for too long: look for one that hangs",
}

// code is SQLite's primary result code, 0 for an error of another's.
func code(err error) int {
	var e *driver.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// busy reports whether another connection was in the way.
func busy(err error) bool { return code(err) == lib.SQLITE_BUSY }

// explain puts the advice before an error that there is advice for.
func explain(err error) error {
	if text, ok := advice[code(err)]; ok {
		return fmt.Errorf("%s (%w)", text, err)
	}
	return err
}

// fault says what was being done with which file.
func (s *Store) fault(doing string, err error) error {
	return fmt.Errorf("store %s: %s: %w", s.path, doing, explain(err))
}
