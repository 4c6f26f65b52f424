package repair

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestSideTable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		want     Result // without Body, Repairs and the hashes
	}{
		{"ids", `<rss><channel><item><guid> http://E.org/%7Efoo/é </guid></item><item rdf:about="urn:2"/><item rdf:about="a"><guid><![CDATA[b&amp;]]>&amp;c</guid></item><item><title/></item></channel></rss>`,
			Result{Kind: RSS, Root: "rss", Entries: []Entry{{ID: "http://E.org/%7Efoo/é"}, {ID: "urn:2"}, {ID: "b&amp;&c"}, {}}}},
		{"ids of Atom", `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:f</id><entry><id>
			tag1 </id><source><id>other</id></source></entry></feed>`,
			Result{Kind: Atom, Root: "feed", RootSpace: "http://www.w3.org/2005/Atom", ID: "urn:f", Entries: []Entry{{ID: "tag1"}}}},
		{"base and language", `<feed xmlns="u" xml:base="http://e.org/a/" xml:lang="en"><title xml:base="t/">F</title>
			<entry xml:base="b/" xml:lang="fr"><content xml:base="c/" type="html">x</content></entry><entry/></feed>`,
			Result{Kind: Atom, Root: "feed", RootSpace: "u", Base: "http://e.org/a/", Lang: "en",
				Bases: map[string]string{"title": "http://e.org/a/\x00t/"}, Types: map[string]TextType{"title": TextPlain},
				Entries: []Entry{
					{Base: "http://e.org/a/\x00b/", Lang: "fr", Bases: map[string]string{"content": "http://e.org/a/\x00b/\x00c/"}, Types: map[string]TextType{"content": TextHTML}},
					{Base: "http://e.org/a/", Lang: "en"},
				}}},
		{"base of the channel", `<rss xml:base="http://e.org/"><channel xml:base="a/" xml:lang="de"><item/></channel></rss>`,
			Result{Kind: RSS, Root: "rss", Base: "http://e.org/\x00a/", Lang: "de", Entries: []Entry{{Base: "http://e.org/\x00a/", Lang: "de"}}}},
		{"types", `<feed xmlns="http://www.w3.org/2005/Atom"><subtitle type="html">s</subtitle><entry><title>a</title><summary type=" HTML ">b</summary><content type="xhtml"><div/></content><rights type="text">c</rights></entry>
			<entry><title type="text/html" mode="escaped">a</title><content type="application/xhtml+xml" mode="xml">b</content></entry>
			<entry><content type="image/png; x=y">b</content><summary type="text/plain">c</summary></entry></feed>`,
			Result{Kind: Atom, Root: "feed", RootSpace: "http://www.w3.org/2005/Atom", Types: map[string]TextType{"subtitle": TextHTML}, Entries: []Entry{
				{Types: map[string]TextType{"title": TextPlain, "summary": TextHTML, "content": TextXHTML, "rights": TextPlain}},
				{Types: map[string]TextType{"title": TextHTML, "content": TextXHTML}},
				{Types: map[string]TextType{"content": "image/png", "summary": TextPlain}},
			}}},
		{"markup in RSS", `<rss><channel><item><title>a <b>c</b></title><description>d</description></item></channel></rss>`,
			Result{Kind: RSS, Root: "rss", Entries: []Entry{{Types: map[string]TextType{"title": TextXHTML}}}}},
		{"JSON", `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":" a\u0062 "},{"id":12},{"ID":true},{}]}`,
			Result{Kind: JSON, Root: "jsonfeed", Entries: []Entry{{ID: "ab"}, {ID: "12"}, {ID: "true"}, {}}}},
		{"a sitemap", `<?xml version="1.0"?><s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"/>`,
			Result{Kind: XML, Root: "urlset", RootSpace: "http://www.sitemaps.org/schemas/sitemap/0.9"}},
		{"OPML", `<OPML version="1.0"><body/></OPML>`, Result{Kind: OPML, Root: "OPML"}},
		{"a page", `<!doctype html><div class="h-feed"><p>&bogus;</div>`, Result{Kind: HTML, Root: "html"}},
		{"text", "ZCZC\nBERLIN <dpa> - 1 < 2", Result{Kind: Other}},
	} {
		res, err := Document([]byte(c.in), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for i := range res.Entries {
			if res.Entries[i].Hash == 0 {
				t.Errorf("%s: entry %d has no hash", c.name, i)
			}
			res.Entries[i].Hash = 0
		}
		res.Body, res.Repairs, res.Charset = nil, nil, ""
		if diff := cmp.Diff(&c.want, res, cmpopts.IgnoreUnexported(Result{})); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
	}
}

// feedOf makes a feed of n items in each format, item i with the words that
// text gives it.
func feedOf(kind Kind, n int, text func(int) string) string {
	var b strings.Builder
	for i := range n {
		switch kind {
		case RSS:
			fmt.Fprintf(&b, "<item><title>%s</title><guid>%d</guid></item>\n", text(i), i)
		case Atom:
			fmt.Fprintf(&b, "<entry><title>%s</title><id>%d</id></entry>\n", text(i), i)
		case JSON:
			fmt.Fprintf(&b, `{"title":%q,"id":"%d"},`, text(i), i)
		}
	}
	switch kind {
	case RSS:
		return "<rss><channel><title>C</title>" + b.String() + "<ttl>5</ttl></channel></rss>"
	case Atom:
		return `<feed xmlns="http://www.w3.org/2005/Atom"><title>C</title>` + b.String() + "<rights>r</rights></feed>"
	}
	return `{"version":"https://jsonfeed.org/version/1.1","items":[` + strings.TrimSuffix(b.String(), ",") + `],"title":"C"}`
}

func TestKnown(t *testing.T) {
	t.Parallel()
	plainly := func(i int) string { return fmt.Sprint("story ", i) }
	for _, kind := range []Kind{RSS, Atom, JSON} {
		for name, text := range map[string]func(int) string{
			"sound": plainly,
			"damaged": func(i int) string { // the ends of these cannot be seen beforehand
				if kind == JSON {
					return plainly(i)
				}
				return plainly(i) + "<item><entry>"
			},
		} {
			body := feedOf(kind, 30, text)
			res, err := Document([]byte(body), Options{})
			if err != nil || len(res.Entries) != 30 {
				t.Fatalf("%s, %s: %d entries, %v", kind, name, len(res.Entries), err)
			}
			known := make(map[uint64]bool)
			for i, e := range res.Entries {
				if i%10 != 3 {
					known[e.Hash] = true
				}
			}
			again, err := Document([]byte(body), Options{Known: func(h uint64) bool { return known[h] }})
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, e := range again.Entries {
				ids = append(ids, e.ID)
			}
			if want := []string{"3", "13", "23"}; again.Known != 27 || !slices.Equal(ids, want) {
				t.Errorf("%s, %s: %d known, left %v, want 27 and %v", kind, name, again.Known, ids, want)
			}
			feed, err := parse(again.Body)
			if err != nil || len(feed.Items) != 3 || feed.Title != "C" {
				t.Errorf("%s, %s: gofeed reads %v, %v", kind, name, feed, err)
			}
			if err := checkResult(again, Limits{}); err != nil {
				t.Errorf("%s, %s: %v", kind, name, err)
			}
		}
	}
}

// TestHash says what an item's hash depends on.
func TestHash(t *testing.T) {
	t.Parallel()
	hash := func(doc string) uint64 {
		res, err := Document([]byte(doc), Options{})
		if err != nil || len(res.Entries) == 0 {
			t.Fatalf("%s: %v", doc, err)
		}
		return res.Entries[0].Hash
	}
	item := "<item><title>é</title></item>"
	base := hash("<rss><channel>" + item + "</channel></rss>")
	if base != hash("<rss version='2'><channel><ttl>4</ttl>"+item+"<item/></channel></rss>") {
		t.Error("the hash depends on what is around the item")
	}
	if base == hash("<rss><channel><item><title>e</title></item></channel></rss>") {
		t.Error("the hash does not depend on the item")
	}
	if base == hash("<rss xml:base='http://e.org/'><channel>"+item+"</channel></rss>") {
		t.Error("the hash does not depend on the base")
	}
	if base != hash("<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><item><title>\xE9</title></item></channel></rss>") {
		t.Error("the hash depends on the encoding")
	}
	if h := hash("<rss><channel><item/></channel></rss>"); h != 0x839339c802413e6d {
		t.Errorf("the hash of <item/> is %#x: what is stored is recognised no more", h)
	}
}

func TestTruncated(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{RSS, Atom, JSON} {
		whole := feedOf(kind, 3, func(i int) string { return fmt.Sprint("<![CDATA[story]]> ", i) })
		for cut := strings.IndexAny(whole, "]>") + 60; cut < len(whole)-1; cut++ {
			res, err := Document([]byte(whole[:cut]), Options{})
			if err != nil {
				t.Errorf("%.80s… cut at %d: %v", whole, cut, err)
				continue
			}
			if err := checkResult(res, Limits{}); err != nil {
				t.Errorf("%s cut at %d: %v", kind, cut, err)
			}
			rootEnded := strings.HasSuffix(whole[:cut], "</rss") || strings.HasSuffix(whole[:cut], "</feed")
			if res.Truncated == rootEnded {
				t.Errorf("%s cut at %d: truncated is %t", kind, cut, res.Truncated)
			}
			ends := map[Kind]string{RSS: "</item>", Atom: "</entry>", JSON: `"},`}[kind]
			want := strings.Count(whole[:cut], ends)
			if kind == JSON && strings.Contains(whole[:cut], `"}]`) {
				want++
			}
			// An end tag without its ">" still ends its element; JSON's last item may be whole without a comma.
			if n := len(res.Entries); n != want && n != want+1 {
				t.Errorf("%s cut at %d: %d items, want %d: %s", kind, cut, n, want, res.Body)
			}
			feed, err := parse(res.Body)
			if err != nil || len(feed.Items) != len(res.Entries) {
				t.Errorf("%s cut at %d: gofeed: %v", kind, cut, err)
			}
			for i, e := range res.Entries {
				if e.ID != fmt.Sprint(i) {
					t.Errorf("%s cut at %d: item %d is half", kind, cut, i)
				}
			}
		}
	}
}

// TestTooManyItems keeps the newest, whichever end they are at.
func TestTooManyItems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		day  func(int) int
		want string
	}{
		"newest first": {func(i int) int { return 28 - i }, "0"},
		"oldest first": {func(i int) int { return 1 + i }, "15"},
		"undated":      {func(int) int { return 99 }, "0"},
	} {
		body := feedOf(RSS, 20, func(i int) string {
			return fmt.Sprintf("t</title><pubDate>%02d Mar 2024 10:00:00 GMT</pubDate><title>u", c.day(i))
		})
		res, err := Document([]byte(body), Options{Limits: Limits{Items: 5}})
		if err != nil || len(res.Entries) != 5 || res.Dropped != 15 || res.Entries[0].ID != c.want {
			t.Errorf("%s: %v, %d kept from %q on, %d dropped", name, err, len(res.Entries), res.Entries[0].ID, res.Dropped)
		}
	}
	res, err := Document([]byte(feedOf(JSON, 20, func(int) string { return "t" })), Options{Limits: Limits{Items: 5}})
	if err != nil || len(res.Entries) != 5 || res.Dropped != 15 {
		t.Errorf("JSON: %v, %d kept, %d dropped", err, len(res.Entries), res.Dropped)
	}
}

// TestLimits holds the parts of an item, and what is said of them, to their
// numbers.
func TestLimits(t *testing.T) {
	t.Parallel()
	res, err := Document([]byte(inItem(strings.Repeat("<category>c</category>", 100)+strings.Repeat("<enclosure url='u'/>", 50)+
		strings.Repeat("<x:y/>", 300)+strings.Repeat("<pubDate>d</pubDate>", 9)+"<a b='"+strings.Repeat("é", 40_000)+"'/>")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]int{"<category>": 64, "<enclosure ": 32, "<x:y/>": 200, "<pubDate>": 2, "é": 32 << 10} {
		if n := strings.Count(string(res.Body), what); n != want {
			t.Errorf("%d of %s, want %d", n, what, want)
		}
	}
	if n := res.Repairs["too-many"]; n != 36+18+100+7 {
		t.Errorf("%d parts counted as too many", n)
	}
	for name, c := range map[string]struct {
		body string
		lim  Limits
		want ErrorKind
	}{
		"depth":    {inItem("<x:a><b><c><d/></c></b></x:a>"), Limits{Depth: 6}, Limit},
		"elements": {"<rss><channel>" + strings.Repeat("<a/>", 20), Limits{Elements: 10}, Limit},
		"bytes":    {inItem("abc"), Limits{Bytes: 20}, TooLarge},
		"prolog":   {strings.Repeat("<!-- -->", 20) + inItem(""), Limits{Prolog: 100}, Limit},
		"prefixes": {inItem("<a:a/><b:b/><c:c/>"), Limits{Namespaces: 2}, Limit},
		"JSON":     {`{"a":[[[]]]}`, Limits{JSONDepth: 3}, Limit},
		"values":   {`{"a":[1,2,3,4,5]}`, Limits{Elements: 4}, Limit},
		"empty":    {" \n", Limits{}, UnknownFormat},
		"a PDF":    {"%PDF-1.4 <rss>", Limits{}, UnknownFormat},
	} {
		_, err := Document([]byte(c.body), Options{Limits: c.lim})
		if e, ok := err.(*Error); !ok || e.Kind != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// TestRepairsAreCounted names what was mended, and nothing for a sound feed.
func TestRepairsAreCounted(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]map[string]int{
		string(newsFeed(2)): nil, string(newsAtom(2)): nil, string(newsJSON(2)): nil,
		"junk" + inItem("<title>a & b &nbsp;<br>&#0;</title></x>"): {"leading-junk": 1, "bare-ampersand": 1, "html-entity": 1, "unclosed": 1, "bad-charref": 1, "end-tag": 1},
		"<rss><channel><item/><item>":                              {"truncated": 1},
		`<rss><item><x:a/></item><channel/><channel/></rss>`:       {"namespace": 1, "structure": 2},
		`<feed xmlns="http://e.org/"/>`:                            {"namespace": 1},
		`[{"id":1}]`:                                               {"foreign-root": 1, "json-type": 1},
	} {
		res, err := Document([]byte(in), Options{})
		if err != nil || !maps.Equal(res.Repairs, want) {
			t.Errorf("%.60s: %v, %v, want %v", in, res.Repairs, err, want)
		}
	}
}
