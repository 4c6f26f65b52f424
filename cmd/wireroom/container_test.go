package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireroom/internal/need"

	"github.com/mmcdole/gofeed"
)

// output runs a program and returns what it printed.
func output(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Minute) // cleaning up runs programs, too
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, errs.String())
	}
	return strings.TrimSpace(string(out))
}

// TestContainer builds the image without a registry, on a base made of busybox
// and this machine's Go, runs it as a user would, subscribes to it and refreshes
// inside it.
func TestContainer(t *testing.T) {
	if testing.Short() {
		t.Skip("builds an image")
	}
	buildah, busybox := need.Program(t, "buildah"), need.Program(t, "busybox")
	dir := t.TempDir()
	b := func(args ...string) string {
		return output(t, "../..", buildah, append([]string{"--storage-driver", "vfs", "--root", dir + "/store", "--runroot", dir + "/run"}, args...)...)
	}
	t.Cleanup(func() { b("rm", "--all"); b("rmi", "--all", "--force") })
	makeBuilder(t, b, dir, busybox)
	gocmd := func(name string) string { return output(t, ".", "go", "env", name) }
	b("bud", "--isolation", "chroot", "--format", "docker", "--build-arg", "BUILDER=localhost/builder", "--build-arg", "VERSION=9.9-test",
		"-v", gocmd("GOROOT")+":/usr/local/go:ro", "-v", gocmd("GOMODCACHE")+":/root/go/pkg/mod", "-v", gocmd("GOCACHE")+":/root/.cache/go-build", "-t", "wireroom", ".")

	image := b("inspect", "--type", "image", "--format", "{{.Docker.Config.User}} {{.Docker.Config.Healthcheck.Test}} {{.Docker.Config.Volumes}}", "wireroom")
	if image != "65532:65532 [CMD /wireroom healthcheck] map[/data:{}]" {
		t.Errorf("image config: %s", image)
	}
	c := b("from", "wireroom")
	mount := b("mount", c)
	if size := folderSize(t, mount); size > 30<<20 {
		t.Errorf("the image is %d MB, want less than 30", size>>20)
	}
	runContainer(t, buildah, dir, c, b)
}

// makeBuilder commits a base image of busybox, certificates and nothing else;
// Go and its caches are mounted.
func makeBuilder(t *testing.T, b func(...string) string, dir, busybox string) {
	t.Helper()
	root := filepath.Join(dir, "base")
	for _, d := range []string{"bin", "etc/ssl/certs", "tmp", "root"} {
		if err := os.MkdirAll(filepath.Join(root, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	output(t, root, "cp", busybox, "bin/busybox")
	output(t, root, "cp", "/etc/ssl/certs/ca-certificates.crt", "etc/ssl/certs/")
	for _, applet := range []string{"sh", "mkdir", "cp", "chown", "printf"} {
		if err := os.Symlink("busybox", filepath.Join(root, "bin", applet)); err != nil {
			t.Fatal(err)
		}
	}
	c := b("from", "scratch")
	b("copy", "--quiet", c, root, "/")
	args := []string{"config", "--env", "PATH=/usr/local/go/bin:/bin", "--env", "HOME=/root", "--env", "GOPATH=/root/go", "--env", "GOCACHE=/root/.cache/go-build"}
	for _, name := range []string{"GOPROXY", "GOFLAGS", "GOSUMDB", "GONOSUMDB", "GONOSUMCHECK"} {
		if v := output(t, ".", "go", "env", name); v != "" {
			args = append(args, "--env", name+"="+v)
		}
	}
	b(append(args, c)...)
	b("commit", "--quiet", c, "localhost/builder")
}

func runContainer(t *testing.T, buildah, dir, c string, b func(...string) string) {
	t.Helper()
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(filepath.Join(data, "wire"), 0o777); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(data, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("wireroom.yaml", fmt.Sprintf("server: {listen: \"127.0.0.1:%d\", base_url: \"http://127.0.0.1:%d\"}\nsources:\n  - {id: wire, url: \"file:wire\", every: 1h}\n", port, port))
	write("wire/one.rss", wireFile("one"))
	output(t, dir, "chown", "-R", "65532:65532", data)
	// buildah lays the image's own volume over a mount at /data, so the folder is mounted elsewhere.
	args := []string{"run", "--isolation", "chroot", "--user", "65532", "-v", data + ":/srv", "--env", "WIREROOM_CONFIG=/srv/wireroom.yaml", c, "--", "/wireroom"}
	ctx, cancel := context.WithCancel(t.Context())
	server := exec.CommandContext(ctx, buildah, append([]string{"--storage-driver", "vfs", "--root", dir + "/store", "--runroot", dir + "/run"}, append(args, "serve")...)...)
	var log bytes.Buffer
	server.Stdout, server.Stderr = &log, &log
	server.Cancel = func() error { return server.Process.Signal(os.Interrupt) }
	server.WaitDelay = 20 * time.Second
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		cancel()
		_ = server.Wait()
		if t.Failed() {
			t.Logf("the server said:\n%s", log.String())
		}
	}()
	url := fmt.Sprintf("http://127.0.0.1:%d/feeds/all.rss", port)
	waitFor(t, url, "Story one")
	b(append(args, "healthcheck")...)
	if v := b(append(args, "version")...); !strings.HasPrefix(v, "wireroom 9.9-test ") {
		t.Errorf("version: %s", v)
	}
	write("wire/two.rss", wireFile("two"))
	b(append(args, "refresh", "wire", "--force")...)
	f := waitFor(t, url, "Story two")
	if len(f.Items) != 2 {
		t.Errorf("%d items in the feed, want 2", len(f.Items))
	}
}

func wireFile(word string) string {
	return `<rss version="2.0"><channel><title>Wire</title><link>https://wire.example/</link><description>d</description><item><title>Story ` +
		word + `</title><guid>` + word + `</guid><link>https://wire.example/` + word + `</link></item></channel></rss>`
}

// waitFor asks for a feed until a headline is in it.
func waitFor(t *testing.T, url, headline string) *gofeed.Feed {
	t.Helper()
	var last string
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		resp, err := http.Get(url)
		if err != nil {
			last = err.Error()
			continue
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			last = err.Error()
			continue
		}
		if last = string(body); strings.Contains(last, headline) {
			f, err := gofeed.NewParser().ParseString(last)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
	}
	t.Fatalf("%s never had %q; last answer: %s", url, headline, last)
	return nil
}

func freePort(t *testing.T) int {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port
}

func folderSize(t *testing.T, dir string) int64 {
	t.Helper()
	var n int64
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
