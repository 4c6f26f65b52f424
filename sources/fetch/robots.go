package fetch

import (
	"bytes"
	"strings"
)

// robotRules are what one robots.txt (RFC 9309) says to us.
type robotRules struct {
	own      *ruleGroup // of our product token, nil if it names us nowhere
	any      *ruleGroup // of *, nil if there is none
	sitemaps []string
}

type ruleGroup struct{ rules []robotRule }

// robotRule is one allow or disallow line.
type robotRule struct {
	path  string // percent-encoding normalised; * and a final $ are special
	allow bool
}

const (
	maxRobots      = 500 << 10 // bytes read (RFC 9309 §2.5)
	maxRobotRules  = 2_000     // of one group
	maxRobotMaps   = 16
	robotsOverhead = 64 // bytes a rule takes beside its path
)

// parseRobots reads a robots.txt for the crawler named token. It never fails:
// lines that say nothing it knows are passed over (RFC 9309 §2.2).
func parseRobots(body []byte, token string) *robotRules {
	var (
		r       robotRules
		current []*ruleGroup
		inRules = true // the next user-agent line opens a new group
	)
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	for line := range strings.FieldsFuncSeq(string(body), func(c rune) bool { return c == '\n' || c == '\r' }) {
		line, _, _ = strings.Cut(line, "#")
		name, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		value = strings.TrimSpace(value)
		switch name = strings.ToLower(strings.TrimSpace(name)); name {
		case "user-agent":
			if inRules {
				current, inRules = nil, false
			}
			if group := r.groupOf(value, token); group != nil {
				current = append(current, group)
			}
		case "allow", "disallow":
			inRules = true
			if value == "" {
				continue // an empty disallow forbids nothing
			}
			for _, group := range current {
				if len(group.rules) < maxRobotRules {
					group.rules = append(group.rules, robotRule{normalisePath(value), name == "allow"})
				}
			}
		case "sitemap":
			if len(r.sitemaps) < maxRobotMaps {
				r.sitemaps = append(r.sitemaps, strings.Clone(value)) // not to keep the whole file
			}
		}
	}
	return &r
}

// groupOf returns the group that a user-agent line speaks to, nil if it is none
// of ours. Groups of the same crawler are one (RFC 9309 §2.2.1).
func (r *robotRules) groupOf(agent, token string) *ruleGroup {
	if strings.HasPrefix(agent, "*") {
		if r.any == nil {
			r.any = new(ruleGroup)
		}
		return r.any
	}
	name := agent
	if end := strings.IndexFunc(agent, func(c rune) bool { return !strings.ContainsRune(tokenChars, c) }); end >= 0 {
		name = agent[:end]
	}
	if !strings.EqualFold(name, token) {
		return nil
	}
	if r.own == nil {
		r.own = new(ruleGroup)
	}
	return r.own
}

// allows reports whether path (with query) may be fetched: by the group that
// names us, else, unless namedOnly, by that of everybody.
func (r *robotRules) allows(path string, namedOnly bool) bool {
	group := r.own
	if group == nil && !namedOnly {
		group = r.any
	}
	if group == nil || path == "/robots.txt" {
		return true
	}
	path = normalisePath(path)
	best, allowed := -1, true
	for _, rule := range group.rules {
		// The longest rule wins, of equals the one that allows (RFC 9309 §2.2.2).
		if len(rule.path) < best || len(rule.path) == best && !rule.allow {
			continue
		}
		if rule.matches(path) {
			best, allowed = len(rule.path), rule.allow
		}
	}
	return allowed
}

// matches holds path against the rule. Each piece between stars is taken at its
// first place, which suffices and keeps the cost linear in both.
func (rule robotRule) matches(path string) bool {
	pattern, anchored := strings.CutSuffix(rule.path, "$")
	first, rest, starred := strings.Cut(pattern, "*")
	if !strings.HasPrefix(path, first) {
		return false
	}
	path = path[len(first):]
	for starred {
		var piece string
		piece, rest, starred = strings.Cut(rest, "*")
		if !starred && anchored {
			return strings.HasSuffix(path, piece)
		}
		i := strings.Index(path, piece)
		if i < 0 {
			return false
		}
		path = path[i+len(piece):]
	}
	return !anchored || path == ""
}

// normalisePath makes paths comparable (RFC 9309 §2.2.2): escapes of unreserved
// characters are undone, other escapes are in upper case, and what must be
// escaped is.
func normalisePath(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			v := unhex(s[i+1])<<4 | unhex(s[i+2])
			if isUnreserved(v) {
				b.WriteByte(v)
			} else {
				b.WriteString(strings.ToUpper(s[i : i+3]))
			}
			i += 2
		case c <= ' ' || c >= 0x7f:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// isUnreserved is RFC 3986 §2.3.
func isUnreserved(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// cost is about how many bytes r takes in memory.
func (r *robotRules) cost() int {
	n := robotsOverhead
	for _, group := range []*ruleGroup{r.own, r.any} {
		if group == nil {
			continue
		}
		for _, rule := range group.rules {
			n += len(rule.path) + robotsOverhead
		}
	}
	for _, s := range r.sitemaps {
		n += len(s) + robotsOverhead
	}
	return n
}
