//go:build linux

package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// own are the headers that nginx makes itself.
var own = []string{"Content-Type", "Content-Length", "Content-Encoding", "Date", "Etag", "Last-Modified", "Server", "Connection"}

// startNginx gives one worker of nginx a feed's bytes, plain and compressed, and
// the program's headers.
func startNginx(ctx context.Context, dir string, w *wireroom) (*server, error) {
	path, err := lookup("nginx")
	if err != nil {
		return nil, err
	}
	root := filepath.Join(dir, "nginx")
	if err := os.MkdirAll(filepath.Join(root, "www", "feeds"), 0o755); err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // the worker runs as another user
		return nil, err
	}
	var header http.Header
	for _, v := range []struct{ coding, suffix string }{{"identity", ""}, {"gzip", ".gz"}} {
		a, err := get(ctx, w.base+feedPath, "Accept-Encoding", v.coding)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(root, "www", feedPath+v.suffix), a.body, 0o644); err != nil {
			return nil, err
		}
		header = a.header
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(root, "nginx.conf")
	if err := os.WriteFile(file, []byte(nginxConfig(root, address, header)), 0o644); err != nil {
		return nil, err
	}
	s := &server{cmd: exec.CommandContext(ctx, path, "-c", file, "-p", root), base: "http://" + address}
	s.cmd.Stderr = os.Stderr
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if s.pid, err = child(s.cmd.Process.Pid); err != nil {
		s.stop()
		return nil, err
	}
	for range 100 {
		if a, err := get(ctx, s.base+feedPath); err == nil && a.status == http.StatusOK {
			return s, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.stop()
	return nil, fmt.Errorf("nginx does not hand the feed out")
}

func nginxConfig(root, address string, header http.Header) string {
	var extra strings.Builder
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range header {
			if !slices.Contains(own, name) && !yield(name) {
				return
			}
		}
	}) {
		fmt.Fprintf(&extra, "      add_header %s '%s' always;\n", name, strings.ReplaceAll(header.Get(name), "'", `\'`))
	}
	return fmt.Sprintf(`daemon off;
worker_processes 1;
pid %[1]s/nginx.pid;
error_log %[1]s/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  open_file_cache max=100;
  open_file_cache_valid 1h;
  types { application/rss+xml rss; }
  client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  server {
    listen %[2]s;
    root %[1]s/www;
    location / {
      charset utf-8;
      gzip_static on;
%[3]s    }
  }
}
`, root, address, extra.String())
}
