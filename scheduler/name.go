package scheduler

import (
	"log/slog"
	"math/rand/v2"
	"strconv"

	"wireroom/store"
)

// id names the poll in logs and traces. It stands for nothing, so it is not drawn
// from Poller.Rand, which decides things.
func (x *poll) id() string {
	if x.log.ID == "" {
		x.log.ID = strconv.FormatUint(rand.Uint64()|1<<63, 16)
	}
	return x.log.ID
}

// logger is made only where there is something to say.
func (x *poll) logger() *slog.Logger { return x.Log.With("source", x.src.ID, "poll", x.id()) }

// kind is how the source was read.
func (x *poll) kind() string {
	switch {
	case x.pushed:
		return "push"
	case !isWeb(x.src.URL):
		return "file"
	case x.src.Page:
		return "page"
	}
	return "feed"
}

// pollID is the id of the last poll in a state, if this process made it.
func pollID(st *store.State) string {
	if n := len(st.History); n > 0 {
		return st.History[n-1].ID
	}
	return ""
}
