package operate

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"
)

type tally struct {
	begun int
	last  string
	bytes int64
}

func (c *tally) Begun() { c.begun++ }

func (c *tally) Answered(route string, status int, bytes int64, _ time.Duration) {
	c.last, c.bytes = route+" "+http.StatusText(status), bytes
}

type spans struct{}

func (spans) Request(r *http.Request) (context.Context, func(string, int)) {
	return r.Context(), func(string, int) {}
}

func TestStraight(t *testing.T) {
	t.Parallel()
	log := func(level slog.Level) *slog.Logger {
		return slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: level}))
	}
	meter := &tally{}
	o := &Observer{Log: log(slog.LevelInfo), Level: slog.LevelDebug, Meter: meter, Now: time.Now}
	o.Straight()("/feeds/{name}", http.StatusNotModified, 7, time.Millisecond)
	if meter.begun != 1 || meter.last != "/feeds/{name} Not Modified" || meter.bytes != 7 {
		t.Errorf("counted %+v", meter)
	}
	o.Meter = nil
	o.Straight()("/feeds/{name}", http.StatusOK, 7, time.Millisecond)
	for name, o := range map[string]*Observer{
		"each request is logged": {Log: log(slog.LevelDebug), Level: slog.LevelDebug},
		"each request is traced": {Log: log(slog.LevelInfo), Level: slog.LevelDebug, Tracer: spans{}},
	} {
		if o.Straight() != nil {
			t.Errorf("%s, but not those", name)
		}
	}
}
