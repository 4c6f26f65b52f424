package desk

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"wireroom/server/control"
)

// A try is a poll that somebody at the desk asked for. It goes on by itself; its
// page is written while it goes on, line by line, which needs no script. What was
// told is kept for a while, so that the page can be loaded again.
type try struct {
	id, source string
	accept     bool
	begun      time.Time

	mu    sync.Mutex
	lines []tryLine
	ended time.Time     // zero: it goes on
	news  chan struct{} // closed, and made anew, with each line
}

// tryLine is what a try tells.
type tryLine struct {
	After time.Duration // since it began
	Text  string
	Class string // "fault", or "good" at the end of one that went well
}

// The bounds of tries.
const (
	tryTime     = 5 * time.Minute // a source may have a hundred pages, a second apart
	tryKept     = 10 * time.Minute
	maxTries    = 100 // kept
	maxTrying   = 20  // at the same time
	maxTryLines = 300
	tryBeat     = 15 * time.Second // proxies cut off what is silent
	tryDeadline = 10 * time.Second // for one write
)

// tries are those that are remembered, the oldest first.
type tries struct {
	mu      sync.Mutex
	list    []*try
	running sync.WaitGroup
}

// begin starts a try that run carries out.
func (t *tries) begin(x *try, run func()) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	going := 0
	t.list = slices.DeleteFunc(t.list, func(old *try) bool {
		end := old.end()
		if end.IsZero() {
			going++
		}
		return !end.IsZero() && x.begun.Sub(end) > tryKept
	})
	if going >= maxTrying {
		return control.Refuse(control.ErrConflict, "Many sources are being tried already. Wait for some of them to end.")
	}
	if len(t.list) >= maxTries {
		i := slices.IndexFunc(t.list, func(old *try) bool { return !old.end().IsZero() })
		t.list = slices.Delete(t.list, i, i+1) // more are kept than go on
	}
	t.list = append(t.list, x)
	t.running.Go(run)
	return nil
}

func (t *tries) find(source, id string) *try {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range t.list {
		if x.id == id && x.source == source {
			return x
		}
	}
	return nil
}

func (x *try) end() time.Time {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.ended
}

// tell adds a line; of a try that tells too much the rest is left out.
func (x *try) tell(now time.Time, text, class string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.lines) < maxTryLines || class != "" {
		x.lines = append(x.lines, tryLine{now.Sub(x.begun), text, class})
		close(x.news)
		x.news = make(chan struct{})
	}
}

func (x *try) close(now time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.ended = now
	close(x.news)
	x.news = make(chan struct{})
}

// after are the lines from the nth on, whether there will be more, and what tells
// of them.
func (x *try) after(n int) (lines []tryLine, over bool, news <-chan struct{}) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.lines[min(n, len(x.lines)):]), !x.ended.IsZero(), x.news
}

// refreshSource polls a source now, and lets in what is held if that is wished.
func (d *Desk) refreshSource(v *visit) error {
	id := v.r.PathValue("id")
	if _, err := control.Look(v.r.Context(), d.Room, d.Store, id); err != nil {
		return err
	}
	name := make([]byte, 12)
	if _, err := io.ReadFull(d.Random, name); err != nil {
		return err
	}
	x := &try{id: hex.EncodeToString(name), source: id, accept: v.form.Get("do") == "accept", begun: d.Now(), news: make(chan struct{})}
	if err := d.tries.begin(x, func() { d.try(x) }); err != nil {
		return err
	}
	d.Log.Info("polled from the desk", "source", id, "accept", x.accept)
	return d.back(v, sourcePath(id)+"/tries/"+x.id, "")
}

// try carries a try out.
func (d *Desk) try(x *try) {
	ctx, cancel := context.WithTimeout(d.alive, tryTime)
	defer cancel()
	defer func() { x.close(d.Now()) }()
	x.tell(d.Now(), "Waiting until the site may be asked.", "")
	err := d.Room.Refresh(ctx, control.Refresh{Sources: []string{x.source}, Force: true, Accept: x.accept}, control.Tell{
		Step: func(s control.Step) { x.tell(d.Now(), s.Words(), "") },
		Done: func(p control.Polled) {
			if p.Outcome == "skipped" || p.Failed() {
				x.tell(d.Now(), p.Words(), "fault")
				return
			}
			x.tell(d.Now(), p.Words(), "good")
		},
	})
	switch {
	case err == nil:
	case d.alive.Err() != nil:
		x.tell(d.Now(), "The server stops; the source is polled when it is back.", "fault")
	case ctx.Err() != nil:
		x.tell(d.Now(), "This takes too long to be watched. The source's history will say what came of it.", "fault")
	default:
		text, _, known := described(err)
		if !known {
			d.Log.Error("a source can't be tried", "source", x.source, "error", err)
		}
		x.tell(d.Now(), text, "fault")
	}
}

// showTry writes the page of a try while it goes on.
func (d *Desk) showTry(v *visit) error {
	id := v.r.PathValue("id")
	x := d.tries.find(id, v.r.PathValue("try"))
	if x == nil {
		return control.Refuse(control.ErrNotFound, "This try is not known here: it was some time ago, the server was started anew, or another replica carried it out. The source's own page says what came of it.")
	}
	s, err := control.Look(v.r.Context(), d.Room, d.Store, id)
	if err != nil {
		return err
	}
	v.w.Header().Set("X-Accel-Buffering", "no") // nginx would hold the lines back
	out := slowly{v.w, http.NewResponseController(v.w)}
	p := &view{Title: "Trying " + s.Name, Nav: "sources", Token: v.session.token(), Body: &s}
	if !d.part(out, "try", p) || v.r.Method == http.MethodHead {
		return nil
	}
	beat := time.NewTicker(tryBeat)
	defer beat.Stop()
	for n := 0; ; {
		lines, over, news := x.after(n)
		n += len(lines)
		if len(lines) > 0 && !d.part(out, "try-lines", &view{Body: lines}) {
			return nil
		}
		if over {
			d.part(out, "try-end", &view{Body: sourcePath(id)})
			return nil
		}
		select {
		case <-v.r.Context().Done():
			return nil
		case <-d.alive.Done(): // the line that says so may not be there yet
			<-news
		case <-news:
		case <-beat.C:
			if _, err := io.WriteString(out, "\n"); err != nil {
				return nil
			}
		}
	}
}

// slowly writes an answer bit by bit, each within its own deadline: the server's
// own one is for answers that are ready.
type slowly struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (s slowly) Write(b []byte) (int, error) {
	// A writer that knows no deadlines or flushing is one of a test.
	if err := s.control.SetWriteDeadline(time.Now().Add(tryDeadline)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := s.ResponseWriter.Write(b)
	if err == nil {
		if err = s.control.Flush(); errors.Is(err, http.ErrNotSupported) {
			err = nil
		}
	}
	return n, err
}
