package operate

import (
	"context"
	"time"
)

// Straight returns what has to be told of answers that no handler gave, nil where
// there must be none: a line in the log and a span need the whole request.
func (o *Observer) Straight() func(route string, status int, bytes int64, took time.Duration) {
	if o.Tracer != nil || o.Log.Enabled(context.Background(), o.Level) {
		return nil
	}
	return func(route string, status int, bytes int64, took time.Duration) {
		if o.Meter != nil {
			o.Meter.Begun()
			o.Meter.Answered(route, status, bytes, took)
		}
	}
}
