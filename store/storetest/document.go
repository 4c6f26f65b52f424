package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"wireroom/store"
)

func (d *desk) put(docs ...store.Document) []store.Document {
	d.t.Helper()
	d.must(d.Put(context.Background(), docs))
	return docs
}

func (d *desk) document(kind, key string) store.Document {
	d.t.Helper()
	doc, err := d.Document(context.Background(), kind, key)
	d.must(err)
	return doc
}

// keys lists the keys of a kind, page by page.
func (d *desk) keys(kind, prefix string, limit int) []string {
	d.t.Helper()
	var list []string
	for after := ""; ; {
		docs, err := d.Documents(context.Background(), kind, prefix, after, limit)
		d.must(err)
		for _, doc := range docs {
			list = append(list, doc.Key)
		}
		if len(docs) < limit {
			return list
		}
		after = docs[len(docs)-1].Key
	}
}

func (d *desk) conflict(what string, err error) {
	d.t.Helper()
	if !errors.Is(err, store.ErrConflict) {
		d.t.Errorf("%s: %v; want a conflict", what, err)
	}
}

func runDocument(t *testing.T, open Open) {
	ctx := context.Background()
	cases(t, open, map[string]func(*desk){
		"comes back as it was put": func(d *desk) {
			want := store.Document{Kind: "hub", Key: "a/\xff\x00ü", Due: start.Add(time.Hour), Body: []byte("\x00\xffbody")}
			docs := d.put(want, store.Document{Kind: "other", Key: "a"})
			if docs[0].Revision <= 0 || docs[1].Revision <= 0 {
				d.t.Errorf("revisions %d, %d", docs[0].Revision, docs[1].Revision)
			}
			want.Revision = docs[0].Revision
			d.same("document", d.document("hub", want.Key), want)
			d.same("elsewhere", d.second().document("hub", want.Key), want)
			d.same("an empty one", d.document("other", "a"), docs[1])
			for _, name := range [][2]string{{"hub", "a"}, {"other", want.Key}, {"", ""}} {
				if _, err := d.Document(ctx, name[0], name[1]); !errors.Is(err, store.ErrNotFound) {
					d.t.Errorf("%q: %v", name, err)
				}
			}
		},
		"who comes late finds a conflict": func(d *desk) {
			one := d.put(store.Document{Kind: "k", Key: "a", Body: []byte("1")})[0]
			d.conflict("made twice", d.Put(ctx, []store.Document{{Kind: "k", Key: "a"}}))
			d.conflict("never made", d.Put(ctx, []store.Document{{Kind: "k", Key: "b", Revision: one.Revision}}))
			old := one
			one.Body = []byte("2")
			one = d.put(one)[0]
			if one.Revision <= old.Revision {
				d.t.Errorf("revision %d after %d", one.Revision, old.Revision)
			}
			d.conflict("late", d.Put(ctx, []store.Document{old}))
			d.conflict("late", d.Delete(ctx, []store.Document{old}))
			d.conflict("unseen", d.Delete(ctx, []store.Document{{Kind: "k", Key: "a"}}))
			d.same("document", d.document("k", "a"), one)
			d.must(d.Delete(ctx, []store.Document{one}))
			d.must(d.Delete(ctx, []store.Document{one, {Kind: "k", Key: "nobody"}}))
			d.conflict("gone", d.Put(ctx, []store.Document{one}))
			again := d.put(store.Document{Kind: "k", Key: "a"})[0]
			if again.Revision <= one.Revision {
				d.t.Errorf("revision %d of a document made anew, %d before: who holds the old one would not notice", again.Revision, one.Revision)
			}
		},
		"all or none": func(d *desk) {
			a := d.put(store.Document{Kind: "k", Key: "a", Body: []byte("1")})[0]
			changed, other := a, store.Document{Kind: "k", Key: "b"}
			changed.Body = []byte("2")
			docs := []store.Document{changed, other, {Kind: "k", Key: "c", Revision: 7}}
			d.conflict("one of three", d.Put(ctx, docs))
			d.same("the caller's revisions", []int64{docs[0].Revision, docs[1].Revision}, []int64{a.Revision, 0})
			d.same("unchanged", d.document("k", "a"), a)
			d.same("keys", d.keys("k", "", 10), []string{"a"})
			d.conflict("one of two", d.Delete(ctx, []store.Document{a, {Kind: "k", Key: "a", Revision: 99}, a}[1:]))
			b := d.put(other)[0]
			wrong := b
			wrong.Revision += 5
			d.conflict("one of two", d.Delete(ctx, []store.Document{a, wrong}))
			d.same("both there", d.keys("k", "", 10), []string{"a", "b"})
			d.conflict("the same twice", d.Put(ctx, []store.Document{{Kind: "k", Key: "x"}, {Kind: "k", Key: "x"}}))
			d.same("neither", d.keys("k", "", 10), []string{"a", "b"})
			d.must(d.Put(ctx, nil))
			d.must(d.Delete(ctx, nil))
		},
		"prefixes and the order of bytes": func(d *desk) {
			list := []string{"A", "a", "a/", "a/1", "a/10", "a/2", "a/\xff", "a/\xff\xff", "a0", "b", "z", "ä", "\xff", "\xff\xff1"}
			var docs []store.Document
			for i := range list {
				docs = append(docs, store.Document{Kind: "k", Key: list[(i*5)%len(list)]})
			}
			d.put(docs...)
			d.put(store.Document{Kind: "kk", Key: "a/3"})
			slices.Sort(list)
			for _, limit := range []int{1, 3, 100} {
				d.same("all", d.keys("k", "", limit), list)
				d.same("a/", d.keys("k", "a/", limit), []string{"a/", "a/1", "a/10", "a/2", "a/\xff", "a/\xff\xff"})
				d.same("a/\xff", d.keys("k", "a/\xff", limit), []string{"a/\xff", "a/\xff\xff"})
				d.same("\xff", d.keys("k", "\xff", limit), []string{"\xff", "\xff\xff1"})
				d.same("none", len(d.keys("k", "x", limit)), 0)
			}
			for after, want := range map[string]int{"a": 6, "a/2": 2, "b": 0} {
				got, err := d.Documents(ctx, "k", "a/", after, 100)
				d.must(err)
				d.same("after "+after, len(got), want)
			}
		},
		"due in order, and when next": func(d *desk) {
			var docs []store.Document
			for i, minutes := range []int{5, -3, -1, -2, 0, 9} {
				docs = append(docs, store.Document{Kind: "k", Key: fmt.Sprint(i), Due: start.Add(time.Duration(minutes) * time.Minute)})
			}
			d.put(append(docs, store.Document{Kind: "k", Key: "never"}, store.Document{Kind: "other", Key: "x", Due: start.Add(-time.Hour)})...)
			for _, tt := range []struct {
				now   time.Duration
				limit int
				want  []string
				next  time.Time
			}{
				{0, 10, []string{"1", "3", "2", "4"}, docs[0].Due},
				{0, 2, []string{"1", "3"}, docs[2].Due},
				{0, 4, []string{"1", "3", "2", "4"}, docs[0].Due},
				{0, 0, nil, docs[1].Due},
				{-time.Hour, 10, nil, docs[1].Due},
				{time.Hour, 10, []string{"1", "3", "2", "4", "0", "5"}, time.Time{}},
			} {
				got, next, err := d.DueDocuments(ctx, "k", start.Add(tt.now), tt.limit)
				d.must(err)
				var keys []string
				for _, doc := range got {
					keys = append(keys, doc.Key)
				}
				d.same(fmt.Sprint("due in ", tt.now, ", ", tt.limit), keys, tt.want)
				d.same(fmt.Sprint("next in ", tt.now, ", ", tt.limit), next, tt.next)
			}
			one := d.document("k", "1")
			one.Due = time.Time{}
			d.put(one)
			got, _, err := d.DueDocuments(ctx, "k", start, 1)
			d.must(err)
			d.same("the next one", got[0].Key, "3")
			_, next, err := d.DueDocuments(ctx, "nobody", start, 1)
			d.must(err)
			d.same("next of nothing", next, time.Time{})
		},
		"two at once lose nothing": func(d *desk) {
			const each, workers = 25, 4
			other := d.second()
			d.put(store.Document{Kind: "k", Key: "a"}, store.Document{Kind: "k", Key: "b"})
			var wg sync.WaitGroup
			for w := range workers {
				s := []store.Store{d.Store, other.Store}[w%2]
				wg.Go(func() {
					for n := 0; n < each; {
						a, err := s.Document(ctx, "k", "a")
						b, err2 := s.Document(ctx, "k", "b")
						if err != nil || err2 != nil {
							t.Error(err, err2)
							return
						}
						a.Body, b.Body = append(a.Body, 'x'), append(b.Body, 'y')
						docs := []store.Document{a, b}
						if w%3 == 0 { // in the other order
							docs[0], docs[1] = b, a
						}
						switch err := s.Put(ctx, docs); {
						case err == nil:
							n++
						case !errors.Is(err, store.ErrConflict):
							t.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			d.same("changes", []int{len(d.document("k", "a").Body), len(d.document("k", "b").Body)}, []int{each * workers, each * workers})
		},
	})
}
