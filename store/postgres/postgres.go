// Package postgres keeps the store in a PostgreSQL database that any number of
// replicas share. In come the config's sources, claims and polls; out go states,
// articles and changes. It fetches nothing and renders nothing; the only
// goroutine it starts listens for changes that others made.
//
// What makes many replicas safe. A claim locks the hosts it takes and passes
// over those that are locked (FOR UPDATE SKIP LOCKED). A Save locks its hosts
// against being claimed until it commits (FOR SHARE), so its token can't become
// stale half-way. The numbers of changes are allotted under a lock that is held
// until the commit, so they appear in order. Rows are locked in the order of
// their ids, so nobody waits in a circle; where the server ends a transaction all
// the same (deadlock, restart, lost connection), it is tried again from the
// beginning: every operation may be repeated without harm.
package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"wireroom/store"
	"wireroom/store/catalog"
	"wireroom/store/packed"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options of Open.
type Options struct {
	Log         *slog.Logger  // nil: silent
	Connections int           // at most; 0 is 8. pool_max_conns in the address goes before
	Patience    time.Duration // how long an unreachable server is waited for; 0 is 30 s
}

// Store is a store.Store in a database.
type Store struct {
	name      string // the address without its secrets
	log       *slog.Logger
	codec     *packed.Codec
	pool      *pgxpool.Pool
	patience  time.Duration
	clock     clock
	volumeDue atomic.Int64 // after this article further volumes are made
	index     catalog.Indexer

	closed     context.Context
	stop       context.CancelFunc
	background sync.WaitGroup

	mu       sync.Mutex
	watchers map[chan struct{}]struct{}
	watching bool
}

var _ store.Store = (*Store)(nil)

// Bounds of what the server may take for a statement, wait for a lock, and keep
// a forgotten transaction open. An operator's own values in the address go before.
var bounds = map[string]string{
	"statement_timeout":                   "60000",
	"lock_timeout":                        "20000",
	"idle_in_transaction_session_timeout": "60000",
	"application_name":                    "wireroom",
}

// Open connects to the database at address (postgres://…) and brings its schema
// up to date; replicas that start together take turns at that.
func Open(ctx context.Context, address string, o Options) (*Store, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("store: the address can't be understood (expected postgres://user:password@host:port/database): %w", err)
	}
	c := config.ConnConfig
	s := &Store{name: fmt.Sprintf("postgres://%s@%s/%s", c.User, c.Host, c.Database), log: o.Log, patience: o.Patience, watchers: map[chan struct{}]struct{}{}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.patience <= 0 {
		s.patience = 30 * time.Second
	}
	if !strings.Contains(address, "pool_max_conns") {
		config.MaxConns = 8
		if o.Connections > 0 {
			config.MaxConns = int32(max(2, o.Connections)) // one listens
		}
	}
	for name, value := range bounds {
		if c.RuntimeParams[name] == "" {
			c.RuntimeParams[name] = value
		}
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 10 * time.Second
	}
	s.closed, s.stop = context.WithCancel(context.Background())
	s.index.Log, s.index.Behind, s.index.Batch, s.index.Filled = s.log, s.behind, s.take, s.filled
	if err := s.open(ctx, config); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, config *pgxpool.Config) (err error) {
	if s.codec, err = packed.NewCodec(); err != nil {
		return err
	}
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return s.fault("connect", err)
	}
	return s.again(ctx, "open", func() error {
		if err := migrate(ctx, config.ConnConfig.Copy()); err != nil {
			return err
		}
		return s.setClock(ctx)
	})
}

// migrate applies what is missing, one replica at a time.
func migrate(ctx context.Context, config *pgx.ConnConfig) error {
	config.RuntimeParams["statement_timeout"] = "0" // a migration may take its time
	config.RuntimeParams["lock_timeout"] = "0"
	db := stdlib.OpenDB(*config)
	defer db.Close()
	p, err := provider(db)
	if err != nil {
		return err
	}
	has, knows, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if has < knows {
		_, err = p.Up(ctx)
		return err
	}
	var needs int64
	if err := db.QueryRowContext(ctx, "SELECT needs FROM meta").Scan(&needs); err != nil {
		return err
	}
	if needs > knows {
		return fmt.Errorf("the database is a newer Wireroom's (it needs schema %d, this one knows up to %d): update this program", needs, knows)
	}
	return nil
}

// provider applies the migrations to a database, under a lock.
func provider(db *sql.DB) (*goose.Provider, error) {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, sub, goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
}

// Close lets go of all connections. Watchers' channels stay silent from then on.
func (s *Store) Close() error {
	s.stop()
	s.index.Close()
	s.background.Wait()
	if s.pool != nil {
		s.pool.Close()
	}
	return nil
}

// tx runs f in one transaction, again if the server or the connection gave way.
func (s *Store) tx(ctx context.Context, doing string, f func(pgx.Tx) error) error {
	return s.again(ctx, doing, func() error {
		return pgx.BeginFunc(ctx, s.pool, f)
	})
}

// view runs f, which only reads, on one state of the database.
func (s *Store) view(ctx context.Context, doing string, f func(pgx.Tx) error) error {
	return s.again(ctx, doing, func() error {
		return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, f)
	})
}

// again repeats f while what went wrong may pass, with pauses that grow.
func (s *Store) again(ctx context.Context, doing string, f func() error) error {
	end := time.Now().Add(s.patience)
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		if s.closed.Err() != nil {
			return s.fault(doing, errClosed)
		}
		err := f()
		if err == nil {
			return nil
		}
		if !passing(err) || ctx.Err() != nil || time.Now().Add(pause).After(end) {
			return s.fault(doing, err)
		}
		s.log.Debug("the store is tried again", "doing", doing, "error", err)
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return s.fault(doing, errors.Join(ctx.Err(), err))
		case <-s.closed.Done():
			t.Stop()
		}
	}
}

// Sequence implements store.Store.
func (s *Store) Sequence(ctx context.Context) (n int64, err error) {
	err = s.again(ctx, "sequence", func() error { return s.pool.QueryRow(ctx, "SELECT sequence FROM meta").Scan(&n) })
	return n, err
}

// Stats implements store.Store.
func (s *Store) Stats(ctx context.Context) (st store.Stats, err error) {
	err = s.again(ctx, "stats", func() error {
		return s.pool.QueryRow(ctx, `SELECT (SELECT count(*) FROM source WHERE standing > 0), (SELECT count(*) FROM host WHERE due < $1), articles, versions,
			(SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class AS c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'meta'::regclass)) FROM meta`, never).
			Scan(&st.Sources, &st.Hosts, &st.Articles, &st.Versions, &st.Bytes)
	})
	return st, err
}
