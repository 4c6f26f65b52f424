package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/catalog"
	"wireroom/store/packed"
)

// Prepare implements store.Store.
func (s *Store) Prepare(p *store.Poll) { catalog.Prepare(p, s.codec) }

// Save implements store.Store: all polls in one transaction. A poll that is
// refused is so before anything of it is written; any other failure undoes all.
func (s *Store) Save(ctx context.Context, polls []store.Poll, back ...store.Release) ([]store.Saved, error) {
	if len(polls)+len(back) == 0 {
		return nil, nil
	}
	saved := make([]store.Saved, len(polls))
	v := saving{}
	err := s.tx(ctx, "save", func(w *writer) error {
		v.writer = w
		if err := v.hosts(polls); err != nil {
			return err
		}
		for i := 0; i < len(polls); i++ {
			n, err := v.plainly(polls[i:])
			if i += n; err == nil && i < len(polls) {
				err = v.poll(&polls[i], &saved[i])
			}
			if err != nil {
				return fmt.Errorf("source %s: %w", polls[i].State.Source, err)
			}
		}
		for i := range back {
			if err := w.giveBack(&back[i]); err != nil {
				return fmt.Errorf("host %s: %w", back[i].Host, err)
			}
		}
		return v.end()
	})
	if err != nil {
		return nil, err
	}
	if v.changes > 0 {
		s.fresh.add(v.sequence-int64(v.changes), v.fresh)
		s.tell(v.sequence)
	}
	return saved, nil
}

// saving is one Save on its way. Numbers are allotted in memory and written once.
type saving struct {
	*writer
	begun    bool
	aliases  bool  // some article has further keys
	gone     bool  // some article was forgotten
	unnamed  bool  // some article's name does not follow from its key
	sequence int64 // the last change
	seq      int64 // the last article
	changes  int
	articles int
	versions int
	blob     []byte // reused
	packed   []byte // likewise
	fresh    []*freshRecord

	held map[int64]int64 // tokens of hosts whose last claim is good, as far as plain polls need them

	title, republish string // what the config says of the source at hand
}

// begin reads the numbers that articles continue from.
func (v *saving) begin() error {
	if v.begun {
		return nil
	}
	v.begun = true
	return v.row([]any{&v.sequence, &v.seq, &v.aliases, &v.gone, &v.unnamed},
		"SELECT sequence, (SELECT coalesce(max(seq), 0) FROM article), EXISTS (SELECT 1 FROM alias), EXISTS (SELECT 1 FROM forgotten), EXISTS (SELECT 1 FROM article INDEXED BY article_key WHERE named = 0) FROM meta")
}

func (v *saving) end() error {
	if v.changes == 0 {
		return nil
	}
	return v.exec("UPDATE meta SET sequence = ?, articles = articles + ?, versions = versions + ?", v.sequence, v.articles, v.versions)
}

// moved is what the sequence is moved to, 0 if it stays.
func (v *saving) moved() int64 {
	if v.changes == 0 {
		return 0
	}
	return v.sequence
}

// nextChange gives the next change its number.
func (v *saving) nextChange() int64 {
	v.changes++
	v.sequence++
	return v.sequence
}

// show keeps a record as Changes gives it out; again says that the article was
// there before.
func (v *saving) show(r *article.Record, seq, change int64, again bool) {
	r.Changed = change
	configured(r, v.title, v.republish)
	v.fresh = append(v.fresh, &freshRecord{seq: seq, record: r, again: again})
}

// setState is what every poll writes. SQLite does it without a journal of its own
// because it updates one row, found by its key. The host is that of sources that are
// polled.
const setState = "UPDATE state SET due = ?, last_poll = ?, packed = ? WHERE source = ? AND host = ?"

// The condition under which a poll may be written, beside setState's: the claim is
// the host's last one and was not given back.
const heldByUs = "host.token = ? AND host.lease > 0"

// lapsed says that the host's due time is no longer that of its lease: the lease
// ran out and a Claim, finding nothing due, has computed the time anew. It must
// be so again after a poll.
const lapsed = "host.due > max(host.lease, host.not_before)"

func (v *saving) poll(p *store.Poll, saved *store.Saved) error {
	var source, host int64
	var late bool
	err := v.row([]any{&source, &host, &late, &v.title, &v.republish}, "SELECT state.source, host.id, "+lapsed+", source.title, source.republish "+
		"FROM source JOIN state ON state.source = source.id JOIN host ON host.id = state.host WHERE source.name = ? AND host.name = ? AND "+heldByUs,
		p.State.Source, p.Host, p.Token)
	if errors.Is(err, sql.ErrNoRows) {
		saved.Err = store.ErrLeaseLost
		return nil
	}
	if err != nil {
		return err
	}
	if err := v.items(source, p, saved); err != nil {
		return err
	}
	p.Settle(*saved)
	if err := v.exec(setState, append(v.state(&p.State), source, host)...); err != nil {
		return err
	}
	if err := v.note(source, &p.State); err != nil {
		return err
	}
	if late {
		if err := v.exec("UPDATE host SET due = max(lease, "+hostDue+") WHERE id = ?", host); err != nil {
			return err
		}
	}
	return v.rest(p)
}

// state are the first arguments of setState.
func (v *saving) state(st *store.State) []any {
	v.packed = packed.AppendState(v.packed[:0], st)
	return append(make([]any, 0, 8), millis(st.Due), millis(st.LastPoll), v.packed)
}

// note keeps what the source's items are known by, if the poll had to look at it.
func (v *saving) note(source int64, st *store.State) error {
	if st.Left {
		return nil
	}
	var recent []byte
	if len(st.Recent) <= store.RecentLen {
		recent = st.Recent
	}
	return v.exec("INSERT OR REPLACE INTO noted (source, known, recent) VALUES (?, ?, ?)", source, packed.Hashes(st.Known), recent)
}

// rest keeps the whole host unclaimed for as long as it asked for.
func (v *saving) rest(p *store.Poll) error {
	if p.HostNotBefore.IsZero() {
		return nil
	}
	return v.exec("UPDATE host SET not_before = max(not_before, ?1), due = max(due, ?1) WHERE name = ?2", millis(p.HostNotBefore), p.Host)
}
