package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/iotest"
)

// outcome is all that reading a body tells.
func outcome(p *pools, in io.Reader, labels []string, limits Limits, hint int64, cut bool) (string, []byte) {
	b := &bounded{pools: p, labels: labels, limits: limits, hint: hint, cut: cut}
	b.in.r, b.in.max = in, limits.Wire
	body, err := b.read()
	if err == errDecoded || err == errRatio || cut && b.decoded > ratioFrom {
		body, b.decoded = nil, 0 // as much as its buffer held
	}
	return fmt.Sprint(err, b.truncated, b.repairs, b.decoded, len(body)), body
}

// bothWays holds that a body is read at once as it is read while it comes.
func bothWays(t *testing.T, p *pools, in func() io.Reader, labels []string, limits Limits) {
	t.Helper()
	for _, cut := range []bool{false, true} {
		got, body := outcome(p, in(), labels, limits, -1, cut)
		want, wantBody := outcome(p, in(), labels, limits, maxAhead+1, cut)
		if got != want || !bytes.Equal(body, wantBody) {
			t.Fatalf("%v, cut %v: %s, want %s", labels, cut, got, want)
		}
		p.putBuffer(body)
		p.putBuffer(wantBody)
	}
}

func TestAtOnce(t *testing.T) {
	t.Parallel()
	feed := sampleFeed(40 << 10)
	packed := pack(t, "gzip", feed)
	noise := make([]byte, 2*maxAhead)
	r := rand.New(rand.NewPCG(5, 6))
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	broken := errors.New("broken")
	bodies := map[string][]byte{
		"whole": packed, "nothing": pack(t, "gzip", nil), "empty": nil, "magic": packed[:3], "two": slices.Concat(packed, packed),
		"trailing": append(bytes.Clone(packed), "</html>"...), "trailing zeros": append(bytes.Clone(packed), make([]byte, 600)...),
		"trailing head": slices.Concat(packed, packed[:8]), "trailing junk head": slices.Concat(packed, packed[:3], []byte("\xffjunk, and more of it")),
		"twice": pack(t, "gzip", packed), "large": pack(t, "gzip", bytes.Repeat(feed, 30)), "bomb": pack(t, "gzip", make([]byte, 3<<20)),
		"noise": pack(t, "gzip", noise), "junk behind a bomb": append(pack(t, "gzip", make([]byte, 3<<20)), noise[:maxAhead]...),
	}
	for n := range 10 {
		bad := bytes.Clone(packed)
		bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
		bodies[fmt.Sprint("damaged ", n)] = bad
		bodies[fmt.Sprint("cut ", n)] = packed[:r.IntN(len(packed))]
		bodies[fmt.Sprint("second cut ", n)] = slices.Concat(packed, packed[:r.IntN(len(packed))])
	}
	var p pools
	for name, body := range bodies {
		ways := map[string]func() io.Reader{
			"plain":          func() io.Reader { return bytes.NewReader(body) },
			"end with bytes": func() io.Reader { return iotest.DataErrReader(bytes.NewReader(body)) },
			"broken":         func() io.Reader { return io.MultiReader(bytes.NewReader(body), iotest.ErrReader(broken)) },
		}
		if len(body) < 100_000 {
			ways["in halves"] = func() io.Reader { return iotest.HalfReader(bytes.NewReader(body)) }
		}
		for way, in := range ways {
			for _, limits := range []Limits{
				{Wire: 10 << 20, Decoded: 20 << 20, Ratio: 200},
				{Wire: int64(len(packed)), Decoded: int64(len(feed)), Ratio: 2},
				{Wire: int64(len(packed)) - 1, Decoded: int64(len(feed)), Ratio: 2},
				{Wire: 2 * int64(len(packed)), Decoded: int64(len(feed)) - 1, Ratio: 2},
			} {
				t.Run(fmt.Sprint(name, ", ", way, ", ", limits.Wire), func(t *testing.T) {
					bothWays(t, &p, in, []string{"gzip"}, limits)
				})
			}
		}
	}
}

// What is of usual size is read at once, and leaves nothing behind.
func TestAtOnceAllocations(t *testing.T) {
	packed := pack(t, "gzip", sampleFeed(57<<10))
	var p pools
	n := testing.AllocsPerRun(100, func() {
		b := &bounded{pools: &p, labels: []string{"gzip"}, limits: defaultLimits(), hint: -1}
		b.in.r, b.in.max = bytes.NewReader(packed), 1<<20
		body, err := b.read()
		if err != nil || b.in.ahead != nil {
			t.Fatal(err)
		}
		p.putBuffer(body)
	})
	if n > 8 {
		t.Errorf("%v allocations", n)
	}
}
