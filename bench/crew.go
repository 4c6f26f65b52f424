//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"wireroom/bench/upstream"
	"wireroom/store"
	"wireroom/store/postgres"
	"wireroom/store/postgres/pgtest"
	"wireroom/store/sqlite"
)

// crew is the program as it is run: alone on a file, or as replicas on a PostgreSQL
// of their own, each in a folder of its own.
type crew struct {
	programs []*program
	running  []*process
	begun    time.Time      // when they were started
	server   *pgtest.Server // nil: the store is a file
	told     time.Duration  // the server's processor time that upkeep has told of
}

// newCrew writes the configs, and starts the server if there is to be one.
func (s *settings) newCrew(ctx context.Context, dir string, door *upstream.Door, env []string) (c *crew, err error) {
	c = &crew{}
	if s.postgres {
		if c.server, err = pgtest.Start(); err != nil {
			return nil, fmt.Errorf("PostgreSQL: %w", err)
		}
	}
	for i := range s.replicas {
		p, err := newProgram(ctx, s.binary, filepath.Join(dir, fmt.Sprint("program", i)), s.Feeds, every(s.Feeds), door, env)
		if err == nil && c.server != nil {
			err = p.configure(fmt.Sprintf("store: %q\n", c.server.URL("")))
		}
		if err != nil {
			return nil, errors.Join(err, c.close())
		}
		c.programs = append(c.programs, p)
	}
	return c, nil
}

func (c *crew) every() time.Duration { return c.programs[0].every }

// vacuumed is after how long a PostgreSQL has done what it does on its own with what
// came in: it looks once a minute.
const vacuumed = 75 * time.Second

// rest is how long the program is left alone after the import: until all sources are
// due, and its server has tidied up.
func (c *crew) rest() time.Duration {
	if c.server != nil {
		return max(c.every(), vacuumed)
	}
	return c.every()
}

// serve starts the program.
func (c *crew) serve(ctx context.Context, args ...string) error {
	c.running, c.begun = nil, time.Now()
	for _, p := range c.programs {
		r, err := p.serve(ctx, args...)
		if err != nil {
			return errors.Join(err, c.stop())
		}
		c.running = append(c.running, r)
	}
	for i, p := range c.programs { // one may have done all the work before another is there
		if err := p.ready(ctx, c.running[i]); err != nil {
			return errors.Join(err, c.stop())
		}
	}
	return nil
}

// stop ends the program, in order.
func (c *crew) stop() (err error) {
	for i, r := range c.running {
		if e := r.stop(); e != nil {
			err = errors.Join(err, fmt.Errorf("%w; its log ends with\n%s", e, c.programs[i].lastWords()))
		}
	}
	return err
}

func (c *crew) close() error {
	if c.server == nil {
		return nil
	}
	return c.server.Close()
}

// cpu is the processor time of all replicas, without the database server's.
func (c *crew) cpu() (sum time.Duration, err error) {
	for _, r := range c.running {
		d, err := r.cpu()
		if err != nil {
			return 0, err
		}
		sum += d
	}
	return sum, nil
}

// upkeep is the processor time that the database server used since it was last
// asked for: that of a phase, and of what the server did on its own after it.
func (c *crew) upkeep() time.Duration {
	if c.server == nil {
		return 0
	}
	now := c.server.CPU()
	d := now - c.told
	c.told = now
	return d
}

// peak is the most memory that any of the replicas had.
func (c *crew) peak() (most int64, err error) {
	for _, r := range c.running {
		n, err := r.peak()
		if err != nil {
			return 0, err
		}
		most = max(most, n)
	}
	return most, nil
}

// allocated is what all replicas took from their heaps.
func (c *crew) allocated() (sum int64, err error) {
	for _, p := range c.programs {
		n, err := p.allocated()
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// open opens the store.
func (c *crew) open(ctx context.Context) (store.Store, error) {
	if c.server != nil {
		return postgres.Open(ctx, c.server.URL(""), postgres.Options{})
	}
	return sqlite.Open(ctx, c.programs[0].database(), sqlite.Options{})
}

// disk is what the store takes, in bytes.
func (c *crew) disk(ctx context.Context, s store.Store) (int64, error) {
	if c.server == nil {
		return c.programs[0].disk()
	}
	st, err := s.Stats(ctx)
	return st.Bytes, err
}
