package desk

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wireroom/server/control"
	"wireroom/server/control/controltest"
)

// TestTry watches a poll from a browser: its lines come while it goes on, and are
// there again when the page is loaded anew.
func TestTry(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login()
	b.room.Slow = make(chan struct{})
	at := to(b.do("/desk/sources/north/refresh", "do", "try"))
	if !strings.HasPrefix(at, "/desk/sources/north/tries/") {
		t.Fatalf("a try leads to %q", at)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.desk.ServeHTTP(w, r) }))
	defer srv.Close()
	r, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL+at, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(b.cookie)
	resp, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if csp := resp.Header.Get("Content-Security-Policy"); csp != policy || resp.Header.Get("X-Accel-Buffering") != "no" || resp.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%v", resp.Header)
	}
	page := bufio.NewScanner(resp.Body)
	until := func(part string) {
		t.Helper()
		for page.Scan() {
			if strings.Contains(page.Text(), part) {
				return
			}
		}
		t.Fatalf("the page ends before %q: %v", part, page.Err())
	}
	// It goes on: all of this is there before its end.
	for _, part := range []string{"<h1>Trying North &lt;Wire&gt;</h1>", "Waiting until the site may be asked.", "Asking the site.", "It answered: 200 OK, 4321 bytes.",
		"1 items are new or changed, 29 are known", "1 of 1", "Saving what came."} {
		until(part)
	}
	close(b.room.Slow)
	until(`class="good"`)
	until("See its history")
	until("</html>")
	b.want(b.get(at), 200, "Asking the site.", "Done: 1 new articles, 0 updated.", "See its history", "</html>")
	for _, path := range []string{"/desk/sources/north/tries/nothing", strings.Replace(at, "north", "south", 1)} {
		b.want(b.get(path), 404, "This try is not known here")
	}
	b.want(b.do("/desk/sources/nothing/refresh", "do", "try"), 404, "no source")
}

// TestTryFails tells what went wrong, and nothing of our own faults.
func TestTryFails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login()
	for _, k := range []struct {
		fail error
		want string
	}{
		{control.Refuse(control.ErrUpstream, "no answer from <there>"), "no answer from &lt;there&gt;"},
		{errors.New("a secret"), "the log says what"},
	} {
		b.room.Fail = k.fail
		at := to(b.do("/desk/sources/north/refresh", "do", "try"))
		b.desk.tries.running.Wait()
		w := b.get(at)
		if b.want(w, 200, `class="fault"`); !strings.Contains(w.Body.String(), k.want) || strings.Contains(w.Body.String(), "a secret") {
			t.Errorf("%s", w.Body)
		}
	}
	if !strings.Contains(b.log.String(), "a secret") {
		t.Error("the log does not say what went wrong")
	}
}

// TestTryEnds: a try ends with the program, and takes no longer than it may.
func TestTryEnds(t *testing.T) {
	t.Parallel()
	for _, stopped := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			d := New(Options{Room: stuck{}, Base: func() string { return "" }})
			ctx, cancel := context.WithCancel(t.Context())
			ran := make(chan error)
			go func() { ran <- d.Run(ctx) }()
			x := &try{id: "x", source: "north", begun: d.Now(), news: make(chan struct{})}
			if err := d.tries.begin(x, func() { d.try(x) }); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			want := "takes too long"
			if stopped {
				want = "The server stops"
				cancel()
			}
			time.Sleep(tryTime + time.Second)
			lines, over, _ := x.after(1)
			if len(lines) != 1 || !over || !strings.Contains(lines[0].Text, want) || lines[0].Class != "fault" {
				t.Errorf("%v %+v", over, lines)
			}
			cancel()
			if err := <-ran; err != nil {
				t.Error(err)
			}
		})
	}
}

// stuck is a room in which polls never end by themselves.
type stuck struct{ control.Room }

func (stuck) Refresh(ctx context.Context, _ control.Refresh, _ control.Tell) error {
	<-ctx.Done()
	return ctx.Err()
}

// TestTries: they are bounded, going on and kept.
func TestTries(t *testing.T) {
	t.Parallel()
	var all tries
	hold := make(chan struct{})
	begin := func(i int, at time.Time) (*try, error) {
		x := &try{id: fmt.Sprint(i), source: "s", begun: at, news: make(chan struct{})}
		return x, all.begin(x, func() { <-hold })
	}
	var going []*try
	for i := range maxTrying {
		x, err := begin(i, controltest.Now)
		if err != nil {
			t.Fatal(err)
		}
		going = append(going, x)
	}
	if _, err := begin(99, controltest.Now); !errors.Is(err, control.ErrConflict) {
		t.Errorf("one too many: %v", err)
	}
	close(hold)
	for _, x := range going {
		x.close(controltest.Now)
	}
	for i := range 3 * maxTries {
		x, err := begin(100+i, controltest.Now)
		if err != nil {
			t.Fatal(err)
		}
		x.close(controltest.Now)
	}
	if n := len(all.list); n > maxTries {
		t.Errorf("%d tries are kept", n)
	}
	if all.find("s", fmt.Sprint(99+3*maxTries)) == nil || all.find("s", "0") != nil || all.find("other", "399") != nil {
		t.Error("the newest are kept, under their source")
	}
	if _, err := begin(1000, controltest.Now.Add(tryKept+time.Second)); err != nil || len(all.list) != 1 {
		t.Errorf("%d are kept too long: %v", len(all.list), err)
	}
	x := going[0]
	for range 2 * maxTryLines {
		x.tell(controltest.Now, "again", "")
	}
	if x.tell(controltest.Now, "done", "good"); len(x.lines) != maxTryLines+1 || x.lines[maxTryLines].Text != "done" {
		t.Errorf("%d lines", len(x.lines))
	}
	all.running.Wait()
}
