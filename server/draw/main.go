// Command draw makes the pictures of feeds and pages: a W over a wire.
// `go generate ./server` runs it; what it makes is committed.
package main

import (
	"image"
	"image/color"
	"image/png"
	"log"
	"math"
	"os"
	"path/filepath"
)

var (
	paper = color.NRGBA{0xfb, 0xfa, 0xf6, 0xff}
	mark  = color.NRGBA{0x8c, 0x1c, 0x13, 0xff}
)

func main() {
	for name, size := range map[string]image.Point{
		"icon.png": {512, 512}, "favicon.png": {64, 64}, "logo.png": {512, 256}, "badge.png": {144, 72},
	} {
		if err := write(filepath.Join(os.Args[1], name), picture(size)); err != nil {
			log.Fatal(err)
		}
	}
}

func write(name string, img image.Image) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(f, img); err != nil {
		return err
	}
	return f.Close()
}

// picture has two colours and the shades between them, so that it packs well.
func picture(size image.Point) image.Image {
	const shades = 16
	var palette color.Palette
	for i := range shades {
		palette = append(palette, mix(float64(i)/(shades-1)))
	}
	img := image.NewPaletted(image.Rectangle{Max: size}, palette)
	const n = 4 // samples a side
	for y := range size.Y {
		for x := range size.X {
			hits := 0
			for i := range n * n {
				px, py := float64(x)+(float64(i%n)+.5)/n, float64(y)+(float64(i/n)+.5)/n
				if inked(px, py, float64(size.X), float64(size.Y)) {
					hits++
				}
			}
			img.SetColorIndex(x, y, uint8(math.Round(float64(hits)/(n*n)*(shades-1))))
		}
	}
	return img
}

func mix(t float64) color.NRGBA {
	c := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + t*(float64(b)-float64(a)))) }
	return color.NRGBA{c(mark.R, paper.R), c(mark.G, paper.G), c(mark.B, paper.B), 0xff}
}

// inked draws a W out of one stroke, centred, in the height of the picture.
func inked(x, y, w, h float64) bool {
	u, v := (x-w/2)/h, y/h
	const top, bottom, half = .28, .74, .3
	points := [...][2]float64{{-half, top}, {-half / 2, bottom}, {0, top + .08}, {half / 2, bottom}, {half, top}}
	for i := range len(points) - 1 {
		if distance(u, v, points[i], points[i+1]) < .05 {
			return true
		}
	}
	return v > .84 && v < .88 && math.Abs(u) < half
}

// distance of a point to a line between two others.
func distance(x, y float64, a, b [2]float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := min(max(((x-a[0])*dx+(y-a[1])*dy)/(dx*dx+dy*dy), 0), 1)
	return math.Hypot(x-a[0]-t*dx, y-a[1]-t*dy)
}
