//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
	"unicode"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/sqlite"
	"wireroom/store/storetest"
)

// The newsroom that pages are measured in: so many sources bring an article each
// in every step of time, until the wanted number is there.
const (
	stockSources = 1000
	stockStep    = 8 * time.Hour
	savedAtOnce  = 50 // polls
)

func stockSource(i int) string { return fmt.Sprintf("source-%04d", i) }

// stocked makes sure of a store with n articles in a file, by the store's own
// calls. One that is there already is taken as it is if it has as many.
func stocked(ctx context.Context, file string, n int, log io.Writer) error {
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		if err := stock(ctx, file+".new", n, log); err != nil {
			return err
		}
		return os.Rename(file+".new", file)
	}
	s, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	if st, err := s.Stats(ctx); err != nil || st.Articles < n {
		return errors.Join(err, fmt.Errorf("%s holds %d articles, not %d: name another file", file, st.Articles, n))
	}
	return nil
}

func stock(ctx context.Context, file string, n int, log io.Writer) error {
	s, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	now := time.Now().UTC().Truncate(time.Minute)
	sources := make([]store.Source, stockSources)
	for i := range sources {
		sources[i] = store.Source{ID: stockSource(i), Host: stockSource(i) + ".example", Title: stockTitle(i), Republish: article.Summary, FirstDue: now}
	}
	if err := s.Sync(ctx, sources); err != nil {
		return err
	}
	claims, _, err := s.Claim(ctx, store.ClaimRequest{Worker: "stock", Now: now, Lease: 24 * time.Hour, Hosts: stockSources})
	if err != nil {
		return err
	}
	began := time.Now()
	steps := max(1, (n+stockSources-1)/stockSources)
	for step := range steps {
		at := now.Add(-time.Duration(steps-1-step) * stockStep)
		for from := 0; from < len(claims); from += savedAtOnce {
			var polls []store.Poll
			for i := from; i < min(from+savedAtOnce, len(claims)); i++ {
				st := claims[i].Sources[0]
				st.Due, st.LastPoll, st.LastSuccess, st.LastChange = now.Add(time.Hour), at, at, at
				polls = append(polls, store.Poll{Host: claims[i].Host, Token: claims[i].Token, State: st, Items: []store.Item{stockItem(st.Source, step*stockSources+i, at)}})
			}
			saved, err := s.Save(ctx, polls)
			if err != nil {
				return err
			}
			for _, r := range saved {
				if r.Err != nil || r.New != 1 {
					return fmt.Errorf("stock: %d articles were new, %w", r.New, r.Err)
				}
			}
		}
		if step%50 == 49 || step == steps-1 {
			fmt.Fprintf(log, "%d articles stored in %s\n", (step+1)*stockSources, time.Since(began).Round(time.Second))
		}
	}
	_, err = s.Save(ctx, nil, store.Back(time.Time{}, claims...)...)
	return err
}

func stockTitle(i int) string {
	return fmt.Sprintf("The %s Courier %d", [...]string{"Northern", "Harbour", "Valley", "Meridian", "Coast"}[i%5], i)
}

// stockItem is article n of the newsroom, published at some time of the step
// before at. Half of them have a picture.
func stockItem(source string, n int, at time.Time) store.Item {
	item := storetest.Typical(source, n, at)
	r := item.Record
	r.Published = at.Add(-time.Duration(n*7919%int(stockStep/time.Second)) * time.Second)
	r.Updated, r.FirstSeen = r.Published, at
	r.Headline, r.Standfirst = capital(r.Headline), capital(r.Standfirst)+"."
	r.Kicker, r.Subjects, r.Images = "", nil, nil
	r.Byline, r.Authors = "", nil
	if n%2 == 0 {
		r.Images = []article.Media{{
			URL: fmt.Sprintf("http://%s/%d.png", pictureHost, n%4), Width: 960, Height: 640, Role: "lead", Caption: r.Standfirst, Credit: "Photo: " + source,
		}}
	}
	return item
}

// pictureHost is where the articles' pictures are said to be.
const pictureHost = "pictures.example"

func capital(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}
