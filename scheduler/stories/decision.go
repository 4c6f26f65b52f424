package stories

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/store"
	"wireroom/story"
)

// pinPrefix begins the keys of the operators' decisions, one an article.
const pinPrefix = "pin/"

// obeyEvery is how often the operators' decisions are read. What they decide is
// written to the store at once; this is for what comes later.
const obeyEvery = 5 * time.Second

// pin is the body of an operator's decision.
type pin struct {
	story.Pin
	From string    `json:"from,omitempty"` // the story that it was in
	At   time.Time `json:"at"`
}

// obey takes over the operators' decisions.
func (k *Keeper) obey(ctx context.Context) error {
	now := k.Now()
	if !k.pinned.IsZero() && now.Sub(k.pinned) < obeyEvery {
		return nil
	}
	var list []store.Assignment
	after := ""
	for {
		docs, err := k.Store.Documents(ctx, kind, pinPrefix, after, page)
		if err != nil {
			return fmt.Errorf("read the operators' decisions: %w", err)
		}
		for _, d := range docs {
			after = d.Key
			var p pin
			if err := json.Unmarshal(d.Body, &p); err != nil {
				return fmt.Errorf("an operator's decision can't be read: %s: %w", d.Key, err)
			}
			for _, moved := range k.engine.Pin(p.Pin) {
				list = append(list, store.Assignment{Article: moved.Article, Story: moved.Story, Text: moved.Text})
			}
		}
		if len(docs) < page {
			break
		}
	}
	k.pinned = now
	if err := k.Store.Assign(ctx, list); err != nil {
		return fmt.Errorf("follow the operators' decisions: %w", err)
	}
	return nil
}

// whyKind are the documents that say why an article is where it is, by the last
// part of its id.
const whyKind = "story-why"

// whyKept is how long a reason is kept.
const whyKept = 30 * 24 * time.Hour

// Reason says why an article is in its story.
type Reason struct {
	Article string           `json:"article"`
	Story   string           `json:"story"`
	With    string           `json:"with,omitempty"` // the article whose evidence decided
	Score   float64          `json:"score"`          // in log-odds
	Why     []story.Evidence `json:"why"`
	At      time.Time        `json:"at"`
}

// explain writes down the reasons of decisions. Nearly all are the first of their
// article, so that what is there already is looked at only where it is in the way.
func (k *Keeper) explain(ctx context.Context, list []story.Decision) error {
	if len(list) == 0 {
		return nil
	}
	now := k.Now().UTC().Truncate(time.Millisecond)
	var docs []store.Document
	for _, d := range list {
		key := article.ShortID(d.Article)
		if slices.ContainsFunc(docs, func(o store.Document) bool { return o.Key == key }) {
			continue
		}
		body, err := json.Marshal(Reason{d.Article, d.Story, d.With, d.Score, d.Why, now})
		if err != nil {
			return fmt.Errorf("write down why: %w", err)
		}
		docs = append(docs, store.Document{Kind: whyKind, Key: key, Due: now.Add(whyKept), Body: body})
	}
	err := k.Store.Put(ctx, docs)
	if errors.Is(err, store.ErrConflict) {
		for i := range docs {
			doc, err := k.Store.Document(ctx, whyKind, docs[i].Key)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("write down why: %w", err)
			}
			docs[i].Revision = doc.Revision
		}
		err = k.Store.Put(ctx, docs)
	}
	if err != nil && !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("write down why: %w", err)
	}
	return nil
}

// sweep deletes reasons that are past their time, a page at a turn.
func (k *Keeper) sweep(ctx context.Context) error {
	now := k.Now()
	if now.Before(k.sweepAt) {
		return nil
	}
	docs, next, err := k.Store.DueDocuments(ctx, whyKind, now, page)
	if err == nil && len(docs) > 0 {
		next = now
		err = k.Store.Delete(ctx, docs)
	}
	if err != nil && !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("delete old reasons: %w", err)
	}
	if next.IsZero() {
		next = now.Add(whyKept) // of what is written from now on
	}
	k.sweepAt = next
	return nil
}

// Why is what was written down on an article; store.ErrNotFound if nothing was.
func Why(ctx context.Context, s store.Store, id string) (Reason, error) {
	doc, err := s.Document(ctx, whyKind, article.ShortID(id))
	if err != nil {
		return Reason{}, fmt.Errorf("why %s is in its story: %w", id, err)
	}
	var r Reason
	if err := json.Unmarshal(doc.Body, &r); err != nil {
		return Reason{}, fmt.Errorf("why %s is in its story: %w", id, err)
	}
	return r, nil
}

// Members are the articles of a story, oldest first, at most so many.
func Members(ctx context.Context, s store.Store, id string, limit int) ([]article.Record, error) {
	list, err := s.Select(ctx, article.Query{Stories: []string{id}, Limit: limit})
	if err != nil {
		return nil, fmt.Errorf("read story %s: %w", id, err)
	}
	slices.Reverse(list)
	return list, nil
}

// ErrAlone says that an article is in no story.
var ErrAlone = errors.New("it is the only article of its story")

// Find resolves what somebody wrote to a story's id: its id, the last part of
// it, or an article's.
func Find(ctx context.Context, s store.Store, id string) (string, error) {
	if r, err := s.Article(ctx, id); err == nil {
		if r.Story.ID == "" {
			return article.StoryID(r.ID), ErrAlone
		}
		return r.Story.ID, nil
	} else if !errors.Is(err, store.ErrNotFound) {
		return "", fmt.Errorf("find story %s: %w", id, err)
	}
	full := id
	if !strings.HasPrefix(id, "tag:") { // the founder's id leads to the whole one
		founder := strings.TrimPrefix(id, "s-")
		if i := strings.LastIndexByte(founder, '-'); i > 0 {
			founder = founder[:i]
		}
		r, err := s.Article(ctx, founder)
		if err != nil {
			return "", fmt.Errorf("find story %s: %w", id, err)
		}
		full = strings.TrimSuffix(r.ID, article.ShortID(r.ID)) + "s-" + strings.TrimPrefix(id, "s-")
	}
	list, err := Members(ctx, s, full, 1)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return "", fmt.Errorf("find story %s: %w", id, store.ErrNotFound)
	}
	return full, nil
}

// Split takes articles out of their story and makes a new one of them. It
// returns the new story's id. What the operator decides holds for all time.
func Split(ctx context.Context, s store.Store, ids []string, now time.Time) (string, error) {
	list, err := articles(ctx, s, ids)
	if err != nil {
		return "", err
	}
	if list[0].Story.ID == "" {
		return "", fmt.Errorf("split %s: %w", list[0].ID, ErrAlone)
	}
	id := article.StoryID(list[0].ID)
	for n := 2; ; n++ {
		taken, err := Members(ctx, s, id, 1)
		if err != nil {
			return "", err
		}
		if len(taken) == 0 && id != list[0].Story.ID {
			break
		}
		id = article.StoryID(list[0].ID) + "-" + strconv.Itoa(n)
	}
	return id, pinAll(ctx, s, list, id, true, now)
}

// Join brings articles and whole stories into one story.
func Join(ctx context.Context, s store.Store, id string, ids []string, now time.Time) error {
	list, err := articles(ctx, s, ids)
	if err != nil {
		return err
	}
	return pinAll(ctx, s, list, id, false, now)
}

// most is how many articles of a story an operator can move at once.
const most = 1000

// articles reads articles by id; a story's id stands for all of its own.
func articles(ctx context.Context, s store.Store, ids []string) ([]article.Record, error) {
	var list []article.Record
	for _, id := range ids {
		r, err := s.Article(ctx, id)
		if err == nil {
			list = append(list, r)
			continue
		}
		if !errors.Is(err, store.ErrNotFound) {
			return nil, fmt.Errorf("read article %s: %w", id, err)
		}
		found, err := Find(ctx, s, id)
		if err != nil {
			return nil, err
		}
		members, err := Members(ctx, s, found, most)
		if err != nil {
			return nil, err
		}
		list = append(list, members...)
	}
	if len(list) == 0 {
		return nil, errors.New("no article was named")
	}
	return list, nil
}

// pinAll writes down that articles belong to a story, and puts them there.
func pinAll(ctx context.Context, s store.Store, list []article.Record, id string, apart bool, now time.Time) error {
	var docs []store.Document
	var places []store.Assignment
	for i := range list {
		r := &list[i]
		key := pinPrefix + article.ShortID(r.ID)
		if slices.ContainsFunc(docs, func(o store.Document) bool { return o.Key == key }) {
			continue
		}
		doc, err := s.Document(ctx, kind, key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("write down the decision: %w", err)
		}
		body, err := json.Marshal(pin{story.Pin{Article: r.ID, Story: id, Apart: apart}, r.Story.ID, now.UTC().Truncate(time.Second)})
		if err != nil {
			return fmt.Errorf("write down the decision: %w", err)
		}
		docs = append(docs, store.Document{Kind: kind, Key: key, Revision: doc.Revision, Body: body})
		text := r.Story.Text
		if apart {
			text = ""
		}
		places = append(places, store.Assignment{Article: r.ID, Story: id, Text: text})
	}
	if err := s.Put(ctx, docs); err != nil {
		return fmt.Errorf("write down the decision: %w", err)
	}
	if err := s.Assign(ctx, places); err != nil {
		return fmt.Errorf("move the articles: %w", err)
	}
	return nil
}
