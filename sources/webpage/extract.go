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
	Hints       *Hints // beside those that come with the program; may be nil
}

// Result is what was read.
type Result struct {
	Record     article.Record
	Charset    string      // what the page was decoded from
	Truncated  bool        // the page was beyond a limit and only read in part
	Candidates []Candidate // with Options.Explain: what each input said, field by field
}

// ErrEmpty says that there is nothing to read.
var ErrEmpty = errors.New("page is empty")

// page is a page that is being read.
type page struct {
	opts Options
	host string
	base string // that the page's addresses resolve against
	tree *tree
	head *head
	ld   *linked

	blocks   []block
	sums     []float32 // of the blocks' scores
	headline int32     // element of the displayed headline, -1 for none
	root     int32     // element that holds the article, -1 for none
	shown    []block   // the blocks within root
	body     []*block  // those of them that are the article

	stand       map[int32]bool // first nodes of the standfirst's blocks
	standfirst  string         // as displayed
	shownLabel  string         // the label within the headline's element
	shownTitle  string         // the headline without it
	kickers     []string
	labelsShown []string         // all labels above the headline
	openByline  []string         // names that open the text
	signed      []article.Person // whom the sign-off credits
	sites       []string         // see siteNames
	folded      []string         // see summaries

	rec article.Record
	res *Result
}

// Extract reads a page into an article's record.
func Extract(raw []byte, o Options) (*Result, error) {
	text, charset, err := decode(raw, o.ContentType, hostOf(o.URL))
	if err != nil {
		return nil, fmt.Errorf("read page %s: %w", o.URL, err)
	}
	if len(text) == 0 {
		return nil, ErrEmpty
	}
	p := &page{opts: o, res: &Result{Charset: charset, Truncated: len(raw) > maxPage}, headline: -1, root: -1}
	p.rec.Provenance = map[string]string{}
	if !isHTML(text, o.ContentType) {
		p.tree, p.head, p.ld = &tree{}, &head{}, &linked{}
		p.base = o.URL
		if err := p.extractText(string(text)); err != nil {
			return nil, fmt.Errorf("read page %s: %w", o.URL, err)
		}
		p.res.Record = p.rec
		return p.res, nil
	}
	doc, tags, tamed, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("read page %s: %w", o.URL, err)
	}
	p.res.Truncated = p.res.Truncated || tamed
	p.tree = flatten(doc, tags+tags/2+16)
	p.head = readHead(p.tree.metas)
	p.locate()
	p.ld = readLinked(p.tree.linked)
	p.find()
	p.read()
	p.res.Record = p.rec
	return p.res, nil
}

// locate finds out where the page is.
func (p *page) locate() {
	at := p.opts.URL
	if at == "" {
		if l := p.head.links["canonical"]; len(l) > 0 {
			at = l[0]
		} else {
			at = p.head.first("og:url")
		}
	}
	p.base = at
	if u, err := url.Parse(at); err == nil {
		p.host = u.Hostname()
	}
	if b := article.Resolve(at, p.head.base); b != "" && p.head.base != "" {
		p.base = b
	}
}

// find decides what on the page is headline, standfirst and text.
func (p *page) find() {
	p.hint()
	p.tree.inherit()
	p.blocks = p.tree.segment()
	p.headline = p.findHeadline(int32(len(p.tree.nodes)))
	p.root = p.findRoot()
	if first := p.firstText(); p.headline > first || p.headline < 0 {
		// The title stood on a teaser further down, or is not displayed as such.
		p.headline = p.findHeadline(first)
		p.root = p.findRoot()
	}
	p.findStandfirst()
	p.findKickers()
	p.findBody()
}

// read fills the record, field by field.
func (p *page) read() {
	p.readDates()
	p.readCredits()
	p.readBody()
	p.readHeadline()
	p.readKicker()
	p.readStandfirst()
	p.readAuthors()
	p.readPublisher()
	p.readLinks()
	p.readRelated()
	p.readTopics()
	p.readImages()
	p.readLanguage()
	p.readGenre()
	p.readPaywall()
	p.readRights()
}
