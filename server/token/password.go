package token

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A password is chosen by people and can be guessed, so its hash is slow: PBKDF2
// with SHA-256 (RFC 8018, section 5.2), as often as OWASP asks for.
const (
	slow       = "pbkdf2-sha256:"
	rounds     = 600_000
	mostRounds = 10_000_000
)

// HashPassword makes the hash of a password: pbkdf2-sha256:ROUNDS:SALT:DIGEST.
func HashPassword(random io.Reader, word string) (string, error) {
	return hashPassword(random, word, rounds)
}

func hashPassword(random io.Reader, word string, n int) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	sum, err := pbkdf2.Key(sha256.New, word, salt, n, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return slow + strconv.Itoa(n) + ":" + hex.EncodeToString(salt) + ":" + hex.EncodeToString(sum), nil
}

// parseSlow takes a hash of HashPassword apart.
func parseSlow(hash string) (n int, salt, sum []byte, ok bool) {
	rest, ok := strings.CutPrefix(hash, slow)
	part := strings.Split(rest, ":")
	if !ok || len(part) != 3 {
		return 0, nil, nil, false
	}
	n, err := strconv.Atoi(part[0])
	if err != nil || n < 1000 || n > mostRounds {
		return 0, nil, nil, false
	}
	salt, err = hex.DecodeString(part[1])
	if err != nil || len(salt) < saltBytes {
		return 0, nil, nil, false
	}
	sum, err = hex.DecodeString(part[2])
	return n, salt, sum, err == nil && len(sum) == sha256.Size
}

// ValidPassword reports whether hash is one of a password or of a token.
func ValidPassword(hash string) bool {
	_, _, _, ok := parseSlow(hash)
	return ok || Valid(hash)
}

// MatchPassword reports whether word is the password, or the token, with that
// hash. That of a password takes about a fifth of a second.
func MatchPassword(hash, word string) bool {
	n, salt, sum, ok := parseSlow(hash)
	if !ok {
		return Match(hash, word)
	}
	got, err := pbkdf2.Key(sha256.New, word, salt, n, sha256.Size)
	return err == nil && subtle.ConstantTimeCompare(sum, got) == 1
}
