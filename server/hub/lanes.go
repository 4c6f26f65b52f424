package hub

import "sync"

// lanes run jobs: so many at a time, so many of them for one host, hosts in turn.
type lanes struct {
	most, perHost int

	mu      sync.Mutex
	idle    *sync.Cond
	hosts   map[string]*lane
	ready   []*lane // have a job and may run it, each once
	waiting int
	running int
	closed  bool
}

type lane struct {
	host    string
	jobs    []func()
	running int
	ready   bool
}

// maxWaiting is how many jobs are taken in beyond those that run.
const maxWaiting = 1000

func newLanes(most, perHost int) *lanes {
	l := &lanes{most: most, perHost: perHost, hosts: map[string]*lane{}}
	l.idle = sync.NewCond(&l.mu)
	return l
}

// room is how many more jobs should be given.
func (l *lanes) room() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, maxWaiting-l.waiting)
}

// add gives a job; it runs as soon as it may.
func (l *lanes) add(host string, job func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	ln := l.hosts[host]
	if ln == nil {
		ln = &lane{host: host}
		l.hosts[host] = ln
	}
	ln.jobs = append(ln.jobs, job)
	l.waiting++
	l.line(ln)
	l.start()
}

// line puts a host in line if it has a job that may run.
func (l *lanes) line(ln *lane) {
	if !ln.ready && len(ln.jobs) > 0 && ln.running < l.perHost {
		ln.ready = true
		l.ready = append(l.ready, ln)
	}
}

// start runs what may run.
func (l *lanes) start() {
	for l.running < l.most && len(l.ready) > 0 {
		ln := l.ready[0]
		l.ready = l.ready[1:]
		job := ln.jobs[0]
		ln.jobs[0] = nil
		ln.jobs = ln.jobs[1:]
		ln.ready = false
		ln.running++
		l.running++
		l.waiting--
		l.line(ln)
		go func() {
			defer l.done(ln)
			job()
		}()
	}
}

func (l *lanes) done(ln *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ln.running--
	l.running--
	l.line(ln)
	if ln.running == 0 && len(ln.jobs) == 0 {
		delete(l.hosts, ln.host)
	}
	l.start()
	if l.running == 0 {
		l.idle.Broadcast()
	}
}

// close forgets what did not begin and waits for what runs.
func (l *lanes) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed, l.ready, l.waiting = true, nil, 0
	for _, ln := range l.hosts {
		ln.jobs = nil
	}
	for l.running > 0 {
		l.idle.Wait()
	}
}
