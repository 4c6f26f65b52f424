package desk

import (
	"fmt"
	"strings"
	"time"

	"wireroom/server/control"
)

// bar is a rectangle of a picture, in its own units.
type bar struct {
	X, Y, W, H int
	Class      string // colours are the style's
	Title      string
}

// strip are the last polls as cells: their height and colour say how each ended.
type strip struct {
	Width, Height int
	Cells         []bar
	Text          string // the same in words
}

const (
	cellWidth   = 6
	stripHeight = 20
)

// stripOf draws a history. A failed poll is a full cell, one with news nearly
// full, one without is low, so that colour is not all that tells them apart.
func stripOf(history []control.Poll) strip {
	s := strip{Width: max(len(history), 1)*cellWidth - 1, Height: stripHeight}
	news, failed := 0, 0
	for i := range history {
		p := &history[i]
		c := bar{X: i * cellWidth, W: cellWidth - 1, H: 8, Class: "quiet", Title: day(p.At) + ": " + control.Outcome(p)}
		switch {
		case p.Failed():
			failed++
			c.H, c.Class = stripHeight, "bad"
		case p.New+p.Updated > 0:
			news++
			c.H, c.Class = 15, "news"
			c.Title += fmt.Sprintf(", %d new, %d updated", p.New, p.Updated)
		}
		c.Y = stripHeight - c.H
		s.Cells = append(s.Cells, c)
	}
	switch n := len(history); {
	case n == 0:
		s.Text = "Not polled yet"
	default:
		s.Text = fmt.Sprintf("The last %d polls: %d with news, %d failed; the last: %s", n, news, failed, control.Outcome(&history[n-1]))
	}
	return s
}

// chart is a picture of bars with a table of the same numbers.
type chart struct {
	Title, Text   string
	Width, Height int
	Bars          []bar
	Marks         []mark // along the bottom
	Most          string // what the full height is
	Legend        []legend
	Head          []string
	Rows          [][]string
	Note          string
}

type mark struct {
	X    int
	Text string
}

type legend struct{ Class, Text string }

const (
	sparkWidth  = 84
	sparkHeight = 20
)

// spark draws counts by the day, the first of which is first.
func spark(counts []int, first time.Time) chart {
	c := chart{Width: sparkWidth, Height: sparkHeight}
	most := 1
	for _, n := range counts {
		most = max(most, n)
	}
	words := make([]string, len(counts))
	step := sparkWidth / daysShown
	for i, n := range counts {
		words[i] = fmt.Sprint(n)
		h := (n*sparkHeight + most - 1) / most
		date := first.AddDate(0, 0, i).Format("2 Jan")
		class := "news"
		if n == 0 {
			class = "quiet"
		}
		c.Bars = append(c.Bars, bar{X: sparkWidth - (len(counts)-i)*step, Y: sparkHeight - max(h, 1), W: step - 1, H: max(h, 1), Class: class, Title: fmt.Sprintf("%s: %d", date, n)})
	}
	c.Text = "Articles a day, until today: " + strings.Join(words, ", ")
	if len(counts) == 0 {
		c.Text = "Too many articles to be counted here"
	}
	return c
}

// unknown is a number that nobody knows.
const unknown = -1

// series are numbers of one kind along a chart, each not below zero, or unknown.
type series struct {
	Name   string
	Class  string
	Values []int
}

const (
	plotWidth  = 480
	plotHeight = 120
)

// stacked draws series on top of one another. Each column has a label; every
// nth is written below. The picture is at least so high that most fits.
func stacked(title string, labels []string, every, most int, list []series) chart {
	c := chart{Title: title, Width: plotWidth, Height: plotHeight}
	sums := make([]int, len(labels))
	for _, s := range list {
		for i, n := range s.Values {
			sums[i] += max(n, 0)
			most = max(most, sums[i])
		}
	}
	step := plotWidth / max(len(labels), 1)
	at := make([]int, len(labels)) // what is drawn already
	for _, s := range list {
		c.Legend = append(c.Legend, legend{s.Class, s.Name})
		for i, n := range s.Values {
			if n <= 0 {
				continue
			}
			low, high := at[i]*plotHeight/most, (at[i]+n)*plotHeight/most
			at[i] += n
			c.Bars = append(c.Bars, bar{X: i * step, Y: plotHeight - high, W: max(step-2, 1), H: max(high-low, 1), Class: s.Class, Title: fmt.Sprintf("%s, %s: %d", labels[i], s.Name, n)})
		}
	}
	c.Head = []string{""}
	for _, s := range list {
		c.Head = append(c.Head, s.Name)
	}
	total := 0
	for i, l := range labels {
		row := []string{l}
		for _, s := range list {
			cell := "–"
			if n := s.Values[i]; n != unknown {
				cell = fmt.Sprint(n)
			}
			row = append(row, cell)
		}
		c.Rows = append(c.Rows, row)
		total += sums[i]
		if i%every == 0 {
			c.Marks = append(c.Marks, mark{i * step, l})
		}
	}
	c.Most = fmt.Sprint(most)
	c.Text = fmt.Sprintf("%s: %d in all, at most %d; the table has the numbers", title, total, most)
	return c
}
