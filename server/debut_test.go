package server

import (
	"fmt"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/feed"
)

// TestDebut: what came in since the program began is known by when it first stood
// in a feed; what was there before, or stands in none, is not.
func TestDebut(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, feed.Channel{ID: "all", Title: "All"})
	old, fresh, late := story("north", 1), again("north", 2), again("south", 3)
	before := time.Now()
	n.file(old, fresh)
	at, ok := n.pub.Debut(fresh.ID)
	if !ok || at.Before(before) || at.After(time.Now()) {
		t.Errorf("the new one: %v %v", at, ok)
	}
	if at, ok := n.pub.Debut(old.ID); ok {
		t.Errorf("one that was there before the program: %v", at)
	}
	late.Status = article.Withheld
	n.file(late)
	if at, ok := n.pub.Debut(late.ID); ok {
		t.Errorf("one that stands in no feed: %v", at)
	}
	fresh.Version, fresh.Headline = 3, "Corrected"
	n.file(fresh)
	if again, _ := n.pub.Debut(fresh.ID); !again.Equal(at) {
		t.Errorf("it first stood there at %v, and now at %v", at, again)
	}
}

// TestDebuts are bounded; the oldest are forgotten.
func TestDebuts(t *testing.T) {
	t.Parallel()
	d := newDebuts(start)
	for i := range maxDebuts + 5 {
		r := article.Record{ID: fmt.Sprint(i), FirstSeen: start}
		d.note(&edition{feeds: map[string]*published{"all": {page: feed.Page{Records: []article.Record{r}}}}}, nil, start)
	}
	_, first := d.at["4"]
	_, next := d.at["5"]
	if len(d.at) != maxDebuts || len(d.order) != maxDebuts || first || !next {
		t.Errorf("%d are kept, in %d", len(d.at), len(d.order))
	}
}
