package story

import (
	"bufio"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"wireroom/article"
)

// The labelled set, testdata/labelled: events told by several articles each, all
// written for it. A file is HALF-LANGUAGE.txt; tune is what weights were fitted
// on, test is what is measured. An event begins with "# id day.hour", an article
// with "@hours headline", hours after the event's begin. Neighbouring events are
// near misses on purpose: the same place another event, the same series another
// day, a preview and a result.

// event zero of all labelled times: a Monday.
var labelledBegin = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// told is an article of the set and the event that it tells.
type told struct {
	event  string
	record *article.Record
}

// labelled reads one half, in the order in which its articles come in.
func labelled(t testing.TB, half string) []told {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "labelled", half+"-*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no labelled articles: %v", err)
	}
	var list []told
	for _, f := range files {
		_, lang, _ := strings.Cut(strings.TrimSuffix(filepath.Base(f), ".txt"), "-")
		list = append(list, labelledFile(t, f, lang)...)
	}
	slices.SortStableFunc(list, func(a, b told) int { return a.record.FirstSeen.Compare(b.record.FirstSeen) })
	return list
}

func labelledFile(t testing.TB, path, lang string) []told {
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var list []told
	var event string
	var begin time.Time
	for s := bufio.NewScanner(file); s.Scan(); {
		line := s.Text()
		switch {
		case strings.HasPrefix(line, "# "):
			f := strings.Fields(line)
			day, hour, _ := strings.Cut(f[2], ".")
			event, begin = f[1], labelledBegin.Add(hours(t, day)*24+hours(t, hour))
		case strings.HasPrefix(line, "@"):
			after, headline, _ := strings.Cut(line[1:], " ")
			list = append(list, told{event, labelledArticle(event, lang, headline, begin.Add(hours(t, after)), len(list))})
		case line != "":
			r := list[len(list)-1].record
			r.Body.Text = strings.TrimPrefix(r.Body.Text+"\n"+line, "\n")
			r.Body.WordCount = article.WordCount(r.Body.Text)
		}
	}
	return list
}

func hours(t testing.TB, s string) time.Duration {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(n * float64(time.Hour))
}

func labelledArticle(event, lang, headline string, at time.Time, i int) *article.Record {
	h := fnv.New32()
	fmt.Fprint(h, event, i)
	source := fmt.Sprintf("paper%d", h.Sum32()%20)
	return &article.Record{
		ID: fmt.Sprintf("tag:example.org,2026:%s.%d", event, i), Language: lang, Headline: headline,
		Published: at, Updated: at, FirstSeen: at.Add(time.Duration(h.Sum32()%600) * time.Second),
		Source: article.Source{ID: source, Name: source, URL: "https://" + source + ".example/"},
		Links:  article.Links{Canonical: fmt.Sprintf("https://%s.example/%s/%d", source, event, i)},
	}
}

// bcubed is the B-cubed precision and recall (Bagga and Baldwin, 1998): of each
// article, how much of its cluster tells its event, and how much of its event is
// in its cluster; the mean over all articles.
func bcubed(truth, found []string) (precision, recall, f1 float64) {
	events, clusters, both := map[string]float64{}, map[string]float64{}, map[[2]string]float64{}
	for i := range truth {
		events[truth[i]]++
		clusters[found[i]]++
		both[[2]string{truth[i], found[i]}]++
	}
	for i := range truth {
		n := both[[2]string{truth[i], found[i]}]
		precision += n / clusters[found[i]]
		recall += n / events[truth[i]]
	}
	precision, recall = precision/float64(len(truth)), recall/float64(len(truth))
	return precision, recall, 2 * precision * recall / (precision + recall)
}

// cluster runs a half through an engine and returns the events and the stories.
func cluster(e *Engine, list []told) (truth, found []string) {
	for _, a := range list {
		e.Add(a.record)
	}
	for _, a := range list {
		truth = append(truth, a.event)
		n := e.byID[a.record.ID]
		found = append(found, n.story.id)
	}
	return truth, found
}

// TestLabelled: the stories found in the half that nothing was fitted on.
func TestLabelled(t *testing.T) {
	t.Parallel()
	for _, half := range []string{"tune", "test"} {
		list := labelled(t, half)
		truth, found := cluster(New(Options{Window: 30 * 24 * time.Hour}), list)
		p, r, f := bcubed(truth, found)
		t.Logf("%s: %d articles, precision %.3f, recall %.3f, F1 %.3f", half, len(list), p, r, f)
		if len(list) != 300 || p < 0.97 || f < 0.93 {
			t.Errorf("%s: %d articles with precision %.3f and F1 %.3f; want 300, 0.97, 0.93", half, len(list), p, f)
		}
	}
}

// TestLabelledShape: the set is what it is said to be.
func TestLabelledShape(t *testing.T) {
	t.Parallel()
	halves := map[string]string{}
	articles := map[string]int{}
	for _, half := range []string{"tune", "test"} {
		for _, a := range labelled(t, half) {
			if h, ok := halves[a.event]; ok && h != half {
				t.Errorf("%s is in both halves", a.event)
			}
			halves[a.event] = half
			articles[a.event]++
		}
	}
	for event, n := range articles {
		if n < 3 || n > 6 {
			t.Errorf("%s is told by %d articles", event, n)
		}
	}
	if len(articles) < 60 {
		t.Errorf("%d events", len(articles))
	}
}

// TestBcubed: the measure itself, on the example of its definition.
func TestBcubed(t *testing.T) {
	t.Parallel()
	p, r, f := bcubed([]string{"a", "a", "b", "b"}, []string{"1", "1", "1", "2"})
	if p != (2./3+2./3+1./3+1)/4 || r != 0.75 || f < 0.7 || f > 0.71 {
		t.Errorf("%v %v %v", p, r, f)
	}
}
