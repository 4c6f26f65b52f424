//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// process is a child that is measured.
type process struct {
	cmd  *exec.Cmd
	done chan error
}

func start(cmd *exec.Cmd) (*process, error) {
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, done: make(chan error, 1)}
	go func() { p.done <- cmd.Wait() }()
	return p, nil
}

// cpu is the processor time, of user and system, that the process has used so far.
func (p *process) cpu() (time.Duration, error) {
	// The clock of another process: clock_getcpuclockid(3) in the kernel's words.
	clock := int32(^p.cmd.Process.Pid<<3 | 2)
	var t unix.Timespec
	if err := unix.ClockGettime(clock, &t); err != nil {
		return 0, fmt.Errorf("processor time of %s: %w", p.cmd.Path, err)
	}
	return time.Duration(t.Nano()), nil
}

// peak is the most memory that was ever resident, in bytes.
func (p *process) peak() (int64, error) {
	m, err := p.memory()
	return m.Peak, err
}

// memory is what of a process is resident, in bytes.
type memory struct {
	Now  int64 `json:"resident"`  // VmRSS: the two below, and shared memory
	Anon int64 `json:"anonymous"` // RssAnon: the process's own
	File int64 `json:"file"`      // RssFile: pages of the program's file and of what it maps
	Peak int64 `json:"peak"`      // VmHWM: the most that was resident since the start, or since forgetPeak
}

// memory reads what is resident.
func (p *process) memory() (m memory, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return m, err
	}
	fields := map[string]*int64{"VmRSS": &m.Now, "RssAnon": &m.Anon, "RssFile": &m.File, "VmHWM": &m.Peak}
	for line := range strings.Lines(string(status)) {
		name, rest, _ := strings.Cut(line, ":")
		if at := fields[name]; at != nil {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err != nil {
				return m, err
			}
			*at = kb << 10
		}
	}
	if m.Peak == 0 {
		err = errors.New("the kernel does not tell the peak of resident memory")
	}
	return m, err
}

// forgetPeak makes the peak count from now on.
func (p *process) forgetPeak() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0)
}

// patience is how long a process may take to end when it is asked to.
const patience = 30 * time.Second

// stop asks the process to end and waits for it.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case err := <-p.done:
		return err
	case <-time.After(patience):
		_ = p.cmd.Process.Kill() // it may have ended by now
		return fmt.Errorf("%s did not end when asked to: %w", p.cmd.Path, <-p.done)
	}
}
