package sanitise

// inline begins an inline element.
func (b *builder) inline(e element) {
	o := open{class: e.class, name: e.name, source: b.name, depth: len(b.blocks)}
	switch {
	case e.name == "rt" || e.name == "rp":
		b.stop("rt")
		b.stop("rp")
		if !b.active("ruby") {
			o.name = ""
		}
	case (e.class == formatting || e.name == "ruby") && b.active(e.name):
		o.name = ""
	}
	if o.attrs = b.attributes(e); len(b.inlines) >= maxInlines || o.name == "span" && o.attrs == "" {
		o.name = ""
	}
	b.inlines = append(b.inlines, o)
}

// active reports whether an inline element of that name is in effect.
func (b *builder) active(name string) bool {
	for i := range b.inlines {
		if b.inlines[i].name == name {
			return true
		}
	}
	return false
}

// endInline ends the innermost inline element that came under that name. Those
// that began in it stay in effect.
func (b *builder) endInline(source string) {
	floor := 0
	for i := len(b.blocks) - 1; i >= 0; i-- {
		if c := b.blocks[i].class; c == cell || c == caption {
			floor = i + 1
			break
		}
	}
	for i := len(b.inlines) - 1; i >= 0 && b.inlines[i].depth >= floor; i-- {
		if b.inlines[i].source == source {
			b.closeInlines(i)
			ruby := b.inlines[i].name == "ruby"
			b.inlines = append(b.inlines[:i], b.inlines[i+1:]...)
			if ruby {
				b.stop("rt")
				b.stop("rp")
			}
			return
		}
	}
}

// stop ends all inline elements of a name that can't hold another of it: the
// innermost in our cell, and for the text to come those around the table.
func (b *builder) stop(name string) {
	b.endInline(name)
	for i := range b.inlines {
		if b.inlines[i].name == name {
			b.closeInlines(i)
			b.inlines[i].name = ""
		}
	}
}

// closeInlines writes the end tags of the inline elements from index i on; they
// stay in effect.
func (b *builder) closeInlines(i int) {
	for ; b.inEffect > i; b.inEffect-- {
		if o := &b.inlines[b.inEffect-1]; o.name != "" {
			b.writeEnd(o.name)
		}
	}
}
