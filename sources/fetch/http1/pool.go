package http1

import (
	"sync"
	"time"
)

// place is where a connection leads to.
type place struct{ scheme, host string }

// pool holds the connections that wait for their next use. No goroutine watches
// them: one that its server has closed is found out when it is wanted, and what is
// not wanted for long is closed by a timer that runs now and then.
type pool struct {
	mu    sync.Mutex
	byKey map[place]*conn // the one that was used last, with the others below it
	all   links           // ring of all, the longest idle next
	count int
	timer *time.Timer // nil while there is nothing to close
}

// links make a ring of connections.
type links struct {
	next, prev *links
	cn         *conn
}

// sweepGap is the least time between two looks for what was idle for too long.
const sweepGap = 10 * time.Second

// get takes out a connection that leads to k and is alive, nil if there is none.
func (p *pool) get(k place, now time.Time, timeout time.Duration) *conn {
	for {
		p.mu.Lock()
		cn := p.byKey[k]
		if cn == nil {
			p.mu.Unlock()
			return nil
		}
		p.remove(cn)
		p.mu.Unlock()
		if now.Sub(cn.since) < timeout && cn.fresh() {
			return cn
		}
		cn.Close()
	}
}

// put keeps a connection; the longest idle make room for it.
func (p *pool) put(cn *conn, c *Client) {
	var out []*conn
	p.mu.Lock()
	if p.byKey == nil {
		p.byKey = map[place]*conn{}
		p.all.next, p.all.prev = &p.all, &p.all
	}
	for n, other := 1, p.byKey[cn.place]; other != nil; n++ {
		below := other.below
		if n >= c.IdlePerHost {
			out = append(out, other)
			p.remove(other)
		}
		other = below
	}
	for p.count >= c.Idle && p.count > 0 {
		oldest := p.all.next.cn
		out = append(out, oldest)
		p.remove(oldest)
	}
	cn.since = time.Now()
	cn.pooled = links{&p.all, p.all.prev, cn}
	p.all.prev.next = &cn.pooled
	p.all.prev = &cn.pooled
	cn.below = p.byKey[cn.place]
	p.byKey[cn.place] = cn
	p.count++
	if p.timer == nil {
		p.timer = time.AfterFunc(c.IdleTimeout, func() { p.sweep(c.IdleTimeout) })
	}
	p.mu.Unlock()
	for _, cn := range out {
		cn.Close()
	}
}

// remove takes cn out; the lock is held.
func (p *pool) remove(cn *conn) {
	cn.pooled.prev.next, cn.pooled.next.prev = cn.pooled.next, cn.pooled.prev
	cn.pooled = links{}
	switch top := p.byKey[cn.place]; {
	case top != cn:
		for top.below != cn {
			top = top.below
		}
		top.below = cn.below
	case cn.below != nil:
		p.byKey[cn.place] = cn.below
	default:
		delete(p.byKey, cn.place)
	}
	cn.below = nil
	p.count--
}

// sweep closes what was idle for too long.
func (p *pool) sweep(timeout time.Duration) {
	now := time.Now()
	var out []*conn
	p.mu.Lock()
	for p.count > 0 && now.Sub(p.all.next.cn.since) >= timeout {
		out = append(out, p.all.next.cn)
		p.remove(p.all.next.cn)
	}
	if p.count > 0 {
		p.timer.Reset(max(sweepGap, p.all.next.cn.since.Add(timeout).Sub(now)))
	} else {
		p.timer = nil
	}
	p.mu.Unlock()
	for _, cn := range out {
		cn.Close()
	}
}

func (p *pool) closeAll() {
	var out []*conn
	p.mu.Lock()
	for p.count > 0 {
		out = append(out, p.all.next.cn)
		p.remove(p.all.next.cn)
	}
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	p.mu.Unlock()
	for _, cn := range out {
		cn.Close()
	}
}
