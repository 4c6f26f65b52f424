package webpage

import (
	"errors"
	"fmt"
	"net/url"

	"wireroom/article"
)

// Options of one Extract call.
type Options struct {
	URL         string // the page's own address, if known
	ContentType string // of the response; its charset is one piece of evidence
	Explain     bool   // collect the candidates
}

// Result is what was read.
type Result struct {
	Record     article.Record
	Charset    string      // what the page was decoded from
	Truncated  bool        // the page was beyond a limit and only read in part
	Candidates []Candidate // with Options.Explain: in order of the fields
	Dropped    []Candidate
}

// Candidate is one input's value for a field.
type Candidate struct {
	Field  string `json:"field"`
	Value  string `json:"value"`
	Input  string `json:"input"`
	Chosen bool   `json:"chosen,omitempty"`
	Why    string `json:"why,omitempty"`
}

// ErrEmpty says that there is nothing to read.
var ErrEmpty = errors.New("page is empty")

// page is a page that is being read.
type page struct {
	opts   Options
	host   string
	tree   *tree
	head   *head
	ld     *linked
	blocks []block
	sums   []float32

	headline int32 // element of the displayed headline, -1 for none
	root     int32 // element that holds the article
	alone    bool
	sites    []string
	folded   []string

	rec article.Record
	res *Result
}

// Extract reads a page into an article's record.
func Extract(raw []byte, o Options) (*Result, error) {
	text, charset, err := decode(raw, o.ContentType)
	if err != nil {
		return nil, fmt.Errorf("read page %s: %w", o.URL, err)
	}
	if len(text) == 0 {
		return nil, ErrEmpty
	}
	doc, tags, tamed, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("read page %s: %w", o.URL, err)
	}
	p := &page{opts: o, res: &Result{Charset: charset, Truncated: tamed || len(raw) > maxPage}, headline: -1, root: -1}
	if u, err := url.Parse(o.URL); err == nil {
		p.host = u.Hostname()
	}
	p.tree = flatten(doc, tags+tags/2+16)
	p.head = readHead(p.tree.metas)
	p.ld = readLinked(p.tree.linked)
	p.blocks = p.tree.segment()
	p.headline = p.findHeadline(int32(len(p.tree.nodes)))
	p.root = p.findRoot()
	if first := p.firstText(); p.headline > first {
		// The title stood on a teaser further down.
		p.headline = p.findHeadline(first)
		p.root = p.findRoot()
	}
	p.readBody()
	p.res.Record = p.rec
	return p.res, nil
}
