package story

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"wireroom/article"
)

// busy makes articles as a busy desk gets them: stories that are told again and
// again in other words, of which a few take up most of the day.
type busy struct {
	r     *rand.Rand
	words []string
	lead  [][]string // of each story: its names
	at    time.Time
	n     int
	pace  time.Duration
}

func newBusy(articles int) *busy {
	b := &busy{r: rand.New(rand.NewPCG(3, 4)), at: labelledBegin, pace: 72 * time.Hour / time.Duration(articles)}
	for i := range 40_000 {
		w := []byte{}
		for k := i + 700; k > 0; k /= 20 {
			w = append(w, "etaoinshrdlcumwfgypb"[k%20])
		}
		b.words = append(b.words, string(w))
	}
	return b
}

// word follows Zipf's law roughly.
func (b *busy) word() string {
	u := b.r.Float64()
	return b.words[int(float64(len(b.words))*u*u*u)]
}

func (b *busy) next() *article.Record {
	if len(b.lead) == 0 || b.r.IntN(5) == 0 {
		var names []string
		for range 12 {
			w := b.words[b.r.IntN(len(b.words))]
			names = append(names, strings.ToUpper(w[:1])+w[1:])
		}
		b.lead = append(b.lead, names)
	}
	k := len(b.lead) - 1 - int(float64(min(len(b.lead), 500))*b.r.Float64()*b.r.Float64())
	names := b.lead[max(0, k)]
	var text []string
	for range 260 {
		text = append(text, b.word())
		if b.r.IntN(16) == 0 {
			text = append(text, names[b.r.IntN(len(names))])
		}
	}
	b.n++
	b.at = b.at.Add(b.pace)
	r := labelledArticle("b", "en", strings.Join(text[:9], " "), b.at, b.n)
	r.Body.Text = strings.Join(text[9:], " ")
	return r
}

// BenchmarkAdd adds articles to windows of several sizes; the cost of one is to
// be the same in all.
func BenchmarkAdd(b *testing.B) {
	for _, size := range []int{1_000, 20_000, 200_000} {
		var e *Engine // filled once, however often the benchmark begins anew
		var desk *busy
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			if e == nil {
				e, desk = New(Options{}), newBusy(size)
				for range size {
					e.Add(desk.next())
				}
			}
			s := e.Stats()
			var list []*article.Record
			for range b.N {
				list = append(list, desk.next())
			}
			b.ReportAllocs()
			begin := cpu(b)
			b.ResetTimer()
			for _, r := range list {
				e.Add(r)
			}
			b.StopTimer()
			b.ReportMetric(float64(cpu(b)-begin)/1e3/float64(b.N), "cpu-µs/op")
			b.ReportMetric(float64(s.Bytes)/float64(s.Articles), "B/article")
		})
	}
}

// cpu is the time that this process has computed: on a machine with other work
// to do, the only one that can be compared.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
