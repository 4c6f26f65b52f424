package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"wireroom/store"
	"wireroom/store/catalog"
	"wireroom/store/packed"
)

// channel is where a Save that changed articles calls out, for Watch.
const channel = "wireroom_changes"

// Prepare implements store.Store.
func (s *Store) Prepare(p *store.Poll) { catalog.Prepare(p, s.codec) }

// Save implements store.Store: all polls in one transaction, each table written
// once. A poll that is refused is so before anything of it is written; any other
// failure undoes all.
func (s *Store) Save(ctx context.Context, polls []store.Poll, back ...store.Release) ([]store.Saved, error) {
	if len(polls)+len(back) == 0 {
		return nil, nil
	}
	var saved []store.Saved
	var changed bool
	err := s.adding(ctx, func() (last int64, err error) {
		err = s.tx(ctx, "save", func(tx pgx.Tx) error {
			saved = make([]store.Saved, len(polls))
			v := saving{ctx: ctx, tx: tx, codec: s.codec, back: back}
			for rest := range waves(polls) {
				if err := v.wave(polls, rest, saved); err != nil {
					return err
				}
			}
			if err := v.end(); err != nil {
				return err
			}
			changed, last = v.changes > 0, v.last
			return nil
		})
		return last, err
	})
	if err != nil {
		return nil, err
	}
	if changed {
		s.tell()
	}
	return saved, nil
}

// waves yields the indexes of polls in groups in which each source is there
// once, so that a later poll of a source finds what the earlier one left.
func waves(polls []store.Poll) func(func([]int) bool) {
	return func(yield func([]int) bool) {
		var groups [][]int
		turn := make(map[string]int, len(polls))
		for i := range polls {
			n := turn[polls[i].State.Source]
			turn[polls[i].State.Source] = n + 1
			if n == len(groups) {
				groups = append(groups, nil)
			}
			groups[n] = append(groups[n], i)
		}
		for _, g := range groups {
			if !yield(g) {
				return
			}
		}
	}
}

// saving is one Save on its way.
type saving struct {
	ctx      context.Context
	tx       pgx.Tx
	codec    *packed.Codec
	back     []store.Release
	batch    pgx.Batch // to be written
	begun    bool
	sequence int64 // the last change
	last     int64 // seq of the last new article
	changes  int
	articles int
	versions int
}

// begin locks the sequence until the commit, which puts the commits in the
// order of their numbers.
func (v *saving) begin() error {
	if v.begun {
		return nil
	}
	v.begun = true
	return v.tx.QueryRow(v.ctx, "SELECT sequence FROM meta FOR UPDATE").Scan(&v.sequence)
}

func (v *saving) nextChange() int64 {
	v.changes++
	v.sequence++
	return v.sequence
}

func (v *saving) end() error {
	if v.changes > 0 {
		v.batch.Queue("UPDATE meta SET sequence = $1, articles = articles + $2, versions = versions + $3", v.sequence, v.articles, v.versions)
		v.batch.Queue("SELECT pg_notify($1, '')", channel)
	}
	giveBack(&v.batch, v.back)
	return v.flush()
}

// flush writes what is queued.
func (v *saving) flush() error {
	if v.batch.Len() == 0 {
		return nil
	}
	b := v.batch
	v.batch = pgx.Batch{}
	return v.tx.SendBatch(v.ctx, &b).Close()
}

// held is a poll whose claim is good.
type held struct {
	poll   *store.Poll
	saved  *store.Saved
	source int64
	learnt int64 // hash of what is stored
	lapsed bool  // the lease ran out and the host's due time is no longer its end
}

// wave saves polls of different sources.
func (v *saving) wave(polls []store.Poll, which []int, saved []store.Saved) error {
	if err := v.flush(); err != nil { // of the wave before
		return err
	}
	list, err := v.held(polls, which, saved)
	if err != nil || len(list) == 0 {
		return err
	}
	if err := v.items(&v.batch, list); err != nil {
		return err
	}
	return v.states(&v.batch, list)
}

// held finds the polls that may be written and locks their hosts until the
// commit: the source still belongs to the host and is polled, and the claim is
// the host's last one and was not given back. Hosts that are given back are locked
// before, in the order of all.
func (v *saving) held(polls []store.Poll, which []int, saved []store.Saved) ([]held, error) {
	var sources, hosts []string
	var tokens, order []int64
	for _, i := range which {
		saved[i].Err = store.ErrLeaseLost
		p := &polls[i]
		if len(askable([]string{p.State.Source, p.Host})) == 2 {
			sources, hosts, tokens, order = append(sources, p.State.Source), append(hosts, p.Host), append(tokens, p.Token), append(order, int64(i))
		}
	}
	var b pgx.Batch
	if len(v.back) > 0 {
		all := hosts
		for i := range v.back {
			all = append(all, v.back[i].Host)
		}
		b.Queue("SELECT FROM host WHERE name = ANY($1) ORDER BY id FOR NO KEY UPDATE", all)
	}
	b.Queue(`SELECT p.i, state.source, state.learnt, host.due > greatest(host.lease, host.not_before)
		FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS p (source, host, token, i)
		JOIN host ON host.name = p.host AND host.token = p.token AND host.lease > 0
		JOIN source ON source.name = p.source JOIN state ON state.source = source.id AND state.host = host.id
		ORDER BY host.id, state.source FOR NO KEY UPDATE OF host, state`, sources, hosts, tokens, order)
	results := v.tx.SendBatch(v.ctx, &b)
	defer results.Close()
	if len(v.back) > 0 {
		if _, err := results.Exec(); err != nil {
			return nil, err
		}
	}
	rows, err := results.Query()
	if err != nil {
		return nil, err
	}
	list := make([]held, 0, len(which))
	var h held
	var i int64
	_, err = pgx.ForEachRow(rows, []any{&i, &h.source, &h.learnt, &h.lapsed}, func() error {
		h.poll, h.saved = &polls[i], &saved[i]
		h.saved.Err = nil
		list = append(list, h)
		return nil
	})
	return list, errors.Join(err, results.Close())
}

// states queues the writing of the polls' states.
func (v *saving) states(b *pgx.Batch, list []held) error {
	var s stateColumn
	var l, changed learntColumn // whole, and but for what a claim left
	for i := range list {
		p := list[i].poll
		learnt := packed.LearntOf(&p.State)
		s.add(list[i].source, &p.State, learnt.Hash)
		switch {
		case !p.State.Left:
			l.add(list[i].source, &p.State, &learnt)
		case learnt.Hash != list[i].learnt:
			changed.add(list[i].source, &p.State, &learnt)
		}
		if !p.HostNotBefore.IsZero() {
			b.Queue("UPDATE host SET not_before = greatest(not_before, $1), due = greatest(due, $1) WHERE name = $2", millis(p.HostNotBefore), p.Host)
		}
	}
	s.queue(b)
	l.queue(b)
	changed.update(b)
	for i := range list { // after the states, which it goes by
		if list[i].lapsed {
			b.Queue("UPDATE host SET due = greatest(lease, "+hostDue+") WHERE name = $1", list[i].poll.Host)
		}
	}
	return nil
}

// stateColumn holds the states of many polls, column by column.
type stateColumn struct {
	source, due, interval, poll, success, learnt []int64
	failures, status                             []int32
	fault, history                               [][]byte
}

func (c *stateColumn) add(source int64, st *store.State, learnt int64) {
	c.source = append(c.source, source)
	c.due = append(c.due, millis(st.Due))
	c.interval = append(c.interval, st.Interval.Milliseconds())
	c.poll = append(c.poll, millis(st.LastPoll))
	c.success = append(c.success, millis(st.LastSuccess))
	c.learnt = append(c.learnt, learnt)
	c.failures = append(c.failures, int32(st.Failures))
	c.status = append(c.status, int32(st.Status))
	c.fault = append(c.fault, []byte(st.Error))
	c.history = append(c.history, packed.AppendHistory(nil, st.Past, st.History))
}

func (c *stateColumn) queue(b *pgx.Batch) {
	b.Queue(`UPDATE state SET due = p.due, interval = p.interval, last_poll = p.poll, last_success = p.success, learnt = p.learnt, failures = p.failures, status = p.status, error = p.error, history = p.history
		FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::int[], $8::int[], $9::bytea[], $10::bytea[])
		AS p (source, due, interval, poll, success, learnt, failures, status, error, history) WHERE state.source = p.source`,
		c.source, c.due, c.interval, c.poll, c.success, c.learnt, c.failures, c.status, c.fault, c.history)
}

// learntColumn is the same for what polls with news learnt.
type learntColumn struct {
	source, body, change               []int64
	url, etag, modified, known, recent [][]byte
	detail                             []string
}

func (c *learntColumn) add(source int64, st *store.State, l *packed.Learnt) {
	c.source = append(c.source, source)
	c.url = append(c.url, []byte(st.URL))
	c.etag = append(c.etag, []byte(st.ETag))
	c.modified = append(c.modified, []byte(st.LastModified))
	c.body = append(c.body, int64(st.BodyHash))
	c.change = append(c.change, millis(st.LastChange))
	c.known = append(c.known, l.Known)
	c.recent = append(c.recent, l.Recent)
	c.detail = append(c.detail, string(l.Detail))
}

func (c *learntColumn) queue(b *pgx.Batch) {
	if len(c.source) == 0 {
		return
	}
	b.Queue(`INSERT INTO learnt (source, url, etag, last_modified, body_hash, last_change, known, recent, detail)
		SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bytea[], $8::bytea[], $9::text[])
		ON CONFLICT (source) DO UPDATE SET url = excluded.url, etag = excluded.etag, last_modified = excluded.last_modified, body_hash = excluded.body_hash,
		last_change = excluded.last_change, known = excluded.known, recent = excluded.recent, detail = excluded.detail`,
		c.source, c.url, c.etag, c.modified, c.body, c.change, c.known, c.recent, c.detail)
}

// update queues the writing of what rows have that are there, but for known and recent.
func (c *learntColumn) update(b *pgx.Batch) {
	if len(c.source) == 0 {
		return
	}
	b.Queue(`UPDATE learnt SET url = p.url, etag = p.etag, last_modified = p.modified, body_hash = p.body, last_change = p.change, detail = p.detail
		FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[], $7::text[])
		AS p (source, url, etag, modified, body, change, detail) WHERE learnt.source = p.source`,
		c.source, c.url, c.etag, c.modified, c.body, c.change, c.detail)
}

// tell wakes whoever watches in this process.
func (s *Store) tell() {
	s.index.Changed()
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// glance is how long nothing may be heard before the sequence is looked at.
const glance = 2 * time.Second
