package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"wireroom/store"
)

const (
	perHost   = 100 // sources in one claim, where the request says nothing
	nameBatch = 500 // names looked up at a time
)

// Claim implements store.Store. The due time of a host is one number with an
// index, so that looking costs the same whatever there is that is not due.
func (s *Store) Claim(ctx context.Context, r store.ClaimRequest) (claims []store.Claim, next time.Time, err error) {
	if r.PerHost <= 0 {
		r.PerHost = perHost
	}
	now := millis(r.Now)
	if len(r.Sources) == 0 { // nobody due: no write transaction
		first, err := s.firstDue(ctx)
		if err != nil {
			return nil, time.Time{}, s.fault("claim", err)
		}
		if first > now || r.Hosts <= 0 {
			return nil, due(first), nil
		}
	}
	err = s.tx(ctx, "claim", func(w *writer) error {
		claims, next = nil, time.Time{}
		c := claiming{w: w, r: &r, now: now, until: millis(r.Now.Add(r.Lease))}
		var err error
		if len(r.Sources) > 0 {
			err = c.named()
		} else {
			err = c.due()
		}
		claims, next = c.claims, due(c.next)
		return err
	})
	if err != nil {
		return nil, time.Time{}, err
	}
	return claims, next, nil
}

// due is a due time as it is told: zero for never.
func due(ms int64) time.Time {
	if ms >= never {
		return time.Time{}
	}
	return at(ms)
}

const firstDue = "SELECT due FROM host ORDER BY due LIMIT 1"

func (s *Store) firstDue(ctx context.Context) (ms int64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	// It is asked at every turn of a scheduler: prepared once, and with a context
	// that has no end, which would cost a goroutine.
	err = s.first.QueryRowContext(context.WithoutCancel(ctx)).Scan(&ms)
	if errors.Is(err, sql.ErrNoRows) {
		return never, nil
	}
	return ms, err
}

// claiming is one Claim on its way.
type claiming struct {
	w          *writer
	r          *store.ClaimRequest
	now, until int64
	claims     []store.Claim
	next       int64
}

type host struct {
	id   int64
	name string
}

// due claims hosts that are due, the longest waiting first.
func (c *claiming) due() error {
	for more := true; more && len(c.claims) < c.r.Hosts; {
		wanted := c.r.Hosts - len(c.claims)
		var hosts []host
		// SQLite would plan a statement anew whenever its bare LIMIT is another.
		err := c.w.rows(func(rows *sql.Rows) error {
			var h host
			err := rows.Scan(&h.id, &h.name)
			hosts = append(hosts, h)
			return err
		}, "SELECT id, name FROM host WHERE due <= ? ORDER BY due LIMIT ?+0", c.now, wanted)
		if err != nil {
			return err
		}
		states, cut, err := c.states(hosts)
		if err == nil {
			err = c.lease(hosts, states, cut)
		}
		if err != nil {
			return err
		}
		more = cut || len(hosts) == wanted // some may turn out to have nothing due
	}
	err := c.w.row([]any{&c.next}, firstDue)
	if errors.Is(err, sql.ErrNoRows) {
		c.next, err = never, nil
	}
	return err
}

// hostDue computes when a host that is not leased can be claimed.
const hostDue = "max(not_before, coalesce((SELECT min(state.due) FROM state WHERE state.host = host.id), 1152921504606846976))"

// states reads the due sources of hosts, the longest overdue of each first, in one
// statement: to begin one costs as much as ten rows. cut says that hosts behind one
// with very many may have been left without any.
func (c *claiming) states(hosts []host) (states [][]store.State, cut bool, err error) {
	states = make([][]store.State, len(hosts))
	limit, n := len(hosts)*c.r.PerHost, 0
	var i int // of the row's host: they come host by host
	row := &stateRow{}
	row.dest = []any{&i, &row.st.Source, &row.st.Rows.Source, &row.due, &row.poll, &row.packed}
	block := make([]store.State, 0, len(hosts)) // that the next states go into
	err = c.w.rows(func(rows *sql.Rows) error {
		err := row.load(rows)
		if n++; err != nil || len(states[i]) == c.r.PerHost {
			return err
		}
		st, err := row.state()
		if err != nil {
			return err
		}
		st.Host, st.Rows.Host = hosts[i].name, hosts[i].id
		have := len(states[i])
		if len(block) == cap(block) { // the host's states go along, no others
			block = append(make([]store.State, 0, max(stateBlock, 2*have)), states[i]...)
		}
		block = append(block, *st)
		end := len(block)
		states[i] = block[end-have-1 : end : end]
		return nil
	}, // In the order of the index; a sort would copy every row.
		`SELECT wanted.key, state.name, state.source, state.due, state.last_poll, state.packed FROM json_each(?1) AS wanted CROSS JOIN state INDEXED BY state_due
		ON state.host = wanted.value AND state.due <= ?2 LIMIT ?3+0`, ids(hosts), c.now, limit)
	if cut = n == limit && n > 0; cut && len(states[i]) < c.r.PerHost {
		states[i] = nil // there may be more of them
	}
	return states, cut, err
}

// stateBlock is how many states are given memory at a time.
const stateBlock = 32

// ids are those of hosts, as json_each reads them.
func ids(hosts []host) string {
	b := make([]byte, 0, 8*len(hosts)+2)
	b = append(b, '[')
	for i, h := range hosts {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, h.id, 10)
	}
	return string(append(b, ']'))
}

// lease gives those of the hosts that have sources to the worker. The token of a
// host grows with every claim. The due times of the others are computed anew, unless
// theirs were cut off.
func (c *claiming) lease(hosts []host, states [][]store.State, cut bool) error {
	var wanted []host
	first := len(c.claims)
	at0 := map[int64]int{}
	for i, h := range hosts {
		if len(states[i]) == 0 {
			if cut {
				continue
			}
			if err := c.w.exec("UPDATE host SET due = "+hostDue+" WHERE id = ?", h.id); err != nil {
				return err
			}
			continue
		}
		at0[h.id] = first + len(wanted)
		wanted = append(wanted, h)
		c.claims = append(c.claims, store.Claim{Host: h.name, Until: at(c.until), Sources: states[i]})
	}
	if len(wanted) == 0 {
		return nil
	}
	return c.w.rows(func(rows *sql.Rows) error {
		var id, token int64
		err := rows.Scan(&id, &token)
		if i, ok := at0[id]; ok {
			c.claims[i].Token = token
		}
		return err
	}, "UPDATE host SET lease = ?1, due = ?1, token = token + 1, worker = ?2 WHERE id IN (SELECT value FROM json_each(?3)) RETURNING id, token", c.until, c.r.Worker, ids(wanted))
}

// named claims the hosts of named sources, due or not, as far as they are free.
// next is then when the first of those that are not may be.
func (c *claiming) named() error {
	hosts, err := c.freeHosts()
	if err != nil {
		return err
	}
	wanted := make(map[string]bool, len(c.r.Sources))
	for _, name := range c.r.Sources {
		wanted[name] = true
	}
	for _, h := range hosts {
		states, err := c.namedStates(h, wanted)
		if err == nil && len(states) > 0 {
			err = c.lease([]host{h}, [][]store.State{states}, false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// freeHosts finds hosts of the named sources that nobody holds.
func (c *claiming) freeHosts() (hosts []host, err error) {
	c.next = never
	seen := map[int64]bool{}
	for names := range slices.Chunk(c.r.Sources, nameBatch) {
		if len(hosts) == c.r.Hosts {
			c.next = c.now // there are names that were not looked at
			break
		}
		text, err := json.Marshal(names)
		if err != nil {
			return nil, err
		}
		err = c.w.rows(func(rows *sql.Rows) error {
			var h host
			var busy int64
			if err := rows.Scan(&h.id, &h.name, &busy); err != nil || seen[h.id] {
				return err
			}
			seen[h.id] = true
			switch {
			case busy > c.now:
				c.next = min(c.next, busy)
			case len(hosts) == c.r.Hosts:
				c.next = c.now
			default:
				hosts = append(hosts, h)
			}
			return nil
		}, `SELECT host.id, host.name, max(host.lease, host.not_before) FROM json_each(?) AS name CROSS JOIN source ON source.name = name.value
			JOIN host ON host.id = source.host WHERE source.standing = 1`, string(text))
		if err != nil {
			return nil, err
		}
	}
	return hosts, nil
}

// namedStates reads those of a host's sources that were named.
func (c *claiming) namedStates(h host, wanted map[string]bool) ([]store.State, error) {
	var ids []int64
	err := c.w.rows(func(rows *sql.Rows) error {
		var id int64
		var name sql.RawBytes
		err := rows.Scan(&id, &name)
		if err == nil && len(ids) < c.r.PerHost && wanted[string(name)] {
			ids = append(ids, id)
		}
		return err
	}, "SELECT state.source, source.name FROM state JOIN source ON source.id = state.source WHERE state.host = ? ORDER BY state.due", h.id)
	if err != nil {
		return nil, err
	}
	list := make([]store.State, 0, len(ids))
	row := newStateRow()
	for _, id := range ids {
		err := c.w.rows(func(rows *sql.Rows) error {
			st, err := row.scan(rows)
			if err == nil {
				list = append(list, *st)
			}
			return err
		}, "SELECT "+stateColumns+stateTables+"WHERE state.source = ?", id)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Renew implements store.Store. A lease that ran out is still renewed if nobody
// else has claimed the host meanwhile.
func (s *Store) Renew(ctx context.Context, claims []store.Claim, until time.Time) (lost []store.Claim, err error) {
	if len(claims) == 0 {
		return nil, nil
	}
	err = s.tx(ctx, "renew", func(w *writer) error {
		lost = nil
		for _, c := range claims {
			n, err := w.change("UPDATE host SET lease = ?1, due = max(not_before, ?1) WHERE name = ?2 AND token = ?3 AND lease > 0", millis(until), c.Host, c.Token)
			if err != nil {
				return err
			}
			if n == 0 {
				lost = append(lost, c)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return lost, nil
}

// giveBack ends a claim, unless it was lost.
func (w *writer) giveBack(r *store.Release) error {
	return w.exec("UPDATE host SET lease = 0, worker = '', not_before = max(not_before, ?1), due = max(?1, "+hostDue+") WHERE name = ?2 AND token = ?3 AND lease > 0",
		millis(r.NotBefore), r.Host, r.Token)
}
