package packed

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wireroom/article"
	"wireroom/store"
)

// fill sets every field of a structure to something that is not empty.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString("text " + string(rune('a'+*n%26)))
	case reflect.Int, reflect.Int8, reflect.Int64:
		v.SetInt(int64(*n) * 1001 % (1 << (v.Type().Bits() - 1)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range 3 {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 3 {
			k, x := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(k, n)
			fill(x, n)
			v.SetMapIndex(k, x)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.UnixMilli(int64(1e12 + *n)).UTC()))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	default:
		panic(v.Kind().String() + " is new in a record: teach the codec")
	}
}

func newCodec(t testing.TB) *Codec {
	c, err := NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A field that a record gains and the codec does not know fails this test.
func TestRecordKeepsEveryField(t *testing.T) {
	t.Parallel()
	var want article.Record
	n := 0
	fill(reflect.ValueOf(&want).Elem(), &n)
	want.Changed = 0 // is not kept in it: Changes tells
	c := newCodec(t)
	got, err := c.ParseRecord(c.Record(nil, &want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Ids that follow from the rest are left out, all others kept as they are.
func TestRecordKeepsIDs(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	guid := article.Record{Source: article.Source{ID: "s", GUID: "https://a.example/1"}, Links: article.Links{Canonical: "https://a.example/2"}}
	link := article.Record{Source: article.Source{ID: "s"}, Links: article.Links{Canonical: "https://a.example/2"}}
	for _, test := range []struct {
		r    article.Record
		id   string
		kept bool // verbatim
	}{
		{guid, article.Mint("news.example", "s", "g:https://a.example/1"), false},
		{link, article.Mint("news.example", "s", "l:https://a.example/2"), false},
		{guid, article.Mint("news.example", "other", "g:https://a.example/1"), true},
		{guid, article.Mint("news.example", "s", "l:https://a.example/2"), true},
		{guid, "tag:,2026:aaaaaaaaaaaaaaaaaaaaaaaaaa", true},
		{guid, "tag:news.example", true},
		{article.Record{}, "urn:x", true},
	} {
		test.r.ID = test.id
		got, err := c.ParseRecord(c.Record(nil, &test.r))
		if err != nil || !reflect.DeepEqual(got, test.r) {
			t.Errorf("%s: %+v, %v", test.id, got, err)
		}
		w := coder{writing: true}
		if w.record(&test.r); strings.Contains(string(w.b), test.id) != test.kept {
			t.Errorf("%s: written verbatim %v, want %v", test.id, !test.kept, test.kept)
		}
	}
}

// Usual words and the attribute of cleaned links come back as they were, wherever
// they stand and whatever stands beside them.
func TestRecordKeepsUsualWords(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	for i, w := range usual {
		if place(w) != int64(i+1) {
			t.Errorf("%s has place %d, want %d", w, place(w), i+1)
		}
	}
	link := `<a href="/1"` + linkAttribute + `>one</a>`
	for _, html := range []string{"image", link, link + link, linkAttribute, quote + linkAttribute, linkMark, quote + linkMark, link + linkMark, strings.Repeat(link, 100)} {
		r := article.Record{ID: "page", Status: article.Usable, Language: "en", Headline: "full", Body: article.Body{HTML: html}, Keywords: []string{"text"},
			Images: []article.Media{{Type: "image/jpeg", Role: "lead"}, {Type: "image/other", Role: "follow"}}}
		got, err := c.ParseRecord(c.Record(nil, &r))
		if err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("%+v became %+v, %v", r, got, err)
		}
	}
}

// Texts that follow from the HTML are left out, all others kept as they are, be the
// record short or long, and whichever layout it is in.
func TestRecordKeepsTexts(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	long := strings.Repeat("<p>Ships may enter the harbour again &amp; leave it.</p>\n", 100)
	for _, test := range []struct {
		body article.Body
		kept bool // the text
	}{
		{article.Body{HTML: "<p>A &amp; b</p>", Text: "A & b"}, false},
		{article.Body{HTML: long, Text: article.PlainText(long), WordCount: 900}, false},
		{article.Body{HTML: long, Text: article.PlainText(long) + " More."}, true},
		{article.Body{HTML: "<p>A</p>", Text: "B"}, true},
		{article.Body{HTML: "<p>A</p>"}, false},
		{article.Body{Text: "B"}, true},
		{article.Body{HTML: "<p>A</p>", Text: "A", Sections: []article.Section{{Heading: "H"}}}, true},
	} {
		r := article.Record{ID: "urn:x", Body: test.body}
		b := c.Record(nil, &r)
		got, err := c.ParseRecord(b)
		if err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("%+v became %+v, %v", r, got, err)
		}
		for _, plain := range []article.Plain{article.PlainOf(test.body.HTML), article.PlainOf("<p>Another text</p>"), article.PlainOf("")} {
			if told := c.Told(nil, &r, plain); !bytes.Equal(told, b) {
				t.Errorf("told of %+v, %+v became %x, want %x", plain, r, told, b)
			}
		}
		w := coder{writing: true}
		w.record(&r)
		if d := (coder{text: string(w.b)}); test.body.Text != "" {
			var bare article.Record
			if d.read(func(d *coder) { d.record(&bare) }); (bare.Body.Text != "") != test.kept {
				t.Errorf("%+v: the text is written: %v, want %v", r, !test.kept, test.kept)
			}
		}
		if got, err = c.ParseRecord(c.enc.EncodeAll(w.b, []byte{mintedLayout})); err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("over the dictionary %+v became %+v, %v", r, got, err)
		}
	}
}

// What was written in the first layout must be read for ever.
func TestRecordInItsFirstLayout(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	want := article.Record{ID: article.Mint("news.example", "s", "g:x"), Version: 2, Headline: "A headline", Source: article.Source{ID: "s", GUID: "x"}}
	w := coder{writing: true}
	str(&w, 1, &want.ID)
	bare := want
	bare.ID = ""
	w.record(&bare)
	got, err := c.ParseRecord(c.enc.EncodeAll(w.b, []byte{plainLayout}))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRecordOfNothing(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	got, err := c.ParseRecord(c.Record(nil, &article.Record{}))
	if err != nil || !reflect.DeepEqual(got, article.Record{}) {
		t.Errorf("%+v, %v", got, err)
	}
	epoch := article.Record{Published: time.UnixMilli(0).UTC(), Body: article.Body{Sections: []article.Section{{}, {Heading: "x"}}}}
	if got, err = c.ParseRecord(c.Record(nil, &epoch)); err != nil || !reflect.DeepEqual(got, epoch) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRecordIsTheSameBytesEveryTime(t *testing.T) {
	t.Parallel()
	var r article.Record
	n := 0
	fill(reflect.ValueOf(&r).Elem(), &n)
	a, b := newCodec(t), newCodec(t)
	first := a.Record(nil, &r)
	for range 20 {
		if string(b.Record(nil, &r)) != string(first) {
			t.Fatal("two codecs disagree")
		}
	}
}

// What a newer program may write: fields that this one does not know.
func TestUnknownFieldsArePassedOver(t *testing.T) {
	t.Parallel()
	w := coder{writing: true}
	w.number(900, 5)
	w.put(901, "new")
	at := w.open(902)
	w.put(1, "x")
	w.close(at)
	w.record(&article.Record{ID: "tag:x", Version: 3})
	w.put(903, "new")
	var r article.Record
	d := coder{text: string(w.b)}
	if d.read(func(d *coder) { d.record(&r) }); d.bad || r.ID != "tag:x" || r.Version != 3 {
		t.Errorf("%+v, bad %v", r, d.bad)
	}
}

func TestDamagedRecords(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	good := c.Record(nil, &article.Record{ID: "tag:x", Headline: "A headline that is long enough"})
	for name, b := range map[string][]byte{"empty": nil, "layout": {99}, "cut": good[:len(good)-3], "noise": append([]byte{zstdLayout}, "noise noise"...)} {
		if r, err := c.ParseRecord(b); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	var r article.Record
	for _, text := range []string{"\x01", "\x01\x05a", "\x80", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x00"} {
		d := coder{text: text}
		if d.read(func(d *coder) { d.record(&r) }); !d.bad {
			t.Errorf("%q was read", text)
		}
	}
}

func logs(n int) []store.PollLog {
	at := time.UnixMilli(1_790_000_000_123).UTC()
	var list []store.PollLog
	for i := range n {
		l := store.PollLog{At: at.Add(time.Duration(i) * 901 * time.Millisecond), Took: time.Duration(i) * time.Millisecond, Bytes: int64(i * i), Outcome: []string{"new", "not-modified", "", "dns", "same", "unchanged"}[i%6]}
		l.Status = []int{200, 304, 0, 0, 226, -1}[i%6]
		if i%6 == 0 {
			l.New, l.Updated = i, 1
		}
		list = append(list, l)
	}
	return list
}

func TestHistory(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 6, store.HistoryLen} {
		got, err := ParseHistory(History(logs(n)))
		if err != nil || !cmp.Equal(got, logs(n)) && n > 0 {
			t.Errorf("%d: %v\n%s", n, err, cmp.Diff(logs(n), got))
		}
	}
	got, err := ParseHistory(History(logs(100)))
	if err != nil || !cmp.Equal(got, logs(100)[100-store.HistoryLen:]) {
		t.Errorf("of too many: %v", err)
	}
	zero := []store.PollLog{{Outcome: "x"}, {At: time.UnixMilli(5).UTC()}}
	if got, err = ParseHistory(History(zero)); err != nil || !cmp.Equal(got, zero) {
		t.Errorf("%v %v", got, err)
	}
	usual := make([]store.PollLog, store.HistoryLen)
	for i := range usual {
		usual[i] = store.PollLog{At: logs(1)[0].At.Add(time.Duration(i) * 15 * time.Minute), Took: 80 * time.Millisecond, Outcome: "not-modified", Status: 304, Bytes: 300}
	}
	if n := len(History(usual)); n > 10*store.HistoryLen {
		t.Errorf("a usual history takes %d bytes", n)
	}
}

// A packed history is continued without being unpacked: the result is what packing
// all of it gives.
func TestHistoryGoesOn(t *testing.T) {
	t.Parallel()
	all := logs(2 * store.HistoryLen)
	for n := range len(all) + 1 {
		for _, more := range []int{0, 1, 2, store.HistoryLen, store.HistoryLen + 1} {
			if n+more > len(all) {
				continue
			}
			st := store.State{Past: Past(History(all[:n])), History: all[n : n+more]}
			got := AppendHistory([]byte("x"), st.Past, st.History)
			if want := "x" + string(History(all[:n+more])); string(got) != want {
				t.Fatalf("%d and %d more: %x, want %x", n, more, got, want)
			}
			if diff := cmp.Diff(all[max(0, n+more-store.HistoryLen):n+more], st.Polls(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%d and %d more: %s", n, more, diff)
			}
			if err := Unpack(&st); err != nil || st.Past != nil || len(st.History) != min(n, store.HistoryLen) {
				t.Errorf("unpacked: %v, %d", err, len(st.History))
			}
		}
	}
	damaged := History(all[:3])
	for n := range damaged {
		list, err := ParseHistory(AppendHistory(nil, Past(damaged[:n]), all[3:4]))
		if err != nil || len(list) == 0 || !cmp.Equal(list[len(list)-1], all[3]) {
			t.Errorf("after %d bytes of a damaged one: %v, %v", n, list, err)
		}
	}
}

// A field that a detail gains and the codec does not know fails this test.
func TestDetailKeepsEveryField(t *testing.T) {
	t.Parallel()
	var want store.Detail
	n := 0
	fill(reflect.ValueOf(&want).Elem(), &n)
	want.SkipHours = []int{0, 3} // nothing is left out because it is zero
	for name, b := range map[string][]byte{"packed": appendText(nil, appendDetail(nil, &want)), "JSON, as it was": func() []byte { b, _ := json.Marshal(&want); return b }()} {
		var got store.Detail
		if err := ParseDetail(b, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	first := appendDetail(nil, &want)
	for range 20 { // in no order of its maps
		if !bytes.Equal(appendDetail(nil, &want), first) {
			t.Fatal("equal details are not equal bytes")
		}
	}
	for _, b := range []string{"2", "1=", "1AA", "{", "1//8"} {
		if err := ParseDetail([]byte(b), new(store.Detail)); err == nil {
			t.Errorf("%q was read", b)
		}
	}
}

// What a poll learns changes the hash, whatever it is, and nothing else does.
func TestLearntHash(t *testing.T) {
	t.Parallel()
	full := func() (st store.State) {
		st = store.State{URL: "u", ETag: "e", LastModified: "m", BodyHash: 1, Known: []uint64{1, 2}, Recent: []byte("r"), LastChange: time.UnixMilli(5).UTC()}
		n := 0
		fill(reflect.ValueOf(&st.Detail).Elem(), &n)
		return st
	}
	st := full()
	before := LearntOf(&st).Hash
	d := reflect.TypeFor[store.Detail]()
	for i := range d.NumField() {
		st := full()
		reflect.ValueOf(&st.Detail).Elem().Field(i).SetZero()
		if LearntOf(&st).Hash == before {
			t.Errorf("%s has no part in it", d.Field(i).Name)
		}
	}
	for name, change := range map[string]func(*store.State){
		"url": func(s *store.State) { s.URL = "v" }, "etag": func(s *store.State) { s.ETag = "" }, "last modified": func(s *store.State) { s.LastModified = "n" }, "body": func(s *store.State) { s.BodyHash = 2 },
		"change": func(s *store.State) { s.LastChange = time.UnixMilli(6).UTC() },
	} {
		st := full()
		if change(&st); LearntOf(&st).Hash == before {
			t.Errorf("%s has no part in it", name)
		}
	}
	st.Due, st.LastPoll, st.History, st.Failures = time.UnixMilli(9).UTC(), time.UnixMilli(9).UTC(), logs(2), 3
	st.Known, st.Recent, st.Left = nil, nil, true
	if LearntOf(&st).Hash != before {
		t.Error("a poll without news changes the hash")
	}
}

func TestHashes(t *testing.T) {
	t.Parallel()
	for _, list := range [][]uint64{nil, {0}, {1<<64 - 1, 5, 3}} {
		want := slices.Sorted(slices.Values(list))
		got, err := ParseHashes(Hashes(list))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%v: %v, %v", list, got, err)
		}
	}
	for _, b := range []string{"\x02", "\x011234567", "\x0112345678x"} {
		if got, err := ParseHashes([]byte(b)); err == nil {
			t.Errorf("%q: %v", b, got)
		}
	}
}

// What a damaged file may hold must end in an error, never in a panic or in
// memory without bounds.
func FuzzParse(f *testing.F) {
	c := newCodec(f)
	var r article.Record
	n := 0
	fill(reflect.ValueOf(&r).Elem(), &n)
	f.Add(c.Record(nil, &r))
	f.Add(History(logs(10)))
	f.Add(Hashes([]uint64{1, 2}))
	f.Add([]byte("\x01\x00\x02\x04\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := c.ParseRecord(b); err == nil {
			again, err := c.ParseRecord(c.Record(nil, &r))
			if err != nil || !cmp.Equal(r, again, cmpopts.EquateEmpty()) {
				t.Errorf("%v: %s", err, cmp.Diff(r, again, cmpopts.EquateEmpty()))
			}
		}
		var plain article.Record
		d := coder{text: string(b)}
		d.read(func(d *coder) { d.record(&plain) })
		if list, err := ParseHistory(b); err == nil && len(list) > len(b) {
			t.Errorf("%d entries of %d bytes", len(list), len(b))
		}
		if list, err := ParseHistory(AppendHistory(nil, Past(b), logs(1))); err != nil || len(list) == 0 || len(list) > store.HistoryLen {
			t.Errorf("a history that goes on: %d entries, %v", len(list), err)
		}
		var detail, again store.Detail
		if err := ParseDetail(b, &detail); err == nil {
			if err := ParseDetail(appendText(nil, appendDetail(nil, &detail)), &again); err != nil {
				t.Errorf("a detail: %v", err)
			}
		}
		if list, err := ParseHashes(b); err == nil && len(list) > len(b)/8 {
			t.Errorf("%d hashes of %d bytes", len(list), len(b))
		}
	})
}
