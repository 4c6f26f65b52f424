package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"wireroom/store"
)

const (
	perHost   = 100 // sources in one claim, where the request says nothing
	nameBatch = 1000
)

// Claim implements store.Store. The due time of a host is one number with an
// index, so that looking costs the same whatever there is that is not due.
func (s *Store) Claim(ctx context.Context, r store.ClaimRequest) (claims []store.Claim, next time.Time, err error) {
	if r.PerHost <= 0 {
		r.PerHost = perHost
	}
	now := millis(r.Now)
	if len(r.Sources) == 0 { // nobody due: no transaction
		var first int64
		err := s.again(ctx, "claim", func() (err error) {
			var server time.Time
			first, server, err = earliest(ctx, s.pool)
			s.clock.set(server)
			return err
		})
		if err != nil {
			return nil, time.Time{}, err
		}
		if first > now || r.Hosts <= 0 {
			return nil, due(first), nil
		}
	}
	err = s.tx(ctx, "claim", func(tx pgx.Tx) error {
		c := claiming{ctx: ctx, tx: tx, r: &r, now: now, until: millis(r.Now.Add(r.Lease))}
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

// querier is the pool or a transaction.
type querier interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
	QueryRow(context.Context, string, ...any) pgx.Row
}

// earliest is the first due time, and what the server's clock says.
func earliest(ctx context.Context, q querier) (ms int64, server time.Time, err error) {
	err = q.QueryRow(ctx, "SELECT coalesce((SELECT due FROM host ORDER BY due LIMIT 1), $1), clock_timestamp()", never).Scan(&ms, &server)
	return ms, server, err
}

// claiming is one Claim on its way.
type claiming struct {
	ctx        context.Context
	tx         pgx.Tx
	r          *store.ClaimRequest
	now, until int64
	claims     []store.Claim
	next       int64
}

type host struct {
	ID   int64
	Name string
}

// hostDue computes when a host that is not leased can be claimed.
const hostDue = "greatest(not_before, coalesce((SELECT min(state.due) FROM state WHERE state.host = host.id), 1152921504606846976))"

// due claims hosts that are due, the longest waiting first. Hosts that another
// replica is claiming at this moment are passed over.
func (c *claiming) due() error {
	for more := true; more && len(c.claims) < c.r.Hosts; {
		wanted := c.r.Hosts - len(c.claims)
		rows, err := c.tx.Query(c.ctx, "SELECT id, name FROM host WHERE due <= $1 ORDER BY due LIMIT $2 FOR UPDATE SKIP LOCKED", c.now, wanted)
		if err != nil {
			return err
		}
		hosts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[host])
		if err != nil {
			return err
		}
		more = len(hosts) == wanted // some may turn out to have nothing due
		if err := c.lease(hosts, `state.source IN (SELECT source FROM state WHERE state.host = wanted.id AND state.due <= $2 ORDER BY state.due LIMIT $3)`, c.now); err != nil {
			return err
		}
	}
	var err error
	c.next, _, err = earliest(c.ctx, c.tx)
	return err
}

// lease gives those of the hosts to the worker that have sources of the kind
// that is wanted; the others' due times are computed anew. The token of a host
// grows with every claim.
func (c *claiming) lease(hosts []host, which string, arg any) error {
	if len(hosts) == 0 {
		return nil
	}
	ids := make([]int64, len(hosts))
	for i, h := range hosts {
		ids[i] = h.ID
	}
	rows, err := c.tx.Query(c.ctx, "SELECT "+stateColumns+" FROM unnest($1::bigint[]) AS wanted (id) CROSS JOIN LATERAL (SELECT state.* FROM state WHERE "+which+
		") AS state JOIN source ON source.id = state.source JOIN host ON host.id = source.host LEFT JOIN learnt ON learnt.source = state.source ORDER BY state.due", ids, arg, c.r.PerHost)
	if err != nil {
		return err
	}
	states, err := pgx.CollectRows(rows, scanState)
	if err != nil {
		return err
	}
	byHost := map[string][]store.State{}
	for _, st := range states {
		byHost[st.Host] = append(byHost[st.Host], st)
	}
	ids = ids[:0]
	var idle []int64
	at0 := len(c.claims)
	for _, h := range hosts {
		if len(byHost[h.Name]) == 0 {
			idle = append(idle, h.ID)
			continue
		}
		ids = append(ids, h.ID)
		c.claims = append(c.claims, store.Claim{Host: h.Name, Until: at(c.until), Sources: byHost[h.Name]})
	}
	if len(idle) > 0 && len(c.r.Sources) == 0 {
		if _, err := c.tx.Exec(c.ctx, "UPDATE host SET due = "+hostDue+" WHERE id = ANY($1)", idle); err != nil {
			return err
		}
	}
	return c.tokens(ids, c.claims[at0:])
}

func (c *claiming) tokens(ids []int64, claims []store.Claim) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := c.tx.Query(c.ctx, "UPDATE host SET lease = $1, due = $1, token = token + 1, worker = $2 WHERE id = ANY($3) RETURNING name, token", c.until, c.r.Worker, ids)
	if err != nil {
		return err
	}
	tokens := map[string]int64{}
	var name string
	var token int64
	if _, err = pgx.ForEachRow(rows, []any{&name, &token}, func() error { tokens[name] = token; return nil }); err != nil {
		return err
	}
	for i := range claims {
		claims[i].Token = tokens[claims[i].Host]
	}
	return nil
}

// named claims the hosts of named sources, due or not, as far as they are free.
// next is then when the first of those that are not may be.
func (c *claiming) named() error {
	c.next = never
	names := askable(c.r.Sources)
	var hosts []host
	seen := map[int64]bool{}
	for batch := range slices.Chunk(names, nameBatch) {
		if len(hosts) == c.r.Hosts {
			c.next = c.now // there are names that were not looked at
			break
		}
		rows, err := c.tx.Query(c.ctx, `SELECT DISTINCT host.id, host.name, greatest(host.lease, host.not_before) FROM source JOIN host ON host.id = source.host
			WHERE source.standing = 1 AND source.name = ANY($1) ORDER BY host.id`, batch)
		if err != nil {
			return err
		}
		var h host
		var busy int64
		_, err = pgx.ForEachRow(rows, []any{&h.ID, &h.Name, &busy}, func() error {
			switch {
			case seen[h.ID]:
			case busy > c.now:
				c.next = min(c.next, busy)
			case len(hosts) == c.r.Hosts:
				c.next = c.now
			default:
				hosts = append(hosts, h)
			}
			seen[h.ID] = true
			return nil
		})
		if err != nil {
			return err
		}
	}
	locked, err := c.lock(hosts)
	if err != nil {
		return err
	}
	return c.lease(locked, `state.source IN (SELECT state.source FROM state JOIN source ON source.id = state.source WHERE state.host = wanted.id AND source.name = ANY($2) ORDER BY state.due LIMIT $3)`, names)
}

// lock takes those of the hosts that are still free.
func (c *claiming) lock(hosts []host) ([]host, error) {
	ids := make([]int64, len(hosts))
	for i, h := range hosts {
		ids[i] = h.ID
	}
	rows, err := c.tx.Query(c.ctx, "SELECT id, name FROM host WHERE id = ANY($1) AND lease <= $2 AND not_before <= $2 ORDER BY id FOR UPDATE SKIP LOCKED", ids, c.now)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[host])
}

// claimed are the hosts, tokens and times of claims as columns.
func claimed(claims []store.Release) (names []string, tokens, times []int64) {
	names, tokens, times = make([]string, len(claims)), make([]int64, len(claims)), make([]int64, len(claims))
	for i := range claims {
		names[i], tokens[i], times[i] = claims[i].Host, claims[i].Token, millis(claims[i].NotBefore)
	}
	return names, tokens, times
}

// mine locks the hosts of the claims that are still good, in the order of ids, as
// everybody does who writes several; each has a time of its own.
const mine = `WITH mine AS (SELECT host.id, c.till FROM host JOIN unnest($1::text[], $2::bigint[], $3::bigint[]) AS c (name, token, till)
	ON host.name = c.name AND host.token = c.token WHERE host.lease > 0 ORDER BY host.id FOR NO KEY UPDATE OF host) `

// Renew implements store.Store. A lease that ran out is still renewed if nobody
// else has claimed the host meanwhile.
func (s *Store) Renew(ctx context.Context, claims []store.Claim, until time.Time) (lost []store.Claim, err error) {
	if len(claims) == 0 {
		return nil, nil
	}
	names, tokens, times := claimed(store.Back(until, claims...))
	err = s.tx(ctx, "renew", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, mine+`UPDATE host SET lease = mine.till, due = greatest(not_before, mine.till) FROM mine WHERE host.id = mine.id RETURNING host.name, host.token`, names, tokens, times)
		if err != nil {
			return err
		}
		good := map[string]int64{}
		var name string
		var token int64
		if _, err = pgx.ForEachRow(rows, []any{&name, &token}, func() error { good[name] = token; return nil }); err != nil {
			return err
		}
		lost = nil
		for _, c := range claims {
			if good[c.Host] != c.Token {
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

// giveBack queues the end of claims; those that were lost are passed over.
func giveBack(b *pgx.Batch, back []store.Release) {
	if len(back) == 0 {
		return
	}
	names, tokens, times := claimed(back)
	b.Queue(mine+`UPDATE host SET lease = 0, worker = '', not_before = greatest(not_before, mine.till), due = greatest(mine.till, `+hostDue+`)
		FROM mine WHERE host.id = mine.id`, names, tokens, times)
}
