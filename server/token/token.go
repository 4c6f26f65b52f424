// Package token makes the words that open private feeds, and recognises them.
// Out goes a word of 192 random bits and a salted hash of it; only the hash is
// kept. A word that nobody can guess needs no slow hash, and a feed reader sends
// it with every poll. It never sees requests.
package token

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

const (
	prefix    = "sha256:"
	saltBytes = 16
	wordBytes = 24
)

// New makes a word and its hash from a source of random bytes.
func New(random io.Reader) (word, hash string, err error) {
	var b [saltBytes + wordBytes]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", "", fmt.Errorf("make a token: %w", err)
	}
	word = "wr_" + hex.EncodeToString(b[saltBytes:])
	return word, prefix + hex.EncodeToString(b[:saltBytes]) + ":" + hex.EncodeToString(digest(b[:saltBytes], word)), nil
}

func digest(salt []byte, word string) []byte {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte(word))
	return h.Sum(nil)
}

// parse takes a hash apart: sha256:SALT:DIGEST, in hexadecimal.
func parse(hash string) (salt, sum []byte, ok bool) {
	rest, ok := strings.CutPrefix(hash, prefix)
	if !ok {
		return nil, nil, false
	}
	a, b, ok := strings.Cut(rest, ":")
	if !ok {
		return nil, nil, false
	}
	salt, err := hex.DecodeString(a)
	if err != nil || len(salt) < saltBytes {
		return nil, nil, false
	}
	sum, err = hex.DecodeString(b)
	return salt, sum, err == nil && len(sum) == sha256.Size
}

// Valid reports whether hash is one that New could have made.
func Valid(hash string) bool {
	_, _, ok := parse(hash)
	return ok
}

// Match reports whether word is the one with that hash. It takes equally long
// for every word of one length.
func Match(hash, word string) bool {
	salt, sum, ok := parse(hash)
	return ok && subtle.ConstantTimeCompare(sum, digest(salt, word)) == 1
}
