package sqlite

import (
	"database/sql"

	"wireroom/store"
)

// plain reports whether a poll is as most are: it learnt nothing but that there is
// nothing new, and knows where its source is. Such a poll is one write.
func plain(p *store.Poll) bool {
	return p.State.Rows.Host != 0 && p.State.Left && len(p.Items) == 0 && p.HostNotBefore.IsZero()
}

// noToken is that of no claim.
const noToken = -1

// hosts reads, all at once, which claims of plain polls' hosts are good.
func (v *saving) hosts(polls []store.Poll) error {
	var wanted []host
	for i := range polls {
		id := polls[i].State.Rows.Host
		if _, ok := v.held[id]; ok || !plain(&polls[i]) {
			continue
		}
		if v.held == nil {
			v.held = map[int64]int64{}
		}
		v.held[id] = noToken
		wanted = append(wanted, host{id: id})
	}
	if len(wanted) == 0 {
		return nil
	}
	return v.rows(func(rows *sql.Rows) error {
		var id, token int64
		err := rows.Scan(&id, &token)
		v.held[id] = token
		return err
	}, "SELECT host.id, host.token FROM json_each(?) AS wanted CROSS JOIN host ON host.id = wanted.value WHERE host.lease > 0 AND NOT "+lapsed, ids(wanted))
}

// isPlain reports whether a poll is plain and may be written.
func (v *saving) isPlain(p *store.Poll) bool {
	return plain(p) && v.held[p.State.Rows.Host] == p.Token
}

// plainly saves polls as long as they are plain, and returns how many.
func (v *saving) plainly(polls []store.Poll) (n int, err error) {
	for ; n < len(polls) && v.isPlain(&polls[n]); n++ {
		at := &polls[n].State.Rows
		rows, err := v.change(setState, append(v.state(&polls[n].State), at.Source, at.Host)...)
		if err != nil || rows == 0 { // it is another host's by now
			return n, err
		}
	}
	return n, nil
}
