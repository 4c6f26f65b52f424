package webpage

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/andybalholm/cascadia"
	"github.com/goccy/go-yaml"
)

// Hints say what elements of named sites' pages are, for what no general rule
// can know. See hints.yaml for the format.
type Hints struct {
	sites []siteHints
}

// siteHints are the hints for the pages of some hosts.
type siteHints struct {
	hosts []string
	rules []hint
}

type hint struct {
	match cascadia.SelectorGroup
	is    trait // what a matching element is; 0: part of the text, whatever it is called
}

// roles are what hints can call an element.
var roles = map[string]trait{
	"text": 0, "body": tBody, "headline": tHeadline, "kicker": tKicker, "standfirst": tStandfirst, "byline": tAuthor, "date": tDate,
	"caption": tCaption, "credit": tCredit, "topics": tTags, "source": tSource, "subhead": tSubhead, "noise": tPromo,
}

// ParseHints reads hints in the format of hints.yaml.
func ParseHints(r io.Reader) (*Hints, error) {
	var list []map[string][]string
	if err := yaml.NewDecoder(r).Decode(&list); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read hints: %w", err)
	}
	h := &Hints{}
	for i, entry := range list {
		s := siteHints{hosts: entry["hosts"]}
		if len(s.hosts) == 0 {
			return nil, fmt.Errorf("read hints: entry %d names no hosts", i+1)
		}
		for role, selectors := range entry {
			if role == "hosts" {
				continue
			}
			is, ok := roles[role]
			if !ok {
				return nil, fmt.Errorf("read hints: entry %d (%s): no such role: %s", i+1, s.hosts[0], role)
			}
			for _, sel := range selectors {
				group, err := cascadia.ParseGroup(sel)
				if err != nil {
					return nil, fmt.Errorf("read hints: entry %d (%s): selector %q: %w", i+1, s.hosts[0], sel, err)
				}
				s.rules = append(s.rules, hint{group, is})
			}
		}
		h.sites = append(h.sites, s)
	}
	return h, nil
}

//go:embed hints.yaml
var builtIn string

// builtInHints are those that come with the program.
var builtInHints = sync.OnceValue(func() *Hints {
	h, err := ParseHints(strings.NewReader(builtIn))
	if err != nil {
		panic(err) // a test reads the file
	}
	return h
})

// hint gives the elements that hints name the traits that they are said to have,
// and no others.
func (p *page) hint() {
	for _, h := range []*Hints{builtInHints(), p.opts.Hints} {
		if h == nil {
			continue
		}
		for _, s := range h.sites {
			if s.forHost(p.host) {
				p.apply(s.rules)
			}
		}
	}
}

func (p *page) apply(rules []hint) {
	for i := range p.tree.nodes {
		n := &p.tree.nodes[i]
		for _, r := range rules {
			if !r.match.Match(n.Node) {
				continue
			}
			n.traits = r.is
			n.hinted = true
			if r.is == 0 {
				n.hidden = false
			}
		}
	}
}

// forHost reports whether the hints are for a host: one of theirs or below it.
func (s *siteHints) forHost(host string) bool {
	host = strings.ToLower(host)
	for _, h := range s.hosts {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}
