package newswire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
)

// The bounds of one XML document (input.md L2).
const (
	maxDepth    = 256
	maxElements = 250_000
	maxRuns     = 500_000 // of text between elements, comments and CDATA sections
	maxAttrs    = 256
	maxAttrSum  = 500_000  // attributes of the document
	maxAttr     = 64 << 10 // bytes of one attribute; longer ones are cut
	maxTag      = 1 << 20  // bytes of one start tag
)

var errNoRoot = errors.New("there is no root element")

// readXML reads a document into a tree. truncated says that it ended early:
// elements that were not closed are marked open.
func readXML(body []byte) (root *node, truncated bool, err error) {
	in := &tagReader{text: printable(decode(body))}
	d := xml.NewDecoder(in)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // decoded already
	t := tree{}
	for {
		in.token = int(d.InputOffset())
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			if t.root == nil || len(t.open) == 0 {
				return nil, false, fmt.Errorf("malformed XML: %w", err)
			}
			return t.root, true, nil
		}
		if err := t.take(tok); err != nil {
			return nil, false, err
		}
		if t.root != nil && len(t.open) == 0 {
			break // what follows the root is none of ours
		}
	}
	if t.root == nil {
		return nil, false, errNoRoot
	}
	return t.root, len(t.open) > 0, nil
}

// tagReader hands out a document byte by byte. It fails within a start tag that
// is too long, since the decoder gathers all attributes before anybody can count
// them.
type tagReader struct {
	text  []byte
	next  int
	token int // where the token began that is being read
}

func (r *tagReader) ReadByte() (byte, error) {
	if r.next >= len(r.text) {
		return 0, io.EOF
	}
	if r.next-r.token > maxTag && r.text[r.token] == '<' && r.text[r.token+1] != '!' && r.text[r.token+1] != '?' {
		return 0, fmt.Errorf("a tag of more than %d bytes", maxTag)
	}
	b := r.text[r.next]
	r.next++
	return b, nil
}

// Read is there for the decoder's signature; it reads by bytes.
func (r *tagReader) Read(p []byte) (int, error) {
	for i := range p {
		b, err := r.ReadByte()
		if err != nil {
			return i, err
		}
		p[i] = b
	}
	return len(p), nil
}

// tree grows a bounded tree from tokens.
type tree struct {
	root     *node
	open     []*node
	elements int
	runs     int
	attrs    int
}

func (t *tree) take(tok xml.Token) error {
	switch tok := tok.(type) {
	case xml.StartElement:
		return t.start(tok)
	case xml.EndElement:
		if n := len(t.open); n > 0 {
			t.open[n-1].open = false
			t.open = t.open[:n-1]
		}
	case xml.CharData:
		if t.runs++; t.runs > maxRuns {
			return fmt.Errorf("more than %d runs of text", maxRuns)
		}
		if n := len(t.open); n > 0 {
			t.open[n-1].addText(cut(string(tok[:min(len(tok), maxText+4)]), maxText))
		}
	}
	return nil
}

func (t *tree) start(tok xml.StartElement) error {
	if t.elements++; t.elements > maxElements {
		return fmt.Errorf("more than %d elements", maxElements)
	}
	if len(t.open) >= maxDepth {
		return fmt.Errorf("elements nested deeper than %d", maxDepth)
	}
	if len(tok.Attr) > maxAttrs {
		return fmt.Errorf("an element with more than %d attributes", maxAttrs)
	}
	if t.attrs += len(tok.Attr); t.attrs > maxAttrSum {
		return fmt.Errorf("more than %d attributes", maxAttrSum)
	}
	n := &node{name: strings.ToLower(tok.Name.Local), space: tok.Name.Space, open: true}
	for _, a := range tok.Attr {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
			continue
		}
		name := strings.ToLower(a.Name.Local)
		if name == "lang" && a.Name.Space != "" {
			name = "xml:lang"
		}
		n.attr = append(n.attr, attribute{name, a.Name.Space, cut(a.Value, maxAttr)})
	}
	if k := len(t.open); k > 0 {
		t.open[k-1].kids = append(t.open[k-1].kids, n)
	} else {
		t.root = n
	}
	t.open = append(t.open, n)
	return nil
}

// decode turns a body into UTF-8: by its byte order mark, by its declaration,
// else as windows-1252 where it is no valid UTF-8.
func decode(body []byte) []byte {
	if text, ok := wide(body); ok {
		return text
	}
	body = bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))
	if utf8.Valid(body) {
		return body
	}
	label := declared(body)
	if e, name := charset.Lookup(label); e != nil && name != "utf-8" {
		if text, err := e.NewDecoder().Bytes(body); err == nil {
			return text
		}
	}
	e, _ := charset.Lookup("windows-1252")
	text, err := e.NewDecoder().Bytes(body)
	if err != nil {
		return bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	return text
}

// wide decodes UTF-16, which a byte order mark or the NULs of its first
// characters betray.
func wide(body []byte) ([]byte, bool) {
	if len(body) < 4 {
		return nil, false
	}
	order, bom := unicode.BigEndian, unicode.IgnoreBOM
	switch {
	case body[0] == 0xFE && body[1] == 0xFF:
		bom = unicode.UseBOM
	case body[0] == 0xFF && body[1] == 0xFE:
		order, bom = unicode.LittleEndian, unicode.UseBOM
	case body[0] == 0 && body[1] != 0 && body[2] == 0 && body[3] != 0:
	case body[0] != 0 && body[1] == 0 && body[2] != 0 && body[3] == 0:
		order = unicode.LittleEndian
	default:
		return nil, false
	}
	text, err := unicode.UTF16(order, bom).NewDecoder().Bytes(body)
	return text, err == nil
}

// declared returns the encoding that the XML declaration names.
func declared(body []byte) string {
	head := body[:min(len(body), 512)]
	end := bytes.Index(head, []byte("?>"))
	i := bytes.Index(head, []byte("encoding"))
	if end < 0 || i < 0 || i > end {
		return ""
	}
	v := bytes.TrimLeft(head[i+len("encoding"):end], " \t\r\n=")
	if len(v) == 0 || v[0] != '"' && v[0] != '\'' {
		return ""
	}
	name, _, ok := bytes.Cut(v[1:], v[:1])
	if !ok {
		return ""
	}
	return string(name)
}

// printable replaces the control characters that XML forbids and that telegrams
// carry.
func printable(body []byte) []byte {
	bad := func(b byte) bool { return b < 0x20 && b != '\t' && b != '\n' && b != '\r' || b == 0x7F }
	i := 0
	for i < len(body) && !bad(body[i]) {
		i++
	}
	if i == len(body) {
		return body
	}
	out := bytes.Clone(body)
	for ; i < len(out); i++ {
		if bad(out[i]) {
			out[i] = ' '
		}
	}
	return out
}

// detectXML tells the format by the root element's name. head starts with "<".
func detectXML(head []byte) Format {
	for range 64 {
		head = bytes.TrimLeft(head, " \t\r\n\x00")
		switch {
		case len(head) < 2 || head[0] != '<':
			return ""
		case head[1] == '?':
			head = after(head, "?>")
		case bytes.HasPrefix(head, []byte("<!--")):
			head = after(head, "-->")
		case head[1] == '!':
			head = afterDoctype(head)
		default:
			return rootFormat(head[1:])
		}
	}
	return ""
}

func after(s []byte, mark string) []byte {
	_, rest, _ := bytes.Cut(s, []byte(mark))
	return rest
}

// afterDoctype skips a document type declaration with its internal subset.
func afterDoctype(s []byte) []byte {
	deep := 0
	for i, b := range s {
		switch b {
		case '[':
			deep++
		case ']':
			deep--
		case '>':
			if deep <= 0 {
				return s[i+1:]
			}
		}
	}
	return nil
}

func rootFormat(s []byte) Format {
	end := bytes.IndexAny(s, " \t\r\n/>")
	if end <= 0 {
		return ""
	}
	name := s[:end]
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	switch strings.ToLower(string(name)) {
	case "newsitem", "newsmessage", "packageitem", "conceptitem", "knowledgeitem", "planningitem", "catalogitem":
		return NewsMLG2
	case "newsml":
		return NewsML1
	case "nitf":
		return NITF
	}
	return ""
}
