package fetch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// long ago enough to be settled
var settled = time.Now().Add(-time.Hour)

func writeFile(t *testing.T, dir, name, body string, modified time.Time) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, modified, modified); err != nil {
		t.Fatal(err)
	}
}

func fileClient(t testing.TB) *Client {
	t.Helper()
	c, err := New(Options{Product: "Test/1"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func partNames(r *Response) string {
	var names []string
	for _, p := range r.Parts {
		names = append(names, p.Name)
	}
	return strings.Join(names, " ")
}

// knownOf is what a poller keeps of a folder.
func knownOf(r *Response) func(uint64) bool {
	known := slices.Clone(r.Known)
	return func(id uint64) bool { _, ok := slices.BinarySearch(known, id); return ok }
}

func TestSingleFile(t *testing.T) {
	t.Parallel()
	c, dir := fileClient(t), t.TempDir()
	writeFile(t, dir, "my feed.xml", "<rss/>", settled)
	address := "file://" + strings.ReplaceAll(dir, " ", "%20") + "/my%20feed.xml"
	for _, url := range []string{address, "file:" + dir + "/my%20feed.xml", dir + "/my feed.xml", strings.Replace(address, "file://", "file://localhost", 1), "FILE:my%20feed.xml"} {
		res, err := c.Files(t.Context(), FileRequest{URL: url, Dir: dir})
		if err != nil {
			t.Fatalf("%s: %v", url, err)
		}
		if string(res.Body()) != "<rss/>" || res.Status != 200 || res.ContentType != "application/xml" || res.URL != address || len(res.Parts) != 1 || res.Decoded != 6 {
			t.Errorf("%s: %+v", url, res)
		}
		if want := settled.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"); res.LastModified != want {
			t.Errorf("%s: last modified %s, want %s", url, res.LastModified, want)
		}
		again, err := c.Files(t.Context(), FileRequest{URL: url, Dir: dir, ETag: res.ETag})
		if err != nil || !again.NotModified || again.Status != 304 || len(again.Parts) > 0 || again.ETag != res.ETag {
			t.Errorf("%s: again: %+v, %v", url, again, err)
		}
		res.Release()
	}
	first, _ := c.Files(t.Context(), FileRequest{URL: address})
	for _, change := range []func(){
		func() { writeFile(t, dir, "my feed.xml", "<rss/>", settled.Add(time.Second)) },
		func() { writeFile(t, dir, "my feed.xml", "<rss />", settled) },
	} {
		change()
		res, err := c.Files(t.Context(), FileRequest{URL: address, ETag: first.ETag})
		if err != nil || res.NotModified || len(res.Parts) != 1 {
			t.Errorf("a changed file: %+v, %v", res, err)
		}
	}
}

func TestSingleFileErrors(t *testing.T) {
	t.Parallel()
	c, dir := fileClient(t), t.TempDir()
	writeFile(t, dir, "large.xml", strings.Repeat("x", 2000), settled)
	writeFile(t, dir, "broken.xml.gz", "\x1f\x8b\x08nonsense", settled)
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]Kind{
		"missing.xml": KindNotFound, "large.xml": KindTooLarge, "pipe": KindFile, "missing/": KindNotFound, "large.xml/x": KindFile,
	} {
		res, err := c.Files(t.Context(), FileRequest{URL: "file:" + name, Dir: dir, Limits: Limits{Wire: 1000}})
		if KindOf(err) != want || res != nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v (%s), want %s", name, err, KindOf(err), want)
		}
	}
	for _, url := range []string{"file://other.example/x", "file:", "", "file://server", "file:a\x00b"} {
		if _, err := c.Files(t.Context(), FileRequest{URL: url, Dir: dir}); KindOf(err) != KindAddress {
			t.Errorf("%q: %v", url, err)
		}
	}
	if os.Getuid() != 0 {
		writeFile(t, dir, "closed.xml", "x", settled)
		_ = os.Chmod(filepath.Join(dir, "closed.xml"), 0)
		if _, err := c.Files(t.Context(), FileRequest{URL: dir + "/closed.xml"}); KindOf(err) != KindForbidden {
			t.Errorf("%v", err)
		}
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	c, dir := fileClient(t), t.TempDir()
	ask := FileRequest{URL: "file:" + dir}
	res, err := c.Files(t.Context(), ask)
	if err != nil || !res.NotModified {
		t.Fatalf("an empty folder: %+v, %v", res, err)
	}
	for name, body := range map[string]string{
		"b.xml": "<b/>", "a.json": "{}", "c.xml.gz": string(pack(t, "gzip", []byte("<c/>"))), "d.TXT": "d", "empty.xml": "",
		".hidden.xml": "x", "e.xml.tmp": "x", "f.part": "x", "g.xml~": "x", "~h.xml": "x", "i.FILEPART": "x", "photo.JPG": "x", "sub/j.xml": "x",
	} {
		modified := settled
		if name == "a.json" {
			modified = settled.Add(-time.Minute)
		}
		writeFile(t, dir, name, body, modified)
	}
	res, err = c.Files(t.Context(), ask)
	if err != nil || partNames(res) != "a.json b.xml c.xml.gz d.TXT" || res.NotModified || len(res.Skipped) > 0 || res.More {
		t.Fatalf("%s, %+v, %v", partNames(res), res, err)
	}
	for i, want := range []string{"application/json {}", "application/xml <b/>", "application/xml <c/>", "text/plain d"} {
		if got := res.Parts[i].ContentType + " " + string(res.Parts[i].Body); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	// Nothing new: by the ETag, and without it by what is known.
	ask.ETag = res.ETag
	if again, err := c.Files(t.Context(), ask); err != nil || !again.NotModified || again.ETag != res.ETag || !slices.Equal(again.Known, res.Known) {
		t.Errorf("%+v, %v", again, err)
	}
	ask.ETag, ask.Known = "", knownOf(res)
	again, err := c.Files(t.Context(), ask)
	if err != nil || !again.NotModified || again.ETag != res.ETag || !slices.Equal(again.Known, res.Known) {
		t.Errorf("%+v, %v", again, err)
	}
	// One changed, one new, one gone, the empty one filled.
	ask.ETag = res.ETag
	writeFile(t, dir, "b.xml", "<b2/>", settled.Add(time.Minute))
	writeFile(t, dir, "k.xml", "<k/>", settled.Add(2*time.Minute))
	writeFile(t, dir, "empty.xml", "<e/>", settled.Add(3*time.Minute))
	if err := os.Remove(filepath.Join(dir, "a.json")); err != nil {
		t.Fatal(err)
	}
	res, err = c.Files(t.Context(), ask)
	if err != nil || partNames(res) != "b.xml k.xml empty.xml" || len(res.Known) != 5 {
		t.Errorf("%s, %d known, %v", partNames(res), len(res.Known), err)
	}
}

func TestFolderBounds(t *testing.T) {
	t.Parallel()
	c, dir := fileClient(t), t.TempDir()
	for i := range 10 {
		writeFile(t, dir, fmt.Sprintf("%02d.xml", i), strings.Repeat("x", 1000), settled)
	}
	writeFile(t, dir, "05.xml", strings.Repeat("x", 5000), settled)
	writeFile(t, dir, "bomb.xml.gz", string(zeros(t, "gzip", 8<<20)), settled)
	writeFile(t, dir, "twice.xml.gz", string(pack(t, "gzip", pack(t, "gzip", []byte("x")))), settled)
	for name, ask := range map[string]FileRequest{"files": {MaxFiles: 3}, "bytes": {MaxBytes: 2500}} {
		ask.URL, ask.Limits = dir, Limits{Wire: 2000, Ratio: 10}
		var got []string
		skipped := map[string]Kind{}
		rounds := 0
		for {
			res, err := c.Files(t.Context(), ask)
			if err != nil {
				t.Fatal(err)
			}
			if len(res.Parts) > 3 {
				t.Errorf("%s: %d parts", name, len(res.Parts))
			}
			for _, p := range res.Parts {
				got = append(got, p.Name)
			}
			for _, e := range res.Skipped {
				skipped[filepath.Base(e.URL)] = e.Kind
			}
			ask.ETag, ask.Known = res.ETag, knownOf(res)
			if rounds++; !res.More {
				break
			}
		}
		if len(got) != 9 || rounds < 3 || rounds > 5 {
			t.Errorf("%s: %q in %d rounds", name, got, rounds)
		}
		if skipped["05.xml"] != KindTooLarge || skipped["bomb.xml.gz"] != KindTooLarge || skipped["twice.xml.gz"] != KindEncoding {
			t.Errorf("%s: skipped %v", name, skipped)
		}
		// What is refused for good does not keep the folder from being unchanged.
		if res, err := c.Files(t.Context(), ask); err != nil || !res.NotModified || len(res.Skipped) > 0 {
			t.Errorf("%s: %+v, %v", name, res, err)
		}
	}
}

// A thousand small files must not hold a thousand large buffers.
func TestFolderMemory(t *testing.T) {
	c, dir := fileClient(t), t.TempDir()
	for i := range 1000 {
		writeFile(t, dir, fmt.Sprintf("%04d.xml", i), strings.Repeat("x", 3000), settled)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	res, err := c.Files(t.Context(), FileRequest{URL: dir})
	runtime.ReadMemStats(&after)
	if err != nil || len(res.Parts) != 1000 {
		t.Fatalf("%d parts, %v", len(res.Parts), err)
	}
	if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > 40 {
		t.Errorf("%d MiB allocated for 3 MB of files", n)
	}
}

func TestFolderSymlinks(t *testing.T) {
	t.Parallel()
	c, dir, outside := fileClient(t), t.TempDir(), t.TempDir()
	writeFile(t, outside, "secret.xml", "secret", settled)
	writeFile(t, dir, "real.xml", "<r/>", settled)
	for name, target := range map[string]string{
		"out.xml": filepath.Join(outside, "secret.xml"), "up.xml": "../" + filepath.Base(outside) + "/secret.xml", "loop.xml": "loop.xml",
		"inner.xml": "real.xml", "dangling.xml": "nothing.xml",
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	res, err := c.Files(t.Context(), FileRequest{URL: dir})
	if err != nil || partNames(res) != "inner.xml real.xml" {
		t.Fatalf("%s, %v", partNames(res), err)
	}
	got := map[string]Kind{}
	for _, e := range res.Skipped {
		got[filepath.Base(e.URL)] = e.Kind
		if e.Kind == KindBlocked && !strings.Contains(e.Error(), "leads out of the folder") {
			t.Errorf("%v", e)
		}
	}
	if got["out.xml"] != KindBlocked || got["up.xml"] != KindBlocked || got["dangling.xml"] != KindNotFound || got["loop.xml"] != KindFile || len(got) != 4 {
		t.Errorf("skipped %v", got)
	}
	// The path that the operator named may itself be a link.
	link := filepath.Join(outside, "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if res, err := c.Files(t.Context(), FileRequest{URL: link}); err != nil || len(res.Parts) != 2 {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestFileRoots(t *testing.T) {
	t.Parallel()
	c, dir, outside := fileClient(t), t.TempDir(), t.TempDir()
	writeFile(t, dir, "in/a.xml", "<a/>", settled)
	writeFile(t, outside, "b.xml", "<b/>", settled)
	for name, target := range map[string]string{"in/out": outside, "in/b.xml": filepath.Join(outside, "b.xml"), "alias": filepath.Join(dir, "in")} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	roots := []string{filepath.Join(dir, "missing"), filepath.Join(dir, "alias")}
	for name, want := range map[string]Kind{
		"in": "", "in/a.xml": "", "alias/a.xml": "", "in/../in/a.xml": "", "in/out": KindBlocked, "in/b.xml": KindBlocked, "in/out/b.xml": KindBlocked,
		".": KindBlocked, "in/..": KindBlocked, "in/../../" + filepath.Base(outside) + "/b.xml": KindBlocked,
	} {
		if _, err := c.Files(t.Context(), FileRequest{URL: name, Dir: dir, Roots: roots}); KindOf(err) != want {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if _, err := c.Files(t.Context(), FileRequest{URL: dir, Roots: []string{}}); KindOf(err) != KindBlocked {
		t.Errorf("no roots at all: %v", err)
	}
}

// A file that was just touched is waited for, once; one that still grows is left.
func TestFolderGrowing(t *testing.T) {
	t.Parallel()
	c, dir := fileClient(t), t.TempDir()
	writeFile(t, dir, "old.xml", "<o/>", settled)
	writeFile(t, dir, "future.xml", "<f/>", time.Now().Add(time.Hour))
	writeFile(t, dir, "fresh.xml", "<n/>", time.Now())
	writeFile(t, dir, "growing.xml", "<g>", time.Now())
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
				file, err := os.OpenFile(filepath.Join(dir, "growing.xml"), os.O_APPEND|os.O_WRONLY, 0)
				if err == nil {
					_, _ = file.WriteString("x")
					file.Close()
				}
			}
		}
	}()
	ask := FileRequest{URL: dir, Settle: 300 * time.Millisecond}
	res, err := c.Files(t.Context(), ask)
	close(stop)
	<-done
	if err != nil || partNames(res) != "old.xml future.xml fresh.xml" {
		t.Fatalf("%s, %v", partNames(res), err)
	}
	if len(res.Skipped) != 1 || res.Skipped[0].Kind != KindBusy || filepath.Base(res.Skipped[0].URL) != "growing.xml" {
		t.Errorf("skipped %v", res.Skipped)
	}
	ask.ETag, ask.Known = res.ETag, knownOf(res)
	res, err = c.Files(t.Context(), ask)
	if err != nil || partNames(res) != "growing.xml" {
		t.Errorf("%s, %v", partNames(res), err)
	}
}

func TestFilesCanceled(t *testing.T) {
	t.Parallel()
	c, dir := fileClient(t), t.TempDir()
	writeFile(t, dir, "fresh.xml", "<n/>", time.Now())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Files(ctx, FileRequest{URL: dir, Settle: time.Hour}); KindOf(err) != KindCanceled {
		t.Errorf("%v", err)
	}
	writeFile(t, dir, "old.xml", "<n/>", settled)
	if _, err := c.Files(ctx, FileRequest{URL: dir}); KindOf(err) != KindCanceled {
		t.Errorf("%v", err)
	}
}

func BenchmarkFolderUnchanged(b *testing.B) {
	c, dir := fileClient(b), b.TempDir()
	for i := range 1000 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.xml", i)), []byte("<x/>"), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	res, err := c.Files(b.Context(), FileRequest{URL: dir})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if again, err := c.Files(b.Context(), FileRequest{URL: dir, ETag: res.ETag}); err != nil || !again.NotModified {
			b.Fatal(err)
		}
	}
}
