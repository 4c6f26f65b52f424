package token

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
)

func TestPassword(t *testing.T) {
	t.Parallel()
	strong, err := HashPassword(rand.Reader, "x")
	if err != nil || !strings.HasPrefix(strong, "pbkdf2-sha256:600000:") || !ValidPassword(strong) {
		t.Errorf("%s %v", strong, err)
	}
	hash, err := hashPassword(rand.Reader, "Kork & Möwe", 1000) // the same, sooner
	if err != nil {
		t.Fatal(err)
	}
	if !ValidPassword(hash) || !MatchPassword(hash, "Kork & Möwe") || MatchPassword(hash, "kork & möwe") || MatchPassword(hash, "") {
		t.Errorf("%s does not know its password", hash)
	}
	word, quick, err := New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if !ValidPassword(quick) || !MatchPassword(quick, word) || MatchPassword(quick, word+"x") {
		t.Error("a token is no password")
	}
	salt := strings.Repeat("00", saltBytes)
	for _, bad := range []string{"", "word", slow, slow + "1:" + salt + ":00", slow + "600000:00:00", slow + "99999999999:" + salt + ":" + salt + salt, slow + "600000:" + salt + ":zz", hash + ":"} {
		if ValidPassword(bad) || MatchPassword(bad, "word") {
			t.Errorf("%q is taken for a hash", bad)
		}
	}
	if _, err := HashPassword(bytes.NewReader(nil), "x"); err == nil {
		t.Error("no random bytes are no error")
	}
}
