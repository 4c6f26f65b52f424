package article

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestMint(t *testing.T) {
	t.Parallel()
	id := Mint("news.example.org", "dw", "g:1")
	if !regexp.MustCompile(`^tag:news\.example\.org,2026:[a-z2-7]{26}$`).MatchString(id) {
		t.Errorf("id %q is no tag URI of ours", id)
	}
	if id != Mint("news.example.org", "dw", "g:1") {
		t.Error("the same identity gives another id")
	}
	seen := map[string]bool{id: true}
	for _, k := range [][2]string{{"dw", "g:2"}, {"dx", "g:1"}, {"d", "wg:1"}, {"dw\x00g", ":1"}} {
		other := Mint("news.example.org", k[0], k[1])
		if seen[other] && k[0] != "dw\x00g" {
			t.Errorf("%v takes another article's id", k)
		}
		seen[other] = true
	}
	if ShortID(id) != id[len(id)-26:] || ShortID("x:y") != "x:y" {
		t.Errorf("short ids %q %q", ShortID(id), ShortID("x:y"))
	}
}

func TestKeyKindsStayApart(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5000)
	keys := []string{
		Key("https://x.example/", "", "", ""), Key("", "https://x.example/", "", ""), Key("", "", "https://x.example/", ""),
		Key("", "", "", "https://x.example/"), Key(long, "", "", ""), Key(long+"y", "", "", ""),
		LinkedKey("g", "https://x.example/", "", ""), LinkedKey("g", "https://x.example/2", "", ""), LinkedKey("", "https://x.example/3", "", ""),
	}
	seen := map[string]bool{}
	for _, k := range keys {
		if k == "" || seen[k] || len(k) > maxKey+100 {
			t.Errorf("key %.60q is empty, there twice or too long", k)
		}
		seen[k] = true
	}
	if Key("", "", "", "") != "" {
		t.Error("an item with nothing to go by has a key")
	}
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func stored() Record {
	return Record{ID: "tag:x,2026:a", Version: 3, Status: Usable, Headline: "Old", Standfirst: "S", Body: Body{Text: "Text of it."},
		Published: noon, Updated: noon.Add(time.Hour), FirstSeen: noon, Claimed: "c", Source: Source{ID: "dw", GUID: "g"}, Story: Story{ID: "s"},
		Images: []Media{{URL: "https://x.example/i.jpg?w=100"}}}
}

// read is stored as a later poll reads it, changed by f.
func read(f func(*Record)) Record {
	r := stored()
	r.Version, r.FirstSeen, r.Published, r.Updated, r.Story, r.Claimed = 1, noon.Add(5*time.Hour), noon.Add(2*time.Hour), noon.Add(2*time.Hour), Story{}, ""
	f(&r)
	return r
}

func TestRevise(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name    string
		change  func(*Record)
		want    Change
		updated time.Time
	}{
		{"dates alone", func(*Record) {}, Same, noon.Add(time.Hour)},
		{"white space", func(r *Record) { r.Body.Text = " Text\n of  it. " }, Same, noon.Add(time.Hour)},
		{"a picture's size", func(r *Record) { r.Images[0].URL = "https://x.example/i.jpg?w=900" }, Same, noon.Add(time.Hour)},
		{"links and keywords", func(r *Record) { r.Links.Canonical, r.Keywords = "https://x.example/2", []string{"new"} }, Same, noon.Add(time.Hour)},
		{"headline", func(r *Record) { r.Headline = "New" }, NewVersion, noon.Add(2 * time.Hour)},
		{"text", func(r *Record) { r.Body.Text = "Other." }, NewVersion, noon.Add(2 * time.Hour)},
		{"picture", func(r *Record) { r.Images[0].URL = "https://x.example/j.jpg" }, NewVersion, noon.Add(2 * time.Hour)},
		{"correction", func(r *Record) { r.Revision = Revision{Kind: "correction", Note: "n"} }, NewVersion, noon.Add(2 * time.Hour)},
		{"an older claim: the time of the poll", func(r *Record) { r.Headline, r.Updated = "New", noon }, NewVersion, noon.Add(5 * time.Hour)},
		{"a claim from the future", func(r *Record) { r.Headline, r.Updated = "New", noon.Add(99*time.Hour) }, NewVersion, noon.Add(5 * time.Hour)},
		{"withheld", func(r *Record) { r.Status = Withheld }, NewVersion, noon.Add(2 * time.Hour)},
		{"canceled", func(r *Record) { r.Status, r.Headline = Canceled, "KILL" }, Cancellation, noon.Add(2 * time.Hour)},
	} {
		got, change := Revise(stored(), read(k.change))
		if change != k.want || !got.Updated.Equal(k.updated) {
			t.Errorf("%s: change %d, updated %s; want %d, %s", k.name, change, got.Updated, k.want, k.updated)
		}
		version := 3
		if change != Same {
			version = 4
		}
		if got.ID != "tag:x,2026:a" || got.Version != version || !got.Published.Equal(noon) || !got.FirstSeen.Equal(noon) || got.Source.GUID != "g" || got.Story.ID != "s" {
			t.Errorf("%s: what never changes has changed: %+v", k.name, got)
		}
		if k.want == Cancellation && got.Headline != "Old" {
			t.Errorf("%s: the headline became %q", k.name, got.Headline)
		}
	}
}

func TestReviseWires(t *testing.T) {
	t.Parallel()
	wire := map[string]string{"updated": "wire"}
	old := stored()
	old.Provenance = wire
	late := read(func(r *Record) { r.Headline, r.Updated, r.Provenance = "Older", noon, wire })
	if _, change := Revise(old, late); change != Same {
		t.Error("a wire's older version that came late replaced the newer one")
	}
	late.Status = Canceled
	killed, change := Revise(old, late)
	if change != Cancellation {
		t.Error("a kill counts, whatever its version")
	}
	if r, change := Revise(killed, read(func(r *Record) { r.Headline = "Correction" })); change != Same || r.Status != Canceled {
		t.Error("a canceled article came back")
	}
}

func TestReviseKeepsThePagesText(t *testing.T) {
	t.Parallel()
	old := stored()
	old.Provenance = map[string]string{"body": "html"}
	teaser := read(func(r *Record) { r.Body.Text = "Teaser" })
	if _, change := Revise(old, teaser); change != Same {
		t.Error("a feed's teaser replaced the text that was read from the page")
	}
	news := read(func(r *Record) { r.Body.Text, r.Headline = "Teaser", "New" })
	if r, change := Revise(old, news); change != NewVersion || r.Body.Text != "Teaser" {
		t.Error("a new headline is a new version")
	}
}

func TestTermsAndLanguages(t *testing.T) {
	t.Parallel()
	r := Record{Kicker: "Politics", Keywords: []string{"EU", "politics"}, Subjects: []Subject{{Name: "Economy", Code: "04000000"}}}
	if got := strings.Join(r.Terms(), "|"); got != "04000000|economy|eu|politics" {
		t.Errorf("terms %s", got)
	}
	for _, k := range []struct {
		has, wanted string
		want        bool
	}{{"en-GB", "en", true}, {"en", "en-GB", false}, {"EN", "en", true}, {"eng", "en", false}, {"", "en", false}} {
		if SpeaksLanguage(k.has, k.wanted) != k.want {
			t.Errorf("SpeaksLanguage(%q, %q) = %t", k.has, k.wanted, !k.want)
		}
	}
	if !(Cursor{}).IsZero() || (Cursor{ID: "x"}).IsZero() {
		t.Error("cursors")
	}
}
