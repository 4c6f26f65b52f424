package inflate

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	kgzip "github.com/klauspost/compress/gzip"

	"wireroom/internal/need"
)

// documents are bodies of all kinds: text, white space, noise, long and short.
func documents() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	var feed bytes.Buffer
	for i := range 400 {
		fmt.Fprintf(&feed, "<item><title>Item %d</title><guid>urn:%x</guid><description>", i, r.Uint64())
		for range 120 {
			fmt.Fprintf(&feed, "word%d ", r.IntN(3000))
		}
		feed.WriteString("</description></item>\n")
	}
	noise := make([]byte, 200_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	skewed := make([]byte, 200_000) // codes of all lengths
	for i := range skewed {
		skewed[i] = byte(min(255, r.ExpFloat64()*12))
	}
	docs := map[string][]byte{
		"none": nil, "one": []byte("x"), "feed": feed.Bytes(), "short feed": feed.Bytes()[:700], "noise": noise, "skewed": skewed,
		"blank": bytes.Repeat([]byte(" "), 300_000), "two": bytes.Repeat([]byte("ab"), 5000), "all": noise[:0:0],
	}
	for i := range 256 {
		docs["all"] = append(docs["all"], byte(i))
	}
	for _, d := range []int{3, 7, 8, 9, 15, 16, 17, 31} {
		docs[fmt.Sprint("every ", d)] = bytes.Repeat(noise[:d], 1000)
	}
	return docs
}

func pack(t testing.TB, level int, parts ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range parts {
		if _, err := z.Write(p); err != nil {
			t.Fatal(err)
		}
		if i < len(parts)-1 {
			if err := z.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLevels(t *testing.T) {
	t.Parallel()
	var d Decoder
	for name, doc := range documents() {
		out := make([]byte, 3, len(doc)+3+Slack)
		for _, level := range []int{gzip.HuffmanOnly, 0, 1, 4, 6, 9} {
			for _, parts := range [][][]byte{{doc}, {doc[:len(doc)/3], doc[len(doc)/3 : len(doc)/2], doc[len(doc)/2:]}} {
				packed := pack(t, level, parts...)
				body, ok := d.Gzip(out, packed)
				if !ok || !bytes.Equal(body[3:], doc) {
					t.Errorf("%s, level %d, %d parts: %v, %d bytes", name, level, len(parts), ok, len(body))
				}
				if level == 6 && len(doc) > 0 {
					if _, ok := d.Gzip(make([]byte, 0, len(doc)-1+Slack), packed); ok {
						t.Errorf("%s: more than there is room for", name)
					}
				}
			}
		}
	}
	if body, ok := d.Gzip(make([]byte, 0, 1000), append(pack(t, 6, []byte("ab")), pack(t, 0, []byte("cd"))...)); !ok || string(body) != "abcd" {
		t.Errorf("two members: %q, %v", body, ok)
	}
	if _, ok := d.Gzip(nil, pack(t, 6)); ok {
		t.Error("no room at all")
	}
}

func TestCorpora(t *testing.T) {
	t.Parallel()
	var d Decoder
	for _, folder := range []string{"feeds", "hostile"} {
		err := filepath.WalkDir(need.Corpora(t, folder), func(name string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			doc, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			doc = doc[:min(len(doc), 1<<20)]
			for _, level := range []int{gzip.HuffmanOnly, 0, 1, 6, 9} {
				body, ok := d.Gzip(make([]byte, 0, len(doc)+Slack), pack(t, level, doc))
				if !ok || !bytes.Equal(body, doc) {
					t.Errorf("%s, level %d: %v, %d bytes", name, level, ok, len(body))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Whatever is not whole and right is refused, as the library refuses it.
func TestDamaged(t *testing.T) {
	t.Parallel()
	doc := documents()["feed"][:8000]
	var d Decoder
	out := make([]byte, 0, 1<<20)
	r := rand.New(rand.NewPCG(3, 4))
	for _, level := range []int{gzip.HuffmanOnly, 0, 1, 6} {
		packed := pack(t, level, doc[:3000], doc[3000:])
		for i := range packed {
			if _, ok := d.Gzip(out, packed[:i:i]); ok {
				t.Fatalf("level %d, cut at %d of %d", level, i, len(packed))
			}
		}
		for range 500 {
			bad := bytes.Clone(packed)
			for range 1 + r.IntN(3) {
				bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
			}
			body, ok := d.Gzip(out, bad)
			z, err := kgzip.NewReader(bytes.NewReader(bad))
			var want []byte
			if err == nil {
				want, err = io.ReadAll(z)
			}
			if ok != (err == nil) || ok && !bytes.Equal(body, want) {
				t.Fatalf("level %d: %v, want %v", level, ok, err)
			}
		}
		if _, ok := d.Gzip(out, append(packed, 0)); ok {
			t.Error("bytes that follow")
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	plain := pack(t, 6, []byte("hello"))
	with := func(flags byte, fields string) []byte {
		b := append(bytes.Clone(plain[:10]), fields...)
		b[3] = flags
		return append(b, plain[10:]...)
	}
	tests := []struct {
		name   string
		packed []byte
		ok     bool
	}{
		{"plain", plain, true},
		{"text", with(1, ""), true},
		{"extra", with(4, "\x03\x00abc"), true},
		{"name", with(8, "feed.xml\x00"), true},
		{"comment", with(16, "\x00"), true},
		{"all", with(1|4|8|16, "\x00\x00n\x00c\x00"), true},
		{"a checksum", with(2, "\x00\x00"), false},
		{"reserved", with(32, ""), false},
		{"a long name", with(8, strings.Repeat("n", 600)+"\x00"), false},
		{"an endless name", with(8, "")[:12], false},
		{"extra beyond the end", with(4, "\xff\xff"), false},
		{"half of extra's length", with(4, "\x01")[:11], false},
		{"another method", append([]byte{0x1f, 0x8b, 7}, plain[3:]...), false},
		{"no gzip", []byte("<rss version=\"2.0\"></rss>"), false},
		{"nothing", nil, false},
	}
	var d Decoder
	for _, tt := range tests {
		body, ok := d.Gzip(make([]byte, 0, 1000), tt.packed)
		if ok != tt.ok || ok && string(body) != "hello" {
			t.Errorf("%s: %q, %v", tt.name, body, ok)
		}
	}
}

func TestAllocations(t *testing.T) {
	doc := documents()["feed"]
	packed := pack(t, 6, doc)
	packed = append(packed, make([]byte, Pad)...)[:len(packed)]
	out := make([]byte, 0, len(doc)+Slack)
	var d Decoder
	if n := testing.AllocsPerRun(10, func() { d.Gzip(out, packed) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// A stream is taken by both, with the same bytes, or by neither.
func FuzzAgainstFlate(f *testing.F) {
	for _, doc := range documents() {
		for _, level := range []int{flate.HuffmanOnly, 0, 1, 9} {
			packed := pack(f, level, doc[:len(doc)/3], doc[len(doc)/3:])
			if packed = packed[10 : len(packed)-8]; len(packed) < 4000 {
				f.Add(packed)
			}
		}
	}
	f.Add([]byte{0x04, 0xc0, 0x81, 0x08, 0, 0, 0, 0, 0x20, 0x7f, 0xeb, 0x0b, 0, 0}) // codes that are one bit or none
	f.Fuzz(func(t *testing.T, stream []byte) {
		const most = 1 << 20
		rest := bytes.NewReader(stream)
		want, err := io.ReadAll(io.LimitReader(flate.NewReader(rest), most+1))
		if len(want) > most {
			return // more than the room that is given below
		}
		if err == nil {
			stream = stream[:len(stream)-rest.Len()]
		}
		packed := append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}, stream...)
		packed = binary.LittleEndian.AppendUint32(packed, crc32.ChecksumIEEE(want))
		packed = binary.LittleEndian.AppendUint32(packed, uint32(len(want)))
		var d Decoder
		body, ok := d.Gzip(make([]byte, 0, most+Slack), packed)
		if ok != (err == nil) || ok && !bytes.Equal(body, want) {
			t.Errorf("%v, %d bytes, want %v, %d bytes", ok, len(body), err, len(want))
		}
	})
}

func BenchmarkGzip(b *testing.B) {
	doc := documents()["feed"][:58_000]
	packed := pack(b, 6, doc)
	packed = append(packed, make([]byte, Pad)...)[:len(packed)]
	out := make([]byte, 0, len(doc)+Slack)
	b.Run("own", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		var d Decoder
		for b.Loop() {
			d.Gzip(out, packed)
		}
	})
	b.Run("library", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		var z kgzip.Reader
		for b.Loop() {
			if err := z.Reset(bytes.NewReader(packed)); err != nil {
				b.Fatal(err)
			}
			if _, err := io.ReadFull(&z, out[:len(doc)]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
