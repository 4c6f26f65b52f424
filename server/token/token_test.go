package token

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
)

func TestToken(t *testing.T) {
	t.Parallel()
	word, hash, err := New(rand.Reader)
	if err != nil || len(word) < 40 || strings.Contains(hash, word) || !Valid(hash) {
		t.Fatalf("%q %q %v", word, hash, err)
	}
	other, otherHash, err := New(rand.Reader)
	if err != nil || other == word || otherHash == hash {
		t.Fatalf("twice the same: %q %q %v", other, otherHash, err)
	}
	for _, k := range []struct {
		hash, word string
		want       bool
	}{
		{hash, word, true}, {otherHash, other, true}, {hash, other, false}, {hash, "", false}, {hash, word + " ", false},
		{"", "", false}, {"sha256::", "", false}, {strings.ToUpper(hash[7:]), word, false}, {hash[:len(hash)-2], word, false},
		{strings.Replace(hash, hash[7:9], "zz", 1), word, false}, {word, word, false},
	} {
		if got := Match(k.hash, k.word); got != k.want {
			t.Errorf("%q, %q: %t", k.hash, k.word, got)
		}
	}
	if _, _, err := New(bytes.NewReader(make([]byte, 10))); err == nil {
		t.Error("a token of too few random bytes")
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("sha256:00000000000000000000000000000000:0000000000000000000000000000000000000000000000000000000000000000", "x")
	f.Fuzz(func(t *testing.T, hash, word string) {
		if Match(hash, word) && !Valid(hash) {
			t.Error("matched what is no hash")
		}
	})
}
