// Package demo plays three invented agencies that deliver files: an RSS, an Atom
// and a JSON feed in a folder, which gain an item now and then. It shows a
// newcomer live feeds without network and without a config.
package demo

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	texttemplate "text/template"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/renameio/v2"
)

//go:embed stories.yaml
var storiesYAML []byte

// Agency is one of the sample sources.
type Agency struct{ ID, Name, File, Language string }

// Agencies are the sample sources; File is relative to the demo's folder.
func Agencies() []Agency {
	return []Agency{
		{"northwire", "Northwire", "northwire.rss", "en"},
		{"meridian", "Meridian Press", "meridian.atom", "en"},
		{"harbour", "Harbour News", "harbour.json", "en"},
	}
}

// story is one piece of sample copy.
type story struct {
	Source     string   `yaml:"source"`
	Later      bool     `yaml:"later"`
	Headline   string   `yaml:"headline"`
	Kicker     string   `yaml:"kicker"`
	Language   string   `yaml:"language"`
	Topics     []string `yaml:"topics"`
	Byline     string   `yaml:"byline"`
	Standfirst string   `yaml:"standfirst"`
	Body       string   `yaml:"body"`

	GUID string    `yaml:"-"`
	Link string    `yaml:"-"`
	At   time.Time `yaml:"-"`
}

// Paragraphs are the lines of the body.
func (s story) Paragraphs() []string { return strings.Split(strings.TrimSpace(s.Body), "\n") }

// HTML is the body as markup.
func (s story) HTML() string {
	var b strings.Builder
	for _, p := range s.Paragraphs() {
		b.WriteString("<p>" + template.HTMLEscapeString(p) + "</p>")
	}
	return b.String()
}

// Demo writes the agencies' feeds into a folder.
type Demo struct {
	dir     string
	out     map[string][]story // newest first
	waiting []story
	made    int
}

// keep is how many items an agency's feed holds.
const keep = 40

// New fills dir with the first feeds. The samples are dated back from now.
func New(dir string, now time.Time) (*Demo, error) {
	var all []story
	if err := yaml.Unmarshal(storiesYAML, &all); err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	d := &Demo{dir: dir, out: map[string][]story{}}
	for i, s := range all {
		if s.Later {
			d.waiting = append(d.waiting, s)
			continue
		}
		s.At = now.Add(-time.Duration(i) * 47 * time.Minute)
		s.name(fmt.Sprintf("sample-%02d", i+1))
		d.out[s.Source] = append(d.out[s.Source], s)
	}
	for _, a := range Agencies() {
		if err := d.write(a, now); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (s *story) name(id string) {
	s.GUID = id
	s.Link = "https://" + s.Source + ".example/" + id
}

// Run adds an item every interval until ctx ends.
func (d *Demo) Run(ctx context.Context, interval time.Duration) error {
	t := time.NewTicker(interval)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-t.C:
			if err := d.add(now); err != nil {
				return err
			}
		}
	}
}

// add publishes the next waiting story, or a price report when there is none.
func (d *Demo) add(now time.Time) error {
	d.made++
	var s story
	if len(d.waiting) > 0 {
		s, d.waiting = d.waiting[0], d.waiting[1:]
	} else {
		s = report(d.made, now)
	}
	s.At = now
	s.name(fmt.Sprintf("live-%d-%03d", now.Unix(), d.made))
	list := append([]story{s}, d.out[s.Source]...)
	d.out[s.Source] = list[:min(len(list), keep)]
	for _, a := range Agencies() {
		if a.ID == s.Source {
			return d.write(a, now)
		}
	}
	return nil
}

// report makes up a price report of the fish market.
func report(n int, now time.Time) story {
	fish := []string{"Herring", "Cod", "Mackerel", "Haddock"}[n%4]
	change := float64((n*37)%61)/10 - 3
	word := "up"
	if change < 0 {
		word, change = "down", -change
	}
	price := 2.4 + float64((n*13)%17)/10
	return story{
		Source: Agencies()[n%3].ID, Kicker: "Markets", Topics: []string{"markets", "fisheries"}, Byline: "Market desk",
		Headline:   fmt.Sprintf("%s %s %.1f percent at Velden fish market at %s", fish, word, change, now.Format("15:04")),
		Standfirst: fmt.Sprintf("The kilo sold at %.2f crowns in the auction hall.", price),
		Body:       fmt.Sprintf("VELDEN - %s sold at %.2f crowns a kilo at %s, %s %.1f percent on the day before, the market said.", fish, price, now.Format("15:04"), word, change),
	}
}

// write replaces an agency's file at once, so that nobody reads half of it.
func (d *Demo) write(a Agency, now time.Time) error {
	body, err := render(a, d.out[a.ID], now)
	if err != nil {
		return fmt.Errorf("demo: %s: %w", a.File, err)
	}
	if err := renameio.WriteFile(filepath.Join(d.dir, a.File), body, os.FileMode(0o644)); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

func render(a Agency, list []story, now time.Time) ([]byte, error) {
	if filepath.Ext(a.File) == ".json" {
		return renderJSON(a, list)
	}
	var b bytes.Buffer
	err := feeds.ExecuteTemplate(&b, filepath.Ext(a.File), map[string]any{"Agency": a, "Stories": list, "Now": now})
	return b.Bytes(), err
}

func renderJSON(a Agency, list []story) ([]byte, error) {
	type author struct {
		Name string `json:"name"`
	}
	type item struct {
		ID        string    `json:"id"`
		URL       string    `json:"url"`
		Title     string    `json:"title"`
		Summary   string    `json:"summary"`
		HTML      string    `json:"content_html"`
		Published time.Time `json:"date_published"`
		Authors   []author  `json:"authors"`
		Tags      []string  `json:"tags"`
	}
	items := make([]item, 0, len(list))
	for _, s := range list {
		items = append(items, item{s.GUID, s.Link, s.Headline, s.Standfirst, s.HTML(), s.At.Truncate(time.Second), []author{{s.Byline}}, append([]string{s.Kicker}, s.Topics...)})
	}
	return json.MarshalIndent(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": a.Name, "language": a.Language,
		"home_page_url": "https://" + a.ID + ".example/", "items": items,
	}, "", " ")
}

var feeds = texttemplate.Must(texttemplate.New("").Funcs(texttemplate.FuncMap{
	"x":       template.HTMLEscapeString,
	"rfc822":  func(t time.Time) string { return t.UTC().Format(time.RFC1123Z) },
	"rfc3339": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
}).Parse(`{{define ".rss"}}<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>{{x .Agency.Name}}</title><link>https://{{.Agency.ID}}.example/</link><description>Sample wire</description><language>{{.Agency.Language}}</language>
{{range .Stories}}<item><title>{{x .Headline}}</title><link>{{.Link}}</link><guid isPermaLink="false">{{.GUID}}</guid><pubDate>{{rfc822 .At}}</pubDate>
<dc:creator>{{x .Byline}}</dc:creator><category>{{x .Kicker}}</category>{{range .Topics}}<category>{{x .}}</category>{{end}}{{with .Language}}<dc:language>{{.}}</dc:language>{{end}}
<description>{{x .Standfirst}}</description><content:encoded>{{x .HTML}}</content:encoded></item>
{{end}}</channel></rss>
{{end}}{{define ".atom"}}<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{{.Agency.Language}}"><title>{{x .Agency.Name}}</title><id>tag:{{.Agency.ID}}.example,2026:feed</id>
<link href="https://{{.Agency.ID}}.example/"/><updated>{{rfc3339 .Now}}</updated>
{{range .Stories}}<entry{{with .Language}} xml:lang="{{.}}"{{end}}><title>{{x .Headline}}</title><id>tag:meridian.example,2026:{{.GUID}}</id><link href="{{.Link}}"/>
<published>{{rfc3339 .At}}</published><updated>{{rfc3339 .At}}</updated><author><name>{{x .Byline}}</name></author>
<category term="{{x .Kicker}}"/>{{range .Topics}}<category term="{{x .}}"/>{{end}}
<summary>{{x .Standfirst}}</summary><content type="html">{{x .HTML}}</content></entry>
{{end}}</feed>
{{end}}`))

// Config is the wireroom.yaml of the demo: file: sources beside it.
func Config() []byte {
	var b bytes.Buffer
	b.WriteString("server: {listen: \"127.0.0.1:8080\", name: Wireroom demo}\nstories: true\nsources:\n")
	for _, a := range Agencies() {
		fmt.Fprintf(&b, "  - {id: %s, url: \"file:%s\", title: %s, language: %s, every: 1s, republish: full}\n", a.ID, a.File, a.Name, a.Language)
	}
	b.WriteString("feeds:\n" +
		"  - {id: economy, title: Economy, description: Money and markets., select: {topics: [economy, markets]}}\n" +
		"  - {id: northwire, title: Northwire only, description: One agency., select: {sources: [northwire]}}\n" +
		"  - {id: deutsch, title: Auf Deutsch, description: Was auf Deutsch kommt., language: de, select: {languages: [de]}}\n")
	return b.Bytes()
}
