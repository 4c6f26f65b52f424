package article

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
)

// maxKey is the longest raw id kept verbatim in a key, in bytes; longer ones
// are replaced by their SHA-256.
const maxKey = 2 << 10

// Key is the identity of an item within its source: the raw id verbatim, else
// the canonical link, else a hash of headline and date text. The prefix keeps
// the kinds apart, so that a link can't pose as an id. Empty if there is nothing
// to go by.
func Key(guid, link, headline, date string) string {
	switch {
	case guid != "":
		return "g:" + bounded(guid)
	case link != "":
		return "l:" + bounded(link)
	case headline != "" || date != "":
		h := sha256.Sum256([]byte(headline + "\x00" + date))
		return "h:" + hex.EncodeToString(h[:16])
	}
	return ""
}

// LinkedKey is the identity of an item in a source whose raw ids are known to
// repeat within one document: the id alone does not tell its items apart.
func LinkedKey(guid, link, headline, date string) string {
	rest := Key("", link, headline, date)
	if guid == "" {
		return rest
	}
	return "g:" + bounded(guid) + "\x00" + rest
}

func bounded(s string) string {
	if len(s) <= maxKey {
		return s
	}
	h := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(h[:])
}

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Mint makes the id of an article at first sight: a tag URI (RFC 4151) whose
// specific part is 26 characters of base32. It depends on nothing but its
// arguments, so replicas agree and a rebuilt store gives the same ids. The date
// is fixed: a tag's date only has to be one on which the authority was ours.
func Mint(authority, source, key string) string {
	var space [256]byte
	h := sha256.Sum256(append(append(append(space[:0], source...), 0), key...))
	var letters [32]byte
	idEncoding.Encode(letters[:], h[:20])
	return "tag:" + authority + ",2026:" + string(letters[:26])
}

// ShortID is the part of a tag URI after its last colon: what stands in the
// address of an article's page. Anything else is returned unchanged.
func ShortID(id string) string {
	if !strings.HasPrefix(id, "tag:") {
		return id
	}
	return id[strings.LastIndexByte(id, ':')+1:]
}
