package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"wireroom/store/packed"
)

// writer is the one connection that writes, with its statements. Whoever holds
// its turn has it to himself.
type writer struct {
	turn  chan struct{} // holds one value while nobody writes
	conn  *sql.Conn
	codec *packed.Codec
	stmts map[string]*sql.Stmt
	ctx   context.Context // of the statements: never canceled

	direct driverStmt           // see stateWrite
	args   [5]driver.NamedValue // of it
}

func newWriter(ctx context.Context, db *sql.DB, codec *packed.Codec) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{turn: make(chan struct{}, 1), conn: conn, codec: codec, stmts: map[string]*sql.Stmt{}, ctx: context.Background()}
	w.turn <- struct{}{}
	return w, nil
}

func (w *writer) close() error {
	<-w.turn
	for _, st := range w.stmts {
		st.Close()
	}
	if w.direct != nil {
		w.direct.Close()
	}
	return w.conn.Close()
}

// tx runs f in one transaction. The context ends the waiting for one's turn and
// for other processes; once begun, a transaction is short and runs to its end.
func (s *Store) tx(ctx context.Context, doing string, f func(*writer) error) error {
	w := s.writer
	select {
	case <-w.turn:
	case <-ctx.Done():
		return s.fault(doing, ctx.Err())
	case <-s.closed.Done():
		return s.fault(doing, sql.ErrConnDone)
	}
	defer func() { w.turn <- struct{}{} }()
	_, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE")
	if err == nil {
		if err = f(w); err == nil {
			err = w.exec("COMMIT")
		}
		if err != nil {
			_, _ = w.conn.ExecContext(w.ctx, "ROLLBACK") // fails where SQLite has done so already
		}
	}
	if err != nil {
		return s.fault(doing, err)
	}
	s.wrote()
	return nil
}

// prepared returns a statement that is kept for the life of the connection.
func (w *writer) prepared(query string) (*sql.Stmt, error) {
	if st := w.stmts[query]; st != nil {
		return st, nil
	}
	st, err := w.conn.PrepareContext(w.ctx, query)
	if err == nil {
		w.stmts[query] = st
	}
	return st, err
}

func (w *writer) exec(query string, args ...any) error {
	_, err := w.change(query, args...)
	return err
}

// change executes a statement and returns the number of rows it touched.
func (w *writer) change(query string, args ...any) (int64, error) {
	st, err := w.prepared(query)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(w.ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// row reads one row into dest; sql.ErrNoRows if there is none.
func (w *writer) row(dest []any, query string, args ...any) error {
	st, err := w.prepared(query)
	if err != nil {
		return err
	}
	return st.QueryRowContext(w.ctx, args...).Scan(dest...)
}

// rows calls f with every row.
func (w *writer) rows(f func(*sql.Rows) error, query string, args ...any) error {
	st, err := w.prepared(query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(w.ctx, args...)
	return each(rows, err, f)
}

// each calls f with every row of a query's result.
func each(rows *sql.Rows, err error, f func(*sql.Rows) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
