package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wireroom/article"
	"wireroom/sources"
	"wireroom/sources/fetch"
	"wireroom/sources/normalise"
	"wireroom/sources/read"
)

func tryCommand(a *app) *cobra.Command {
	var asJSON bool
	var base string
	cmd := &cobra.Command{
		Use: "try URL|FILE…", Short: "Read a source once and show what would be stored", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.try(cmd, args, base, asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object an input")
	cmd.Flags().StringVar(&base, "base", "", "address that relative addresses in files are taken from")
	return cmd
}

// tried is what `try --json` prints for one input.
type tried struct {
	File      string         `json:"file"`
	Error     string         `json:"error,omitempty"`
	Format    string         `json:"format,omitempty"`
	Title     string         `json:"title,omitempty"`
	Language  string         `json:"language,omitempty"`
	Home      string         `json:"home,omitempty"`
	Hubs      []string       `json:"hubs,omitempty"`
	Truncated bool           `json:"truncated,omitempty"`
	Repairs   map[string]int `json:"repairs,omitempty"`
	Items     []triedItem    `json:"items"`
	Feeds     []string       `json:"feeds,omitempty"` // of a list of feeds (OPML)
}

type triedItem struct {
	ID        string    `json:"id,omitempty"` // the raw one
	Title     string    `json:"title"`
	Derived   string    `json:"derived_title,omitempty"` // made from the first words, where the source gives none
	Link      string    `json:"link,omitempty"`          // as the source gives it, absolute
	Canonical string    `json:"canonical,omitempty"`     // what is stored, if it differs
	Published time.Time `json:"published,omitzero"`
	Updated   time.Time `json:"updated,omitzero"`
	Authors   []string  `json:"authors,omitempty"`
	Agencies  []string  `json:"agencies,omitempty"`
	Summary   string    `json:"summary,omitempty"`
	Content   string    `json:"content,omitempty"`
	Images    []string  `json:"images,omitempty"`
	Skipped   string    `json:"skipped,omitempty"` // why it would not be stored
}

func (a *app) try(cmd *cobra.Command, inputs []string, base string, asJSON bool) error {
	c, err := a.config()
	if err != nil {
		return err
	}
	log, err := a.logger(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	hc, err := client(c, log)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetEscapeHTML(false)
	var faults []error
	for _, in := range inputs {
		t := tryOne(cmd.Context(), hc, in, base, c.Server.IDs)
		if t.Error != "" {
			faults = append(faults, fmt.Errorf("%s: %s", in, t.Error))
		}
		if asJSON {
			if err := enc.Encode(t); err != nil {
				return failed{err}
			}
			continue
		}
		if t.Error == "" {
			show(cmd.OutOrStdout(), &t)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return failed{err}
	}
	return nil
}

func tryOne(ctx context.Context, hc *fetch.Client, in, base, authority string) tried {
	t := tried{File: in, Items: []triedItem{}}
	doc, feedURL, err := readInput(ctx, hc, in, base)
	var list *read.List
	if errors.As(err, &list) {
		t.Format = "opml"
		for _, o := range list.Outlines {
			t.Feeds = append(t.Feeds, o.URL)
		}
		return t
	}
	if err != nil {
		t.Error = err.Error()
		return t
	}
	t = triedOf(doc, feedURL, authority)
	t.File = in
	return t
}

// triedOf is a document as it would be stored.
func triedOf(doc *sources.Document, feedURL, authority string) tried {
	t := tried{Items: []triedItem{}}
	t.Format, t.Title, t.Language, t.Home, t.Hubs = doc.Format, article.Line(doc.Title), doc.Language, doc.Home, doc.Hubs
	t.Truncated, t.Repairs = doc.Truncated, doc.Repairs
	links := make([]string, len(doc.Items))
	for i := range doc.Items {
		links[i] = doc.Items[i].Record.Links.Canonical
	}
	articles, _ := normalise.Document(doc, normalise.Options{Source: "try", FeedURL: feedURL, Authority: authority, Republish: article.Full, Now: time.Now()})
	for i := range articles {
		r := articles[i].Record
		it := triedItem{ID: r.Source.GUID, Title: r.Headline, Link: links[i], Agencies: r.Agencies,
			Summary: r.Standfirst, Content: r.Body.HTML, Skipped: articles[i].Skip}
		if r.Derived {
			it.Title, it.Derived = "", r.Headline
		}
		if r.Links.Canonical != it.Link {
			it.Canonical = r.Links.Canonical
		}
		if it.Content == "" {
			it.Content = cmp.Or(r.Body.Text, r.Standfirst)
		}
		if !articles[i].Undated {
			it.Published, it.Updated = r.Published, r.Updated
		}
		for _, p := range r.Authors {
			it.Authors = append(it.Authors, p.Name)
		}
		for _, m := range r.Images {
			it.Images = append(it.Images, m.URL)
		}
		t.Items = append(t.Items, it)
	}
	return t
}

// readInput reads a file or fetches an address; a page leads to the first feed
// that it names.
func readInput(ctx context.Context, hc *fetch.Client, in, base string) (*sources.Document, string, error) {
	if _, err := os.Stat(in); err == nil || !strings.Contains(in, ":") && strings.ContainsAny(in, `/\`) {
		body, err := readFile(in)
		if err != nil {
			return nil, "", err
		}
		doc, err := read.Document(body, read.Options{URL: base, Received: time.Now()})
		return doc, base, err
	}
	address, _, err := fetch.Address(in)
	if err != nil {
		return nil, "", err
	}
	found, err := discover(ctx, hc, address)
	if err != nil {
		return nil, "", err
	}
	return fetchDocument(ctx, hc, found[0].URL)
}

// fetchDocument reads the feed at an address, and says where it was in the end.
func fetchDocument(ctx context.Context, hc *fetch.Client, address string) (*sources.Document, string, error) {
	resp, err := hc.Get(ctx, fetch.Request{URL: address})
	if err != nil {
		return nil, "", err
	}
	doc, err := read.Document(resp.Body(), read.Options{URL: resp.URL, ContentType: resp.ContentType, Received: time.Now(),
		ContentLanguage: resp.ContentLanguage, ContentLocation: resp.ContentLocation})
	return doc, resp.URL, err
}

// maxInput bounds a file named on the command line, in bytes.
const maxInput = 20 << 20

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxInput+1))
	if err == nil && len(body) > maxInput {
		err = fmt.Errorf("%s is larger than 20 MiB", name)
	}
	return body, err
}

func show(w io.Writer, t *tried) {
	fmt.Fprintf(w, "%s\n%s feed, %d items", t.Title, t.Format, len(t.Items))
	if t.Language != "" {
		fmt.Fprintf(w, ", %s", t.Language)
	}
	fmt.Fprintln(w)
	if len(t.Repairs) > 0 {
		fmt.Fprintf(w, "mended: %s\n", counts(t.Repairs))
	}
	if t.Truncated {
		fmt.Fprintln(w, "the document ended early")
	}
	for _, address := range t.Feeds {
		fmt.Fprintln(w, " ", address)
	}
	for _, it := range t.Items {
		fmt.Fprintf(w, "\n%s\n", cmp.Or(it.Title, it.Derived))
		for _, p := range [][2]string{
			{"link", it.Link}, {"canonical", it.Canonical}, {"id", it.ID}, {"published", stampOf(it.Published)}, {"authors", strings.Join(it.Authors, ", ")},
			{"agencies", strings.Join(it.Agencies, ", ")}, {"summary", article.Cut(article.Line(it.Summary), 160)},
			{"text", article.Cut(article.Line(article.PlainText(it.Content)), 160)}, {"skipped", it.Skipped},
		} {
			if p[1] != "" {
				fmt.Fprintf(w, "  %-10s %s\n", p[0], p[1])
			}
		}
	}
}

func stampOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
