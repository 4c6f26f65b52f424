package scheduler

import (
	"context"
	"time"

	"wireroom/sources/fetch"
)

// address settles which address is asked, and drops validators that belong to
// another one.
func (x *poll) address(ctx context.Context) error {
	d := &x.st.Detail
	if d.From != x.src.URL { // the config names another address now
		d.Adopted, d.From, d.Moved, d.MovedN, d.Merged = "", x.src.URL, "", 0, ""
		d.Gone, d.GoneAt = false, time.Time{}
	}
	want := x.src.URL
	if d.Adopted != "" {
		want = d.Adopted
	}
	if x.st.URL == want {
		return nil
	}
	if err := x.complete(ctx); err != nil {
		return err
	}
	x.st.URL, x.st.ETag, x.st.LastModified, x.st.BodyHash, x.st.Known = want, "", "", 0, nil
	return nil
}

// moved gathers the evidence for a permanent move: the same target at three
// polls over a day (input.md H4).
func (x *poll) moved(resp *fetch.Response) {
	d := &x.st.Detail
	if !resp.Permanent || resp.URL == x.st.URL {
		d.Moved, d.MovedN, d.MovedAt = "", 0, time.Time{}
		return
	}
	if d.Moved != resp.URL {
		d.Moved, d.MovedN, d.MovedAt = resp.URL, 0, x.start
	}
	d.MovedN++
}

// adopt takes the new address over once there is enough evidence and its body
// was read as a feed.
func (x *poll) adopt() {
	d := &x.st.Detail
	if d.MovedN >= 3 && x.start.Sub(d.MovedAt) >= 24*time.Hour {
		d.Adopted, x.st.URL = d.Moved, d.Moved
		d.Moved, d.MovedN, d.MovedAt = "", 0, time.Time{}
		if x.Twin != nil {
			if d.Merged = x.Twin(x.src.ID, d.Adopted); d.Merged != "" {
				x.logger().Warn("a source has moved to where another one reads; it is not polled any more", "other", d.Merged)
			}
		}
	}
}

// merged ends the poll of a source that has moved to where another one reads, as
// long as that one is configured.
func (x *poll) merged() bool {
	d := &x.st.Detail
	if d.Merged == "" || x.Twin == nil {
		return false
	}
	if d.Merged = x.Twin(x.src.ID, d.Adopted); d.Merged == "" {
		return false
	}
	d.Why, x.log.Outcome = "reads the same address as "+d.Merged+": one of them can go", "same"
	x.st.Due, x.st.Interval = x.start.Add(ceiling).UTC(), ceiling
	x.record()
	return true
}
