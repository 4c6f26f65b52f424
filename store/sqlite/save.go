package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"wireroom/article"
	"wireroom/store"
)

// Save implements store.Store: all polls in one transaction. A poll whose claim
// is no longer valid is left out before anything of it is written.
func (s *Store) Save(ctx context.Context, polls []store.Poll) ([]store.Saved, error) {
	var saved []store.Saved
	changed := false
	err := s.tx(ctx, "save", func(t *sql.Tx) error {
		w := writer{ctx: ctx, t: t, codec: s.codec, stmts: map[string]*sql.Stmt{}}
		defer w.close()
		if err := w.row("SELECT n FROM sequence").Scan(&w.sequence); err != nil {
			return err
		}
		first := w.sequence
		saved = make([]store.Saved, len(polls))
		for i := range polls {
			if err := w.poll(&polls[i], &saved[i]); err != nil {
				return fmt.Errorf("source %s: %w", polls[i].State.Source, err)
			}
		}
		if changed = w.sequence != first; changed {
			return w.exec("UPDATE sequence SET n = ?", w.sequence)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if changed {
		s.tell()
	}
	return saved, nil
}

// writer is one Save on its way; it prepares each statement once.
type writer struct {
	ctx      context.Context
	t        *sql.Tx
	codec    *codec
	stmts    map[string]*sql.Stmt
	sequence int64
}

func (w *writer) close() {
	for _, st := range w.stmts {
		st.Close()
	}
}

// prepared returns the statement; a broken one makes its use fail.
func (w *writer) prepared(query string) (*sql.Stmt, error) {
	if st := w.stmts[query]; st != nil {
		return st, nil
	}
	st, err := w.t.PrepareContext(w.ctx, query)
	if err == nil {
		w.stmts[query] = st
	}
	return st, err
}

func (w *writer) exec(query string, args ...any) error {
	st, err := w.prepared(query)
	if err == nil {
		_, err = st.ExecContext(w.ctx, args...)
	}
	return err
}

func (w *writer) row(query string, args ...any) *sql.Row {
	st, err := w.prepared(query)
	if err != nil {
		return w.t.QueryRowContext(w.ctx, query, args...) // fails with the same error
	}
	return st.QueryRowContext(w.ctx, args...)
}

func (w *writer) poll(p *store.Poll, saved *store.Saved) error {
	var source int64
	var detail string
	err := w.row(`SELECT source.id, detail FROM source JOIN host ON host.id = source.host
		WHERE source.name = ? AND host.name = ? AND host.token = ? AND host.lease > 0 AND source.active`,
		p.State.Source, p.Host, p.Token).Scan(&source, &detail)
	if errors.Is(err, sql.ErrNoRows) {
		saved.Err = store.ErrLeaseLost
		return nil
	}
	if err != nil {
		return err
	}
	for i := range p.Items {
		if err := w.item(source, &p.Items[i], saved); err != nil {
			return err
		}
	}
	p.Settle(*saved)
	if err := w.state(source, detail, &p.State); err != nil {
		return err
	}
	if p.HostNotBefore.IsZero() {
		return nil
	}
	return w.exec("UPDATE host SET not_before = max(not_before, ?) WHERE name = ?", ms(p.HostNotBefore), p.Host)
}

func (w *writer) state(source int64, detail string, st *store.State) error {
	err := w.exec(`UPDATE state SET due = ?, url = ?, etag = ?, last_modified = ?, body_hash = ?, interval = ?, last_poll = ?, last_success = ?,
		last_change = ?, failures = ?, status = ?, error = ?, known = ?, history = ? WHERE source = ?`,
		ms(st.Due), st.URL, st.ETag, st.LastModified, int64(st.BodyHash), st.Interval.Milliseconds(), ms(st.LastPoll), ms(st.LastSuccess),
		ms(st.LastChange), st.Failures, st.Status, st.Error, packKnown(st.Known), packHistory(st.History), source)
	if err != nil {
		return err
	}
	now, err := json.Marshal(&st.Detail)
	if err != nil || string(now) == detail {
		return err
	}
	return w.exec("UPDATE source SET detail = ? WHERE id = ?", string(now), source)
}

// item stores one article: inserted if its key is new, else held against what
// is there.
func (w *writer) item(source int64, it *store.Item, saved *store.Saved) error {
	sum := sha256.Sum256([]byte(it.Key))
	key := sum[:16]
	r := &it.Record
	print := int64(article.Fingerprint(r))
	packed, err := w.codec.pack(r)
	if err != nil {
		return err
	}
	var seq int64
	err = w.row(`INSERT INTO article (id, source, key, status, published, updated, embargo, expires, change, fingerprint, record)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING seq`,
		article.ShortID(r.ID), source, key, code(r.Status), ms(r.Published), ms(r.Updated), ms(r.Embargo), ms(r.Expires), w.sequence+1, print, packed).Scan(&seq)
	switch {
	case err == nil:
		w.sequence++
		if r.Status == article.Canceled {
			saved.Canceled++
		} else {
			saved.New++
		}
		return w.index(seq, r)
	case errors.Is(err, sql.ErrNoRows):
		return w.revise(source, key, r, print, saved)
	}
	return err
}

// revise holds a record against the stored one of the same key.
func (w *writer) revise(source int64, key []byte, r *article.Record, print int64, saved *store.Saved) error {
	var seq, oldPrint int64
	var packed []byte
	err := w.row("SELECT seq, fingerprint, record FROM article WHERE source = ? AND key = ?", source, key).Scan(&seq, &oldPrint, &packed)
	if errors.Is(err, sql.ErrNoRows) {
		saved.Refused++ // the id is another article's
		return nil
	}
	if err != nil {
		return err
	}
	if oldPrint == print {
		saved.Unchanged++
		return nil
	}
	old, err := w.codec.unpack(packed)
	if err != nil {
		return err
	}
	next, change := article.Revise(old, *r)
	switch change {
	case article.Same:
		saved.Unchanged++
		return nil
	case article.Cancellation:
		saved.Canceled++
	case article.NewVersion:
		saved.Updated++
	}
	if err := w.exec("INSERT OR REPLACE INTO version (article, version, record) VALUES (?, ?, ?)", seq, old.Version, packed); err != nil {
		return err
	}
	if packed, err = w.codec.pack(&next); err != nil {
		return err
	}
	w.sequence++
	err = w.exec("UPDATE article SET status = ?, published = ?, updated = ?, embargo = ?, expires = ?, change = ?, fingerprint = ?, record = ? WHERE seq = ?",
		code(next.Status), ms(next.Published), ms(next.Updated), ms(next.Embargo), ms(next.Expires), w.sequence, int64(article.Fingerprint(&next)), packed, seq)
	if err != nil {
		return err
	}
	for _, t := range terms(&old) {
		if err := w.exec("DELETE FROM term WHERE term = ? AND published = ? AND article = ?", t, ms(old.Published), seq); err != nil {
			return err
		}
	}
	if err := w.exec("DELETE FROM words WHERE rowid = ?", seq); err != nil {
		return err
	}
	return w.index(seq, &next)
}

// index writes what feeds select by. A canceled article needs none.
func (w *writer) index(seq int64, r *article.Record) error {
	if r.Status == article.Canceled {
		return nil
	}
	for _, t := range terms(r) {
		if err := w.exec("INSERT OR IGNORE INTO term (term, published, article) VALUES (?, ?, ?)", t, ms(r.Published), seq); err != nil {
			return err
		}
	}
	return w.exec("INSERT INTO words (rowid, text) VALUES (?, ?)", seq, searchable(r.Headline+"\n"+r.Standfirst+"\n"+r.Body.Text))
}

// terms are what an article can be selected by, with the kind before each.
func terms(r *article.Record) []string {
	var list []string
	for _, a := range r.Agencies {
		list = append(list, "a:"+strings.ToLower(a))
	}
	for _, t := range r.Terms() {
		list = append(list, "t:"+t)
	}
	for l := strings.ToLower(r.Language); l != ""; {
		list = append(list, "l:"+l)
		i := strings.LastIndexByte(l, '-')
		l = l[:max(i, 0)]
	}
	return list
}

// searchable puts spaces around the signs of scripts that are written without,
// so that each is a word and a search for several is a phrase.
func searchable(s string) string {
	if strings.IndexFunc(s, unspaced) < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(2 * len(s))
	for _, r := range s {
		if unspaced(r) {
			b.WriteByte(' ')
			b.WriteRune(r)
			b.WriteByte(' ')
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func unspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// code is how a status is stored.
func code(s article.Status) int {
	switch s {
	case article.Withheld:
		return 1
	case article.Canceled:
		return 2
	}
	return 0
}
