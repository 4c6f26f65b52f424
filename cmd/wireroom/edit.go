package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"wireroom/article"
	"wireroom/cmd/wireroom/config"
	"wireroom/server/control"
	"wireroom/sources/opml"
)

// change edits the desk's file and takes the result over.
func (r *room) change(ctx context.Context, edit func(*config.Config, []config.Entry) ([]config.Entry, error)) error {
	if r.fixed {
		return control.Refuse(control.ErrReadOnly, "Nothing can be changed here: this is the demo.")
	}
	r.edits.Lock()
	defer r.edits.Unlock()
	c := r.desk.config()
	err := config.EditDesk(c.Path(), r.getenv, func(list []config.Entry) ([]config.Entry, error) { return edit(c, list) })
	var fault *config.Error
	if errors.As(err, &fault) {
		return control.Refuse(control.ErrInvalid, "%s", fault.Message)
	}
	var place *fs.PathError
	if errors.As(err, &place) {
		r.desk.log.Error("a change can't be written", "error", err)
		return control.Refuse(control.ErrReadOnly, "Changes are kept in %s, and that can't be written. Let the server write there, or change the config itself.", c.DeskFile())
	}
	if err != nil {
		return err
	}
	return r.desk.reloadNow(ctx)
}

// one is a source as it is configured now.
func (r *room) one(id string) (control.Source, error) {
	for _, s := range r.Sources() {
		if s.ID == id {
			return s, nil
		}
	}
	return control.Source{}, control.Refuse(control.ErrNotFound, "There is no source %q.", id)
}

// Add makes a source.
func (r *room) Add(ctx context.Context, n control.New) (control.Source, error) {
	address, err := webAddress(n.URL)
	if err != nil {
		return control.Source{}, err
	}
	id := strings.TrimSpace(n.ID)
	err = r.change(ctx, func(c *config.Config, list []config.Entry) ([]config.Entry, error) {
		taken := map[string]bool{}
		for i := range c.Sources {
			s := &c.Sources[i]
			if s.URL == address {
				return nil, control.Refuse(control.ErrConflict, "This feed is read already, by the source %q.", s.ID)
			}
			taken[s.ID] = true
		}
		if taken[id] {
			return nil, control.Refuse(control.ErrConflict, "There is a source %q already.", id)
		}
		for _, e := range list { // of a source that is gone from the config: it would change the new one
			taken[e.ID] = true
		}
		if id == "" {
			id = config.NewID(address, taken)
		}
		list = slices.DeleteFunc(list, func(e config.Entry) bool { return e.ID == id })
		e := config.Entry{ID: id, URL: address}
		if title := titleOf(n.Title); title != "" {
			e.Title = &title
		}
		return append(list, e), nil
	})
	if err != nil {
		return control.Source{}, err
	}
	return r.one(id)
}

// maxTitle bounds a title, in runes.
const maxTitle = 200

func titleOf(typed string) string { return article.Cut(article.Line(typed), maxTitle) }

// Change changes a source.
func (r *room) Change(ctx context.Context, id string, change control.Change) (control.Source, error) {
	var every *config.Duration
	if change.Every != nil {
		every = new(config.Duration)
		if word := strings.TrimSpace(*change.Every); word != "" {
			d, err := config.ParseDuration(word)
			if err != nil {
				return control.Source{}, control.Refuse(control.ErrInvalid, "%v", err)
			}
			*every = d
		}
	}
	if _, err := r.one(id); err != nil {
		return control.Source{}, err
	}
	err := r.change(ctx, func(_ *config.Config, list []config.Entry) ([]config.Entry, error) {
		i := slices.IndexFunc(list, func(e config.Entry) bool { return e.ID == id })
		if i < 0 {
			i, list = len(list), append(list, config.Entry{ID: id})
		}
		e := &list[i]
		if change.Title != nil {
			title := titleOf(*change.Title)
			e.Title = &title
		}
		if every != nil {
			e.Every = every
		}
		if change.Paused != nil {
			e.Paused = change.Paused
		}
		return list, nil
	})
	if err != nil {
		return control.Source{}, err
	}
	return r.one(id)
}

// Remove removes a source that was made at the desk.
func (r *room) Remove(ctx context.Context, id string) error {
	s, err := r.one(id)
	if err != nil {
		return err
	}
	if !s.Added {
		return control.Refuse(control.ErrConflict, "%q stands in the config file itself: remove it there, or pause it.", id)
	}
	return r.change(ctx, func(c *config.Config, list []config.Entry) ([]config.Entry, error) {
		for _, f := range c.Feeds {
			if slices.Contains(f.Select.Sources, id) {
				return nil, control.Refuse(control.ErrConflict, "The feed %q selects %q: take it out of the config first.", f.ID, id)
			}
		}
		return slices.DeleteFunc(list, func(e config.Entry) bool { return e.ID == id }), nil
	})
}

// Import adds the feeds of an OPML list that are not there yet.
func (r *room) Import(ctx context.Context, list io.Reader) (control.Imported, error) {
	done := control.Imported{Added: []string{}}
	outlines, err := opml.Read(list)
	if err != nil {
		return done, control.Refuse(control.ErrInvalid, "The list can't be read: %v.", err)
	}
	err = r.change(ctx, func(c *config.Config, entries []config.Entry) ([]config.Entry, error) {
		taken, have := map[string]bool{}, map[string]bool{}
		for i := range c.Sources {
			taken[c.Sources[i].ID], have[c.Sources[i].URL] = true, true
		}
		for _, e := range entries {
			taken[e.ID] = true
		}
		for _, o := range outlines {
			if have[o.URL] {
				done.Known++
				continue
			}
			have[o.URL] = true
			e := config.Entry{ID: config.NewID(o.URL, taken), URL: o.URL, Topics: o.Categories}
			if title := titleOf(o.Title); title != "" {
				e.Title = &title
			}
			done.Added = append(done.Added, e.ID)
			entries = append(entries, e)
		}
		return entries, nil
	})
	if err != nil {
		done.Added = []string{}
	}
	return done, err
}

// outlinesOf are the sources of the web, for OPML.
func outlinesOf(c *config.Config) []opml.Outline {
	var outlines []opml.Outline
	for _, s := range c.Sources {
		if strings.HasPrefix(s.URL, "http") {
			title := s.Title
			if title == "" {
				title = s.ID
			}
			outlines = append(outlines, opml.Outline{URL: s.URL, Title: title, Categories: s.Topics})
		}
	}
	return outlines
}
