//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"wireroom/bench/upstream"
)

// phase is what is measured.
type phase string

const (
	importing phase = "import"    // all feeds for the first time
	returning phase = "restart"   // nothing new, over new connections
	idle      phase = "all 304"   // nothing new
	news      phase = "with news" // a share of the feeds has new items
)

var phases = []phase{importing, returning, idle, news}

// sample is one phase, measured once.
type sample struct {
	CPU         time.Duration // with the database server's
	Server      time.Duration // of it the database server's
	Took        time.Duration // until the last poll
	Polls       int
	NotModified int
}

// per1000 is the processor time of 1,000 polls, in seconds.
func (s sample) per1000() float64 { return s.of1000(s.CPU) }

func (s sample) of1000(d time.Duration) float64 {
	return d.Seconds() / float64(max(s.Polls, 1)) * 1000
}

// measurement is one run from an empty store, of the program and the bare client
// by turns.
type measurement struct {
	*settings
	dir string
	log io.Writer

	ours, limit map[phase][]sample
	peak        int64 // bytes resident, importing
	polling     int64 // ... and polling after that
	allocated   int64 // bytes, importing
	disk        int64
	account     account
}

func (m *measurement) run(ctx context.Context, number int) (err error) {
	m.ours, m.limit = map[phase][]sample{}, map[phase][]sample{}
	site := upstream.New(m.Options)
	theirs, err := site.Open(ctx) // the bare client's door
	if err != nil {
		return err
	}
	defer theirs.Close()
	door, err := site.Open(ctx)
	if err != nil {
		return err
	}
	defer door.Close()
	env, err := m.environment(theirs, door)
	if err != nil {
		return err
	}
	c, err := m.newCrew(ctx, m.dir, door, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	urls := make([]string, m.Feeds)
	for i := range urls {
		urls[i] = theirs.URL(i)
	}
	bare, err := startLimit(ctx, filepath.Join(m.dir, "bare.db"), urls, env, m.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bare.close()) }()
	if err := m.first(ctx, c, door, bare, number); err != nil {
		return err
	}
	if err := m.later(ctx, c, site, door, bare, number); err != nil {
		return err
	}
	return m.close(ctx, c, door)
}

// close reads what the program left.
func (m *measurement) close(ctx context.Context, c *crew, door *upstream.Door) error {
	s, err := c.open(ctx)
	if err != nil {
		return fmt.Errorf("account: %w", err)
	}
	defer s.Close()
	if m.disk, err = c.disk(ctx, s); err != nil {
		return err
	}
	m.account, err = take(ctx, s, m.Feeds, door)
	return err
}

// environment is that of both processes: it makes them trust the publishers.
func (m *measurement) environment(doors ...*upstream.Door) ([]string, error) {
	if err := os.MkdirAll(m.dir, 0o755); err != nil {
		return nil, err
	}
	env := os.Environ()
	if !m.TLS {
		return env, nil
	}
	var pem []byte
	for _, d := range doors {
		pem = append(pem, d.Authority()...)
	}
	file := filepath.Join(m.dir, "authority.pem")
	return append(env, "SSL_CERT_FILE="+file), os.WriteFile(file, pem, 0o644)
}

// first measures the import.
func (m *measurement) first(ctx context.Context, c *crew, door *upstream.Door, bare *limit, number int) error {
	s, err := bare.round()
	if err != nil {
		return err
	}
	m.note(m.limit, importing, s)
	c.upkeep() // what the start of the server took is none of ours
	if err := c.serve(ctx, m.profiles("import", number)...); err != nil {
		return err
	}
	s, err = m.quiet(ctx, c, door, upstream.Counts{}, 0, m.Feeds)
	if err == nil {
		// Polls that came on top, because the machine was too busy to come to rest
		// before the sources were due again, must not make an import look cheaper.
		s.Polls -= s.NotModified
		m.note(m.ours, importing, s)
		m.peak, err = c.peak()
	}
	if err = errors.Join(err, c.stop()); err != nil {
		return err
	}
	m.allocated, err = c.allocated()
	return err
}

// later measures the polls after the import. The program is started when all
// sources are due, so that from then on they are due together.
func (m *measurement) later(ctx context.Context, c *crew, site *upstream.Site, door *upstream.Door, bare *limit, number int) error {
	if err := sleep(ctx, time.Until(door.Counts().Last.Add(c.rest()))); err != nil {
		return err
	}
	imported := &m.ours[importing][0] // made the database server's work of the meantime
	d := c.upkeep()
	imported.CPU, imported.Server = imported.CPU+d, imported.Server+d
	before := door.Counts()
	err := c.serve(ctx, m.profiles("polls", number)...)
	if err != nil {
		return err
	}
	err = m.polls(ctx, c, site, door, before, bare)
	if err == nil {
		m.polling, err = c.peak()
	}
	return errors.Join(err, c.stop())
}

func (m *measurement) polls(ctx context.Context, c *crew, site *upstream.Site, door *upstream.Door, before upstream.Counts, bare *limit) error {
	s, err := m.quiet(ctx, c, door, before, 0, m.most())
	if err != nil {
		return err
	}
	m.note(m.ours, returning, s)
	for range m.cycles {
		for _, ph := range []phase{idle, news} {
			if ph == news {
				site.Advance(m.changed)
			}
			used, err := c.cpu()
			if err != nil {
				return err
			}
			if s, err = m.quiet(ctx, c, door, door.Counts(), used, m.most()); err != nil {
				return err
			}
			m.note(m.ours, ph, s)
			if s, err = bare.round(); err != nil {
				return err
			}
			m.note(m.limit, ph, s)
		}
	}
	return nil
}

// The program is quiet when the publishers heard nothing for stillness and it
// used no more than a trifle meanwhile.
const (
	stillness = 500 * time.Millisecond
	trifle    = 4 * time.Millisecond
)

// quiet waits until the program has made at least so many polls since before, and
// then is quiet.
func (m *measurement) quiet(ctx context.Context, crew *crew, door *upstream.Door, before upstream.Counts, used time.Duration, least int) (sample, error) {
	begun := time.Now()
	if used == 0 {
		begun = crew.begun
	}
	deadline := time.Now().Add(2*every(m.Feeds) + time.Minute)
	last := used
	for {
		if err := sleep(ctx, stillness); err != nil {
			return sample{}, err
		}
		now, err := crew.cpu()
		if err != nil {
			return sample{}, err
		}
		c := door.Counts()
		if c.Polls >= before.Polls+least && time.Since(c.Last) > stillness && now-last < trifle {
			server := crew.upkeep()
			return sample{CPU: now - used + server, Server: server, Took: c.Last.Sub(begun), Polls: c.Polls - before.Polls, NotModified: c.NotModified - before.NotModified}, nil
		}
		if last = now; time.Now().After(deadline) {
			return sample{}, fmt.Errorf("the program made %d polls of %d and does not come to rest", c.Polls-before.Polls, m.Feeds)
		}
	}
}

// most is how many polls a cycle has at least: all, but for publishers that err,
// whose feeds are left alone for a while.
func (m *measurement) most() int {
	if m.Errors > 0 {
		return 1
	}
	return m.Feeds * 9 / 10
}

func (m *measurement) note(list map[phase][]sample, ph phase, s sample) {
	who := "program"
	if fmt.Sprintf("%p", list) == fmt.Sprintf("%p", m.limit) {
		who = "limit"
	}
	fmt.Fprintf(m.log, "  %-9s %-8s %5d polls, %5d of them 304: %7.3f s CPU a 1,000\n", ph, who, s.Polls, s.NotModified, s.per1000())
	list[ph] = append(list[ph], s)
}

// profiles are the arguments that make the program profile itself.
func (m *measurement) profiles(what string, number int) []string {
	if m.profile == "" {
		return nil
	}
	return []string{"--cpu-profile", filepath.Join(m.profile, fmt.Sprintf("%s-%d.pprof", what, number))}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
