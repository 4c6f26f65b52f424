package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/catalog"
)

// stored is what the index tells of an article that is there.
type stored struct {
	seq   int64 // 0: it was forgotten
	print int64
}

// items stores the articles of a poll. Two look-ups tell which are known and
// unchanged, however many there are; only changed ones are read.
func (v *saving) items(source int64, p *store.Poll, saved *store.Saved) error {
	if len(p.Items) == 0 {
		return nil
	}
	if err := v.begin(); err != nil {
		return err
	}
	ids := make([]identity, len(p.Items))
	for i := range p.Items {
		ids[i] = identity{catalog.Key(p.Items[i].Key), catalog.NameOf(p.State.Source, p.Items[i].Key)}
	}
	known, err := v.known(source, ids)
	if err != nil {
		return err
	}
	done, taken := make(map[int64]bool, len(p.Items)), map[int64]bool{}
	for i := range p.Items {
		it := &p.Items[i]
		key := ids[i].key
		if it.Key == "" || done[key] {
			saved.Refused++
			continue
		}
		done[key] = true
		old, ok := known[key]
		if !ok && it.Is != "" {
			if old, ok, err = v.alias(source, key, it.Is); err != nil {
				return fmt.Errorf("item %q: %w", it.Key, err)
			}
		}
		if ok && old.seq == 0 {
			saved.Unchanged++
			continue
		}
		if ok && taken[old.seq] {
			saved.Refused++ // two items are the same article
			continue
		}
		taken[old.seq] = ok
		print := catalog.Ready(it, p.State.Source)
		switch {
		case !ok:
			err = v.insert(source, ids[i], print, it, saved)
		case old.print == print:
			saved.Unchanged++
		default:
			err = v.revise(source, old.seq, it.Record, saved)
		}
		if err != nil {
			return fmt.Errorf("item %q: %w", it.Key, err)
		}
	}
	return nil
}

// identity is an item's, in numbers: of its key, and of the name that its article has
// if it was made from that key; 0 if that can't be known.
type identity struct{ key, name int64 }

// known finds the articles of the items' keys.
func (v *saving) known(source int64, ids []identity) (map[int64]stored, error) {
	found := map[int64]stored{}
	if len(ids) > 4 && !v.gone { // a source's first ones need not be looked up one by one
		var some bool
		if err := v.row([]any{&some}, "SELECT EXISTS (SELECT 1 FROM article INDEXED BY article_source WHERE source = ?)", source); err != nil || !some {
			return found, err
		}
	}
	list := make([]int64, len(ids))
	for i := range ids {
		list[i] = ids[i].name
	}
	scan := func(rows *sql.Rows) error {
		var key int64
		var s stored
		err := rows.Scan(&key, &s.seq, &s.print)
		found[key] = s
		return err
	}
	err := v.rows(scan, "SELECT a.key, a.seq, a.print FROM json_each(?) AS item CROSS JOIN article AS a INDEXED BY article_name ON a.name = item.value WHERE a.source = ? AND a.named = 1", jsonInts(list), source)
	if err != nil || !v.gone && !v.aliases && !v.unnamed {
		return found, err
	}
	for i := range ids {
		list[i] = ids[i].key
	}
	keys := jsonInts(list)
	if v.gone {
		if err := v.rows(scan, "SELECT x.key, 0, 0 FROM json_each(?) AS item CROSS JOIN forgotten AS x ON x.source = ? AND x.key = item.value", keys, source); err != nil {
			return nil, err
		}
	}
	if v.aliases {
		if err := v.rows(scan, "SELECT x.key, a.seq, a.print FROM json_each(?) AS item CROSS JOIN alias AS x ON x.source = ? AND x.key = item.value CROSS JOIN article AS a ON a.seq = x.article", keys, source); err != nil {
			return nil, err
		}
	}
	if v.unnamed {
		err = v.rows(scan, "SELECT a.key, a.seq, a.print FROM json_each(?) AS item CROSS JOIN article AS a INDEXED BY article_key ON a.named = 0 AND a.source = ? AND a.key = item.value", keys, source)
	}
	return found, err
}

// alias gives the article of an id a further key. It reports false if the source
// has no such article.
func (v *saving) alias(source, key int64, id string) (s stored, ok bool, err error) {
	var blob []byte
	err = v.row([]any{&s.seq, &s.print, &blob}, "SELECT seq, print, record FROM article WHERE name = ? AND source = ?", catalog.Name(id), source)
	if errors.Is(err, sql.ErrNoRows) {
		return s, false, nil
	}
	if err != nil {
		return s, false, err
	}
	r, err := v.codec.ParseRecord(blob)
	if err != nil || !catalog.Is(&r, id) {
		return s, false, err
	}
	v.aliases = true
	return s, true, v.exec("INSERT INTO alias (source, key, article) VALUES (?, ?, ?)", source, key, s.seq)
}

// Places: the time in milliseconds in the upper bits, then a tie.
const (
	tieBits   = 21
	tieMask   = 1<<tieBits - 1
	lastPlace = int64(1)<<(63-tieBits) - 1
)

// place is the first place of a moment.
func place(t time.Time) int64 { return max(min(millis(t), lastPlace), -lastPlace-1) << tieBits }

// insert stores a new article.
func (v *saving) insert(source int64, id identity, print int64, it *store.Item, saved *store.Saved) error {
	r := it.Record
	if r.ID == "" {
		saved.Refused++
		return nil
	}
	blob := it.Packed
	if blob == nil {
		v.blob = v.codec.Told(v.blob[:0], r, it.Plain)
		blob = v.blob
	}
	seq := max(v.seq, v.sequence) + 1
	ok, err := v.file(seq, source, id, print, v.sequence+1, r, blob)
	if err != nil {
		return err
	}
	if !ok {
		saved.Refused++ // the id is another article's
		return nil
	}
	v.seq = seq
	v.show(r, v.seq, v.nextChange(), false)
	v.articles++
	v.versions++
	if r.Status == article.Canceled {
		saved.Canceled++
	} else {
		saved.New++
	}
	return nil
}

// file puts an article's row in; false if its id is another article's. Its number
// is the tie of its places; where the places of that very millisecond are taken,
// the next free ones do.
func (v *saving) file(seq, source int64, id identity, print, change int64, r *article.Record, blob []byte) (bool, error) {
	name := catalog.Name(r.ID)
	named := name == id.name
	v.unnamed = v.unnamed || !named
	for try := int64(0); try <= tieMask; try++ {
		tie := (seq + try*try) & tieMask
		n, err := v.change(`INSERT INTO article (seq, place, latest, source, key, print, name, change, entered, status, embargo, expires, record, named)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			seq, place(r.Published)|tie, place(r.Updated)|tie, source, id.key, print, name, change, millis(r.FirstSeen), catalog.Status(r.Status), millis(r.Embargo), millis(r.Expires), blob, named)
		if err != nil || n == 1 {
			return n == 1, err
		}
		var other int64
		err = v.row([]any{&other}, "SELECT seq FROM article WHERE name = ?", name)
		if err == nil {
			return false, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return false, err
		}
	}
	return false, errors.New("too many articles of one millisecond")
}

// revise holds a record against the stored one of the same identity.
func (v *saving) revise(source, seq int64, r *article.Record, saved *store.Saved) error {
	var blob []byte
	if err := v.row([]any{&blob}, "SELECT record FROM article WHERE seq = ?", seq); err != nil {
		return err
	}
	old, err := v.codec.ParseRecord(blob)
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
	if err := v.exec("INSERT INTO version (article, version, record) VALUES (?, ?, ?)", seq, old.Version, blob); err != nil {
		return err
	}
	v.versions++
	catalog.Tidy(&next, r.Source.ID)
	return v.replace(seq, &next)
}

// replace writes the new version of an article in the old one's place.
func (v *saving) replace(seq int64, r *article.Record) (err error) {
	v.blob = v.codec.Record(v.blob[:0], r)
	change := v.nextChange()
	for try := int64(0); try <= tieMask; try++ {
		n, err := v.change("UPDATE OR IGNORE article SET latest = ?, print = ?, change = ?, status = ?, embargo = ?, expires = ?, record = ? WHERE seq = ?",
			place(r.Updated)|(seq+try*try)&tieMask, catalog.Print(r), change, catalog.Status(r.Status), millis(r.Embargo), millis(r.Expires), v.blob, seq)
		if err != nil || n == 1 {
			v.show(r, seq, change, true)
			return err
		}
	}
	return errors.New("too many articles of one millisecond")
}
