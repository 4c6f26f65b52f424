// Package sqlite keeps the store in one SQLite file, through a driver in pure
// Go. In come the config's sources, claims and polls; out go states, articles
// and changes. It fetches nothing, renders nothing and starts no goroutine but
// the one that watches for other processes' commits and the one that writes the
// journal into the file.
//
// One connection writes, a few read; several processes may use the file at once.
// The file is in WAL mode with synchronous=NORMAL: a commit is in the operating
// system's hands before it is reported, so the death of the process at any
// moment loses nothing that was reported. A power failure may take the last
// commits, whole ones only and never the file; since validators and articles are
// one commit, what was lost is simply polled again. (synchronous=FULL would wait
// for the disk at every commit, which is worth it for money, not for copies of
// what the sources still hold.)
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
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver

	"wireroom/store"
	"wireroom/store/catalog"
	"wireroom/store/packed"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options of Open.
type Options struct {
	Log *slog.Logger // nil: silent
}

// Store is a store.Store in a file.
type Store struct {
	path     string
	log      *slog.Logger
	codec    *packed.Codec
	write    *sql.DB // one connection
	read     *sql.DB
	first    *sql.Stmt // firstDue, on read
	noted    *sql.Stmt // notedOf, likewise
	writer   *writer
	fresh    fresh
	unpacked unpacked
	index    catalog.Indexer

	closed     context.Context
	stop       context.CancelFunc
	background sync.WaitGroup
	written    chan struct{} // something was committed

	mu       sync.Mutex
	watchers map[chan struct{}]struct{}
	watching bool
	told     int64 // the last sequence that watchers were woken for
}

var _ store.Store = (*Store)(nil)

// applicationID is what migrations set; see PRAGMA application_id.
const applicationID = 0x57697265

// readers is how many connections read: one of them watches. Each keeps pages in
// memory, so few stay open while little is asked.
const (
	readers         = 5
	idleConnections = 2
)

// Open opens or makes the file, with the folders above it, and brings its
// schema up to date.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	path, err := filepath.Abs(path)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o750)
	}
	if err != nil {
		return nil, fmt.Errorf("store %s: its folder can't be made: %w", path, err)
	}
	s := &Store{path: path, log: o.Log, watchers: map[chan struct{}]struct{}{}, written: make(chan struct{}, 1)}
	s.closed, s.stop = context.WithCancel(context.Background())
	s.index.Log, s.index.Behind = o.Log, s.behind
	s.index.Batch = func(ctx context.Context, index string) error {
		return s.tx(ctx, "index", func(w *writer) error { return w.index(index) })
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", path, explain(err)), s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) (err error) {
	if s.codec, err = packed.NewCodec(); err != nil {
		return err
	}
	s.unpacked.codec = s.codec
	if s.write, err = connect(s.path, 1, "_pragma=cache_size(-3000)&_pragma=wal_autocheckpoint("+journalPages+")"); err != nil {
		return err
	}
	if err = again(ctx, func() error { return ours(ctx, s.write) }); err != nil {
		return err
	}
	if err = migrate(ctx, s.write); err != nil {
		return err
	}
	if s.read, err = connect(s.path, readers, "_pragma=cache_size(-1000)&_pragma=query_only(1)"); err != nil {
		return err
	}
	if s.first, err = s.read.PrepareContext(ctx, firstDue); err != nil {
		return err
	}
	if s.noted, err = s.read.PrepareContext(ctx, notedOf); err != nil {
		return err
	}
	if s.writer, err = newWriter(ctx, s.write, s.codec); err == nil {
		s.background.Go(s.checkpoints)
	}
	return err
}

// connect opens the file. A page of 8 KB, of files that are made anew, holds seven
// articles of a feed's usual length where two of SQLite's default 4 KB hold six, at
// no cost; with 16 KB polls without news become a tenth dearer. (The driver sorts
// pragmas by name and would set the journal's mode, which fixes the size, first.)
func connect(path string, connections int, options string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(20000)&_pragma=page_size(8192)&_journal_mode=WAL&_pragma=synchronous(NORMAL)&_pragma=temp_store(MEMORY)" +
		"&_pragma=journal_size_limit(67108864)&_dqs=0&" + options
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(min(connections, idleConnections))
	return db, nil
}

// again does once more what failed because several processes make the file at the
// same moment: then SQLite does not wait for its journal's mode.
func again(ctx context.Context, f func() error) error {
	for try := 0; ; try++ {
		err := f()
		if err == nil || try == 6 || ctx.Err() != nil || !busy(err) {
			return err
		}
		time.Sleep(time.Duration(20<<try) * time.Millisecond)
	}
}

// ours refuses a database that another program made.
func ours(ctx context.Context, db *sql.DB) error {
	var id, tables int64
	err := db.QueryRowContext(ctx, "SELECT application_id, (SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version') FROM pragma_application_id").Scan(&id, &tables)
	if err == nil && tables > 0 && id != applicationID {
		err = errors.New("it is a database, but not one that this version of Wireroom made: name another file, or move this one away")
	}
	return err
}

// schema knows the migrations.
func schema(db *sql.DB) (*goose.Provider, error) {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, sub, goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(goose.NewGoMigration(4, &goose.GoFunc{RunTx: packStates}, nil)))
}

// migrate applies what is missing. Two processes may start at the same moment:
// one finds that the other was faster and looks again.
func migrate(ctx context.Context, db *sql.DB) error {
	p, err := schema(db)
	if err != nil {
		return err
	}
	for try := 0; ; try++ {
		var has, knows int64
		if has, knows, err = p.GetVersions(ctx); err == nil && has > knows {
			return fmt.Errorf("it was made by a newer Wireroom (schema %d, this one knows up to %d): update this program, or restore the backup from before the update", has, knows)
		}
		if err == nil {
			if _, err = p.Up(ctx); err == nil {
				return nil
			}
		}
		if try == 6 || ctx.Err() != nil {
			return err
		}
		time.Sleep(time.Duration(20<<try) * time.Millisecond)
	}
}

// Close closes the file. Watchers' channels stay silent from then on.
func (s *Store) Close() error {
	s.mu.Lock()
	done := s.closed.Err() != nil
	s.stop()
	s.mu.Unlock()
	if done {
		return nil
	}
	s.index.Close()
	s.background.Wait()
	s.fresh.close()
	s.unpacked.close()
	var faults []error
	if s.writer != nil {
		faults = append(faults, s.writer.close())
	}
	for _, st := range []*sql.Stmt{s.first, s.noted} {
		if st != nil {
			faults = append(faults, st.Close())
		}
	}
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			faults = append(faults, db.Close())
		}
	}
	return errors.Join(faults...)
}

// Sequence implements store.Store.
func (s *Store) Sequence(ctx context.Context) (n int64, err error) {
	if err = s.read.QueryRowContext(ctx, "SELECT sequence FROM meta").Scan(&n); err != nil {
		return 0, s.fault("sequence", err)
	}
	return n, nil
}

// Stats implements store.Store.
func (s *Store) Stats(ctx context.Context) (st store.Stats, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM source WHERE standing > 0), (SELECT count(*) FROM host WHERE due < ?), articles, versions,
		(SELECT page_count * page_size FROM pragma_page_count, pragma_page_size) FROM meta`, never).
		Scan(&st.Sources, &st.Hosts, &st.Articles, &st.Versions, &st.Bytes)
	if err != nil {
		return st, s.fault("stats", err)
	}
	if wal, err := os.Stat(s.path + "-wal"); err == nil {
		st.Bytes += wal.Size()
	}
	return st, nil
}
