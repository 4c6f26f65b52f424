package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"wireroom/sources/opml"
)

// maxFile bounds one config file, in bytes.
const maxFile = 64 << 20

// Error is one fault of the config.
type Error struct {
	File         string
	Line, Column int // from 1; 0 if the fault has no place
	Message      string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Load reads a config file and the files it includes, lays the environment over
// it, fills in defaults and validates. The error joins every *Error found.
// getenv is os.LookupEnv outside of tests.
func Load(path string, getenv func(string) (string, bool)) (*Config, error) {
	return load(path, getenv, nil)
}

// load is Load with the desk's file as it is to become.
func load(path string, getenv func(string) (string, bool), draft []byte) (*Config, error) {
	c := &Config{path: path, draft: draft}
	root, err := c.read(path, c)
	if err != nil {
		return nil, err
	}
	return c.finish(root, getenv)
}

// Parse reads a config from bytes; name stands for the file in messages, and
// relative paths start at its folder. Empty bytes give the default config.
func Parse(name string, src []byte, getenv func(string) (string, bool)) (*Config, error) {
	c := &Config{path: name}
	root, err := decode(name, src, c)
	if err != nil {
		return nil, err
	}
	c.path = name // decoding nothing empties c
	return c.finish(root, getenv)
}

func (c *Config) finish(root *document, getenv func(string) (string, bool)) (*Config, error) {
	faults := []error{c.include(root), c.merge()}
	faults = append(faults, overlay(reflect.ValueOf(c).Elem(), "WIREROOM", getenv)...)
	defaults(reflect.ValueOf(c).Elem())
	faults = append(faults, c.validate(root)...)
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	c.compact()
	return c, nil
}

// document is a file that was read and can say where a path of it stands.
type document struct {
	file string
	src  []byte
	tree *ast.File // of src, once somebody asked
}

// at makes an error at a YAML path such as $.sources[0].url; the nearest parent
// that exists gives the place.
func (d *document) at(path, format string, args ...any) error {
	e := &Error{File: d.file, Message: fmt.Sprintf(format, args...)}
	if d.tree == nil {
		var err error
		if d.tree, err = parser.ParseBytes(d.src, 0); err != nil {
			return e // it was read without a fault before
		}
	}
	for p := path; len(p) > 1; p = parent(p) {
		yp, err := yaml.PathString(p)
		if err != nil {
			continue
		}
		n, err := yp.FilterFile(d.tree)
		if err != nil || n == nil {
			continue
		}
		if t := first(n); t != nil && t.Position != nil {
			e.Line, e.Column = t.Position.Line, t.Position.Column
			break
		}
	}
	return e
}

// first is the token a node begins with: for a map its first key.
func first(n ast.Node) *token.Token {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		return m.Values[0].Key.GetToken()
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		return m.Key.GetToken()
	}
	return n.GetToken()
}

func parent(p string) string {
	if i := strings.LastIndexAny(p, ".["); i > 0 {
		return p[:i]
	}
	return "$"
}

func (c *Config) read(path string, into any) (*document, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &Error{File: path, Message: fmt.Sprintf("can't be opened: %v; `wireroom serve` without --config writes a starter file", errors.Unwrap(err))}
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, &Error{File: path, Message: "can't be read: " + err.Error()}
	}
	if len(src) > maxFile {
		return nil, &Error{File: path, Message: "is larger than 64 MiB"}
	}
	c.files = append(c.files, path)
	return decode(path, src, into)
}

func decode(name string, src []byte, into any) (*document, error) {
	if !decodePieces(src, into, pieceSize) {
		dec := yaml.NewDecoder(bytes.NewReader(src), yaml.Strict())
		if err := dec.Decode(into); err != nil && !errors.Is(err, io.EOF) {
			return nil, placed(name, err)
		}
	}
	return &document{file: name, src: src}, nil
}

// placed turns a YAML error into ours, saying what was expected.
func placed(name string, err error) error {
	e := &Error{File: name, Message: err.Error()}
	var ye yaml.Error
	if errors.As(err, &ye) {
		e.Message = ye.GetMessage()
		if t := ye.GetToken(); t != nil && t.Position != nil {
			e.Line, e.Column = t.Position.Line, t.Position.Column
		}
	}
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) && unknown.Token != nil {
		e.Message = fmt.Sprintf("unknown key %q%s", unknown.Token.Value, suggest(unknown.Token.Value))
	}
	var wrong *yaml.TypeError
	if errors.As(err, &wrong) {
		e.Message = "expected " + kindOf(wrong.DstType)
		if wrong.Token != nil {
			e.Message += fmt.Sprintf(", not %q", wrong.Token.Value)
		}
	}
	var node *yaml.UnexpectedNodeTypeError
	if errors.As(err, &node) {
		e.Message = fmt.Sprintf("expected %s, not %s", nodeKind(node.Expected), nodeKind(node.Actual))
	}
	return e
}

func nodeKind(t ast.NodeType) string {
	switch t {
	case ast.SequenceType:
		return "a list"
	case ast.MappingType, ast.MappingValueType:
		return "a group of keys"
	}
	return t.YAMLName()
}

func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "a group of keys"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	}
	return "text"
}

// include adds what the included files hold.
func (c *Config) include(root *document) error {
	var faults []error
	for i, pattern := range c.Include {
		at := fmt.Sprintf("$.include[%d]", i)
		names, err := filepath.Glob(c.Rel(pattern))
		if err != nil || (len(names) == 0 && !strings.ContainsAny(pattern, "*?[")) {
			faults = append(faults, root.at(at, "no file %s", c.Rel(pattern)))
			continue
		}
		for _, name := range names {
			if err := c.includeFile(name); err != nil {
				faults = append(faults, err)
			}
		}
	}
	return errors.Join(faults...)
}

// part is what an included YAML file may hold.
type part struct {
	Sources []Source `yaml:"sources"`
	Feeds   []Feed   `yaml:"feeds"`
}

func (c *Config) includeFile(name string) error {
	if ext := strings.ToLower(filepath.Ext(name)); ext == ".opml" || ext == ".xml" {
		return c.includeOPML(name)
	}
	var p part
	if _, err := c.read(name, &p); err != nil {
		return err
	}
	for i := range p.Sources {
		p.Sources[i].at = name
	}
	for i := range p.Feeds {
		p.Feeds[i].at = name
	}
	c.Sources = append(c.Sources, p.Sources...)
	c.Feeds = append(c.Feeds, p.Feeds...)
	return nil
}

func (c *Config) includeOPML(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return &Error{File: name, Message: err.Error()}
	}
	defer f.Close()
	c.files = append(c.files, name)
	outlines, err := opml.Read(f)
	if err != nil {
		return &Error{File: name, Message: err.Error()}
	}
	taken := map[string]bool{}
	for _, s := range c.Sources {
		taken[s.ID] = true
	}
	c.Sources = append(c.Sources, FromOutlines(outlines, taken, name)...)
	return nil
}

// Rel makes a path of the file absolute: relative ones start at its folder.
func (c *Config) Rel(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	joined := filepath.Join(filepath.Dir(c.path), path)
	if abs, err := filepath.Abs(joined); err == nil {
		return abs
	}
	return joined
}
