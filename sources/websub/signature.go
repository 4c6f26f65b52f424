package websub

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"hash"
	"strings"
)

// ErrSignature is a push that its hub did not sign with the secret.
var ErrSignature = errors.New("the signature is missing or wrong")

// Method is how a push was signed.
type Method string

// The methods of WebSub §7.1. SHA-1 is taken because many hubs know no other; a
// forger would have to break HMAC with it, which nobody has.
const (
	SHA1   Method = "sha1"
	SHA256 Method = "sha256"
	SHA384 Method = "sha384"
	SHA512 Method = "sha512"
)

func (m Method) hash() func() hash.Hash {
	switch m {
	case SHA1:
		return sha1.New
	case SHA256:
		return sha256.New
	case SHA384:
		return sha512.New384
	case SHA512:
		return sha512.New
	}
	return nil
}

// Verify checks an X-Hub-Signature header ("method=hex") against the body, byte
// for byte as it came, in constant time.
func Verify(secret, signature string, body []byte) (Method, error) {
	name, digest, found := strings.Cut(strings.TrimSpace(signature), "=")
	method := Method(strings.ToLower(strings.TrimSpace(name)))
	algorithm := method.hash()
	if !found || algorithm == nil || secret == "" {
		return "", ErrSignature
	}
	got, err := hex.DecodeString(strings.TrimSpace(digest))
	if err != nil {
		return "", ErrSignature
	}
	mac := hmac.New(algorithm, []byte(secret))
	mac.Write(body)
	if !hmac.Equal(got, mac.Sum(nil)) {
		return "", ErrSignature
	}
	return method, nil
}
