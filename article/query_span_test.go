package article

import (
	"testing"
	"time"
)

func TestSpan(t *testing.T) {
	t.Parallel()
	from, to := time.UnixMilli(10), time.UnixMilli(20)
	for _, tt := range []struct {
		s    Span
		t    time.Time
		want bool
	}{
		{Span{}, from, true}, {Span{From: from}, from, true}, {Span{From: from}, from.Add(-1), false}, {Span{To: to}, to, false}, {Span{To: to}, to.Add(-1), true},
		{Span{from, to}, from, true}, {Span{from, to}, to, false}, {Span{to, from}, from, false},
	} {
		if got := tt.s.Contains(tt.t); got != tt.want {
			t.Errorf("%v contains %v: %v", tt.s, tt.t, got)
		}
	}
	if !(Span{}).IsZero() || (Span{To: to}).IsZero() {
		t.Error("IsZero")
	}
}
