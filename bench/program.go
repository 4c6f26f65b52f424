//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"wireroom/bench/upstream"
)

// build makes the program as `make build` does.
func build(ctx context.Context, binary string, log io.Writer) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "wireroom/cmd/wireroom")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build the program: %w", err)
	}
	return nil
}

// program is a folder in which the program is run, as a user does it.
type program struct {
	binary string
	dir    string
	env    []string
	listen string
	every  time.Duration
}

// every is the interval of all sources: so long that even on a busy machine each is
// polled once while new sources are spread over the first seconds (10 ms each), and
// once a cycle after that.
func every(feeds int) time.Duration {
	return (5*time.Second + time.Duration(feeds)*25*time.Millisecond).Round(time.Second)
}

// sourceID names a feed in the config.
func sourceID(feed int) string { return fmt.Sprintf("s%d", feed) }

// newProgram writes the config.
func newProgram(ctx context.Context, binary, dir string, feeds int, every time.Duration, door *upstream.Door, env []string) (*program, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &program{binary: binary, dir: dir, env: env, listen: ln.Addr().String(), every: every}
	if err := ln.Close(); err != nil { // the program takes the port
		return nil, err
	}
	b := fmt.Appendf(nil, `server:
  listen: %s
fetch:
  allow_networks: [127.0.0.0/8]
  pace: 1ms
feeds:
  - id: few
    select: {sources: [%s, %s, %s]}
sources:
`, p.listen, sourceID(0), sourceID(1), sourceID(2))
	for i := range feeds {
		b = fmt.Appendf(b, "  - {id: %s, url: \"%s\", every: %s, republish: full}\n", sourceID(i), door.URL(i), p.every)
	}
	return p, os.WriteFile(filepath.Join(dir, "wireroom.yaml"), b, 0o644)
}

// configure adds lines to the config.
func (p *program) configure(lines string) error {
	f, err := os.OpenFile(filepath.Join(p.dir, "wireroom.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(lines)
	return errors.Join(err, f.Close())
}

// serve starts the server; see ready.
func (p *program) serve(ctx context.Context, args ...string) (*process, error) {
	log, err := os.OpenFile(p.logFile(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.CommandContext(ctx, p.binary, append([]string{"serve"}, args...)...)
	cmd.Dir, cmd.Env, cmd.Stderr = p.dir, append(p.env, "GODEBUG=gctrace=1"), log
	return start(cmd)
}

// ready waits until the server serves its feeds.
func (p *program) ready(ctx context.Context, server *process) error {
	for {
		select {
		case err := <-server.done:
			server.done <- err // whoever stops it asks too
			return fmt.Errorf("the program ended: %w; its log ends with\n%s", err, p.lastWords())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.listen+"/readyz", nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
}

// lastWords are the last lines of its log but for those of the collector.
func (p *program) lastWords() string {
	log, err := os.ReadFile(p.logFile())
	if err != nil {
		return err.Error()
	}
	var lines []string
	for line := range strings.Lines(string(log)) {
		if !strings.HasPrefix(line, "gc ") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines[max(0, len(lines)-10):], "")
}

func (p *program) logFile() string  { return filepath.Join(p.dir, "log") }
func (p *program) database() string { return filepath.Join(p.dir, "data", "wireroom.db") }

// disk is what the database takes, in bytes.
func (p *program) disk() (int64, error) {
	var total int64
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(p.database() + suffix)
		if err != nil && !(suffix != "" && errors.Is(err, os.ErrNotExist)) {
			return 0, err
		}
		if err == nil {
			total += info.Size()
		}
	}
	return total, nil
}

var collection = regexp.MustCompile(` (\d+)->(\d+)->(\d+) MB, `)

// allocated is what the last server took from its heap, in bytes, told by the
// sizes before and after each collection of garbage.
func (p *program) allocated() (total int64, err error) {
	log, err := os.ReadFile(p.logFile())
	if err != nil {
		return 0, err
	}
	var left int64
	for line := range bytes.Lines(log) {
		m := collection.FindSubmatch(line)
		if m == nil {
			continue
		}
		before, err := strconv.ParseInt(string(m[1]), 10, 64)
		if err != nil {
			return 0, err
		}
		total += before - left
		if left, err = strconv.ParseInt(string(m[3]), 10, 64); err != nil {
			return 0, err
		}
	}
	return total << 20, nil
}
