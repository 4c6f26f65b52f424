package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"wireroom/store"
	"wireroom/store/packed"
)

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
		for i := range polls {
			if err := v.poll(&polls[i], &saved[i]); err != nil {
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
	sequence int64 // the last change
	seq      int64 // the last article
	changes  int
	articles int
	versions int
	blob     []byte        // reused
	learnt   packed.Learnt // likewise
	polls    []byte        // likewise
	fresh    []*freshRecord

	title, republish string // what the config says of the source at hand
}

// begin reads the numbers that articles continue from.
func (v *saving) begin() error {
	if v.begun {
		return nil
	}
	v.begun = true
	return v.row([]any{&v.sequence, &v.seq, &v.aliases, &v.gone},
		"SELECT sequence, (SELECT coalesce(max(seq), 0) FROM article), EXISTS (SELECT 1 FROM alias), EXISTS (SELECT 1 FROM forgotten) FROM meta")
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
func (v *saving) show(x *freshRecord, seq, change int64, again bool) {
	x.seq, x.again = seq, again
	x.record.Changed = change
	configured(&x.record, v.title, v.republish)
	v.fresh = append(v.fresh, x)
}

// held is the condition under which a poll may be written: the source still
// belongs to the host and is polled (state.host), and the claim is the host's
// last one and was not given back.
const (
	held      = theSource + " AND " + heldByUs
	theSource = "state.source = (SELECT id FROM source WHERE name = ?)"
	heldByUs  = "host.name = ? AND host.token = ? AND host.lease > 0"
)

// lapsed says that the host's due time is no longer that of its lease: the lease
// ran out and a Claim, finding nothing due, has computed the time anew. It must
// be so again after a poll.
const lapsed = "host.due > max(host.lease, host.not_before)"

// setState is what every poll writes.
const setState = "UPDATE state SET due = ?, interval = ?, last_poll = ?, last_success = ?, failures = ?, status = ?, error = ?, history = ?"

func (v *saving) poll(p *store.Poll, saved *store.Saved) error {
	learnt := &v.learnt
	learnt.Of(&p.State)
	if len(p.Items) == 0 {
		// Most polls: nothing learnt, one write.
		// SQLite does one without a journal of its own only where it updates one row,
		// found by its key; hence no FROM.
		n, err := v.change(setState+" WHERE "+theSource+" AND learnt = ? AND EXISTS (SELECT 1 FROM host WHERE host.id = state.host AND "+heldByUs+" AND NOT "+lapsed+")",
			append(v.state(&p.State), p.State.Source, learnt.Hash, p.Host, p.Token)...)
		if err != nil || n == 1 {
			return errors.Join(err, v.rest(p))
		}
	}
	var source, before int64
	var late bool
	err := v.row([]any{&source, &before, &late, &v.title, &v.republish}, "SELECT state.source, state.learnt, "+lapsed+", source.title, source.republish "+
		"FROM state JOIN host ON host.id = state.host JOIN source ON source.id = state.source WHERE "+held, p.State.Source, p.Host, p.Token)
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
	if p.Settle(*saved); len(p.Items) > 0 { // it may have moved the last change
		learnt.Of(&p.State)
	}
	if learnt.Hash != before {
		if err := v.learn(source, &p.State, learnt); err != nil {
			return err
		}
	}
	if err := v.exec(setState+", learnt = ? WHERE source = ?", append(v.state(&p.State), learnt.Hash, source)...); err != nil {
		return err
	}
	if late {
		if err := v.exec("UPDATE host SET due = max(lease, "+hostDue+") WHERE name = ?", p.Host); err != nil {
			return err
		}
	}
	return v.rest(p)
}

func (v *saving) state(st *store.State) []any {
	return append(make([]any, 0, 12), millis(st.Due), st.Interval.Milliseconds(), millis(st.LastPoll), millis(st.LastSuccess),
		st.Failures, st.Status, st.Error, v.history(st))
}

// history packs the last polls, in the place of those that were packed before.
func (v *saving) history(st *store.State) []byte {
	v.polls = packed.AppendHistory(v.polls[:0], st.Past, st.History)
	return v.polls
}

func (v *saving) learn(source int64, st *store.State, l *packed.Learnt) error {
	return v.exec(`INSERT OR REPLACE INTO learnt (source, url, etag, last_modified, body_hash, last_change, known, recent, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		source, st.URL, st.ETag, st.LastModified, int64(st.BodyHash), millis(st.LastChange), l.Known, l.Recent, string(l.Detail))
}

// rest keeps the whole host unclaimed for as long as it asked for.
func (v *saving) rest(p *store.Poll) error {
	if p.HostNotBefore.IsZero() {
		return nil
	}
	return v.exec("UPDATE host SET not_before = max(not_before, ?1), due = max(due, ?1) WHERE name = ?2", millis(p.HostNotBefore), p.Host)
}
