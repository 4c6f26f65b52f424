package opml

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// The file's shape; encoding/xml needs the fields to be exported.
type document struct {
	XMLName xml.Name `xml:"opml"`
	Version string   `xml:"version,attr"`
	Title   string   `xml:"head>title"`
	Body    body     `xml:"body"`
}

type body struct {
	Outlines []node `xml:"outline"`
}

type node struct {
	Text        string `xml:"text,attr"`
	Title       string `xml:"title,attr,omitempty"`
	Type        string `xml:"type,attr,omitempty"`
	XMLURL      string `xml:"xmlUrl,attr,omitempty"`
	HTMLURL     string `xml:"htmlUrl,attr,omitempty"`
	Description string `xml:"description,attr,omitempty"`
	Language    string `xml:"language,attr,omitempty"`
	Category    string `xml:"category,attr,omitempty"`
	Outlines    []node `xml:"outline"`
}

// Write writes a list as OPML 2.0. A feed lies in the folder of its first
// category, since folders are what feed readers import; the others go into its
// category attribute, where a comma within a name becomes a space. Feeds keep
// their order, folders that of their first feeds.
func Write(w io.Writer, title string, list []Outline) error {
	doc := document{Version: "2.0", Title: text(title)}
	folders := make(map[string]int)
	for _, o := range list {
		n := feed(o)
		folder := ""
		if len(o.Categories) > 0 {
			folder = text(o.Categories[0])
		}
		if folder == "" {
			doc.Body.Outlines = append(doc.Body.Outlines, n)
			continue
		}
		i, ok := folders[folder]
		if !ok {
			i = len(doc.Body.Outlines)
			folders[folder] = i
			doc.Body.Outlines = append(doc.Body.Outlines, node{Text: folder, Title: folder})
		}
		doc.Body.Outlines[i].Outlines = append(doc.Body.Outlines[i].Outlines, n)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	return nil
}

func feed(o Outline) node {
	n := node{
		Text: text(o.Title), Title: text(o.Title), Type: "rss", XMLURL: o.URL, HTMLURL: o.Home,
		Description: text(o.Description), Language: o.Language,
	}
	if n.Text == "" {
		n.Text = o.URL // the attribute is required
	}
	var labels []string
	for i, c := range o.Categories {
		if c = text(strings.ReplaceAll(c, ",", " ")); i > 0 && c != "" {
			labels = append(labels, c)
		}
	}
	n.Category = strings.Join(labels, ",")
	return n
}
