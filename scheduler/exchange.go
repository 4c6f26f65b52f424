package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/cespare/xxhash/v2"

	"wireroom/sources/fetch"
)

// exchange fetches the source. An answer without parts means that nothing has
// changed.
func (x *poll) exchange(ctx context.Context) (*fetch.Response, error) {
	var resp *fetch.Response
	var err error
	if isWeb(x.st.URL) {
		if x.elsewhere() { // the claim is for another host
			if err := x.paces.wait(ctx, x.st.URL, x.Pace); err != nil {
				return nil, err
			}
		}
		if err := x.allowed(ctx); err != nil {
			return nil, err
		}
		x.src.watch(Step{Stage: Asking})
		resp, err = x.Client.Get(ctx, fetch.Request{
			URL: x.asked(), ETag: x.st.ETag, LastModified: x.st.LastModified, ValidFor: x.st.Detail.ValidFor, Delta: true,
			UserAgent: x.src.UserAgent, Username: x.src.Username, Password: x.src.Password, Headers: x.src.Headers,
			FeedID: feedID(x.Authority, x.src.ID),
		})
	} else {
		resp, err = x.files(ctx)
	}
	if resp != nil {
		x.log.Status, x.log.Bytes = resp.Status, resp.Wire
		x.src.watch(Step{Stage: Answered, Status: resp.Status, Bytes: resp.Wire})
		x.seen.fresh, x.seen.retry = resp.Freshness.For, resp.RetryAfter
		x.stated = resp.Freshness.From != "" || resp.Freshness.NoCache
	}
	if err != nil {
		x.lost(err)
		return resp, err
	}
	x.moved(resp)
	if resp.NotModified {
		x.log.Outcome = "not-modified"
		x.validators(resp)
	}
	return resp, nil
}

// errUnread is a fault of ours, not the source's.
var errUnread = errors.New("what is known of the source can't be read")

// complete brings what the claim left out of the state.
func (x *poll) complete(ctx context.Context) error {
	if !x.st.Left {
		return nil
	}
	if err := x.Complete(ctx, x.st); err != nil {
		return fmt.Errorf("%w: %w", errUnread, err)
	}
	return nil
}

// elsewhere reports whether the source has moved to another host.
func (x *poll) elsewhere() bool {
	return x.st.URL != x.src.URL && (&Source{URL: x.st.URL}).Host() != x.src.Host()
}

// allowed obeys a robots.txt that speaks to us by name (input.md H13). It is
// asked for once a day and host. A host that answers even that with 429 is left
// alone this time; later the feed itself is asked for.
func (x *poll) allowed(ctx context.Context) error {
	ok, known := x.Client.FeedKnown(x.st.URL)
	var err error
	if !known {
		ok, err = x.Client.AllowedFeed(ctx, x.st.URL)
	}
	if err == nil && !ok {
		return &fetch.Error{Kind: fetch.KindBlocked, URL: fetch.Redact(x.st.URL), Reason: "the publisher's robots.txt forbids this program by its name: ask the publisher to let it in"}
	}
	if known {
		return nil
	}
	if _, err := x.Client.RobotsKnown(x.st.URL); fetch.KindOf(err) == fetch.KindRateLimited {
		return err
	}
	if !pause(ctx, x.Pace) {
		return &fetch.Error{Kind: fetch.KindCanceled, URL: fetch.Redact(x.st.URL), Reason: "the fetch was called off", Err: ctx.Err()}
	}
	x.begin() // intervals are counted from the exchange that brings the feed
	return nil
}

// feedID tells our subscriptions apart in the publisher's log (input.md H11)
// without telling what they are called here.
func feedID(authority, source string) string {
	return strconv.FormatUint(xxhash.Sum64String(authority+"\x00"+source)>>32, 16)
}

// files reads a file or a folder, if it lies in one that may be read. Files that
// can't be read are named and keep none of the others.
func (x *poll) files(ctx context.Context) (*fetch.Response, error) {
	left := x.st.Left
	if err := x.complete(ctx); err != nil {
		return nil, err
	}
	known := x.st.Known
	resp, err := x.Client.Files(ctx, fetch.FileRequest{URL: x.st.URL, Roots: x.Folders, ETag: x.st.ETag, Known: func(id uint64) bool {
		_, ok := slices.BinarySearch(known, id)
		return ok
	}})
	if left && (resp == nil || len(resp.Parts) == 0) { // as it was: it need not be written
		x.st.Known, x.st.Recent, x.st.Left = nil, nil, true
	}
	if resp != nil {
		x.seen.more = resp.More
		for _, e := range resp.Skipped {
			x.logger().Warn("a file was left out", "error", e)
		}
	}
	return resp, err
}

func (x *poll) validators(resp *fetch.Response) {
	if resp.ETag != "" || !resp.NotModified {
		x.st.ETag = resp.ETag
	}
	if resp.LastModified != "" || !resp.NotModified {
		x.st.LastModified = resp.LastModified
	}
	x.st.Detail.ValidFor = ""
	if resp.URL != x.st.URL {
		x.st.Detail.ValidFor = resp.URL
	}
}
