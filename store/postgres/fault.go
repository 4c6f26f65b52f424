package postgres

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

var errClosed = errors.New("the store is closed")

// passing reports whether an error may be gone when the operation is repeated:
// the server restarts, the connection was cut, a deadlock was resolved.
func passing(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01", // serialization failure, deadlock
			"53300",                   // too many connections
			"57P01", "57P02", "57P03", // shutdown, crash, not up yet
			"55P03": // lock timeout
			return true
		}
		return strings.HasPrefix(pg.Code, "08") // connection
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// advice says what to do about the errors that people meet, by SQLSTATE.
var advice = map[string]string{
	"28P01": "the server refuses the password: check the address",
	"28000": "the server refuses the user: check the address and pg_hba.conf",
	"3D000": "there is no such database: make it with createdb",
	"42501": "the user lacks rights: it must own the schema",
	"53100": "the server's disk is full: make room; what was not saved is polled again",
	"53300": "the server has no connection left: raise max_connections, or lower pool_max_conns of the replicas",
	"25006": "the server is a read-only standby: name the primary",
	"57014": "the server ended the statement because it took too long",
}

// explain puts the advice before an error that there is advice for.
func explain(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		if text, ok := advice[pg.Code]; ok {
			return fmt.Errorf("%s (%w)", text, err)
		}
		return err
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return fmt.Errorf("the server can't be reached: is it running, and is the address right? (%w)", err)
	}
	return err
}

// fault says what was being done with which database.
func (s *Store) fault(doing string, err error) error {
	return fmt.Errorf("store %s: %s: %w", s.name, doing, explain(err))
}
