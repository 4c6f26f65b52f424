package scheduler

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"wireroom/sources/fetch"
)

// A wire that is a queue (dpa's wireQ) hands out its entries until they are taken
// out of it. That must not happen before they are stored: the receipts are saved
// in the same transaction as the items, and handed in when the next poll begins,
// which is at once.

const (
	receiptPace = 100 * time.Millisecond // between two
	receiptWait = 15 * time.Second       // for an answer
)

// handIn takes out of the queue what the last poll has stored. What could not be
// handed in is kept for the next time; nothing is lost, for the queue hands it
// out again.
func (x *poll) handIn(ctx context.Context) error {
	list := strings.Fields(x.extra(extraReceipts))
	if len(list) == 0 {
		return nil
	}
	hc := &http.Client{
		Transport: x.Client.RoundTripper(), Timeout: receiptWait,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for i, address := range list {
		if err := x.takeOut(ctx, hc, address); err != nil {
			x.setExtra(extraReceipts, strings.Join(list[i:], "\n"))
			return err
		}
		if !pause(ctx, receiptPace) {
			x.setExtra(extraReceipts, strings.Join(list[i+1:], "\n"))
			return &fetch.Error{Kind: fetch.KindCanceled, URL: fetch.Redact(address), Reason: "the poll was called off", Err: ctx.Err()}
		}
	}
	x.setExtra(extraReceipts, "")
	return nil
}

// takeOut hands in one receipt. One that the queue does not know any more is
// dealt with.
func (x *poll) takeOut(ctx context.Context, hc *http.Client, address string) error {
	if !sameOrigin(address, x.st.URL) { // the source has moved since
		return nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodDelete, address, http.NoBody)
	if err != nil {
		return nil // no address of a queue: there is nothing to hand in
	}
	r.Header.Set("User-Agent", x.Client.UserAgent())
	for _, h := range x.src.Headers {
		r.Header.Set(h.Name, h.Value)
	}
	if x.src.Username != "" || x.src.Password != "" {
		r.SetBasicAuth(x.src.Username, x.src.Password)
	}
	resp, err := hc.Do(r)
	if err != nil {
		return &fetch.Error{Kind: fetch.KindConnect, URL: fetch.Redact(address), Reason: "a stored entry could not be taken out of the wire's queue: it is tried again later", Err: err}
	}
	resp.Body.Close()
	switch code := resp.StatusCode; {
	case code < 300, code == http.StatusNotFound, code == http.StatusGone:
		return nil
	case code == http.StatusTooManyRequests:
		return &fetch.Error{Kind: fetch.KindRateLimited, URL: fetch.Redact(address), Status: code, Reason: "the wire's queue wants to be asked less often"}
	default:
		return &fetch.Error{Kind: fetch.KindStatus, URL: fetch.Redact(address), Status: code, Reason: fmt.Sprintf("the server answered %d to a stored entry being taken out of the wire's queue; check credentials", code)}
	}
}
