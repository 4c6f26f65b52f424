package desk

import (
	"bytes"
	"net/http"
	"strings"

	"wireroom/server/control"
)

// maxList bounds a list of feeds, in bytes.
const maxList = 8 << 20

type addPage struct {
	Address  string
	Found    []control.Candidate
	Looked   bool
	Preview  *control.Preview
	Imported *control.Imported
}

func (d *Desk) addForm(v *visit) error {
	return d.show(v, http.StatusOK, "add", &view{Title: "Add sources", Nav: "add", Body: &addPage{}})
}

// find looks for the feeds at an address.
func (d *Desk) find(v *visit) error {
	p := addPage{Address: strings.TrimSpace(v.form.Get("url")), Looked: true}
	found, err := d.Room.Discover(v.r.Context(), p.Address)
	if err != nil {
		return err
	}
	p.Found = found
	return d.show(v, http.StatusOK, "add", &view{Title: "Add sources", Nav: "add", Body: &p})
}

// preview shows what would be stored of a feed.
func (d *Desk) preview(v *visit) error {
	p := addPage{Address: strings.TrimSpace(v.form.Get("url"))}
	shown, err := d.Room.Preview(v.r.Context(), p.Address)
	if err != nil {
		return err
	}
	p.Preview = &shown
	return d.show(v, http.StatusOK, "add", &view{Title: "Preview", Nav: "add", Body: &p})
}

// addSource adds what was found.
func (d *Desk) addSource(v *visit) error {
	s, err := d.Room.Add(v.r.Context(), control.New{URL: v.form.Get("url"), ID: strings.TrimSpace(v.form.Get("id")), Title: v.form.Get("title")})
	if err != nil {
		return err
	}
	d.Log.Info("added at the desk", "source", s.ID)
	return d.back(v, sourcePath(s.ID), "added")
}

// exportList gives the sources to other programs.
func (d *Desk) exportList(v *visit) error {
	var b bytes.Buffer
	if err := d.Room.Export(&b); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/x-opml; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="sources.opml"`)
	_, _ = v.w.Write(b.Bytes())
	return nil
}

// importList takes over another program's list.
func (d *Desk) importList(v *visit) error {
	defer func() { _ = v.r.MultipartForm.RemoveAll() }()
	f, _, err := v.r.FormFile("list")
	if err != nil {
		return control.Refuse(control.ErrInvalid, "Choose a file with a list of feeds (OPML).")
	}
	defer f.Close()
	done, err := d.Room.Import(v.r.Context(), f)
	if err != nil {
		return err
	}
	d.Log.Info("a list was imported at the desk", "added", len(done.Added), "known", done.Known)
	return d.show(v, http.StatusOK, "add", &view{Title: "Add sources", Nav: "add", Body: &addPage{Imported: &done}})
}
