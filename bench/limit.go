//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"wireroom/bench/bare"
)

// limit drives a bare client in a process of its own: the first line that it is
// told is the list of addresses, each further one asks for a round.
type limit struct {
	*process
	in  io.WriteCloser
	out *json.Decoder
}

func startLimit(ctx context.Context, db string, urls []string, env []string, log io.Writer) (*limit, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, "-limit", db)
	cmd.Stderr, cmd.Env = log, env
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p, err := start(cmd)
	if err != nil {
		return nil, err
	}
	l := &limit{p, in, json.NewDecoder(out)}
	return l, errors.Join(json.NewEncoder(in).Encode(urls), l.ready())
}

// ready waits until the client has taken in the addresses.
func (l *limit) ready() error {
	var c bare.Counts
	return l.out.Decode(&c)
}

// round makes one round and tells what it cost.
func (l *limit) round() (sample, error) {
	before, err := l.cpu()
	if err != nil {
		return sample{}, err
	}
	if _, err := fmt.Fprintln(l.in, `"round"`); err != nil {
		return sample{}, err
	}
	var c bare.Counts
	if err := l.out.Decode(&c); err != nil {
		return sample{}, fmt.Errorf("the bare client: %w", err)
	}
	after, err := l.cpu()
	return sample{CPU: after - before, Polls: c.Polls, NotModified: c.NotModified}, err
}

func (l *limit) close() error {
	if err := l.in.Close(); err != nil {
		return err
	}
	return <-l.done
}

// serveLimit is the child's side.
func serveLimit(ctx context.Context, db string, in io.Reader, out io.Writer) error {
	dec, enc := json.NewDecoder(bufio.NewReader(in)), json.NewEncoder(out)
	var urls []string
	if err := dec.Decode(&urls); err != nil {
		return err
	}
	c, err := bare.New(ctx, db, urls)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := enc.Encode(bare.Counts{}); err != nil {
		return err
	}
	for {
		var word string
		if err := dec.Decode(&word); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		n, err := c.Round(ctx)
		if err != nil {
			fmt.Fprintln(os.Stderr, "bare:", err) // publishers that err on purpose
		}
		if err := enc.Encode(n); err != nil {
			return err
		}
	}
}
