package sqlite

import (
	"fmt"
	"reflect"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"wireroom/article"
	"wireroom/store/packed"
)

// TestUnpacked: what is asked for again and again is unpacked once, what is no
// longer asked for is let go.
func TestUnpacked(t *testing.T) {
	t.Parallel()
	codec, err := packed.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	pack := func(i int) []byte {
		return codec.Record(nil, &article.Record{ID: fmt.Sprint("tag:x,2026:", i), Headline: fmt.Sprint("Headline ", i)})
	}
	synctest.Test(t, func(t *testing.T) {
		u := unpacked{codec: codec}
		parse := func(i int) article.Record {
			t.Helper()
			got, err := u.parse(pack(i))
			want, err2 := codec.ParseRecord(pack(i))
			if err != nil || err2 != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v, %v", got, err)
			}
			return got
		}
		held := func() int { return len(u.fresh) + len(u.old) }
		first := unsafe.StringData(parse(1).Headline)
		for range 20 {
			time.Sleep(unpackedTime / 3)
			if unsafe.StringData(parse(1).Headline) != first {
				t.Fatal("it was unpacked again")
			}
		}
		parse(2)
		if _, err := u.parse([]byte("x")); err == nil {
			t.Error("damaged bytes were unpacked")
		}
		for range 5 {
			time.Sleep(unpackedTime)
			parse(1)
		}
		if n := held(); n > 2 { // of one record, asked for lately and before
			t.Errorf("%d records are held", n)
		}
		for i := range 2 * unpackedBytes / 2048 {
			parse(i)
		}
		if u.bytes > unpackedBytes+4096 {
			t.Errorf("%d bytes are held", u.bytes)
		}
		time.Sleep(3 * unpackedTime)
		synctest.Wait()
		if n := held(); n > 0 {
			t.Errorf("%d records are held though nobody asks", n)
		}
		u.close()
	})
}
