package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"wireroom/store/packed"
)

// writer is the one connection that writes, with its statements. Whoever holds
// its turn has it to himself.
type writer struct {
	turn    chan struct{} // holds one value while nobody writes
	conn    *sql.Conn
	codec   *packed.Codec
	queries map[string]*sql.Stmt  // what returns rows
	changes map[string]driverStmt // what returns none
	args    []driver.NamedValue   // of a change; reused
	ctx     context.Context       // of the statements: never canceled
}

// driverStmt is a statement of the driver's. What returns no rows goes there without
// database/sql between, which of a short one takes an eighth.
type driverStmt interface {
	driver.Stmt
	driver.StmtExecContext
}

func newWriter(ctx context.Context, db *sql.DB, codec *packed.Codec) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{turn: make(chan struct{}, 1), conn: conn, codec: codec, queries: map[string]*sql.Stmt{}, changes: map[string]driverStmt{}, ctx: context.Background()}
	w.turn <- struct{}{}
	return w, nil
}

func (w *writer) close() error {
	<-w.turn
	for _, st := range w.queries {
		st.Close()
	}
	for _, st := range w.changes {
		st.Close()
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

func (w *writer) exec(query string, args ...any) error {
	_, err := w.change(query, args...)
	return err
}

// change executes a statement and returns the number of rows it touched.
func (w *writer) change(query string, args ...any) (n int64, err error) {
	err = w.conn.Raw(func(conn any) error {
		st, err := w.direct(conn, query)
		if err != nil {
			return err
		}
		if err := w.bind(args); err != nil {
			return err
		}
		res, err := st.ExecContext(w.ctx, w.args)
		clear(w.args) // what they hold is let go
		if err == nil {
			n, err = res.RowsAffected()
		}
		return err
	})
	return n, err
}

// direct returns a statement of the driver's that is kept for the life of the connection.
func (w *writer) direct(conn any, query string) (driverStmt, error) {
	if st := w.changes[query]; st != nil {
		return st, nil
	}
	c, ok := conn.(driver.ConnPrepareContext)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	prepared, err := c.PrepareContext(w.ctx, query)
	if err != nil {
		return nil, err
	}
	st, ok := prepared.(driverStmt)
	if !ok {
		return nil, errors.Join(errors.ErrUnsupported, prepared.Close())
	}
	w.changes[query] = st
	return st, nil
}

// bind makes values of arguments.
func (w *writer) bind(args []any) (err error) {
	w.args = w.args[:0]
	for i, a := range args {
		switch a.(type) {
		case int64, string, []byte, bool, nil: // as most are
		default:
			if a, err = driver.DefaultParameterConverter.ConvertValue(a); err != nil {
				return err
			}
		}
		w.args = append(w.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return nil
}

// prepared returns a query that is kept for the life of the connection.
func (w *writer) prepared(query string) (*sql.Stmt, error) {
	if st := w.queries[query]; st != nil {
		return st, nil
	}
	st, err := w.conn.PrepareContext(w.ctx, query)
	if err == nil {
		w.queries[query] = st
	}
	return st, err
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
