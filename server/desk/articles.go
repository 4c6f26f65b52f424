package desk

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/server/control"
	"wireroom/store"
)

const articlesListed = 30

// searchTime is how long a search may take.
const searchTime = 10 * time.Second

type articlesPage struct {
	Search, Source, Status string
	Articles               []article.Record
	Next                   string
}

// listArticles looks for articles.
func (d *Desk) listArticles(v *visit) error {
	in := v.r.URL.Query()
	p := articlesPage{Search: article.Cut(article.Line(in.Get("q")), 200), Source: strings.TrimSpace(in.Get("source")), Status: in.Get("status")}
	q := article.Query{Match: p.Search, Limit: articlesListed}
	switch s := article.Status(p.Status); s {
	case article.Usable, article.Withheld, article.Canceled:
		q.Status = s
	default:
		p.Status = ""
	}
	if p.Source != "" {
		q.Sources = []string{p.Source}
	}
	if after := in.Get("after"); after != "" {
		var err error
		if q.After, err = feed.ParseCursor(after); err != nil {
			return control.Refuse(control.ErrInvalid, "The address of the page is not one of ours.")
		}
	}
	ctx, cancel := context.WithTimeout(v.r.Context(), searchTime)
	defer cancel()
	var err error
	p.Articles, err = d.Store.Select(ctx, q)
	rest, partial := store.Rest(err)
	if err != nil && !partial {
		return err
	}
	if n := len(p.Articles); n == articlesListed {
		rest, partial = feed.CursorOf(&p.Articles[n-1], false), true
	}
	if partial {
		p.Next = "?" + url.Values{"q": {p.Search}, "source": {p.Source}, "status": {p.Status}, "after": {feed.FormatCursor(rest)}}.Encode()
	}
	return d.show(v, http.StatusOK, "articles", &view{Title: "Articles", Nav: "articles", Body: &p})
}

type articlePage struct {
	article.Record
	Versions []article.Record // newest first
	Last     string           // part of the id, in addresses
	Others   []article.Record // that tell the same story
}

func lastPart(id string) string { return id[strings.LastIndexByte(id, ':')+1:] }

// showArticle shows an article's versions, and the form that withdraws it.
func (d *Desk) showArticle(v *visit) error {
	versions, err := d.Store.History(v.r.Context(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := articlePage{Record: versions[len(versions)-1]}
	p.Last = lastPart(p.ID)
	for i := len(versions) - 1; i >= 0; i-- {
		p.Versions = append(p.Versions, versions[i])
	}
	if p.Story.ID != "" {
		members, err := d.Store.Select(v.r.Context(), article.Query{Stories: []string{p.Story.ID}, Limit: membersListed})
		if err != nil {
			return err
		}
		for i := range members {
			if members[i].ID != p.ID {
				p.Others = append(p.Others, members[i])
			}
		}
	}
	return d.show(v, http.StatusOK, "article", &view{Title: p.Headline, Nav: "articles", Body: &p})
}

// membersListed is how many articles of a story are shown.
const membersListed = 100

// tellStory takes the article, or others, out of its story, or brings another in.
func (d *Desk) tellStory(v *visit) error {
	id, done := v.r.PathValue("id"), "split"
	var err error
	switch v.form.Get("do") {
	case "leave":
		_, err = d.Room.Split(v.r.Context(), []string{id})
	case "split":
		_, err = d.Room.Split(v.r.Context(), v.form["member"])
	case "join":
		done = "joined"
		other := strings.TrimSpace(v.form.Get("with"))
		if i := strings.LastIndexByte(other, '/'); i >= 0 { // the address of its page
			other = other[i+1:]
		}
		if other == "" {
			return control.Refuse(control.ErrInvalid, "Name the article, or the story, that comes in.")
		}
		_, err = d.Room.Join(v.r.Context(), id, []string{other})
	default:
		return control.Refuse(control.ErrInvalid, "The form does not say what is to be done.")
	}
	if err != nil {
		return err
	}
	d.Log.Info("a story was changed at the desk", "article", id, "what", done)
	return d.back(v, "/desk/articles/"+url.PathEscape(id), done)
}

// withdraw takes an article out of everything, for ever.
func (d *Desk) withdraw(v *visit) error {
	id := v.r.PathValue("id")
	if v.form.Get("sure") != "yes" {
		return control.Refuse(control.ErrInvalid, "An article is withdrawn for ever. Confirm that you mean it.")
	}
	r, err := d.Room.Cancel(v.r.Context(), id, v.form.Get("reason"))
	if err != nil {
		return err
	}
	d.Log.Info("withdrawn at the desk", "article", r.ID)
	return d.back(v, "/desk/articles/"+url.PathEscape(lastPart(r.ID)), "withdrawn")
}
