package catalog

import (
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
)

func TestPrefixEnd(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]string{"": "", "a": "b", "a/": "a0", "a\xff": "b", "\xff\xff": "", "\x00": "\x01"} {
		if got := string(PrefixEnd(prefix)); got != want {
			t.Errorf("%q: %q; want %q", prefix, got, want)
		}
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(100)
	docs := []store.Document{{Due: now.Add(-1)}, {Due: now}, {Due: now.Add(1)}}
	for _, tt := range []struct {
		limit, docs, due int
		next             time.Time
	}{{5, 3, 2, docs[2].Due}, {1, 3, 1, now}, {0, 3, 0, docs[0].Due}, {5, 2, 2, time.Time{}}, {5, 0, 0, time.Time{}}} {
		due, next := Due(docs[:tt.docs], now, tt.limit)
		if len(due) != tt.due || !next.Equal(tt.next) {
			t.Errorf("%+v: %d due, next %v", tt, len(due), next)
		}
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	var r article.Record
	for _, tt := range []struct {
		a    store.Assignment
		want bool
	}{{store.Assignment{}, false}, {store.Assignment{Story: "s"}, true}, {store.Assignment{Story: "s"}, false}, {store.Assignment{Story: "s", Text: "t"}, true}, {store.Assignment{}, true}} {
		if Assign(&r, tt.a) != tt.want || r.Story.ID != tt.a.Story || r.Story.Text != tt.a.Text {
			t.Errorf("%+v: %+v", tt.a, r.Story)
		}
	}
}
