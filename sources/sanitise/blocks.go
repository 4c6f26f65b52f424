package sanitise

func (b *builder) endBlock(name string) {
	for i := len(b.blocks) - 1; i >= 0; i-- {
		switch o := &b.blocks[i]; {
		case o.source == name, o.class == heading && elements[name].class == heading:
			b.popTo(i)
			return
		case o.class == cell || o.class == caption:
			return
		}
	}
}

// nearest is the index of the innermost open block of a class, or -1.
func (b *builder) nearest(c class) int {
	for i := len(b.blocks) - 1; i >= 0; i-- {
		if b.blocks[i].class == c {
			return i
		}
	}
	return -1
}

// top is the class of the innermost block.
func (b *builder) top() class {
	if len(b.blocks) == 0 {
		return unwrap
	}
	return b.blocks[len(b.blocks)-1].class
}

// block begins a block element in the place where it may stand.
func (b *builder) block(e element) {
	source, c := b.name, e.class
	switch c {
	case caption, section, row, cell:
		if t := b.nearest(table); t >= 0 {
			b.tablePart(t, e)
			return
		}
		c, e = block, element{block, "div", nil}
	case item, term:
		container := list
		if c == term {
			container = terms
		}
		if !b.toContainer(container, c) {
			c, e = block, element{block, "div", nil}
		}
	}
	if e.name == "summary" && !b.within("details") || e.name == "figcaption" && b.nearestNamed("figure") < 0 {
		e = element{block, "div", nil}
	}
	b.beginBlock(c)
	b.push(open{class: c, name: e.name, source: source, attrs: b.attributes(e)})
	b.afterPre = e.name == "pre"
}

// beginBlock makes place for a block: no inline element is open around it, no
// paragraph, no heading in a heading, and between the parts of a table it gets a
// cell.
func (b *builder) beginBlock(c class) {
	b.closeInlines(0)
	b.ensureCell()
	for t := b.top(); t == paragraph || t == heading && c == heading; t = b.top() {
		b.popTo(len(b.blocks) - 1)
	}
}

// toContainer closes what is open inside the innermost list for the next of its
// items; false if there is none that the item could belong to.
func (b *builder) toContainer(container, c class) bool {
	for i := len(b.blocks) - 1; i >= 0; i-- {
		switch o := &b.blocks[i]; {
		case o.class == container:
			b.popTo(i + 1)
			return true
		case o.class == c, o.class == paragraph, o.class == heading, o.class == block && o.name == "div":
		default:
			return false
		}
	}
	return false
}

func (b *builder) within(name string) bool {
	return len(b.blocks) > 0 && b.blocks[len(b.blocks)-1].name == name
}

func (b *builder) nearestNamed(name string) int {
	for i := len(b.blocks) - 1; i >= 0; i-- {
		if b.blocks[i].name == name {
			return i
		}
	}
	return -1
}

// tablePart begins a part of the table at index t, with the parts that must stand
// around it.
func (b *builder) tablePart(t int, e element) {
	b.closeInlines(0)
	switch e.class {
	case caption, section:
		b.popTo(t + 1)
	case row:
		b.toPart(t, section)
	case cell:
		b.toPart(t, row)
	}
	b.push(open{class: e.class, name: e.name, source: b.name, attrs: b.attributes(e)})
	if e.class == cell {
		b.content(false) // an empty cell keeps the others in their columns
	}
}

// toPart closes what is open in the table at index t down to a part of that
// class, and begins one if there is none.
func (b *builder) toPart(t int, c class) {
	want := t + 1
	if c == row {
		want = t + 2
	}
	for depth, part := t+1, section; depth <= want; depth, part = depth+1, row {
		if len(b.blocks) > depth && b.blocks[depth].class == part {
			continue
		}
		b.popTo(depth)
		name := "tbody"
		if part == row {
			name = "tr"
		}
		b.push(open{class: part, name: name})
	}
	b.popTo(want + 1)
}

// ensureCell begins a cell if the innermost block is a table or a part of one
// that holds no text.
func (b *builder) ensureCell() {
	switch b.top() {
	case table, section, row:
		b.toPart(b.nearest(table), row)
		b.push(open{class: cell, name: "td"})
	}
}

func (b *builder) push(o open) { b.blocks = append(b.blocks, o) }

// popTo ends the blocks from index i on, and the inline elements that began in
// them.
func (b *builder) popTo(i int) {
	if i >= len(b.blocks) {
		return
	}
	b.closeInlines(0)
	for n := len(b.blocks) - 1; n >= i; n-- {
		if n < b.written {
			b.writeEnd(b.blocks[n].name)
		}
	}
	b.blocks = b.blocks[:i]
	b.written = min(b.written, i)
	n := len(b.inlines)
	for n > 0 && b.inlines[n-1].depth > i {
		n--
	}
	b.inlines = b.inlines[:n]
}

// writeBlocks writes the start tags that are owed.
func (b *builder) writeBlocks() {
	for ; b.written < len(b.blocks); b.written++ {
		o := &b.blocks[b.written]
		b.writeStart(o)
		if o.name == "pre" {
			b.preStart = len(b.out)
		}
	}
}
