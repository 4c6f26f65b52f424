// Package sqlite keeps the store in one SQLite file, through a driver in pure
// Go. One connection writes, a few read; several processes may use the file at
// once. The file is in WAL mode with synchronous=NORMAL: what was reported as
// saved survives the death of the process at any moment; a power failure may
// take the last commits, whole ones only, and they are polled again.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver

	"wireroom/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options of Open.
type Options struct {
	Log *slog.Logger
}

// Store is a store.Store in a file.
type Store struct {
	path  string
	write *sql.DB // one connection
	read  *sql.DB
	codec *codec
	stop  context.CancelFunc

	mu       sync.Mutex
	watchers map[chan struct{}]bool
	watching sync.Once
	closed   context.Context
}

var _ store.Store = (*Store)(nil)

const readers = 4

// Open opens or makes the file and brings its schema up to date.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("store %s: its folder can't be made: %w", path, err)
	}
	c, err := newCodec()
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, codec: c, watchers: map[chan struct{}]bool{}}
	s.closed, s.stop = context.WithCancel(context.Background())
	if s.write, err = connect(path, 1, "_txlock=immediate"); err == nil {
		err = migrate(ctx, s.write)
	}
	if err == nil {
		s.read, err = connect(path, readers, "_pragma=query_only(1)")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", path, explain(err)), s.Close())
	}
	return s, nil
}

func connect(path string, connections int, options string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(15000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=cache_size(-4000)&_pragma=temp_store(2)&" + options
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// migrate applies what is missing. Two processes may start at the same moment:
// the second finds the first one's work and tries again.
func migrate(ctx context.Context, db *sql.DB) error {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, sub)
	if err != nil {
		return err
	}
	newest := p.ListSources()[len(p.ListSources())-1].Version
	for try := 0; ; try++ {
		_, err = p.Up(ctx)
		if err == nil || try == 5 || ctx.Err() != nil {
			break
		}
		time.Sleep(time.Duration(50<<try) * time.Millisecond)
	}
	if err != nil {
		return err
	}
	at, err := p.GetDBVersion(ctx)
	if err == nil && at > newest {
		err = fmt.Errorf("it was made by a newer version of Wireroom (schema %d, this one knows %d): update this program", at, newest)
	}
	return err
}

// explain says what to do about the errors that people meet.
func explain(err error) error {
	text := err.Error()
	for _, k := range [...]struct{ sign, advice string }{
		{"not a database", "the file is no SQLite database: name another one or move it away"},
		{"malformed", "the file is damaged: restore a backup, or move it away and let the sources fill a new one"},
		{"readonly", "the file or its folder can't be written by this user"},
		{"unable to open", "the file or its folder can't be opened by this user"},
		{"disk is full", "the disk is full"},
		{"database is locked", "another process holds the file for too long"},
	} {
		if strings.Contains(text, k.sign) {
			return fmt.Errorf("%s (%w)", k.advice, err)
		}
	}
	return err
}

// Close closes the file. Watchers' channels stay silent from then on.
func (s *Store) Close() error {
	s.stop()
	var faults []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			faults = append(faults, db.Close())
		}
	}
	return errors.Join(faults...)
}

// tx runs f in one write transaction.
func (s *Store) tx(ctx context.Context, what string, f func(*sql.Tx) error) error {
	t, err := s.write.BeginTx(ctx, nil)
	if err == nil {
		if err = f(t); err == nil {
			err = t.Commit()
		} else {
			err = errors.Join(err, t.Rollback())
		}
	}
	if err != nil {
		return fmt.Errorf("store: %s: %w", what, explain(err))
	}
	return nil
}

// Sequence is the last number given to a change.
func (s *Store) Sequence(ctx context.Context) (n int64, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT n FROM sequence").Scan(&n)
	return n, err
}

// Stats counts what the store holds.
func (s *Store) Stats(ctx context.Context) (st store.Stats, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM source WHERE active), (SELECT count(*) FROM host),
		(SELECT count(*) FROM article), (SELECT count(*) FROM version),
		(SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size())`).
		Scan(&st.Sources, &st.Hosts, &st.Articles, &st.Versions, &st.Bytes)
	return st, err
}

// far is the due time of what is never due.
const far = int64(1) << 60

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
