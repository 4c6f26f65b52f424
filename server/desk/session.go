package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"wireroom/store"
)

// A session is a signed word in a cookie: when it ends, and random bytes. The key
// is made of random bytes in the store, which all replicas share, and of the
// secret: whoever changes the password ends all sessions. A session that was
// left is noted in the store until it would have ended by itself.

// Where the desk keeps what it must remember.
const (
	kind      = "desk"
	keyName   = "key"
	leftBegin = "left/"
)

const nonceBytes = 18

// errForged is a form without the right token.
var errForged = errors.New("not from our own form")

// session is somebody's login; the zero session is nobody's.
type session struct {
	key   []byte
	nonce string
	ends  time.Time
}

func (s *session) good() bool { return s.nonce != "" }

// token is what the forms of this session carry.
func (s *session) token() string { return encode(sign(s.key, "form", s.nonce)) }

func (s *session) sent(token string) bool {
	return s.good() && hmac.Equal([]byte(token), []byte(s.token()))
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// sign is a MAC of parts, none of which has a zero byte.
func sign(key []byte, parts ...string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(strings.Join(parts, "\x00")))
	return m.Sum(nil)
}

// word is the session as the cookie holds it: the end and the random bytes, and
// the signature of both.
func (s *session) word() string {
	return s.nonce + "." + encode(sign(s.key, "session", s.nonce))
}

// open reads a cookie's word; false if it is not one of ours or has ended.
func open(key []byte, word string, now time.Time) (session, bool) {
	nonce, mac, ok := strings.Cut(word, ".")
	if !ok || !hmac.Equal([]byte(mac), []byte(encode(sign(key, "session", nonce)))) {
		return session{}, false
	}
	b, err := base64.RawURLEncoding.DecodeString(nonce)
	if err != nil || len(b) != 8+nonceBytes {
		return session{}, false
	}
	ends := time.Unix(int64(binary.BigEndian.Uint64(b)), 0).UTC()
	return session{key: key, nonce: nonce, ends: ends}, ends.After(now)
}

// begin makes a session.
func (d *Desk) begin(ctx context.Context) (session, error) {
	key, err := d.key(ctx)
	if err != nil {
		return session{}, err
	}
	b := make([]byte, 8+nonceBytes)
	if _, err := io.ReadFull(d.Random, b[8:]); err != nil {
		return session{}, fmt.Errorf("begin a session: %w", err)
	}
	ends := d.Now().Add(d.Secret().Session)
	binary.BigEndian.PutUint64(b, uint64(ends.Unix()))
	return session{key: key, nonce: encode(b), ends: ends}, nil
}

// session is the one that a request shows.
func (d *Desk) session(r *http.Request) (session, error) {
	c, err := r.Cookie(d.cookieName(r))
	if err != nil {
		return session{}, nil // nobody
	}
	key, err := d.key(r.Context())
	if err != nil {
		return session{}, err
	}
	s, ok := open(key, c.Value, d.Now())
	if !ok {
		return session{}, nil
	}
	_, err = d.Store.Document(r.Context(), kind, leftBegin+s.nonce)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return s, nil
	case err != nil:
		return session{}, fmt.Errorf("look for the session: %w", err)
	}
	return session{}, nil // it was left
}

// end makes a session worthless, and forgets those that have ended by themselves.
func (d *Desk) end(ctx context.Context, s session) error {
	doc := store.Document{Kind: kind, Key: leftBegin + s.nonce, Due: s.ends, Body: []byte("{}")}
	if err := d.Store.Put(ctx, []store.Document{doc}); err != nil && !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("end the session: %w", err)
	}
	old, _, err := d.Store.DueDocuments(ctx, kind, d.Now(), 100)
	if err == nil && len(old) > 0 {
		err = d.Store.Delete(ctx, old)
	}
	if err != nil && !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("forget old sessions: %w", err)
	}
	return nil
}

// key is the one that signs, made of what the store has and of the secret.
func (d *Desk) key(ctx context.Context) ([]byte, error) {
	doc, err := d.Store.Document(ctx, kind, keyName)
	if errors.Is(err, store.ErrNotFound) {
		b := make([]byte, sha256.Size)
		if _, err := io.ReadFull(d.Random, b); err != nil {
			return nil, fmt.Errorf("make the desk's key: %w", err)
		}
		err = d.Store.Put(ctx, []store.Document{{Kind: kind, Key: keyName, Body: []byte(encode(b))}})
		if err != nil && !errors.Is(err, store.ErrConflict) { // another replica was first
			return nil, fmt.Errorf("keep the desk's key: %w", err)
		}
		doc, err = d.Store.Document(ctx, kind, keyName)
		if err != nil {
			return nil, fmt.Errorf("read the desk's key: %w", err)
		}
	} else if err != nil {
		return nil, fmt.Errorf("read the desk's key: %w", err)
	}
	secret := d.Secret()
	return sign(doc.Body, "desk", secret.Password, secret.Hash), nil
}

// secure reports whether the browser speaks HTTPS with us or with our proxy.
func (d *Desk) secure(r *http.Request) bool {
	return r.TLS != nil || strings.HasPrefix(d.Base(), "https://")
}

// cookieName has the prefix that makes browsers refuse the cookie from anybody
// but this very host over HTTPS (RFC 6265bis, section 4.1.3.2).
func (d *Desk) cookieName(r *http.Request) string {
	if d.secure(r) {
		return "__Host-wireroom-desk"
	}
	return "wireroom-desk"
}

func (d *Desk) cookie(r *http.Request, word string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: d.cookieName(r), Value: word, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: d.secure(r), SameSite: http.SameSiteStrictMode,
	}
}
