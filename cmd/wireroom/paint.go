package main

import (
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// painter writes for people: folded to the terminal's width, and in colours only
// where a terminal shows them and NO_COLOR (no-color.org) is not set.
type painter struct {
	w      io.Writer
	colour bool
	width  int // 0: unknown; nothing is folded
}

// Colours (ECMA-48, SGR).
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	faint  = "2"
	bold   = "1"
)

func newPainter(cmd *cobra.Command) *painter { return painterOf(cmd.OutOrStdout(), os.Getenv) }

func painterOf(w io.Writer, getenv func(string) string) *painter {
	p := &painter{w: w}
	f, ok := w.(interface{ Fd() uintptr })
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return p
	}
	p.colour = getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
	if width, _, err := term.GetSize(int(f.Fd())); err == nil {
		p.width = width
	}
	return p
}

// paint colours a text, if there are colours.
func (p *painter) paint(colour, text string) string {
	if !p.colour || colour == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// fold breaks a text between words so that it fits right of an indent. A word
// that is too long for a line keeps one of its own.
func (p *painter) fold(text string, indent int) string {
	room := p.width - indent
	if p.width == 0 || room < 20 {
		return text
	}
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		at := 0
		if i > 0 {
			b.WriteString("\n" + strings.Repeat(" ", indent))
		}
		for word := range strings.FieldsSeq(line) {
			n := columns(word)
			switch {
			case at == 0:
			case at+1+n > room:
				b.WriteString("\n" + strings.Repeat(" ", indent))
				at = 0
			default:
				b.WriteByte(' ')
				at++
			}
			b.WriteString(word)
			at += n
		}
	}
	return b.String()
}
