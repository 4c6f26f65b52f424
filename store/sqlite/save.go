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
			if err := v.giveBack(&back[i]); err != nil {
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
	blob     []byte // reused
	packed   []byte // likewise
	fresh    []*freshRecord
	hosts    map[claimKey]*claimedHost

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

// claimedHost is a host of this Save's polls.
type claimedHost struct {
	id   int64
	held bool // the claim is the host's last one and was not given back
	late bool // the lease ran out, and a Claim, finding nothing due, has computed the due time anew
}

// claimKey tells claims apart.
type claimKey struct {
	host  string
	token int64
}

// claimed looks up the host of a claim, once: the transaction lets nobody else
// change it.
func (v *saving) claimed(host string, token int64) (*claimedHost, error) {
	key := claimKey{host, token}
	if h := v.hosts[key]; h != nil {
		return h, nil
	}
	h := &claimedHost{held: true}
	err := v.row([]any{&h.id, &h.late}, "SELECT id, due > max(lease, not_before) FROM host WHERE name = ? AND token = ? AND lease > 0", host, token)
	if errors.Is(err, sql.ErrNoRows) {
		h.held, err = false, nil
	}
	if v.hosts == nil {
		v.hosts = map[claimKey]*claimedHost{}
	}
	v.hosts[key] = h
	return h, err
}

// setState is what every poll writes. SQLite does it without a journal of its own
// because it updates one row, found by its key. The host is that of sources that are
// polled.
const setState = "UPDATE state SET due = ?, last_poll = ?, packed = ? WHERE source = ? AND host = ?"

// poll saves a poll if the source still belongs to the host and is polled, and the
// claim is the host's last one and was not given back.
func (v *saving) poll(p *store.Poll, saved *store.Saved) error {
	saved.Err = store.ErrLeaseLost
	h, err := v.claimed(p.Host, p.Token)
	if err != nil || !h.held {
		return err
	}
	source := p.State.Row
	if source == 0 || len(p.Items) > 0 {
		err := v.row([]any{&source, &v.title, &v.republish}, "SELECT source.id, source.title, source.republish FROM source JOIN state ON state.source = source.id "+
			"WHERE source.name = ? AND state.host = ?", p.State.Source, h.id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	if len(p.Items) > 0 {
		saved.Err = nil
		if err := v.items(source, p, saved); err != nil {
			return err
		}
	}
	p.Settle(*saved)
	n, err := v.change(setState, append(v.state(&p.State), source, h.id)...)
	if err != nil || n == 0 {
		return err
	}
	saved.Err = nil
	if err := v.note(source, &p.State); err != nil {
		return err
	}
	if h.late { // it must be so again after a poll
		if err := v.exec("UPDATE host SET due = max(lease, "+hostDue+") WHERE id = ?", h.id); err != nil {
			return err
		}
	}
	return v.rest(p, h)
}

// state are the first arguments of setState.
func (v *saving) state(st *store.State) []any {
	v.packed = packed.AppendState(v.packed[:0], st)
	return append(make([]any, 0, 5), millis(st.Due), millis(st.LastPoll), v.packed)
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
func (v *saving) rest(p *store.Poll, h *claimedHost) error {
	if p.HostNotBefore.IsZero() {
		return nil
	}
	return v.exec("UPDATE host SET not_before = max(not_before, ?1), due = max(due, ?1) WHERE id = ?2", millis(p.HostNotBefore), h.id)
}
