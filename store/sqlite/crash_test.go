package sqlite

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"wireroom/store"
	"wireroom/store/storetest"
)

// childFile names the file on which a process started by the tests works until
// it is killed.
const childFile = "WIREROOM_TEST_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childFile); path != "" {
		s, err := Open(context.Background(), path, Options{})
		if err == nil {
			err = storetest.CrashChild(s, os.Stdout)
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// TestCrash kills a process WIREROOM_CRASHES times (8 if it is not set).
func TestCrash(t *testing.T) {
	t.Parallel()
	kills, err := strconv.Atoi(os.Getenv("WIREROOM_CRASHES"))
	if err != nil {
		kills = 8
	}
	var f files
	storetest.Crash(t, func(t *testing.T) store.Store { return f.open(t) }, func(t *testing.T) *exec.Cmd {
		f.open(t)
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childFile+"="+f.path[t])
		cmd.Stderr = os.Stderr
		return cmd
	}, kills)
	s := f.open(t)
	var says string
	if err := s.read.QueryRow("PRAGMA integrity_check").Scan(&says); err != nil || says != "ok" {
		t.Errorf("integrity: %s, %v", says, err)
	}
}
