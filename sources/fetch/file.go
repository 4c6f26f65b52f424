package fetch

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/cespare/xxhash/v2"
)

// FileRequest says which file, or which folder that agencies fill, to read.
type FileRequest struct {
	URL string // file: address, or a path
	Dir string // that a relative path starts at; the working directory if empty

	// Roots, if set, are the folders that may be read from: the file or folder must
	// lie in one of them, and still do when symbolic links are followed.
	Roots []string

	ETag  string               // of the last answer: an unchanged file or folder is then not read
	Known func(id uint64) bool // reports whether a folder's file was dealt with; nil: none was

	Limits   Limits        // of one file; zero fields take those of the Client
	MaxFiles int           // read by one call, 1,000 by default
	MaxBytes int64         // of all parts, 32 MiB by default; the last one may exceed it
	Settle   time.Duration // how long a file must have been left alone, 1 s by default
}

const maxEntries = 100_000 // names of a folder that are looked at

// Files reads a file, or the files of a folder that are not known yet, oldest
// first, into one Response.
//
// The ETag it gives is made of names, sizes and times of modification: if it is
// the one handed in, nothing is opened. A file is known by its Part.ID, which is
// made of the same; Response.Known lists those of all files dealt with. Files that
// may still grow are left for the next call: dot files, *.tmp, *.part and their
// like, files that changed within the last moment (which is waited for, once) or
// while they were read. Folders within the folder, pictures and other media are
// passed over. A symbolic link must not lead out of the folder. One bad file of a
// folder stops no other: Response.Skipped names it.
func (c *Client) Files(ctx context.Context, r FileRequest) (*Response, error) {
	r.complete(c.opt.Limits)
	started := c.opt.Now()
	path, err := filePath(r.URL, r.Dir)
	if err != nil {
		return nil, err
	}
	f := &folder{req: r, client: c, res: &Response{pools: &c.pools, Status: http.StatusOK, URL: fileURL(path)}}
	if err := f.open(path); err != nil {
		return nil, fileError(path, err)
	}
	defer f.root.Close()
	if err := f.read(ctx); err != nil {
		f.res.Release()
		return nil, err
	}
	f.res.Took = c.opt.Now().Sub(started)
	if f.single != "" && len(f.res.Skipped) > 0 {
		return nil, f.res.Skipped[0]
	}
	return f.res, nil
}

func (r *FileRequest) complete(d Limits) {
	r.Limits = r.Limits.or(d)
	r.MaxFiles = orDefault(r.MaxFiles, 1000)
	r.MaxBytes = orDefault(r.MaxBytes, 32<<20)
	r.Settle = orDefault(r.Settle, time.Second)
	if r.Known == nil {
		r.Known = func(uint64) bool { return false }
	}
}

// filePath is the path that a file: address (RFC 8089) or a bare path names.
func filePath(address, dir string) (string, error) {
	path := address
	if rest, ok := cutPrefixFold(address, "file:"); ok {
		if authority, ok := strings.CutPrefix(rest, "//"); ok {
			host, local, _ := strings.Cut(authority, "/")
			if host != "" && !strings.EqualFold(host, "localhost") {
				return "", &Error{Kind: KindAddress, URL: plainText(address), Reason: "files of other machines are not read: write file:/path or file:path"}
			}
			rest = "/" + local
		}
		plain, err := url.PathUnescape(rest)
		if err != nil {
			plain = rest
		}
		path = plain
	}
	if path == "" || strings.ContainsRune(path, 0) {
		return "", &Error{Kind: KindAddress, URL: plainText(address), Reason: "the address names no file: write file:/path or file:path"}
	}
	path = filepath.FromSlash(path)
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", &Error{Kind: KindAddress, URL: plainText(address), Reason: "the path can't be made absolute", Err: err}
	}
	return path, nil
}

func fileURL(path string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}

// folder is one call of Files. A single file is a folder of one.
type folder struct {
	client *Client
	req    FileRequest
	res    *Response
	root   *os.Root
	path   string
	single string // the one name that is read
	bytes  int64
}

// candidate is a file that could be read.
type candidate struct {
	name     string
	size     int64
	modified time.Time
	id       uint64
}

func newCandidate(name string, info fs.FileInfo) candidate {
	c := candidate{name: name, size: info.Size(), modified: info.ModTime()}
	b := append(make([]byte, 0, len(name)+17), name...)
	b = binary.BigEndian.AppendUint64(append(b, 0), uint64(c.size))
	b = binary.BigEndian.AppendUint64(b, uint64(c.modified.UnixNano()))
	c.id = xxhash.Sum64(b)
	return c
}

// open opens the folder, or that of the file. The path itself may be a symbolic
// link, because the operator named it; what it holds may not lead out.
func (f *folder) open(path string) error {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(real)
	if err != nil {
		return err
	}
	if !f.isRooted(real) {
		return errRoots
	}
	f.path = real
	if !info.IsDir() {
		f.path, f.single = filepath.Split(real)
	}
	f.root, err = os.OpenRoot(f.path)
	return err
}

var errRoots = errors.New("not in a folder that may be read")

// isRooted reports whether real, a path without symbolic links, lies in a root.
func (f *folder) isRooted(real string) bool {
	return f.req.Roots == nil || slices.ContainsFunc(f.req.Roots, func(root string) bool {
		root, err := filepath.EvalSymlinks(root)
		if err == nil {
			root, err = filepath.Abs(root)
		}
		if err != nil {
			return false
		}
		inner, err := filepath.Rel(root, real)
		return err == nil && filepath.IsLocal(inner)
	})
}

func (f *folder) read(ctx context.Context) error {
	all, err := f.list()
	if err != nil {
		return fileError(f.path, err)
	}
	if f.req.ETag != "" && f.req.ETag == etagOf(all) {
		f.finish(all)
		return nil
	}
	var done, fresh []candidate
	for _, c := range all {
		switch {
		case f.single == "" && f.req.Known(c.id):
			done = append(done, c)
		case f.isFresh(c):
			fresh = append(fresh, c)
		case f.full():
			f.res.More = true
		case f.readFile(ctx, c):
			done = append(done, c)
		}
		if err := ctx.Err(); err != nil {
			return &Error{Kind: KindCanceled, URL: f.path, Reason: "the reading was called off", Err: err}
		}
	}
	again, err := f.readFresh(ctx, fresh)
	if err != nil {
		return err
	}
	f.finish(append(done, again...))
	return nil
}

// list returns the files there are, oldest first, so that a later version of an
// article comes after an earlier one.
func (f *folder) list() ([]candidate, error) {
	names := []string{f.single}
	if f.single == "" {
		dir, err := f.root.Open(".")
		if err != nil {
			return nil, err
		}
		defer dir.Close()
		names, err = dir.Readdirnames(maxEntries + 1)
		if err != nil && err != io.EOF {
			return nil, err
		}
		if len(names) > maxEntries {
			f.skip(".", KindTooLarge, "the folder holds more than 100,000 files: move the old ones away", nil)
			names = names[:maxEntries]
		}
	}
	var all []candidate
	for _, name := range names {
		if f.single == "" && (isUnfinished(name) || isMedia(name)) {
			continue
		}
		info, err := f.root.Stat(name)
		switch {
		case err != nil:
			f.skipError(name, err)
		case info.Mode().IsRegular():
			all = append(all, newCandidate(name, info))
		case !info.IsDir():
			f.skip(name, KindFile, "it is no regular file", nil)
		}
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(a.modified.Compare(b.modified), strings.Compare(a.name, b.name))
	})
	return all, nil
}

// isFresh reports whether somebody may still be writing c. A time in the future
// comes from another machine's clock and says nothing.
func (f *folder) isFresh(c candidate) bool {
	age := f.client.opt.Now().Sub(c.modified)
	return age < f.req.Settle && age > -f.req.Settle
}

// readFresh waits until the youngest files have settled and reads those that
// did.
func (f *folder) readFresh(ctx context.Context, fresh []candidate) (done []candidate, err error) {
	if len(fresh) == 0 {
		return nil, nil
	}
	timer := time.NewTimer(f.req.Settle)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return nil, &Error{Kind: KindCanceled, URL: f.path, Reason: "the reading was called off", Err: ctx.Err()}
	case <-timer.C:
	}
	for _, c := range fresh {
		switch info, err := f.root.Stat(c.name); {
		case err != nil:
			f.skipError(c.name, err)
		case newCandidate(c.name, info).id != c.id:
			f.skip(c.name, KindBusy, "it is still being written: it is read next time", nil)
		case f.full():
			f.res.More = true
		case f.readFile(ctx, c):
			done = append(done, c)
		}
	}
	return done, nil
}

func (f *folder) full() bool {
	return len(f.res.Parts) >= f.req.MaxFiles || f.bytes >= f.req.MaxBytes
}

// finish says what the call came to.
func (f *folder) finish(done []candidate) {
	f.res.ETag = etagOf(done)
	for _, c := range done {
		f.res.Known = append(f.res.Known, c.id)
		f.res.LastModified = c.modified.UTC().Format(http.TimeFormat)
	}
	slices.Sort(f.res.Known)
	if len(f.res.Parts) == 0 && !f.res.More {
		f.res.NotModified, f.res.Status = true, http.StatusNotModified
	}
}

// etagOf is the validator of a set of files.
func etagOf(files []candidate) string {
	ids := make([]uint64, len(files))
	for i, c := range files {
		ids[i] = c.id
	}
	slices.Sort(ids)
	var b []byte
	for _, id := range ids {
		b = binary.BigEndian.AppendUint64(b, id)
	}
	return `"` + strconv.FormatUint(xxhash.Sum64(b), 16) + "-" + strconv.Itoa(len(ids)) + `"`
}

func (f *folder) skip(name string, kind Kind, reason string, err error) {
	f.res.Skipped = append(f.res.Skipped, &Error{Kind: kind, URL: filepath.Join(f.path, name), Reason: reason, Err: err})
}

func (f *folder) skipError(name string, err error) {
	f.res.Skipped = append(f.res.Skipped, fileError(filepath.Join(f.path, name), err))
}

// fileError says what an error of the file system means.
func fileError(path string, err error) *Error {
	e := &Error{Kind: KindFile, URL: path, Err: err, Reason: "it can't be read (" + plainText(baseError(err).Error()) + ")"}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Kind, e.Reason = KindNotFound, "there is no such file or folder: check the path, and whether it is mounted here"
	case errors.Is(err, errRoots):
		e.Kind, e.Reason = KindBlocked, "it is not in a folder that may be read from: add its folder to those allowed if it is meant"
	case errors.Is(err, fs.ErrPermission):
		e.Kind, e.Reason = KindForbidden, "this process may not read it: change its owner or its mode"
	case strings.Contains(err.Error(), "path escapes from parent"):
		e.Kind, e.Reason = KindBlocked, "it is a symbolic link that leads out of the folder, which is not followed: copy the file instead"
	case errors.Is(err, syscall.ELOOP):
		e.Reason = "it is a symbolic link that leads to itself"
	}
	return e
}

// baseError is the cause of a *fs.PathError, which would repeat the path.
func baseError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
