package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/google/renameio/v2"

	"wireroom/server/api"
	"wireroom/server/token"
)

// Desk opens the operators' pages.
type Desk struct {
	Password Secret   `yaml:"password" json:"password,omitempty" desc:"Lets operators in at /desk: the word itself, env:NAME or file:PATH. Without password and password_hash there is no desk."`
	Hash     string   `yaml:"password_hash" json:"password_hash,omitempty" desc:"The same as a hash: wireroom password makes one of a password, wireroom token one of a token."`
	Session  Duration `yaml:"session" json:"session,omitempty" default:"12h" desc:"How long a login lasts."`
}

// API lets programs in.
type API struct {
	Tokens []APIToken `yaml:"tokens" json:"tokens,omitempty" desc:"Who may use /api/v1. Without any there is no API."`
}

// APIToken is one program's.
type APIToken struct {
	Name   string   `yaml:"name" json:"name" desc:"Whose it is; stands in the log."`
	Hash   string   `yaml:"hash" json:"hash" desc:"Hash of the token; wireroom token makes both."`
	Scopes []string `yaml:"scopes" json:"scopes" desc:"What it allows: read, refresh (poll now), edit (add and change sources), kill (withdraw articles)."`
}

// minPassword is the least length of a password that stands in the config.
const minPassword = 8

func (c *Config) validateDesk(k *check) {
	if c.Desk.Password != "" && c.Desk.Hash != "" {
		k.fail("$.desk.password_hash", "the desk has either password or password_hash")
	}
	if n := len(c.Desk.Password); n > 0 && n < minPassword {
		k.fail("$.desk.password", "expected at least %d characters", minPassword)
	}
	if c.Desk.Hash != "" && !token.ValidPassword(c.Desk.Hash) {
		k.fail("$.desk.password_hash", "expected a hash that `wireroom password` or `wireroom token` printed")
	}
	if c.Desk.Session <= 0 {
		k.fail("$.desk.session", "expected a time such as 12h")
	}
	names := map[string]bool{}
	for i, t := range c.API.Tokens {
		at := fmt.Sprintf("$.api.tokens[%d]", i)
		switch {
		case t.Name == "":
			k.fail(at, "a token needs a name")
		case names[t.Name]:
			k.fail(at+".name", "two tokens are called %q", t.Name)
		}
		names[t.Name] = true
		if !token.Valid(t.Hash) {
			k.fail(at+".hash", "expected a hash that `wireroom token` printed")
		}
		if len(t.Scopes) == 0 {
			k.fail(at+".scopes", "expected some of read, refresh, edit, kill")
		}
		for j, s := range t.Scopes {
			if !slices.Contains(api.Scopes(), api.Scope(s)) {
				k.fail(fmt.Sprintf("%s.scopes[%d]", at, j), "expected read, refresh, edit or kill, not %q", s)
			}
		}
	}
}

// Entry is one source in the file of the desk: a new one, or what is to be
// different of one that the config has. Nil fields say nothing.
type Entry struct {
	ID     string    `yaml:"id"`
	URL    string    `yaml:"url,omitempty"`
	Title  *string   `yaml:"title,omitempty"`
	Every  *Duration `yaml:"every,omitempty"` // 0s: adaptive, whatever the config says
	Paused *bool     `yaml:"paused,omitempty"`
	Topics []string  `yaml:"topics,omitempty"`
}

type deskFile struct {
	Sources []Entry `yaml:"sources"`
}

// DeskFile is where changes made at the desk are kept: wireroom.d/desk.yaml
// beside wireroom.yaml.
func (c *Config) DeskFile() string {
	return strings.TrimSuffix(c.path, filepath.Ext(c.path)) + ".d/desk.yaml"
}

// merge lays the desk's entries over the sources.
func (c *Config) merge() error {
	var f deskFile
	name := c.DeskFile()
	if c.draft != nil {
		if _, err := decode(name, c.draft, &f); err != nil {
			return err
		}
	} else {
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if _, err := c.read(name, &f); err != nil {
			return err
		}
	}
	c.nameSources()
	at := map[string]int{}
	for i := range c.Sources {
		at[c.Sources[i].ID] = i
	}
	for _, e := range f.Sources {
		i, known := at[e.ID]
		switch {
		case known:
			c.Sources[i].changed = true
		case e.URL == "": // what it changed is gone from the config
			continue
		default:
			i = len(c.Sources)
			at[e.ID] = i
			c.Sources = append(c.Sources, Source{ID: e.ID, at: name, added: true})
		}
		e.over(&c.Sources[i])
	}
	return nil
}

// over lays the entry over a source.
func (e *Entry) over(s *Source) {
	if e.URL != "" {
		s.URL = e.URL
	}
	if e.Title != nil {
		s.Title = *e.Title
	}
	if e.Every != nil {
		s.Every, s.Cron = *e.Every, ""
	}
	if e.Paused != nil {
		s.Paused = *e.Paused
	}
	if len(e.Topics) > 0 {
		s.Topics = e.Topics
	}
}

// Added reports whether the source was made at the desk; Changed whether the
// desk overrides what the config says of it.
func (s *Source) Added() bool   { return s.added }
func (s *Source) Changed() bool { return s.changed }

// EditDesk changes the desk's file of a config. It is replaced at once, and only
// if the config is valid with it.
func EditDesk(path string, getenv func(string) (string, bool), edit func([]Entry) ([]Entry, error)) error {
	c := &Config{path: path}
	name := c.DeskFile()
	var f deskFile
	if _, err := os.Stat(name); err == nil {
		if _, err := c.read(name, &f); err != nil {
			return err
		}
	}
	list, err := edit(f.Sources)
	if err != nil {
		return err
	}
	body, err := yaml.MarshalWithOptions(deskFile{list}, yaml.Indent(2), yaml.IndentSequence(true))
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	body = append([]byte("# Written by the desk and the API; laid over "+filepath.Base(path)+".\n"), body...)
	if _, err := load(path, getenv, body); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("the desk's changes can't be written: %w", err)
	}
	if err := renameio.WriteFile(name, body, 0o600); err != nil {
		return fmt.Errorf("the desk's changes can't be written: %w", err)
	}
	return nil
}
