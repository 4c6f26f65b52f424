package storetest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
)

// Bench measures what a store's work costs. Beside the time of the clock it
// reports the CPU time of this process for each operation (cpu-ns/op), which
// other work on the machine disturbs less; a database server's is not in it.
func Bench(b *testing.B, open func(b *testing.B) store.Store) {
	for name, f := range map[string]func(*testing.B, func(*testing.B) store.Store){
		"Save304": benchNotModified, "SaveImport": benchImport, "SaveUnchanged": benchUnchanged, "SaveNews": benchNews,
		"ClaimIdle1k": benchIdle(1000), "ClaimIdle100k": benchIdle(100_000), "ClaimDue1k": benchDue(1000), "ClaimDue100k": benchDue(100_000),
		"Sync100k": benchSync, "SyncSame100k": benchSyncSame,
	} {
		b.Run(name, func(b *testing.B) { f(b, open) })
	}
}

// cpuTime is the CPU time of the process so far.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measured runs f between the marks of the clocks; f does n operations.
func measured(b *testing.B, n int, f func()) {
	b.ReportAllocs()
	b.ResetTimer()
	before := cpuTime()
	f()
	spent := cpuTime() - before
	b.StopTimer()
	b.ReportMetric(float64(spent.Nanoseconds())/float64(n), "cpu-ns/op")
}

func ok(b *testing.B, err error) {
	if err != nil {
		b.Helper()
		b.Fatal(err)
	}
}

func manySources(n, perHost int, due time.Time) []store.Source {
	list := make([]store.Source, n)
	for i := range list {
		list[i] = store.Source{ID: fmt.Sprintf("source-%06d", i), Host: fmt.Sprintf("feeds%d.example.org", i/perHost), FirstDue: due}
	}
	return list
}

// held makes n sources and claims them all.
func held(b *testing.B, s store.Store, n int) []store.Claim {
	ok(b, s.Sync(context.Background(), manySources(n, 1, start)))
	claims, _, err := s.Claim(context.Background(), store.ClaimRequest{Now: start, Lease: time.Hour, Hosts: n})
	ok(b, err)
	return claims
}

// A poll without news: what most polls are. One operation is one poll of 100 in
// a transaction.
func benchNotModified(b *testing.B, open func(*testing.B) store.Store) {
	s := open(b)
	claims := held(b, s, 2000)
	polls := make([]store.Poll, len(claims))
	for i, c := range claims {
		st := fullState(c.Sources[0].Source, c.Host)
		st.Error, st.Failures = "", 0
		for j := range st.History {
			st.History[j] = store.PollLog{At: start.Add(time.Duration(j) * time.Minute), Took: 83 * time.Millisecond, Outcome: "not-modified", Status: 304, Bytes: 312}
		}
		st.Known = st.Known[:0]
		for k := range uint64(30) {
			st.Known = append(st.Known, k<<50+uint64(i))
		}
		polls[i] = store.Poll{Host: c.Host, Token: c.Token, State: st}
	}
	_, err := s.Save(context.Background(), polls)
	ok(b, err)
	for i := range polls { // as the next claim would give it out
		polls[i].State.Rows, polls[i].State.Left = claims[i].Sources[0].Rows, true
	}
	measured(b, b.N, func() {
		for i := 0; i < b.N; i += 100 {
			at := i % len(polls)
			for j := range polls[at : at+100] {
				p := &polls[at+j]
				p.State.Due = p.State.Due.Add(time.Minute)
				p.State.LastPoll = p.State.LastPoll.Add(time.Minute)
			}
			_, err := s.Save(context.Background(), polls[at:at+100])
			ok(b, err)
		}
	})
}

var vocabulary = func() []string {
	rnd := rand.New(rand.NewPCG(7, 7))
	parts := strings.Fields("ba ter min con re lo sta ing ed pre si gov ern ment al ur eu ro th er an de ti on ci ty pol re port pres of in")
	list := make([]string, 8000)
	for i := range list {
		var b strings.Builder
		for range 1 + rnd.IntN(4) {
			b.WriteString(parts[rnd.IntN(len(parts))])
		}
		list[i] = b.String()
	}
	return list
}()

// prose is n words, few of them often and many seldom, as in language.
func prose(rnd *rand.Rand, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(vocabulary[int(math.Pow(float64(len(vocabulary)), rnd.Float64()))-1])
	}
	return b.String()
}

// Typical is an article as feeds have them: about 1.9 KB of HTML.
func Typical(source string, n int, now time.Time) store.Item {
	rnd := rand.New(rand.NewPCG(uint64(n), uint64(len(source))))
	var html, text strings.Builder
	for range 5 {
		p := prose(rnd, 42)
		fmt.Fprintf(&html, "<p>%s <a href=\"https://www.example.org/%s/%s\" rel=\"noopener noreferrer nofollow ugc\">%s</a>.</p>\n", p, source, prose(rnd, 1), prose(rnd, 3))
		text.WriteString(p + ".\n\n")
	}
	r := record(source, n, now)
	r.Published = now.Add(-time.Duration(rnd.IntN(14*24*3600)) * time.Second)
	r.Updated = r.Published
	r.Source.GUID = fmt.Sprintf("https://www.example.org/%s/%d", source, n)
	r.ID = article.Mint("news.example.org", source, "g:"+r.Source.GUID)
	r.Headline, r.Standfirst = prose(rnd, 9), prose(rnd, 24)
	r.Body = article.Body{HTML: html.String(), Text: text.String(), WordCount: 210}
	r.Language = []string{"en", "en-GB", "de", "fr", "es", "pt-BR", "ja"}[rnd.IntN(7)]
	r.Agencies = [][]string{{"AFP"}, {"Reuters", "dpa"}, nil, nil}[rnd.IntN(4)]
	r.Keywords = []string{prose(rnd, 1), prose(rnd, 1), prose(rnd, 2)}
	r.Links.Canonical = r.Source.GUID + "/" + strings.ReplaceAll(r.Headline, " ", "-")
	return store.Item{Key: "g:" + r.Source.GUID, Record: &r}
}

func typicals(source string, from, n int, now time.Time) []store.Item {
	list := make([]store.Item, n)
	for i := range list {
		list[i] = Typical(source, from+i, now)
	}
	return list
}

const perFeed = 30

// First polls: 30 new articles each, ten polls a transaction. One operation is
// one article.
func benchImport(b *testing.B, open func(*testing.B) store.Store) {
	s := open(b)
	claims := held(b, s, b.N/perFeed+11)
	before, err := s.Stats(context.Background())
	ok(b, err)
	var spent time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	n := 0
	for i := 0; n < b.N; i += 10 {
		b.StopTimer()
		var polls []store.Poll
		for _, c := range claims[i:min(i+10, len(claims))] {
			polls = append(polls, poll(c, 0, start, typicals(c.Sources[0].Source, i, perFeed, start)...))
		}
		b.StartTimer()
		t := cpuTime()
		_, err := s.Save(context.Background(), polls)
		spent += cpuTime() - t
		ok(b, err)
		n += perFeed * len(polls)
	}
	b.StopTimer()
	b.ReportMetric(float64(spent.Nanoseconds())/float64(n), "cpu-ns/op")
	if after, err := s.Stats(context.Background()); err == nil && n > 20_000 {
		b.ReportMetric(float64(after.Bytes-before.Bytes)/float64(n), "B/article")
	}
}

// The same items again. One operation is one article.
func benchUnchanged(b *testing.B, open func(*testing.B) store.Store) {
	s := open(b)
	claims := held(b, s, 100)
	var polls []store.Poll
	for _, c := range claims {
		polls = append(polls, poll(c, 0, start, typicals(c.Sources[0].Source, 0, perFeed, start)...))
	}
	_, err := s.Save(context.Background(), polls)
	ok(b, err)
	n := 0
	measured(b, b.N, func() {
		for ; n < b.N; n += perFeed * len(polls) {
			_, err := s.Save(context.Background(), polls)
			ok(b, err)
		}
	})
}

// A poll with three new articles. One operation is one poll of 50 in a
// transaction.
func benchNews(b *testing.B, open func(*testing.B) store.Store) {
	s := open(b)
	claims := held(b, s, 50)
	var spent time.Duration
	b.ReportAllocs()
	for n := 0; n < b.N; n += len(claims) {
		b.StopTimer()
		var polls []store.Poll
		for _, c := range claims {
			polls = append(polls, poll(c, 0, start, typicals(c.Sources[0].Source, n, 3, start)...))
		}
		b.StartTimer()
		t := cpuTime()
		_, err := s.Save(context.Background(), polls)
		spent += cpuTime() - t
		ok(b, err)
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N), "cpu-ns/op")
}

// Nobody is due. One operation is one look.
func benchIdle(n int) func(*testing.B, func(*testing.B) store.Store) {
	return func(b *testing.B, open func(*testing.B) store.Store) {
		s := open(b)
		ok(b, s.Sync(context.Background(), manySources(n, 1, start.Add(time.Hour))))
		measured(b, b.N, func() {
			for range b.N {
				_, _, err := s.Claim(context.Background(), store.ClaimRequest{Now: start, Lease: time.Minute, Hosts: 10})
				ok(b, err)
			}
		})
	}
}

// Ten hosts are claimed, polled without news and released, at a time. One
// operation is one source's whole turn.
func benchDue(n int) func(*testing.B, func(*testing.B) store.Store) {
	return func(b *testing.B, open func(*testing.B) store.Store) {
		s := open(b)
		list := manySources(n, 1, start)
		for i := range list {
			list[i].FirstDue = start.Add(time.Duration(i) * time.Millisecond)
		}
		ok(b, s.Sync(context.Background(), list))
		now := start.Add(time.Hour)
		measured(b, b.N, func() {
			for i := 0; i < b.N; {
				now = now.Add(time.Second)
				claims, _, err := s.Claim(context.Background(), store.ClaimRequest{Now: now, Lease: time.Minute, Hosts: 10})
				ok(b, err)
				if len(claims) == 0 {
					b.Fatal("nothing was due")
				}
				var polls []store.Poll
				for _, c := range claims {
					p := poll(c, 0, now)
					p.State.Due = now.Add(time.Minute)
					polls = append(polls, p)
				}
				_, err = s.Save(context.Background(), polls, store.Back(time.Time{}, claims...)...)
				ok(b, err)
				i += len(claims)
			}
		})
	}
}

// One operation is a Sync of 100,000 sources, half of which are new.
func benchSync(b *testing.B, open func(*testing.B) store.Store) {
	s := open(b)
	list := manySources(100_000, 3, start)
	ok(b, s.Sync(context.Background(), list[:50_000]))
	measured(b, b.N, func() {
		for i := range b.N {
			if i > 0 {
				ok(b, s.Sync(context.Background(), list[:50_000]))
			}
			ok(b, s.Sync(context.Background(), list))
		}
	})
}

// One operation is a Sync of 100,000 sources that changes nothing.
func benchSyncSame(b *testing.B, open func(*testing.B) store.Store) {
	s := open(b)
	list := manySources(100_000, 3, start)
	ok(b, s.Sync(context.Background(), list))
	measured(b, b.N, func() {
		for range b.N {
			ok(b, s.Sync(context.Background(), list))
		}
	})
}

// BenchSelect fills a store with n articles of 1,000 sources and measures what
// a first page costs. One operation is one page of 50.
func BenchSelect(b *testing.B, open func(b *testing.B) store.Store, n int) {
	s := open(b)
	claims := held(b, s, 1000)
	for i := 0; i*1000 < n; i += 5 {
		var polls []store.Poll
		for _, c := range claims {
			polls = append(polls, poll(c, 0, start, typicals(c.Sources[0].Source, i, 5, start.Add(time.Duration(i)*time.Hour))...))
		}
		for len(polls) > 0 {
			m := min(100, len(polls))
			_, err := s.Save(context.Background(), polls[:m])
			ok(b, err)
			polls = polls[m:]
		}
	}
	var some []string
	for i := range 20 {
		some = append(some, fmt.Sprintf("source-%06d", 40*i))
	}
	rare := Typical("source-000003", 1, start).Record.Keywords[2]
	deep := start.Add(-24 * time.Hour)
	for name, q := range map[string]article.Query{
		"All": {}, "Updated": {ByUpdated: true}, "Source": {Sources: some[:1]}, "Sources20": {Sources: some}, "SourceUpdated": {Sources: some[1:2], ByUpdated: true},
		"Language": {Languages: []string{"en"}}, "Agency": {Agencies: []string{"afp"}}, "RareTopic": {Topics: []string{rare}},
		"LanguageAgency": {Languages: []string{"ja"}, Agencies: []string{"dpa"}}, "Deep": {After: article.Cursor{Time: deep, ID: "x"}},
		"MatchCommon": {Match: vocabulary[3]}, "MatchMiddle": {Match: vocabulary[700]}, "MatchRare": {Match: vocabulary[7990]}, "MatchTwo": {Match: vocabulary[30] + " " + vocabulary[200]},
		"MatchPhrase": {Match: `"` + vocabulary[3] + " " + vocabulary[9] + `"`}, "MatchSource": {Match: vocabulary[30], Sources: some[:1]}, "MatchLanguage": {Match: vocabulary[50], Languages: []string{"pt"}},
	} {
		q.Limit = 50
		t := time.Now()
		list, err := s.Select(context.Background(), q)
		ok(b, err)
		if d := time.Since(t); d > time.Second {
			b.Logf("%s: the first one took %v", name, d)
		}
		b.Run(name, func(b *testing.B) {
			measured(b, b.N, func() {
				for range b.N {
					_, err := s.Select(context.Background(), q)
					ok(b, err)
				}
			})
			b.ReportMetric(float64(len(list)), "articles")
		})
	}
	if st, err := s.Stats(context.Background()); err == nil {
		b.Logf("%d articles, %d bytes each, indexes included", st.Articles, st.Bytes/int64(st.Articles))
	}
}
