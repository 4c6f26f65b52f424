package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"wireroom/cmd/wireroom/config"
	"wireroom/store"
	"wireroom/store/move"
)

// ofConfig stands for the address of the config's store, so that a password need
// not stand in a command line.
const ofConfig = "config"

func storeCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "store", Short: "Copy, check and back up the store",
		Long: "A store's address is sqlite:FILE or postgres://…; the word config means the store of the config.\n" +
			"All of these may be used beside a running server.",
	}
	cmd.AddCommand(storeCopyCommand(a), storeCheckCommand(a), storeBackupCommand(a))
	return cmd
}

func storeCopyCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "copy FROM TO", Short: "Copy a whole store into an empty one", Args: cobra.ExactArgs(2),
		Long: "Copies sources and their states, articles with all versions, and documents, and\n" +
			"holds the copy against the original by counts and hashes. A copy that was broken\n" +
			"off goes on where it ended; a copy of a store in use is completed by another run\n" +
			"once its servers are stopped. TO must be empty, or a copy of FROM that nobody uses yet.",
		Example: "  wireroom store copy config postgres://wireroom@db.example/wireroom",
		RunE: func(cmd *cobra.Command, args []string) error {
			from, fromName, err := a.shelf(cmd, args[0])
			if err != nil {
				return err
			}
			defer from.Close()
			to, toName, err := a.shelf(cmd, args[1])
			if err != nil {
				return err
			}
			defer to.Close()
			if fromName == toName {
				return errors.New("FROM and TO are the same store")
			}
			m := newMeter(cmd.OutOrStdout())
			err = move.Copy(cmd.Context(), from, to, fromName, m.told)
			m.end()
			if err != nil {
				return failed{err}
			}
			return said(cmd, to, "copied to "+toName)
		},
	}
}

func storeCheckCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "check [STORE]", Short: "Read all of a store and name what is wrong with it", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			address := ofConfig
			if len(args) > 0 {
				address = args[0]
			}
			s, name, err := a.shelf(cmd, address)
			if err != nil {
				return err
			}
			defer s.Close()
			if err := sound(cmd, s, name); err != nil {
				return failed{err}
			}
			return said(cmd, s, name+" is sound")
		},
	}
}

func storeBackupCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Write the config's store into a new SQLite file, and check it", Args: cobra.ExactArgs(1),
		Long: "The file is a store like any other: name it in the config, or copy it back with\n`wireroom store copy sqlite:FILE …`.",
		RunE: func(cmd *cobra.Command, args []string) error {
			s, name, err := a.shelf(cmd, ofConfig)
			if err != nil {
				return err
			}
			defer s.Close()
			if err := a.backup(cmd, s, name, args[0]); err != nil {
				return failed{err}
			}
			fmt.Fprintf(cmd.OutOrStdout(), "wrote %s\n", args[0])
			return nil
		},
	}
}

// backup writes beside the file and gives it its name when it has proved sound.
func (a *app) backup(cmd *cobra.Command, s move.Shelf, name, file string) (err error) {
	if _, err := os.Lstat(file); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("%s is there already: name a new file", file), err)
	}
	part := file + ".part"
	remove := func() {
		for _, tail := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(part + tail)
		}
	}
	remove()
	defer func() {
		if err != nil {
			remove()
		}
	}()
	if b, ok := s.(interface {
		Backup(context.Context, string) error
	}); ok {
		if err := b.Backup(cmd.Context(), part); err != nil {
			return err
		}
	}
	to, _, err := a.shelf(cmd, "sqlite:"+part)
	if err != nil {
		return err
	}
	defer to.Close()
	if _, ok := s.(interface {
		Backup(context.Context, string) error
	}); !ok {
		m := newMeter(cmd.OutOrStdout())
		err := move.Copy(cmd.Context(), s, to, name, m.told)
		m.end()
		if err != nil && !errors.Is(err, move.ErrMoved) { // in use: its states are the older ones, which is safe
			return err
		}
	}
	if err := sound(cmd, to, file); err != nil {
		return err
	}
	if err := to.Close(); err != nil {
		return err
	}
	return os.Rename(part, file)
}

// sound checks all of a store.
func sound(cmd *cobra.Command, s move.Shelf, name string) error {
	m := newMeter(cmd.OutOrStdout())
	_, wrong, err := move.Check(cmd.Context(), s, m.told)
	m.end()
	if err != nil || len(wrong) == 0 {
		return err
	}
	return fmt.Errorf("%s is not sound:\n%s", name, strings.Join(wrong, "\n"))
}

// said ends a command with what the store holds.
func said(cmd *cobra.Command, s store.Store, what string) error {
	st, err := s.Stats(cmd.Context())
	if err != nil {
		return failed{err}
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s: %d sources, %d articles, %d versions, %d MB\n", what, st.Sources, st.Articles, st.Versions, st.Bytes>>20)
	return nil
}

// shelf opens a store by its address, or the config's, without telling it the
// config's sources. name is what it may be called in messages.
func (a *app) shelf(cmd *cobra.Command, address string) (s move.Shelf, name string, err error) {
	log, err := a.logger(cmd.ErrOrStderr())
	if err != nil {
		return nil, "", err
	}
	rel := func(file string) string { return file }
	if address == ofConfig {
		c, err := a.config()
		if err != nil {
			return nil, "", err
		}
		address, rel = c.Store, c.Rel
	}
	return openShelf(cmd.Context(), address, rel, log)
}

func openShelf(ctx context.Context, address string, rel func(string) string, log *slog.Logger) (move.Shelf, string, error) {
	if err := config.CheckStore(address); err != nil {
		return nil, "", err
	}
	name := config.Redact(address)
	if file, ok := strings.CutPrefix(address, "sqlite:"); ok {
		path, err := filepath.Abs(rel(file))
		if err != nil {
			return nil, "", err
		}
		name = "sqlite:" + path
	}
	s, err := openAddress(ctx, address, rel, log)
	if err != nil {
		return nil, "", failed{err}
	}
	shelf, ok := s.(move.Shelf)
	if !ok {
		return nil, "", errors.Join(fmt.Errorf("%s can't be copied", name), s.Close())
	}
	return shelf, name, nil
}

// meter shows how far a long work has come: in one line on a terminal, else now
// and then in a line of its own.
type meter struct {
	out  io.Writer
	bar  bool
	last time.Time
}

func newMeter(out io.Writer) *meter {
	f, ok := out.(*os.File)
	return &meter{out: out, bar: ok && term.IsTerminal(int(f.Fd())), last: time.Now()}
}

func (m *meter) told(p move.Progress) {
	pause := 10 * time.Second
	if m.bar {
		pause = 100 * time.Millisecond
	}
	if time.Since(m.last) < pause {
		return
	}
	m.last = time.Now()
	line := fmt.Sprintf("%s: %d of %d", p.Step, p.Done, p.Total)
	if m.bar {
		fmt.Fprintf(m.out, "\r\x1b[K%s", line)
	} else {
		fmt.Fprintln(m.out, line)
	}
}

func (m *meter) end() {
	if m.bar {
		fmt.Fprint(m.out, "\r\x1b[K")
	}
}
