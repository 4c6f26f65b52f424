package newswire

import "strings"

// textBlocks makes paragraphs of lines: a blank line or an indented one begins
// a new paragraph; lines of a table, which hold runs of spaces or semicolons,
// stay lines.
func textBlocks(s string) []block {
	var out []block
	var para []string
	end := func() {
		if len(para) == 0 {
			return
		}
		if tabular(para) {
			out = append(out, block{kind: "pre", text: strings.Join(para, "\n")})
		} else if t := fields(strings.Join(para, " ")); t != "" {
			out = append(out, block{kind: "paragraph", text: t})
		}
		para = nil
	}
	for l := range strings.Lines(strings.ReplaceAll(cut(s, maxText), "\r", "\n")) {
		l = strings.TrimRight(l, " \t\n")
		bare := strings.TrimLeft(l, " \t")
		if bare == "" {
			end()
			continue
		}
		if strings.HasPrefix(bare, "==") { // Kyodo's sign-off
			end()
		}
		if indent := len(l) - len(bare); indent >= 2 && len(para) > 0 || strings.HasPrefix(l, "\t") {
			if !tabular(append(para, l)) {
				end()
			}
		}
		para = append(para, l)
		if len(out) >= maxBlocks {
			return out
		}
	}
	end()
	return out
}

// telegraphic reports whether one paragraph of markup holds a whole text as a
// telegram sets it: some lines indented to begin a paragraph, others not.
func telegraphic(s string) bool {
	indented, flush := 0, 0
	for l := range strings.Lines(s) {
		l = strings.TrimRight(l, " \t\r\n")
		switch bare := strings.TrimLeft(l, " \t"); {
		case bare == "":
		case len(l)-len(bare) >= 2:
			indented++
		default:
			flush++
		}
	}
	return indented >= 2 && flush >= 3
}

// tabular reports whether lines are rows of a table rather than of prose.
func tabular(lines []string) bool {
	rows := 0
	for _, l := range lines {
		l = strings.TrimSpace(l)
		if strings.Count(l, ";") > 2 || strings.Count(l, "|") > 1 || strings.Contains(l, "   ") || strings.Count(l, "\t") > 1 {
			rows++
		}
	}
	return len(lines) > 1 && rows*2 > len(lines)
}
