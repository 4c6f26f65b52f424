package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/google/renameio/v2"
)

// AddSources writes sources into the config file below the ones that are there,
// leaving every other line as it is. The file is replaced at once, and only if
// the result is a valid config; it is made if there is none.
func AddSources(path string, list []Source, getenv func(string) (string, bool)) error {
	src, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("config: %w", err)
	}
	out, err := appendSources(src, list)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if _, err := Parse(path, out, getenv); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	if err := renameio.WriteFile(path, out, mode); err != nil {
		return fmt.Errorf("the config can't be written: %w", err)
	}
	return nil
}

// appendSources puts the sources after the last entry of the list sources:.
func appendSources(src []byte, list []Source) ([]byte, error) {
	tree, err := parser.ParseBytes(src, 0)
	if err != nil {
		return nil, placed("config", err)
	}
	if empty(tree) { // there is a list, without anything in it: a new one takes its place
		src = emptySources.ReplaceAll(src, []byte("$1"))
	}
	lines := strings.SplitAfter(string(src), "\n")
	if n := len(lines); n > 0 && lines[n-1] != "" && !strings.HasSuffix(lines[n-1], "\n") {
		lines[n-1] += "\n"
	}
	at, indent, found := sourcesEnd(tree, lines)
	text := &bytes.Buffer{}
	if !found {
		text.WriteString("sources:\n")
		indent, at = "  ", len(lines)
	}
	for i := range list {
		entry, err := yaml.MarshalWithOptions(&list[i], yaml.OmitZero(), yaml.Indent(2))
		if err != nil {
			return nil, err
		}
		for j, l := range strings.Split(strings.TrimRight(string(entry), "\n"), "\n") {
			lead := "  "
			if j == 0 {
				lead = "- "
			}
			text.WriteString(indent + lead + l + "\n")
		}
	}
	return []byte(strings.Join(lines[:at], "") + text.String() + strings.Join(lines[at:], "")), nil
}

// emptySources is a list of sources with nothing in it, in brackets or without;
// what it is replaced by keeps a comment.
var emptySources = regexp.MustCompile(`(?m)^sources:[ \t]*(?:\r?\n[ \t]+)?(?:\[\s*\])?[ \t]*((?:#.*)?)\r?$`)

// empty reports whether there is a list sources: without entries.
func empty(tree *ast.File) bool {
	p, err := yaml.PathString("$.sources")
	if err != nil {
		return false
	}
	n, err := p.FilterFile(tree)
	if err != nil || n == nil {
		return false
	}
	if _, ok := n.(*ast.NullNode); ok {
		return true
	}
	seq, ok := n.(*ast.SequenceNode)
	return ok && len(seq.Values) == 0
}

// sourcesEnd finds the line after the last entry of sources: and the indent of
// its entries. An empty or flow-style list can't be appended to line by line.
func sourcesEnd(tree *ast.File, lines []string) (at int, indent string, found bool) {
	p, err := yaml.PathString("$.sources")
	if err != nil {
		return 0, "", false
	}
	n, err := p.FilterFile(tree)
	if err != nil || n == nil {
		return 0, "", false
	}
	seq, ok := n.(*ast.SequenceNode)
	if !ok || seq.IsFlowStyle || len(seq.Values) == 0 {
		return 0, "", false
	}
	start := seq.Start.Position
	indent = strings.Repeat(" ", start.Column-1)
	at = start.Line
	for i := start.Line; i < len(lines); i++ {
		l := strings.TrimRight(lines[i], "\r\n")
		if strings.TrimSpace(l) == "" || strings.HasPrefix(strings.TrimSpace(l), "#") {
			continue
		}
		if !strings.HasPrefix(l, indent+"- ") && !strings.HasPrefix(l, indent+"  ") {
			break
		}
		at = i + 1
	}
	return at, indent, true
}
