package config

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Duration is a time.Duration that also understands days and weeks: 90d, 2w.
type Duration time.Duration

var dayPart = regexp.MustCompile(`^(\d+)(d|w)`)

// ParseDuration reads Go's durations, preceded by days or weeks if wanted.
func ParseDuration(s string) (Duration, error) {
	var days time.Duration
	rest := strings.TrimSpace(s)
	if m := dayPart.FindStringSubmatch(rest); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil || n > 36500 {
			return 0, fmt.Errorf("%q is too long", s)
		}
		days = time.Duration(n) * 24 * time.Hour
		if m[2] == "w" {
			days *= 7
		}
		if rest = rest[len(m[0]):]; rest == "" {
			return Duration(days), nil
		}
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a duration; write it like 90s, 10m, 2h or 7d", s)
	}
	return Duration(days + d), nil
}

// UnmarshalYAML reads a duration; errors carry their place.
func (d *Duration) UnmarshalYAML(n ast.Node) error {
	v, err := ParseDuration(plain(n))
	if err != nil {
		return &yaml.SyntaxError{Message: err.Error(), Token: n.GetToken()}
	}
	*d = v
	return nil
}

// MarshalText writes the duration in the shortest form.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// String writes 10m, not 10m0s.
func (d Duration) String() string {
	t := time.Duration(d)
	if day := 24 * time.Hour; t >= day && t%day == 0 {
		return strconv.Itoa(int(t/day)) + "d"
	}
	s := t.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// Secret is a word that is never printed. In the file it stands as it is, or as
// env:NAME or file:PATH.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(secret)"
}

// MarshalText hides the secret.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalYAML resolves env: and file:.
func (s *Secret) UnmarshalYAML(n ast.Node) error {
	v := plain(n)
	switch kind, rest, _ := strings.Cut(v, ":"); kind {
	case "env":
		w, ok := os.LookupEnv(rest)
		if !ok {
			return &yaml.SyntaxError{Message: fmt.Sprintf("the environment variable %s is not set", rest), Token: n.GetToken()}
		}
		v = w
	case "file":
		b, err := os.ReadFile(rest)
		if err != nil {
			return &yaml.SyntaxError{Message: fmt.Sprintf("the secret's file can't be read: %v", err), Token: n.GetToken()}
		}
		v = strings.TrimRight(string(b), "\r\n")
	}
	*s = Secret(v)
	return nil
}

// plain is the text of a scalar node without its quotes.
func plain(n ast.Node) string {
	if s, ok := n.(*ast.StringNode); ok {
		return s.Value
	}
	if t := n.GetToken(); t != nil {
		return t.Value
	}
	return n.String()
}
