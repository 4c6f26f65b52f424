package bare

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/gzip"
)

// workers is how many hosts are asked at the same time.
const workers = 32

// Counts are what one round brought.
type Counts struct {
	Polls       int `json:"polls"`
	NotModified int `json:"not_modified"`
	Items       int `json:"items"` // new ones
}

// Client polls a list of feeds, as often as it is told to.
type Client struct {
	http  *http.Client
	store *store
	hosts [][]*feed
}

// feed is what is known of a feed.
type feed struct {
	id       int
	url      string
	etag     string
	modified string
	known    map[uint64]bool
}

// New makes a client that keeps what it reads in the file db.
func New(ctx context.Context, db string, urls []string) (*Client, error) {
	st, err := openStore(ctx, db)
	if err != nil {
		return nil, err
	}
	c := &Client{store: st, http: &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: 1, DisableCompression: true, WriteBufferSize: 2 << 10, ReadBufferSize: 4 << 10,
	}}}
	byHost := map[string]int{}
	for i, raw := range urls {
		u, err := url.Parse(raw)
		if err != nil {
			return nil, fmt.Errorf("bare: %w", err)
		}
		n, ok := byHost[u.Host]
		if !ok {
			n = len(c.hosts)
			byHost[u.Host] = n
			c.hosts = append(c.hosts, nil)
		}
		c.hosts[n] = append(c.hosts[n], &feed{id: i, url: raw, known: map[uint64]bool{}})
	}
	return c, nil
}

// Close closes connections and the database.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return c.store.Close()
}

// Round polls every feed once, those of a host one after the other, and returns
// when all is stored.
func (c *Client) Round(ctx context.Context) (Counts, error) {
	work := make(chan []*feed)
	results := make(chan result, 4*workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for host := range work {
				for _, f := range host {
					results <- c.poll(ctx, f)
				}
			}
		})
	}
	go func() {
		for _, host := range c.hosts {
			work <- host
		}
		close(work)
		wg.Wait()
		close(results)
	}()
	return c.store.keep(ctx, results)
}

// result is one poll.
type result struct {
	feed        *feed
	notModified bool
	items       []item // new ones
	err         error
}

// item is one that was not seen before.
type item struct {
	hash uint64
	raw  []byte
}

func (c *Client) poll(ctx context.Context, f *feed) result {
	r := result{feed: f}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.url, nil)
	if err != nil {
		r.err = err
		return r
	}
	req.Header.Set("Accept-Encoding", "gzip")
	if f.etag != "" {
		req.Header.Set("If-None-Match", f.etag)
		req.Header.Set("If-Modified-Since", f.modified)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		r.err = err
		return r
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusNotModified:
		r.notModified = true
		return r
	case http.StatusOK:
	default:
		r.err = fmt.Errorf("%s: %s", f.url, resp.Status)
		return r
	}
	body, err := inflate(resp)
	if err != nil {
		r.err = fmt.Errorf("%s: %w", f.url, err)
		return r
	}
	f.etag, f.modified = resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")
	for raw := range split(body.Bytes()) {
		hash := xxhash.Sum64(raw)
		if !f.known[hash] {
			f.known[hash] = true
			r.items = append(r.items, item{hash, bytes.Clone(raw)})
		}
	}
	buffers.Put(body)
	return r
}

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	readers = sync.Pool{New: func() any { return new(gzip.Reader) }}
)

// inflate reads a body into a buffer of the pool.
func inflate(resp *http.Response) (*bytes.Buffer, error) {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	if resp.Header.Get("Content-Encoding") != "gzip" {
		_, err := b.ReadFrom(resp.Body)
		return b, err
	}
	z := readers.Get().(*gzip.Reader)
	defer readers.Put(z)
	if err := z.Reset(resp.Body); err != nil {
		return b, err
	}
	_, err := io.Copy(b, z)
	return b, err
}
