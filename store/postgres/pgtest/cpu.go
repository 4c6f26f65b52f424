package pgtest

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// tick is the kernel's unit of the times in /proc/PID/stat.
const tick = 10 * time.Millisecond

// CPU is the processor time that the server and its processes have used so far,
// also those that are gone; 0 where there is no /proc (proc(5)). What is gone is
// told in ticks, what runs to the nanosecond.
func (s *Server) CPU() (d time.Duration) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	pid := strconv.Itoa(s.PID())
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			continue // it is gone by now
		}
		fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:]) // from the third on
		if len(fields) < 15 {
			continue
		}
		own := filepath.Base(filepath.Dir(f)) == pid
		if !own && string(fields[1]) != pid { // ppid
			continue
		}
		d += running(filepath.Dir(f))
		if own {
			d += ticks(fields[13]) + ticks(fields[14]) // cutime, cstime
		}
	}
	return d
}

// running is the processor time of a process of one thread, as PostgreSQL's are.
func running(dir string) time.Duration {
	text, err := os.ReadFile(filepath.Join(dir, "schedstat"))
	if err != nil {
		return 0
	}
	first, _, _ := bytes.Cut(text, []byte(" "))
	n, err := strconv.ParseInt(string(first), 10, 64)
	if err != nil {
		return 0
	}
	return time.Duration(n)
}

func ticks(field []byte) time.Duration {
	n, err := strconv.ParseInt(string(field), 10, 64)
	if err != nil {
		return 0
	}
	return time.Duration(n) * tick
}
