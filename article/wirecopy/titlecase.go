package wirecopy

import (
	"strings"
	"unicode"
)

// title turns a name in capitals into one with capital initials: "RIO DE
// JANEIRO" is Rio de Janeiro, "PORT-AU-PRINCE" Port-au-Prince. Anything that is
// not all in capitals is left as it is, and so are initials ("J.D.").
func title(s string) string {
	if !upper(s, 3) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && !strings.ContainsRune(" -/'’‘", rune(s[j])) {
			j++
		}
		b.WriteString(titleWord(s[i:j], i == 0, j < len(s) && s[j] == '\''))
		if j < len(s) {
			b.WriteByte(s[j])
			j++
		}
		i = j
	}
	return b.String()
}

// personal is title for the name of a person or a house: one word alone and
// words without a vowel are abbreviations and stay ("MDR Sachsen", "TPN").
func personal(s string) string {
	if !upper(s, 3) || !strings.ContainsAny(s, " ") {
		return s
	}
	fs := strings.Fields(s)
	for i, w := range fs {
		if vowel(w) || strings.Contains(w, ".") {
			fs[i] = title(w)
			if i > 0 && inList(" von van de del der di da la den al el bin und y e ", strings.ToLower(w)) {
				fs[i] = strings.ToLower(w)
			}
		}
	}
	return strings.Join(fs, " ")
}

func titleWord(w string, first, elided bool) string {
	low := strings.ToLower(w)
	if !first && inList(" de del da das do dos di du des la las los le les au aux am an der den dem of on upon ob im in en y e und et van von al el bin ibn ter ten zu zur ", low) {
		return low
	}
	if strings.Count(w, ".") > 1 || strings.HasSuffix(w, ".") && len(w) == 2 {
		return w
	}
	if rest, ok := strings.CutPrefix(low, "mc"); ok && len(rest) > 2 {
		return "Mc" + capital(rest)
	}
	if elided && len(low) == 1 && low == "d" && !first {
		return low
	}
	return capital(low)
}

func capital(s string) string {
	for i, r := range s {
		if unicode.IsLetter(r) {
			return s[:i] + string(unicode.ToUpper(r)) + s[i+len(string(r)):]
		}
	}
	return s
}
