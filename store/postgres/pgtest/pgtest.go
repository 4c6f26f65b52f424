// Package pgtest starts a throw-away PostgreSQL for tests, from the programs
// that the machine has: a cluster in a temporary folder that is reached through
// a socket in it and is gone when the test ends. It syncs to disk as a real one
// does. PostgreSQL refuses to run as root; started by root it runs as the user
// postgres.
package pgtest

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"wireroom/internal/need"

	"github.com/jackc/pgx/v5"
)

// Server is a running PostgreSQL.
type Server struct {
	dir, bin string
	as       *syscall.Credential
	cmd      *exec.Cmd
	log      *os.File
	schemas  atomic.Int64
}

// programs are where Debian and others keep PostgreSQL's.
var programs = []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/bin", "/usr/bin"}

// Find returns the folder of the newest PostgreSQL, or "".
func Find() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	best, version := "", -1.0
	for _, pattern := range programs {
		found, _ := filepath.Glob(filepath.Join(pattern, "initdb"))
		for _, f := range found {
			v, err := strconv.ParseFloat(strings.TrimFunc(filepath.Base(filepath.Dir(filepath.Dir(f))), func(r rune) bool { return r < '0' || r > '9' }), 64)
			if err != nil {
				v = 0
			}
			if v > version {
				best, version = filepath.Dir(f), v
			}
		}
	}
	return best
}

// Start starts a server. settings are lines of postgresql.conf.
func Start(settings ...string) (*Server, error) {
	s := &Server{bin: Find()}
	if s.bin == "" {
		return nil, exec.ErrNotFound
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	s.dir = dir
	if err := s.start(settings); err != nil {
		return nil, fmt.Errorf("pgtest: %w%s", err, s.said())
	}
	return s, nil
}

func (s *Server) start(settings []string) (err error) {
	if os.Geteuid() == 0 {
		if s.as, err = postgres(); err != nil {
			return err
		}
		if err := os.Chown(s.dir, int(s.as.Uid), int(s.as.Gid)); err != nil {
			return err
		}
	}
	initdb := s.command("initdb", "-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out))
	}
	conf := "\nlisten_addresses = ''\nunix_socket_directories = '" + s.dir + "'\nfsync = on\nshared_buffers = 64MB\nmax_connections = 200\n" + strings.Join(settings, "\n") + "\n"
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(conf)
	if err = firstOf(err, f.Close()); err != nil {
		return err
	}
	return s.Run()
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) command(program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), filepath.Join(s.bin, program), args...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as}
	return cmd
}

// postgres is the user of that name.
func postgres() (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, firstOf(err1, err2)
}

// Run starts the server again after Stop or Kill, and waits until it answers.
func (s *Server) Run() (err error) {
	if s.log == nil {
		if s.log, err = os.Create(filepath.Join(s.dir, "log")); err != nil {
			return err
		}
	}
	s.cmd = s.command("postgres", "-D", s.data())
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(30 * time.Millisecond) {
		conn, err := pgx.Connect(context.Background(), s.URL(""))
		if err == nil {
			return conn.Close(context.Background())
		}
		if time.Now().After(end) {
			s.Kill()
			return err
		}
	}
}

// URL is the server's address; every connection uses the schema, if one is named.
func (s *Server) URL(schema string) string {
	v := url.Values{"host": {s.dir}, "user": {"postgres"}}
	if schema != "" {
		v.Set("search_path", schema)
	}
	return "postgres:///postgres?" + v.Encode()
}

// Schema makes an empty schema and returns the address that uses it.
func (s *Server) Schema(t testing.TB) string {
	t.Helper()
	name := fmt.Sprint("test", s.schemas.Add(1))
	s.Exec(t, "CREATE SCHEMA "+name)
	return s.URL(name)
}

// Exec executes statements as the superuser.
func (s *Server) Exec(t testing.TB, statements string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), s.URL(""))
	if err == nil {
		_, err = conn.Exec(context.Background(), statements)
		err = firstOf(err, conn.Close(context.Background()))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Stop shuts the server down in order, cutting all connections.
func (s *Server) Stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// Kill ends the server as a power failure would. Its children notice by
// themselves.
func (s *Server) Kill() {
	_ = s.cmd.Process.Signal(syscall.SIGQUIT)
	_ = s.cmd.Wait() // an immediate shutdown is no clean exit
}

// Revive starts the server again if it gave up by itself.
func (s *Server) Revive() error {
	for range 20 { // it may be on its way up or down
		conn, err := pgx.Connect(context.Background(), s.URL(""))
		if err == nil {
			return conn.Close(context.Background())
		}
		var status syscall.WaitStatus
		if pid, err := syscall.Wait4(s.PID(), &status, syscall.WNOHANG, nil); err == nil && pid == s.PID() {
			return s.Run()
		}
		time.Sleep(250 * time.Millisecond)
	}
	return fmt.Errorf("pgtest: it does not come up%s", s.said())
}

// Close stops the server and removes all of it.
func (s *Server) Close() error {
	return firstOf(s.Stop(), s.log.Close(), os.RemoveAll(s.dir))
}

// PID is the server's process id.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// said is the end of the server's log.
func (s *Server) said() string {
	b, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		return ""
	}
	return ": " + string(b[max(0, len(b)-2000):])
}

// Missing ends a test for which PostgreSQL is not installed.
func Missing(t testing.TB) {
	t.Helper()
	need.Missing(t, "PostgreSQL (initdb, postgres) is not installed")
}
