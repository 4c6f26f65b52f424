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
	byKey map[place][]*conn // the longest idle first
	all   links             // ring of all, the longest idle next
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
func (p *pool) get(k place, timeout time.Duration) *conn {
	now := time.Now()
	for {
		p.mu.Lock()
		list := p.byKey[k]
		if len(list) == 0 {
			p.mu.Unlock()
			return nil
		}
		cn := list[len(list)-1]
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
		p.byKey = map[place][]*conn{}
		p.all.next, p.all.prev = &p.all, &p.all
	}
	for list := p.byKey[cn.place]; len(list) >= c.IdlePerHost && len(list) > 0; list = p.byKey[cn.place] {
		out = append(out, list[0])
		p.remove(list[0])
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
	p.byKey[cn.place] = append(p.byKey[cn.place], cn)
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
	list := p.byKey[cn.place]
	for i := range list {
		if list[i] == cn {
			copy(list[i:], list[i+1:])
			list[len(list)-1] = nil
			list = list[:len(list)-1]
			break
		}
	}
	if p.byKey[cn.place] = list; len(list) == 0 {
		delete(p.byKey, cn.place)
	}
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
