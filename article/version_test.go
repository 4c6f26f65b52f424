package article

import (
	"strings"
	"testing"

	"github.com/cespare/xxhash/v2"
)

// What is hashed whole is hashed as if it had been word by word: prints are stored.
func TestFold(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", " ", "a", "a ", " a", "a b", "a  b", "a\nb", "a\n\nb", "\n", "a \n b", "a\n", "\na", "a\tb", "a\r\nb", "naïve words", "über\nplain", "a\u00a0b", "DEL\x7f",
		strings.Repeat("long lines of plain words ", 40), strings.Repeat("lines\nof plain words", 40), strings.Repeat("ä", 600), "eight ch eight ch\nnine char!",
	} {
		var got, want xxhash.Digest
		got.Reset()
		want.Reset()
		fold(&got, s)
		for _, word := range strings.Fields(s) {
			want.WriteString(word + " ")
		}
		want.WriteString("\x00")
		if got.Sum64() != want.Sum64() {
			t.Errorf("%q is hashed otherwise", s)
		}
	}
}
