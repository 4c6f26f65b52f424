package fetch

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/cespare/xxhash/v2"
)

// isUnfinished knows the names that programs write under before they rename.
func isUnfinished(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~") || strings.HasSuffix(name, "~") {
		return true
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".uploading", ".writing",
		".inprogress", ".incomplete", ".swp", ".swx", ".lock", ".bak":
		return true
	}
	return false
}

// isMedia knows the files that agencies put beside their texts.
func isMedia(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".tif", ".tiff", ".bmp", ".svg", ".ico", ".eps", ".psd",
		".mp3", ".m4a", ".wav", ".ogg", ".oga", ".flac", ".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mxf", ".ts",
		".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".zip", ".tar", ".tgz", ".7z", ".rar",
		".md5", ".sha1", ".sha256", ".sig", ".asc":
		return true
	}
	return false
}

// codingSuffix is the content coding that a name tells, and the name without it.
func codingSuffix(name string) (coding, rest string) {
	rest = strings.TrimSuffix(name, filepath.Ext(name))
	switch strings.ToLower(filepath.Ext(name)) {
	case ".gz":
		return "gzip", rest
	case ".br":
		return "br", rest
	case ".zst":
		return "zstd", rest
	}
	return "", name
}

func typeOfName(name string) string {
	_, name = codingSuffix(name)
	switch strings.ToLower(filepath.Ext(name)) {
	case ".rss":
		return "application/rss+xml"
	case ".atom":
		return "application/atom+xml"
	case ".xml", ".rdf", ".nitf", ".newsml", ".opml":
		return "application/xml"
	case ".json":
		return "application/json"
	case ".html", ".htm", ".xhtml":
		return "text/html"
	case ".txt":
		return "text/plain"
	}
	return ""
}

// readFile makes c a part; it reports whether c is dealt with, be it refused for
// good, and need not be looked at again until it changes.
func (f *folder) readFile(ctx context.Context, c candidate) bool {
	if c.size == 0 && f.single == "" {
		return true // nothing to read; it has another id once it is filled
	}
	// O_NONBLOCK: should the name now be a pipe, opening it must not wait for ever.
	file, err := f.root.OpenFile(c.name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		f.skipError(c.name, err)
		return false
	}
	defer file.Close()
	if !f.isSame(file, c) {
		return false
	}
	b := &bounded{pools: &f.client.pools, limits: f.req.Limits, hint: c.size}
	if coding, _ := codingSuffix(c.name); coding != "" {
		b.labels = []string{coding}
	}
	b.in.r, b.in.max = readerFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return file.Read(p)
	}), f.req.Limits.Wire
	body, err := b.read()
	switch {
	case err == nil:
	case b.in.err != nil && b.in.err != errWire:
		f.client.pools.putBuffer(body)
		f.skipError(c.name, err)
		return false
	default:
		f.client.pools.putBuffer(body)
		kind := KindTooLarge
		if _, ok := err.(*codingError); ok {
			kind = KindEncoding
		}
		f.skip(c.name, kind, err.Error(), err)
		return true
	}
	if !f.isSame(file, c) {
		f.client.pools.putBuffer(body)
		return false
	}
	f.add(c, b, body)
	return true
}

// isSame reports whether the open file is still what was listed, and notes it if
// it isn't.
func (f *folder) isSame(file *os.File, c candidate) bool {
	info, err := file.Stat()
	if err != nil {
		f.skipError(c.name, err)
		return false
	}
	if !info.Mode().IsRegular() || newCandidate(c.name, info).id != c.id {
		f.skip(c.name, KindBusy, "it is still being written: it is read next time", nil)
		return false
	}
	return true
}

func (f *folder) add(c candidate, b *bounded, body []byte) {
	for _, repair := range b.repairs {
		f.res.repaired(repair)
	}
	if b.truncated {
		f.res.repaired(RepairTruncated)
		f.res.Truncated = f.single != ""
	}
	if len(body) < cap(body)/2 { // a thousand small files must not hold a thousand large buffers
		short := slices.Clone(body)
		f.client.pools.putBuffer(body)
		body = short
	}
	kind := typeOfName(c.name)
	if f.single != "" {
		f.res.ContentType = kind
	}
	f.res.Parts = append(f.res.Parts, Part{
		Body: body, Hash: xxhash.Sum64(body), ContentType: kind,
		Name: c.name, Modified: c.modified, ID: c.id,
	})
	f.res.Wire += b.in.n.Load()
	f.res.Decoded += int64(len(body))
	f.bytes += int64(len(body))
}

// readerFunc is a function that reads.
type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

var _ io.Reader = readerFunc(nil)
