package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"wireroom/cmd/wireroom/config"
	"wireroom/store"
)

// checkTime bounds the look through a store's file.
const checkTime = 30 * time.Second

// quickChecker is a store that can be looked through for damage.
type quickChecker interface {
	QuickCheck(context.Context) error
}

// store opens the store, writes into it, and looks for damage.
func (d *Doctor) store(ctx context.Context) []Finding {
	address := config.Redact(d.Config.Store)
	s, err := d.Open(ctx)
	if err != nil {
		return []Finding{{"store", Bad, fmt.Sprintf("%s can't be opened: %v", address, err), storeHint(d.Config.Store)}}
	}
	defer s.Close()
	start := d.Now()
	st, err := s.Stats(ctx)
	if err != nil {
		return []Finding{{"store", Bad, fmt.Sprintf("%s can't be read: %v", address, err), storeHint(d.Config.Store)}}
	}
	if err := d.write(ctx, s); err != nil {
		return []Finding{{"store", Bad, fmt.Sprintf("%s can't be written: %v", address, err), storeHint(d.Config.Store)}}
	}
	took := d.Now().Sub(start).Round(time.Millisecond)
	says := fmt.Sprintf("%s: %d articles, %d MB; read and written in %s", address, st.Articles, st.Bytes>>20, took)
	list := []Finding{{"store", Good, says, ""}}
	if took > time.Second {
		list[0].State, list[0].Do = Warning, "the disk or the database is slow: no network file system under SQLite, and see what else uses it"
	}
	q, ok := s.(quickChecker)
	if !ok {
		return list
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	switch err := q.QuickCheck(ctx); {
	case err != nil && ctx.Err() != nil:
		return append(list, Finding{"integrity", Skipped, fmt.Sprintf("the store is too large to be looked through in %s", checkTime), "wireroom store check config takes the time"})
	case err != nil:
		return append(list, Finding{"integrity", Bad, err.Error(), "stop the server, keep a copy of the file, and go back to a backup; see docs/operating.md"})
	}
	return append(list, Finding{"integrity", Good, "no damage found", ""})
}

// write puts a document and takes it back.
func (d *Doctor) write(ctx context.Context, s store.Store) error {
	doc := []store.Document{{Kind: "doctor", Key: "write"}}
	if left, err := s.Document(ctx, "doctor", "write"); err == nil { // of one that was stopped in between
		doc[0] = left
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	doc[0].Body = []byte(`{}`)
	if err := s.Put(ctx, doc); err != nil {
		return err
	}
	return s.Delete(ctx, doc)
}

func storeHint(address string) string {
	if strings.HasPrefix(address, "sqlite:") {
		return "see that the folder is there and this user may write into it, and that nothing else has locked the file"
	}
	return "see that the server runs and takes connections from here, and that user, password (PGPASSWORD, ~/.pgpass) and database are right"
}

// Disk space that is too little, and that will be soon.
const (
	leastFree = 100 << 20
	someFree  = 1 << 30
)

// disk looks at the room left where the store grows.
func (d *Doctor) disk() []Finding {
	file, ok := strings.CutPrefix(d.Config.Store, "sqlite:")
	if !ok {
		return nil
	}
	dir := existing(filepath.Dir(d.Config.Rel(file)))
	free, ok := d.Free(dir)
	f := Finding{"disk", Good, fmt.Sprintf("%d MB free at %s", free>>20, dir), ""}
	switch {
	case !ok:
		f = Finding{"disk", Skipped, "this system does not say how much room is left", ""}
	case free < leastFree:
		f.State, f.Do = Bad, "make room: without it polls can't be saved"
	case free < someFree:
		f.State, f.Do = Warning, "make room soon; a day of a hundred busy sources takes some 50 MB"
	}
	return []Finding{f}
}

// existing is the folder itself, or the nearest above it that there is.
func existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// files holds the limit on open files against what the workers need: a
// connection or two each, readers, and the store.
func (d *Doctor) files() Finding {
	limit, ok := d.OpenFiles()
	if !ok {
		return Finding{"open files", Skipped, "this system does not say how many may be open", ""}
	}
	need := float64(2*d.Config.Fetch.Workers + 512)
	f := Finding{"open files", Good, fmt.Sprintf("%.0f may be open", limit), ""}
	if limit < need {
		f.State = Warning
		f.Do = fmt.Sprintf("raise the limit to %.0f or more (ulimit -n, LimitNOFILE= of systemd, --ulimit nofile= of docker), or lower fetch.workers", need)
	}
	return f
}
