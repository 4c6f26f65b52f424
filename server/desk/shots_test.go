package desk

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cd "github.com/chromedp/chromedp"

	"wireroom/article"
	"wireroom/server/control"
	"wireroom/server/control/controltest"
	"wireroom/store"
)

// busyRoom is a newsroom in which a day has gone by.
type busyRoom struct{ *controltest.Room }

var busySources = []struct {
	id, title string
	hourly    float64 // articles, by day
	fails     bool
}{
	{"northwire", "Northwire", 9, false}, {"meridian", "Meridian Press", 5, false}, {"harbour", "Harbour News", 4, false}, {"kurier", "Der Kurier", 3, false},
	{"shinbun", "沿岸新聞", 2, false}, {"sahafa", "الصحافة", 2, false}, {"gazette", "The Osterly Gazette", 1, false}, {"broken", "The Broken Times", 0, true},
}

func (busyRoom) Sources() []control.Source {
	var list []control.Source
	for _, s := range busySources {
		list = append(list, control.Source{ID: s.id, URL: "https://" + s.id + ".example/feed", Title: s.title, Republish: "full"})
	}
	return list
}

func (busyRoom) Refresh(_ context.Context, want control.Refresh, tell control.Tell) error {
	for _, step := range []control.Step{{Stage: "asking"}, {Stage: "answered", Status: 200, Bytes: 41_212}, {Stage: "reading", Items: 3, Known: 27},
		{Stage: "paging", Page: 1, Pages: 3}, {Stage: "paging", Page: 2, Pages: 3}, {Stage: "paging", Page: 3, Pages: 3}, {Stage: "saving"}} {
		time.Sleep(200 * time.Millisecond) // so that it is seen to take its time
		tell.Step(step)
	}
	tell.Done(control.Polled{Source: want.Sources[0], Outcome: "new", New: 2, Updated: 1})
	return nil
}

// fill lets the day go by.
func (r busyRoom) fill(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var list []store.Source
	for _, s := range busySources {
		list = append(list, store.Source{ID: s.id, Host: s.id + ".example", Title: s.title, Republish: article.Full})
	}
	must(r.Store.Sync(ctx, list))
	rnd := rand.New(rand.NewPCG(8, 8))
	for _, s := range busySources {
		claims, _, err := r.Store.Claim(ctx, store.ClaimRequest{Worker: "test", Now: controltest.Now, Lease: time.Minute, Hosts: 1, Sources: []string{s.id}})
		must(err)
		st := claims[0].Sources[0]
		st.Interval, st.Due, st.Detail.Why = 45*time.Minute, controltest.Now.Add(time.Duration(5+rnd.IntN(40))*time.Minute), "half the gap between its items"
		var items []store.Item
		for i := range store.HistoryLen {
			at := controltest.Now.Add(-time.Duration(store.HistoryLen-i)*45*time.Minute + time.Duration(rnd.IntN(900))*time.Second)
			l := store.PollLog{At: at, Took: time.Duration(60+rnd.IntN(300)) * time.Millisecond, Outcome: "not-modified", Status: 304, Bytes: 290}
			switch news := int(s.hourly * (.5 + math.Sin(float64(at.Hour()-8)/24*2*math.Pi)/2) * (.5 + rnd.Float64())); {
			case s.fails && i > 20:
				l.Outcome, l.Status, l.Bytes = "server", 502, 0
				st.Failures++
				st.Error = "fetch https://broken.example/feed: the server has trouble of its own (502)"
			case news > 0:
				l.Outcome, l.Status, l.New, l.Bytes = "new", 200, news, 41_000
				st.LastChange = at
				for range news {
					n := len(items)
					late := time.Duration(math.Exp(rnd.NormFloat64()*1.1+6)) * time.Second
					rec := controltest.Story(s.id, n)
					rec.Headline, rec.Source.Name = fmt.Sprintf("What happened in Velden, part %d", n+1), s.title
					rec.Published, rec.Updated, rec.FirstSeen = at.Add(-late), at.Add(-late), at
					items = append(items, store.Item{Key: "g:" + rec.ID, Record: &rec})
				}
			case rnd.IntN(5) == 0:
				l.Outcome, l.Status, l.Bytes = "same", 200, 40_000
			}
			if st.LastPoll = at; l.Status < 400 {
				st.LastSuccess = at
			}
			st.History = append(st.History, l)
		}
		saved, err := r.Store.Save(ctx, []store.Poll{{Host: claims[0].Host, Token: claims[0].Token, State: st, Items: items}}, store.Back(time.Time{}, claims...)...)
		must(err)
		must(saved[0].Err)
	}
}

// TestScreenshots draws the pictures of the desk for docs/:
//
//	WIREROOM_SHOTS=../../docs go test -run TestScreenshots ./server/desk
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("WIREROOM_SHOTS")
	if dir == "" {
		t.Skip("WIREROOM_SHOTS is not set")
	}
	ctx := chromium(t)
	room, base := busyRoom{controltest.New(t)}, ""
	room.fill(t)
	u := NewUsage(func() time.Time { return controltest.Now.Add(-30 * time.Hour) }, nil)
	rnd := rand.New(rand.NewPCG(4, 4))
	for at := controltest.Now.Add(-24 * time.Hour); at.Before(controltest.Now); at = at.Add(usageEvery) {
		day := .5 + math.Sin(float64(at.Hour()-8)/24*2*math.Pi)/2
		u.add(sample{at, 1 + 9*day*rnd.Float64(), int64(70e6 + 25e6*day + 4e6*rnd.Float64())})
	}
	begun := time.Now()
	now := func() time.Time { return controltest.Now.Add(time.Since(begun)) }
	srv := httptest.NewServer(New(Options{
		Room: room, Store: room.Store, Secret: func() Secret { return Secret{Password: password, Session: time.Hour} }, Base: func() string { return base }, Site: func() string { return "The Velden Courier" },
		Client: func(*http.Request) netip.Addr { return netip.Addr{} }, Now: now, Version: "dev", Usage: u,
	}))
	t.Cleanup(srv.Close)
	base = srv.URL
	do := func(list ...cd.Action[cd.Void]) {
		t.Helper()
		if err := cd.Do(ctx, list...); err != nil {
			t.Fatal(err)
		}
	}
	do(cd.Navigate(srv.URL+"/desk/login"), cd.SetValue("input[name=password]", password), cd.Click("button"), cd.WaitVisible("nav.counts"))
	for _, shot := range []struct {
		name, path, scheme string
		width, height      int64
	}{
		{"desk", "/desk", "light", 1200, 1500},
		{"desk-dark-phone", "/desk", "dark", 390, 1200},
		{"desk-sources", "/desk/sources", "light", 1200, 900},
		{"desk-source", "/desk/sources/northwire", "light", 1200, 1100},
		{"desk-try", "", "light", 1200, 560},
	} {
		if _, err := cd.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: shot.scheme}}}); err != nil {
			t.Fatal(err)
		}
		do(cd.EmulateViewport(shot.width, shot.height))
		if shot.path == "" {
			do(cd.Click(`button[value="try"]`), cd.WaitVisible(".steps .good"))
		} else {
			do(cd.Navigate(srv.URL + shot.path))
		}
		png, err := cd.Run(ctx, cd.CaptureScreenshot())
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, shot.name+".png"), png, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
