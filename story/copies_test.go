package story

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"wireroom/article"
)

// paper prints an agency's text in a paper's way: its own headline or the
// agency's, with or without dateline and credit, cut, its own first sentence,
// paragraphs joined, spelling of numbers and quotation marks changed.
func paper(r *rand.Rand, text, headline string, template int) (string, string) {
	sentences := strings.SplitAfter(text, ". ")
	switch template {
	case 0: // whole, with dateline and credit
		text = "LONDON, March 3 (Reuters) - " + text + "\n(Reporting by our correspondents; editing by the desk)"
	case 1: // cut from the end, and another headline
		headline = strings.Join(strings.Fields(text)[:7], " ")
		text = strings.Join(sentences[:max(1, len(sentences)*3/4)], "")
	case 2: // one sentence dropped in the middle
		if len(sentences) > 2 {
			k := 1 + r.IntN(len(sentences)-2)
			sentences = slices.Delete(slices.Clone(sentences), k, k+1)
		}
		text = strings.Join(sentences, "") + " This article was provided by an agency."
	case 3: // typography
		text = strings.NewReplacer("\"", "”", "-", "–", " percent", "%", "'", "’").Replace(text)
		headline = strings.ToUpper(headline)
	default: // an editor's hand: one word in twelve
		words := strings.Fields(text)
		for i := range words {
			if r.IntN(12) == 0 {
				words[i] = "reportedly"
			}
		}
		text = strings.Join(words, " ")
	}
	return text, headline
}

// TestTemplates: one text in the dress of several papers is one text; the texts
// of others are not, even on the same event.
func TestTemplates(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	e := New(Options{Window: 30 * 24 * time.Hour})
	merged, missed, wrong := 0, 0, 0
	owner := map[string]string{} // text group -> the article whose text it is
	for _, a := range labelled(t, "test") {
		long := *a.record
		if article.WordCount(long.Body.Text) < 20 {
			continue
		}
		first := e.Add(&long)
		for template := range 5 {
			c := long
			c.ID = fmt.Sprintf("%s-%d", long.ID, template)
			c.Source.ID = fmt.Sprint("other", template)
			c.Links.Canonical = fmt.Sprintf("https://other%d.example/%s", template, article.ShortID(long.ID))
			c.FirstSeen = long.FirstSeen.Add(time.Duration(template+1) * time.Minute)
			c.Body.Text, c.Headline = paper(r, long.Body.Text, long.Headline, template)
			d := e.Add(&c)
			own := e.byID[long.ID].text
			if e.byID[c.ID].text == own {
				merged++
			} else {
				missed++
				t.Logf("missed (template %d): %s / %s", template, c.Body.Text, long.Body.Text)
			}
			if d.Text != "" {
				if o, ok := owner[d.Text]; ok && o != long.ID {
					wrong++
					t.Errorf("%q is not the text of %s", c.Headline, o)
				}
				owner[d.Text] = long.ID
			}
		}
		_ = first
	}
	share := float64(merged) / float64(merged+missed)
	t.Logf("%d copies: %.3f found, %d wrong", merged+missed, share, wrong)
	if share < 0.98 || wrong > 0 || merged+missed < 500 {
		t.Errorf("of %d copies %.3f found, %d merged wrongly", merged+missed, share, wrong)
	}
}

// TestForms: a form filled in twice is not one text, however much of it is the
// same.
func TestForms(t *testing.T) {
	t.Parallel()
	forms := []string{
		"Shares in %[1]s closed at %[2]d.%[3]d dollars on Tuesday, up %[4]d percent, after the company said quarterly profit had risen to %[5]d million dollars from %[6]d million a year earlier. Analysts had expected %[7]d million on average.",
		"The winning numbers of the draw on Saturday are %[2]d, %[3]d, %[4]d, %[5]d, %[6]d and %[7]d. The jackpot went to a player in %[1]s, the operator said, and the next draw takes place as usual in the evening.",
		"%[1]s was sunny on Monday with a high of %[2]d degrees and a low of %[3]d. Rainfall since the beginning of the month is %[4]d millimetres, %[5]d percent of the average, the weather office in %[1]s said in its daily bulletin number %[6]d.",
	}
	names := strings.Fields("Arvex Bellumo Cantrix Dorvane Estrella Fennox Galvani Hextor Ilmari Jorvik Kestrel Lumina Mordane Norbex Ostrava")
	r := rand.New(rand.NewPCG(1, 1))
	e := New(Options{})
	for f, form := range forms {
		for i, name := range names {
			n := make([]any, 7)
			n[0] = name
			for k := 1; k < 7; k++ {
				n[k] = 2 + r.IntN(97)
			}
			text := fmt.Sprintf(form, n...)
			if k := strings.Index(text, "%!"); k >= 0 {
				text = text[:k]
			}
			rec := labelledArticle(fmt.Sprint("form", f), "en", name+" bulletin for the day", labelledBegin.Add(time.Duration(i)*time.Hour), i)
			rec.Body.Text = text
			if d := e.Add(rec); d.Text != "" {
				t.Errorf("%q was taken for a copy: %+v", text, d)
			}
		}
	}
}

// TestPlanted has the shape of the corpus that MinHash is tried on in public:
// 10,000 articles, one in a hundred a near copy of another with 5 to 40 percent
// of its words edited.
func TestPlanted(t *testing.T) {
	t.Parallel()
	list, planted := corpus(plantedSize)
	e := New(Options{Window: 1000 * time.Hour})
	begin := time.Now()
	for _, r := range list {
		e.Add(r)
	}
	took := time.Since(begin)
	found, close, far := map[string]bool{}, 0, 0
	for copyID, original := range planted {
		if e.byID[copyID].text == e.byID[original.id].text {
			found[copyID] = true
		} else if original.edits <= 20 {
			t.Errorf("%s with %d percent of edits was not found", copyID, original.edits)
		}
		if original.edits <= 20 {
			close++
		} else {
			far++
		}
	}
	for _, g := range e.texts {
		if len(g.members) < 2 {
			continue
		}
		for _, m := range g.members {
			id := e.node(m).id
			for _, o := range g.members {
				other := e.node(o).id
				if root(planted, id) != root(planted, other) {
					t.Errorf("%s and %s are taken for the same", id, other)
				}
			}
		}
	}
	s := e.Stats()
	brute, pairs := bruteForce(e, 50)
	t.Logf("a brute-force pass takes %v for each article (%d pairs looked at) and %d MB of sketches", brute, pairs, len(e.nodes)*sketchSize*4>>20)
	if each := took / time.Duration(len(list)); plantedSize >= 10_000 && each > brute {
		t.Errorf("an article takes %v, by brute force %v", each, brute)
	}
	t.Logf("%d articles in %v, %v each; %d copies, %d of them found; about %d MB", len(list), took, took/time.Duration(len(list)), len(planted), len(found), s.Bytes>>20)
	if close < plantedSize/400 || far < plantedSize/400 {
		t.Errorf("%d and %d copies were planted", close, far)
	}
}

// bruteForce holds some articles against all others, sketch by sketch, and
// returns what one takes.
func bruteForce(e *Engine, some int) (each time.Duration, pairs int) {
	begin := time.Now()
	alike := 0
	for _, n := range e.nodes[:min(some, len(e.nodes))] {
		for _, o := range e.nodes {
			if j, _, _ := likeness(n.list(listBody), o.list(listBody), sketchSize); j >= sureCopy {
				alike++
			}
			pairs++
		}
	}
	if alike == 0 {
		return 0, 0
	}
	return time.Since(begin) / time.Duration(some), pairs
}

// original is what a planted copy was made from.
type original struct {
	id    string
	edits int // percent
}

// corpus makes n articles of about 250 words out of a vocabulary with the skew
// of natural language, and plants copies.
func corpus(n int) ([]*article.Record, map[string]original) {
	r := rand.New(rand.NewPCG(7, 7))
	zipf := rand.NewZipf(r, 1.1, 4, 60_000)
	word := func() string {
		k := zipf.Uint64()
		w := []byte{}
		for k += 30; k > 0; k /= 26 {
			w = append(w, "etaoinshrdlcumwfgypbvkjxqz"[k%26])
		}
		if len(w) > 3 && k%7 == 0 {
			return strings.ToUpper(string(w[:1])) + string(w[1:])
		}
		return string(w)
	}
	words := func(n int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = word()
		}
		return out
	}
	var list []*article.Record
	planted := map[string]original{}
	for i := range n {
		rec := labelledArticle("c", "en", strings.Join(words(8), " "), labelledBegin.Add(time.Duration(i)*time.Minute), i)
		text := words(150 + r.IntN(200))
		if i%100 == 99 {
			from := list[max(0, i-2000)+r.IntN(min(i, 2000))]
			edits := 5 + i/100*7%36 // all of them, spread over however few copies there are
			text = edit(strings.Fields(from.Body.Text), float64(edits)/100, r, word)
			planted[rec.ID] = original{from.ID, edits}
		}
		rec.Body.Text = strings.Join(text, " ")
		list = append(list, rec)
	}
	for id, o := range planted { // a copy of a copy is a copy of both
		if further, ok := planted[o.id]; ok {
			planted[id] = further
		}
	}
	return list, planted
}

// root is the article that a copy, or a copy of a copy, goes back to: two copies
// of one article are copies of each other.
func root(planted map[string]original, id string) string {
	for planted[id].id != "" {
		id = planted[id].id
	}
	return id
}

// edit replaces, drops and adds that share of the words.
func edit(words []string, share float64, r *rand.Rand, word func() string) []string {
	var out []string
	for _, w := range words {
		if r.Float64() >= share {
			out = append(out, w)
			continue
		}
		switch r.IntN(3) {
		case 0:
			out = append(out, word())
		case 1:
		default:
			out = append(out, w, word())
		}
	}
	return out
}
