package server

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/store"
)

// The sample newsroom: invented news in several languages and scripts, with
// pictures that are drawn here.

// pictures serves /N.png, each another landscape.
func pictures(t testing.TB) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/%d.png", &n); err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(landscape(n))
	}))
	t.Cleanup(srv.Close)
	return srv
}

// landscape draws a sun over hills or the sea, in few colours.
func landscape(n int) []byte {
	const w, h = 960, 640
	skies := [][4]color.RGBA{
		{{0xd8, 0xe2, 0xe6, 255}, {0xf4, 0xd8, 0x9c, 255}, {0x6f, 0x8a, 0x95, 255}, {0x35, 0x4b, 0x57, 255}},
		{{0xea, 0xd9, 0xc8, 255}, {0xd9, 0x7f, 0x5b, 255}, {0x9a, 0x8f, 0x6a, 255}, {0x4f, 0x52, 0x3c, 255}},
		{{0x2c, 0x3a, 0x52, 255}, {0xf1, 0xe9, 0xd2, 255}, {0x1f, 0x29, 0x3d, 255}, {0x12, 0x18, 0x26, 255}},
		{{0xcf, 0xdd, 0xcf, 255}, {0xfb, 0xf3, 0xd0, 255}, {0x76, 0x93, 0x6b, 255}, {0x3f, 0x5a, 0x42, 255}},
	}
	s := skies[n%len(skies)]
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{s[0], s[1], s[2], s[3]})
	sunX, sunY, r := 200+(n*173)%560, 190+(n*61)%90, 70
	for y := range h {
		for x := range w {
			i := uint8(0)
			if dx, dy := x-sunX, y-sunY; dx*dx+dy*dy < r*r {
				i = 1
			}
			far := 340 + ((x+n*140)%480-240)*((x+n*140)%480-240)/900
			if y > far {
				i = 2
			}
			if near := 480 - ((x+n*90)%700-350)*((x+n*90)%700-350)/1400; y > near {
				i = 3
			}
			img.SetColorIndex(x, y, i)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// sample is a piece of copy.
type sample struct {
	source, lang, kicker, headline, standfirst, byline string
	agencies, topics                                   []string
	story                                              string
	caption, credit                                    string // of its picture, if any
}

var samples = []sample{
	{"northwire", "en", "Shipping", "Velden harbour reopens after two-day storm closure", "Ferries sail again from the port of Velden, but the backlog of eleven freighters will take until Friday to clear.", "Ida Holm", []string{"NWA"}, []string{"transport", "weather"}, "storm", "The first ferry leaves Velden on Tuesday morning.", "Photo: Mika Storm/NWA"},
	{"meridian", "en", "Weather", "Ferries return to Velden as storm moves east", "The port was closed for 48 hours; insurers begin to count the damage.", "Paul Serrano", nil, []string{"weather"}, "storm", "", ""},
	{"northwire", "en", "Economy", "Central bank holds rate at 3.25 percent, hints at spring cut", "Governors vote seven to two to wait for the winter's inflation figures.", "Tomas Vrba", []string{"NWA"}, []string{"economy", "central banks"}, "rate", "The central bank in Osterly.", "Photo: Lea Wirth"},
	{"kurier", "de", "Wirtschaft", "Notenbank lässt den Leitzins unverändert und deutet eine Senkung im Frühjahr an", "Sieben Mitglieder des Direktoriums stimmten dafür, die Inflationszahlen des Winters abzuwarten, zwei für einen sofortigen Schritt.", "Johanna Reiter", []string{"dna"}, []string{"Geldpolitik"}, "", "", ""},
	{"harbour", "en", "Reportage", "What the storm left behind on Velden's northern quay", "Two warehouses lost their roofs. The people who work there were back before the wind had dropped.", "Amina Kader", nil, []string{"local", "weather"}, "storm", "", ""},
	{"sahafa", "ar", "اقتصاد", "البنك المركزي يبقي سعر الفائدة دون تغيير ويلمح إلى خفضه في الربيع", "صوّت سبعة من أعضاء المجلس لصالح انتظار أرقام التضخم في الشتاء.", "ليلى حداد", nil, []string{"اقتصاد"}, "", "مبنى البنك المركزي في المساء.", "تصوير: سامي ناصر"},
	{"meridian", "en", "Economy", "Two governors break ranks as rate stays at 3.25 percent", "The dissent is the first in four years and moves bond yields.", "Lena Brandt", nil, []string{"economy", "central banks"}, "rate", "", ""},
	{"shinbun", "ja", "社会", "沿岸行きの夜行列車、発売から一時間で完売", "鉄道会社は夏の寝台が一週間で売り切れると見込んでいた。", "", nil, []string{"交通"}, "", "", ""},
	{"harbour", "en", "Travel", "Night trains to the coast sell out within an hour", "The railway had expected to sell the summer's berths in a week.", "Noor Haddad", nil, []string{"transport", "travel"}, "", "A night train waits at Osterly Central.", "Photo: Harbour News"},
	{"northwire", "en", "Science", "Survey finds seagrass meadows twice as large as thought", "Divers and sonar mapped 340 square kilometres off the northern islands.", "Ida Holm", []string{"NWA"}, []string{"environment"}, "", "", ""},
	{"kurier", "de", "Kultur", "Donaudampfschifffahrtsgesellschaftskapitänsmützenausstellung eröffnet", "Das Stadtmuseum zeigt bis März, was Kapitäne auf dem Kopf trugen.", "", nil, []string{"Museum"}, "", "", ""},
	{"meridian", "en", "Courts", "Tenants win appeal over heating costs in the old town", "The court says that landlords must show every bill.", "Lena Brandt", nil, []string{"housing"}, "", "", ""},
	{"harbour", "en", "Sport", "Rowing club wins the autumn regatta by a length", "It is the club's first title since 2009.", "", nil, []string{"rowing"}, "", "", ""},
	{"northwire", "en", "Politics", "Council votes to keep the swing bridge open at night", "Residents had collected 4,000 signatures.", "Tomas Vrba", []string{"NWA"}, []string{"local"}, "", "", ""},
	{"meridian", "en", "Health", "Clinics test a blood pressure watch with 600 volunteers", "First results are expected in summer.", "Paul Serrano", nil, []string{"health"}, "", "", ""},
}

// sampleNames are the titles of the sample's sources.
var sampleNames = map[string]string{"northwire": "Northwire", "meridian": "Meridian Press", "harbour": "Harbour News", "kurier": "Der Kurier", "sahafa": "الصحافة", "shinbun": "沿岸新聞"}

// record is a sample as it is stored, i minutes before the newest.
func (s *sample) record(i int, pics string) article.Record {
	at := start.Add(36*time.Hour - time.Duration(i)*23*time.Minute)
	r := article.Record{
		ID: article.Mint("news.example", s.source, fmt.Sprint("sample-", i)), Version: 1, Status: article.Usable, Language: s.lang,
		Kicker: s.kicker, Headline: s.headline, Standfirst: s.standfirst, Byline: s.byline, Agencies: s.agencies, Keywords: s.topics,
		Source:    article.Source{ID: s.source, Name: sampleNames[s.source]},
		Published: at, Updated: at, FirstSeen: at,
		Links:  article.Links{Canonical: fmt.Sprintf("https://%s.example/%d", s.source, i)},
		Rights: article.Rights{Republish: article.Full},
	}
	if s.byline != "" {
		r.Authors = []article.Person{{Name: s.byline}}
	}
	r.Body.HTML = "<p>" + s.standfirst + "</p>"
	if i == 0 {
		r.Body.HTML = sampleText
		r.Dateline = article.Dateline{Text: "VELDEN (Northwire)", Places: []string{"Velden"}}
		r.Places, r.People, r.Organisations = []string{"Velden"}, []string{"Jonas Reke"}, []string{"Velden Port Authority"}
		r.Editors, r.SignOff = []string{"ih", "mt"}, "ih/mt (Northwire)"
		r.Rights.Copyright, r.Rights.License = "© Northwire Agency", "https://creativecommons.org/licenses/by-nc/4.0/"
	}
	r.Body.Text = strings.NewReplacer("<p>", "", "</p>", "\n", "<h2>", "", "</h2>", "\n", "<blockquote>", "", "</blockquote>", "").Replace(r.Body.HTML)
	r.Body.WordCount = len(strings.Fields(r.Body.Text))
	if s.credit != "" {
		r.Images = []article.Media{{URL: fmt.Sprintf("%s/%d.png", pics, i), Medium: "image", Width: 960, Height: 640, Caption: s.caption, Credit: s.credit, Role: "lead"}}
	}
	return r
}

const sampleText = `<p>The harbour of Velden reopened on Tuesday after gusts of up to 120 kilometres an hour had kept ships at sea for two days.</p>
<p>The first ferry left at 06:40 with 412 passengers on board, the port authority said. Eleven freighters were still waiting in the roads.</p>
<blockquote><p>Nobody was hurt, and that was the point of closing early.</p></blockquote>
<p>So said harbour master Jonas Reke, who had not slept much. The authority expects to clear the backlog by Friday.</p>
<h2>What comes next</h2>
<p>The pilots work double shifts until the weekend. Whoever has booked a crossing should ask the company before leaving home.</p>`

// sampleChannels are the feeds of the sample newsroom.
func sampleChannels() []feed.Channel {
	return []feed.Channel{
		{ID: "all", Title: "All news", Description: "Everything that comes in, newest first.", Language: "en"},
		{ID: "economy", Title: "Economy", Description: "Money and markets.", Language: "en", Select: article.Query{Topics: []string{"economy", "Wirtschaft"}}},
		{ID: "northwire", Title: "Northwire only", Description: "One agency.", Language: "en", Select: article.Query{Sources: []string{"northwire"}}},
		{ID: "deutsch", Title: "Auf Deutsch", Description: "Was auf Deutsch kommt.", Language: "de", Select: article.Query{Languages: []string{"de"}}},
		{ID: "arabic", Title: "بالعربية", Description: "كل ما يصل بالعربية.", Language: "ar", Select: article.Query{Languages: []string{"ar"}}},
		{ID: "secret", Title: "Newsroom's own", Readers: []feed.Reader{{Hash: "x"}}},
	}
}

// newSampleRoom is a newsroom with the samples in it.
func newSampleRoom(t testing.TB) *newsroom {
	t.Helper()
	n := newNewsroom(t)
	if err := n.pub.Set(t.Context(), feed.Site{BaseURL: n.srv.URL, Name: "The Velden Wire", Version: "1.0", Art: Art(n.srv.URL)}, sampleChannels()); err != nil {
		t.Fatal(err)
	}
	var sources []store.Source
	for id, name := range sampleNames {
		sources = append(sources, store.Source{ID: id, Host: id + ".example", Title: name, Republish: article.Full})
	}
	if err := n.store.Sync(t.Context(), sources); err != nil {
		t.Fatal(err)
	}
	pics := pictures(t).URL
	var list []article.Record
	var stories []store.Assignment
	for i := range samples {
		r := samples[i].record(i, pics)
		list = append(list, r)
		if s := samples[i].story; s != "" {
			stories = append(stories, store.Assignment{Article: r.ID, Story: s})
		}
	}
	n.file(list...)
	if err := n.store.Assign(t.Context(), stories); err != nil {
		t.Fatal(err)
	}
	later := list[0] // a second version
	later.Version, later.Updated = 2, later.Updated.Add(40*time.Minute)
	later.Revision = article.Revision{Kind: "update", Number: 1, Note: "Adds the harbour master's words."}
	later.Headline, later.Body.WordCount = list[0].Headline, list[0].Body.WordCount
	later.Body.Text += "\n"
	n.file(later)
	if err := n.pub.Update(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n
}

// snapshotOf is what is up of a feed in a format.
func (p *Publisher) snapshotOf(t testing.TB, id string, format feed.Format) *feed.Snapshot {
	t.Helper()
	snap, err := p.snapshot(p.current.Load().feeds[id], format)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}
