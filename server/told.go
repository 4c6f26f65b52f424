package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/store"
)

// primary is the article that stands for those with the same text as r: itself,
// where there are none or it is the one.
func primary(ctx context.Context, s store.Store, r *article.Record, now time.Time) (string, error) {
	if r.Story.Text == "" || r.Story.ID == "" {
		return r.ID, nil
	}
	list, err := s.Select(ctx, article.Query{Stories: []string{r.Story.ID}, Now: now, Limit: maxMembers})
	if err != nil {
		return "", fmt.Errorf("read story %s: %w", r.Story.ID, err)
	}
	var same []*article.Record
	for i := range list {
		if list[i].Story.Text == r.Story.Text {
			same = append(same, &list[i])
		}
	}
	if i := article.Primary(same); i >= 0 {
		return same[i].ID, nil
	}
	return r.ID, nil
}

// elsewhere sends a reader from an article to the one that stands for its text,
// and reports whether it did. The answer is kept for a minute only: the one that
// stands for them may change.
func (s *Server) elsewhere(w http.ResponseWriter, r *http.Request, ed *edition, rec *article.Record) bool {
	id, err := primary(r.Context(), s.Store, rec, time.Now())
	if err != nil || id == rec.ID { // better this page than none
		return false
	}
	send302(w, r, ed.site.ArticleURL(id))
	return true
}

func send302(w http.ResponseWriter, r *http.Request, target string) {
	if strings.HasSuffix(r.URL.Path, ".json") {
		target += ".json"
	}
	w.Header().Set("Cache-Control", "public, max-age=60")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	http.Redirect(w, r, target, http.StatusFound)
}

// unknown answers for an id that is no article's.
func (s *Server) unknown(w http.ResponseWriter, r *http.Request, ed *edition, id string) {
	if best, ok := s.began(r.Context(), id, time.Now()); ok {
		send302(w, r, ed.site.ArticleURL(best.ID))
		return
	}
	s.notFound(w, r)
}

// began finds the best article of the story whose entry has an id that is no
// article's: one that an operator made of articles of another.
func (s *Server) began(ctx context.Context, id string, now time.Time) (article.Record, bool) {
	founder, _, ok := cutLast(id, '-')
	if !ok || strings.HasPrefix(id, "tag:") {
		return article.Record{}, false
	}
	first, err := s.Store.Article(ctx, founder)
	if err != nil {
		return article.Record{}, false
	}
	story := strings.TrimSuffix(article.StoryID(first.ID), founder) + id
	list, err := s.Store.Select(ctx, article.Query{Stories: []string{story}, Now: now, Limit: maxMembers})
	if err != nil || len(list) == 0 {
		return article.Record{}, false
	}
	members := make([]*article.Record, len(list))
	for i := range list {
		members[i] = &list[i]
	}
	return *members[article.Best(members, nil)], true
}
