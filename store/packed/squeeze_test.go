package packed

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"wireroom/article"
)

// squeezed is text on its way out.
func squeezed(text []byte) []byte { return squeeze(nil, append(bytes.Clone(common), text...)) }

// unsqueezed is text on its way back.
func unsqueezed(b []byte) ([]byte, error) {
	text, err := unsqueeze(bytes.Clone(common), b)
	if err != nil {
		return nil, err
	}
	return text[len(common):], nil
}

func texts(t testing.TB) (list [][]byte) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 5000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	words, err := os.ReadFile("dictionary.txt")
	if err != nil {
		t.Fatal(err)
	}
	list = [][]byte{noise, words, common, append(bytes.Clone(common), common...), bytes.Repeat([]byte("a"), longestText), []byte(strings.Repeat("abcdefg", 50) + "x"), []byte(strings.Repeat("\x00", 300))}
	for n := range 40 {
		list = append(list, noise[:n], words[:n], bytes.Repeat([]byte("ab"), n))
	}
	return list
}

func TestSqueeze(t *testing.T) {
	t.Parallel()
	for _, text := range texts(t) {
		b := squeezed(text)
		if got, err := unsqueezed(b); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d bytes came back as %d, %v", len(text), len(got), err)
		}
		if most := 3 + len(text) + len(text)/2; len(b) > most {
			t.Errorf("%d bytes became %d", len(text), len(b))
		}
		for name, damaged := range map[string][]byte{"shorter": b[:len(b)-1], "longer": append(bytes.Clone(b), 0)} {
			if got, err := unsqueezed(damaged); err == nil && !(name == "shorter" && len(text) == 0) {
				t.Errorf("%d bytes, %s: came back as %d", len(text), name, len(got))
			}
		}
	}
	for _, b := range [][]byte{nil, {0x80}, {0xff, 0xff, 0xff, 0xff, 0x7f}, {200, 1}} {
		if got, err := unsqueezed(b); err == nil {
			t.Errorf("%x came back as %q", b, got)
		}
	}
}

// What is written once is read for ever, so neither the codes nor the common words may
// change.
func TestSqueezedBefore(t *testing.T) {
	t.Parallel()
	const before = "05b501f58f8894ee50ee8749a41a0b730bdb76dc36555b5fdb70f9e2275c47beed4a0fcfae600da04e648f983142743ebf295c727267b17b29932220a70158237bc48c91916fbbd28352126d209018c48c9f0252e769323e78f9badde39f905388ec77ced2eed6ced96237"
	b, err := hex.DecodeString(before)
	if err != nil {
		t.Fatal(err)
	}
	r := article.Record{ID: "tag:news.example,2026:x", Version: 1, Status: article.Usable, Language: "en", Headline: "Harbour reopens after the storm",
		Body: article.Body{HTML: `<p>Ships may enter the harbour again, said the <a href="https://www.example.com/harbour" rel="noopener noreferrer nofollow ugc">harbour master</a>.</p>`}}
	c := newCodec(t)
	if got, err := c.ParseRecord(b); err != nil || got.ID != r.ID || got.Headline != r.Headline || got.Body.HTML != r.Body.HTML {
		t.Errorf("%+v, %v; now it would be %x", got, err, c.Record(nil, &r))
	}
}

func TestLongAndForeignRecords(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	for text, layout := range map[string]byte{
		strings.Repeat("Ships ", 1000): squeezedLayout, strings.Repeat("Ships ", 2000): zstdLayout,
		strings.Repeat("Überfällige Schiffe ", 100): squeezedLayout, strings.Repeat("Корабли ", 100): zstdLayout,
	} {
		b := c.Record(nil, &article.Record{ID: "urn:x", Standfirst: text})
		if got, err := c.ParseRecord(b); err != nil || got.Standfirst != text || b[0] != layout {
			t.Errorf("%.10s: layout %d, %v", text, b[0], err)
		}
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	for _, lengths := range []string{symbolLengths, distanceLengths} {
		codes, table := codesOf(lengths)
		for bits, c := range table {
			if n := c.length(); n == 0 || codes[c.value()].length() != n || codes[c.value()].value() != uint64(bits)&(1<<n-1) {
				t.Errorf("%012b is %d of %d bits", bits, c.value(), n)
			}
		}
	}
	for n := range uint(1 << 16) {
		class, open := classOf(n)
		if least, again := leastOf(class); open != again || uint64(n) < least || uint64(n) >= least+1<<open || class >= len(distanceLengths) || matches+class >= len(symbolLengths) {
			t.Fatalf("%d has class %d, from %d, %d bits open", n, class, least, open)
		}
	}
}

// Whatever is read ends in an error or within its bounds, and what is written comes back.
func FuzzSqueeze(f *testing.F) {
	for _, text := range texts(f) {
		f.Add(text[:min(len(text), 1000)])
		f.Add(squeezed(text[:min(len(text), 1000)]))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if text, err := unsqueezed(b); err == nil && len(text) > longestText {
			t.Errorf("%d bytes became %d", len(b), len(text))
		}
		if len(b) > longestText {
			return
		}
		if got, err := unsqueezed(squeezed(b)); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%q came back as %q, %v", b, got, err)
		}
	})
}
