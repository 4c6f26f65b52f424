package main

import (
	"io"
	"os"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"wireroom/article"
)

// grid is a table for people. On a terminal it is made to fit: the widest columns
// give way first. Elsewhere nothing is cut but what no line can hold.
type grid struct {
	p     *painter
	rows  [][]string
	whole []int                                // columns that are never cut
	tint  func(column int, cell string) string // the colour of a cell; nil: none
}

const (
	gap      = 2
	maxCell  = 200 // bytes, where the width is not known
	minCell  = 4   // columns don't get narrower
	ellipsis = "…"
)

func table(w io.Writer, head ...string) *grid {
	g := &grid{p: painterOf(w, os.Getenv)}
	g.row(head...)
	return g
}

func (g *grid) row(cells ...string) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = tidy(article.Cut(c, 4*maxCell))
		if g.p.width == 0 && !slices.Contains(g.whole, i) {
			row[i] = article.Cut(row[i], maxCell)
		}
		if row[i] == "" {
			row[i] = "-"
		}
	}
	g.rows = append(g.rows, row)
}

// tidy makes one line of a text and leaves nothing in it that a terminal obeys.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

func (g *grid) flush() error {
	widths := g.widths()
	var b strings.Builder
	for i, row := range g.rows {
		for j, cell := range row {
			text := shorten(cell, widths[j])
			pad := strings.Repeat(" ", widths[j]-columns(text)+gap)
			colour := ""
			switch {
			case i == 0:
				colour = bold
			case g.tint != nil:
				colour = g.tint(j, cell)
			}
			if j == len(row)-1 {
				pad = ""
			}
			b.WriteString(g.p.paint(colour, text) + pad)
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(g.p.w, b.String())
	return err
}

// widths are those of the columns. If the table is too wide, the widest column
// that may be cut is made narrower until it fits or nothing gives way any more.
func (g *grid) widths() []int {
	w := make([]int, len(g.rows[0]))
	for _, row := range g.rows {
		for j, cell := range row {
			w[j] = max(w[j], columns(cell))
		}
	}
	over := gap * (len(w) - 1)
	for _, n := range w {
		over += n
	}
	if g.p.width == 0 {
		return w
	}
	for over -= g.p.width; over > 0; over-- {
		widest := -1
		for j := range w {
			if w[j] > minCell && !slices.Contains(g.whole, j) && (widest < 0 || w[j] > w[widest]) {
				widest = j
			}
		}
		if widest < 0 {
			break
		}
		w[widest]--
	}
	return w
}

// columns is how many a terminal takes to show s: two for wide characters, none
// for marks.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += columnsOf(r)
	}
	return n
}

func columnsOf(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// shorten cuts s to a width and says so.
func shorten(s string, max int) string {
	if columns(s) <= max {
		return s
	}
	n := 0
	for i, r := range s {
		if n += columnsOf(r); n > max-1 {
			return strings.TrimRight(s[:i], " ") + ellipsis
		}
	}
	return s
}
