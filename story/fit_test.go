package story

import (
	"flag"
	"math/rand/v2"
	"testing"
	"time"
)

var fit = flag.Int("fit", 0, "search so many times for better weights on the tuning half")

// TestFit searches for weights that serve the tuning half better, and never
// looks at the test half. What it finds is printed, to be put into the code by
// hand.
func TestFit(t *testing.T) {
	if *fit == 0 {
		t.Skip("run with -fit N to search for weights")
	}
	list := labelled(t, "tune")
	r := rand.New(rand.NewPCG(1, 2))
	best := fitted
	top := worth(best, list)
	t.Logf("begins at %.4f", top)
	for range *fit {
		next := best
		fields := next.fields()
		for range 1 + r.IntN(3) {
			f := fields[r.IntN(len(fields))]
			*f += r.NormFloat64() * (0.15**f + 0.15)
			next.member, next.whole = min(1, max(0, next.member)), min(1, max(0, next.whole))
		}
		if w := worth(next, list); w > top {
			best, top = next, w
		}
	}
	t.Logf("ends at %.4f: %+v", top, best)
}

func (w *weights) fields() []*float64 {
	return []*float64{
		&w.bias, &w.words, &w.breadth, &w.names, &w.headline, &w.cover, &w.numbers, &w.specific, &w.named, &w.shared, &w.elsewhere,
		&w.gap, &w.days, &w.phase, &w.score, &w.joins, &w.member, &w.whole, &w.margin,
	}
}

// worth is what weights are fitted for: the F1 that they reach where each is
// shifted a little to both sides as well, so that a peak between two cliffs is
// no good, and a false merge counts more than a missed one.
func worth(w weights, list []told) float64 {
	sum := 0.0
	for _, shift := range [...]float64{-0.2, 0, 0.2} {
		e := New(Options{Window: 30 * 24 * time.Hour})
		e.weights = w
		e.weights.bias += shift
		truth, found := cluster(e, list)
		p, _, f := bcubed(truth, found)
		sum += f - 2*max(0, 0.975-p)
	}
	// Small weights generalise better than large ones.
	size := 0.0
	for _, f := range w.fields() {
		size += *f * *f
	}
	return sum/3 - size*1e-5
}
