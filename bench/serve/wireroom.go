//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

// source is a publisher whose feed grows.
type source struct {
	*httptest.Server
	first int       // articles at the beginning
	began time.Time // when the last of them was published; further ones come a second apart
	count atomic.Int64
}

func newSource(articles int) *source {
	s := &source{first: articles, began: time.Now().UTC().Truncate(time.Second)}
	s.count.Store(int64(articles))
	s.Server = httptest.NewServer(s)
	return s
}

// window is how many articles the source's document has at most.
const window = 60

const words = "The harbour authority said on Monday that ferries would sail again once the wind had dropped below forty knots. "

func (s *source) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, ".png") {
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(picture)
		return
	}
	n := int(s.count.Load())
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Harbour Wire</title><link>https://wire.example/</link><description>d</description>`)
	for i := n; i > max(0, n-window); i-- {
		fmt.Fprintf(&b, `<item><title>%s, part %d</title><guid isPermaLink="false">wire-%d</guid><link>https://wire.example/%d</link><pubDate>%s</pubDate><description>%s</description><content:encoded>&lt;p&gt;%s&lt;/p&gt;</content:encoded></item>`,
			"Ferries wait", i, i, i, s.began.Add(time.Duration(i-s.first)*time.Second).Format(time.RFC1123Z), words, strings.Repeat(words, 6)+fmt.Sprint(i))
	}
	b.WriteString("</channel></rss>")
	w.Header().Set("Content-Type", "application/rss+xml")
	_, _ = io.WriteString(w, b.String())
}

// wireroom is the program over one source.
type wireroom struct {
	server
	source *source
}

func (w *wireroom) stop() {
	w.server.stop()
	w.source.Close()
}

// picture is the one that all articles have.
var picture = func() []byte {
	img := image.NewPaletted(image.Rect(0, 0, 960, 640), color.Palette{color.Gray{90}, color.Gray{190}})
	for i := range img.Pix {
		img.Pix[i] = uint8(i / 96 % 2)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // written to memory
	}
	return b.Bytes()
}()

const feedPath = "/feeds/all.rss"

// startWireroom starts the program, with more lines in its config, and waits until
// its feed has all articles.
func startWireroom(ctx context.Context, binary, dir string, articles int, more string) (*wireroom, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	w := &wireroom{source: newSource(articles)}
	w.base = "http://" + address
	config := fmt.Sprintf("server: {listen: %q, base_url: %q}\nfetch: {allow_networks: [127.0.0.0/8]}\nsources: [{id: wire, url: %q, every: 1s, republish: full}]\n%s",
		address, w.base, w.source.URL+"/feed", more)
	if err := os.WriteFile(filepath.Join(dir, "wireroom.yaml"), []byte(config), 0o600); err != nil {
		return nil, err
	}
	w.cmd = exec.CommandContext(ctx, binary, "serve", "--log-level", "warn")
	w.cmd.Dir, w.cmd.Stderr = dir, os.Stderr
	if err := w.cmd.Start(); err != nil {
		return nil, err
	}
	w.pid = w.cmd.Process.Pid
	for range 6000 { // a large store has much to catch up with
		if a, err := get(ctx, w.base+feedPath); err == nil && strings.Count(string(a.body), "<item>") >= min(articles, window) {
			return w, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.stop()
	return nil, fmt.Errorf("the feed did not get its %d articles", articles)
}

func freeAddress(ctx context.Context) (string, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer ln.Close()
	return ln.Addr().String(), nil
}

// plain does not ask for a coding of its own accord.
var plain = &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: 10 * time.Second}

// answered is a whole answer.
type answered struct {
	status int
	header http.Header
	body   []byte
}

// get asks for an address; header is name, value, name, value.
func get(ctx context.Context, address string, header ...string) (answered, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return answered{}, err
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := plain.Do(req)
	if err != nil {
		return answered{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return answered{resp.StatusCode, resp.Header, body}, err
}
