package postgres

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"

	"wireroom/store"
	"wireroom/store/postgres/pgtest"
	"wireroom/store/storetest"
)

// childAddress names the database on which a process started by the tests works
// until it is killed.
const childAddress = "WIREROOM_TEST_CHILD"

// server is the one that the tests share; nil where PostgreSQL is not installed.
var server *pgtest.Server

func TestMain(m *testing.M) {
	if address := os.Getenv(childAddress); address != "" {
		s, err := Open(context.Background(), address, Options{Connections: 3})
		if err == nil {
			err = storetest.CrashChild(s, os.Stdout)
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue {
		if err := f.Value.Set("40"); err != nil { // each check is hundreds of transactions
			panic(err)
		}
	}
	var err error
	if server, err = pgtest.Start(); err != nil && !errors.Is(err, exec.ErrNotFound) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if server != nil {
		if err := server.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(code)
}

// schemas are the databases of the tests that run.
type schemas struct {
	mu      sync.Mutex
	address map[testing.TB]string
}

func (f *schemas) of(t testing.TB) string {
	t.Helper()
	if server == nil {
		pgtest.Missing(t)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.address == nil {
		f.address = map[testing.TB]string{}
	}
	if f.address[t] == "" {
		f.address[t] = server.Schema(t)
	}
	return f.address[t]
}

func (f *schemas) open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(context.Background(), f.of(t), Options{Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	var f schemas
	storetest.Run(t, func(t *testing.T) store.Store { return f.open(t) })
}

// TestCrash kills a process WIREROOM_CRASHES times (5 if it is not set).
func TestCrash(t *testing.T) {
	t.Parallel()
	kills, err := strconv.Atoi(os.Getenv("WIREROOM_CRASHES"))
	if err != nil {
		kills = 5
	}
	var f schemas
	storetest.Crash(t, func(t *testing.T) store.Store { return f.open(t) }, func(t *testing.T) *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childAddress+"="+f.of(t))
		cmd.Stderr = os.Stderr
		return cmd
	}, kills)
}
