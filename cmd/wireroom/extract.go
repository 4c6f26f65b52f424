package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"wireroom/article"
	"wireroom/sources"
	"wireroom/sources/fetch"
	"wireroom/sources/newswire"
	"wireroom/sources/normalise"
	"wireroom/sources/read"
	"wireroom/sources/webpage"
)

// extraction is the flags of the command.
type extraction struct {
	json, explain bool
	url, manifest string
}

func extractCommand(a *app) *cobra.Command {
	var x extraction
	cmd := &cobra.Command{
		Use: "extract URL|FILE", Short: "Print the article record of a page, a wire file or a feed's items",
		Long: "Prints the record of one article: of a web page, of a page saved as text, of a file\n" +
			"in a format of the news agencies, or of each item of a feed. With --manifest it reads\n" +
			"many pages: JSON lines with \"file\" (relative to the manifest, may be gzipped) and \"url\".",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			// The manifest may be the flag's value or, after a bare --manifest, the last word.
			switch {
			case x.manifest != "" && len(args) == 0:
				return a.extractAll(cmd, x.manifest)
			case x.manifest == "" && len(args) == 1:
				return a.extractOne(cmd, args[0], x)
			}
			return errors.New("expected one page, or --manifest FILE")
		},
	}
	cmd.Flags().BoolVar(&x.json, "json", false, "print the record as JSON on one line")
	cmd.Flags().BoolVar(&x.explain, "explain", false, "show for every field where it comes from and what lost")
	cmd.Flags().StringVar(&x.url, "url", "", "address of the page, for a file")
	cmd.Flags().StringVar(&x.manifest, "manifest", "", "read the pages that this file lists")
	return cmd
}

func (a *app) extractOne(cmd *cobra.Command, in string, x extraction) error {
	c, err := a.config()
	if err != nil {
		return err
	}
	body, url, contentType, err := a.page(cmd.Context(), in, x.url)
	if err != nil {
		return failed{err}
	}
	list, err := extract(body, url, contentType, c.Server.IDs, x.explain)
	if err != nil {
		return failed{fmt.Errorf("%s: %w", in, err)}
	}
	w := cmd.OutOrStdout()
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if !x.json {
		enc.SetIndent("", "  ")
	}
	for i := range list {
		e := &list[i]
		e.Record.Input = in
		switch {
		case x.explain && !x.json:
			if i > 0 {
				fmt.Fprintln(w)
			}
			err = explain(w, accounts(&e.Record, e.cands, e.gaps))
		case x.explain:
			e.Explain = accounts(&e.Record, e.cands, e.gaps)
			err = enc.Encode(e)
		default:
			err = enc.Encode(&e.Record)
		}
		if err != nil {
			return failed{err}
		}
	}
	return nil
}

// page reads the input, from a file or over the net.
func (a *app) page(ctx context.Context, in, url string) (body []byte, at, contentType string, err error) {
	if _, err := os.Stat(in); err == nil {
		body, err := readFile(in)
		if err == nil && bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
			body, err = gunzip(body)
		}
		return body, url, "", err
	}
	c, err := a.config()
	if err != nil {
		return nil, "", "", err
	}
	hc, err := client(c, nil)
	if err != nil {
		return nil, "", "", err
	}
	address, _, err := fetch.Address(in)
	if err != nil {
		return nil, "", "", err
	}
	resp, err := hc.Get(ctx, fetch.Request{URL: address, Accept: fetch.AcceptPages})
	if err != nil {
		return nil, "", "", err
	}
	return resp.Body(), resp.URL, resp.ContentType, nil
}

func gunzip(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	out, err := io.ReadAll(io.LimitReader(z, maxInput+1))
	if err == nil && len(out) > maxInput {
		err = errors.New("larger than 20 MiB when unpacked")
	}
	return out, err
}

// extracted is one record and how it came to be.
type extracted struct {
	article.Record
	Explain []account `json:"explain,omitempty"`

	cands []webpage.Candidate
	gaps  map[string]string
}

// extract reads whatever the bytes are: a wire's file, a feed, a page.
func extract(body []byte, url, contentType, authority string, why bool) ([]extracted, error) {
	o := normalise.Options{Source: "extract", Authority: authority, Republish: article.Full, Now: time.Now(), Trace: true}
	var doc *sources.Document
	var cands []webpage.Candidate
	if newswire.Detect(body) == "" && looksLikePage(body) {
		res, err := webpage.Extract(body, webpage.Options{URL: url, ContentType: contentType, Explain: why})
		if err != nil {
			return nil, err
		}
		cands = res.Candidates
		doc = &sources.Document{Title: res.Record.Publisher.Name, Home: res.Record.Publisher.URL, Items: []sources.Item{{Base: url, Record: res.Record}}}
	} else {
		var err error
		if doc, err = read.Document(body, read.Options{URL: url, ContentType: contentType, Received: o.Now}); err != nil {
			return nil, err
		}
	}
	claimed := make([][2]time.Time, len(doc.Items)) // and gaps: normalising makes facts of the claims, in their places
	gaps := make([]map[string]string, len(doc.Items))
	for i := range doc.Items {
		if why && newswire.Format(doc.Format).Known() {
			gaps[i] = newswire.Gaps(&doc.Items[i])
		}
		claimed[i] = [2]time.Time{doc.Items[i].Record.Published, doc.Items[i].Record.Updated}
	}
	list, _ := normalise.Document(doc, o)
	out := make([]extracted, 0, len(list))
	for i := range list {
		e := extracted{Record: *list[i].Record, cands: cands, gaps: gaps[i]}
		r := &e.Record
		r.Source.ID = ""
		// In the page's own zone: a reader of the page expects its day.
		if claimed[i][0].Equal(r.Published) {
			r.Published = claimed[i][0]
		}
		if claimed[i][1].Equal(r.Updated) {
			r.Updated = claimed[i][1]
		}
		if list[i].Undated {
			r.Published, r.Updated = time.Time{}, time.Time{}
			delete(r.Provenance, "published")
			delete(r.Provenance, "updated")
		}
		out = append(out, e)
	}
	return out, nil
}

// looksLikePage tells pages, also those saved as text, from feeds and wires: an
// XML or JSON document is none unless it is XHTML.
func looksLikePage(body []byte) bool {
	head := bytes.ToLower(bytes.TrimLeft(body[:min(len(body), 4<<10)], "\ufeff \t\r\n"))
	switch {
	case bytes.Contains(head, []byte("<html")), bytes.HasPrefix(head, []byte("<!doctype html")):
		return true
	case bytes.HasPrefix(head, []byte("<?xml")), bytes.HasPrefix(head, []byte("<rss")), bytes.HasPrefix(head, []byte("<feed")),
		bytes.HasPrefix(head, []byte("<rdf")), bytes.HasPrefix(head, []byte("{")), bytes.HasPrefix(head, []byte("[")):
		return false
	}
	return true
}

// listed is one line of a manifest.
type listed struct {
	File string `json:"file"`
	URL  string `json:"url"`
}

// extractAll reads the pages of a manifest with as many workers as there are
// processors and prints a record a line, in any order.
func (a *app) extractAll(cmd *cobra.Command, manifest string) error {
	c, err := a.config()
	if err != nil {
		return err
	}
	f, err := os.Open(manifest)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := make(chan listed)
	results := make(chan outcome)
	g, ctx := errgroup.WithContext(cmd.Context())
	g.Go(func() error { defer close(lines); return readManifest(ctx, f, manifest, lines) })
	workers, _ := errgroup.WithContext(ctx)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() error {
			for l := range lines {
				results <- extractFile(filepath.Join(filepath.Dir(manifest), l.File), l, c.Server.IDs)
			}
			return nil
		})
	}
	g.Go(func() error { defer close(results); return workers.Wait() })
	var faults []error
	out := bufio.NewWriter(cmd.OutOrStdout())
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for r := range results {
		if r.err != nil {
			faults = append(faults, r.err)
			continue
		}
		if err := enc.Encode(r.rec); err != nil {
			faults = append(faults, err)
		}
	}
	if err := errors.Join(append(faults, g.Wait(), out.Flush())...); err != nil {
		return failed{err}
	}
	return nil
}

// outcome is what became of one page of a manifest.
type outcome struct {
	rec article.Record
	err error
}

func extractFile(name string, l listed, authority string) outcome {
	body, err := readFile(name)
	if err == nil && bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		body, err = gunzip(body)
	}
	if err != nil {
		return outcome{err: err}
	}
	list, err := extract(body, l.URL, "", authority, false)
	if err != nil {
		return outcome{err: fmt.Errorf("%s: %w", l.File, err)}
	}
	if len(list) == 0 {
		return outcome{err: fmt.Errorf("%s: no article", l.File)}
	}
	list[0].Record.Input = l.File
	return outcome{rec: list[0].Record}
}

func readManifest(ctx context.Context, r io.Reader, name string, lines chan<- listed) error {
	s := bufio.NewScanner(r)
	s.Buffer(nil, 16<<20)
	for n := 1; s.Scan(); n++ {
		if strings.TrimSpace(s.Text()) == "" {
			continue
		}
		var l listed
		if err := json.Unmarshal(s.Bytes(), &l); err != nil || l.File == "" {
			return fmt.Errorf("%s:%d: expected a JSON object with \"file\" and \"url\"", name, n)
		}
		select {
		case lines <- l:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return s.Err()
}
