package repair

// Limits bound what a document may cost; zero fields take the defaults (input.md §7).
type Limits struct {
	Bytes      int // decoded bytes, 20 MiB
	Depth      int // XML 256
	JSONDepth  int // 64
	Elements   int // 250,000
	Attributes int // 256 an element
	Namespaces int // 256 declarations a document
	AttrBytes  int // 64 KiB an attribute; longer ones are cut
	Prolog     int // 256 KiB before the root
	Items      int // 5,000; the rest is counted
}

// The counts below bound what gofeed spends on one item; real items stay far
// under them (input.md §7, L3).
const (
	maxExtensions   = 200     // extension elements of an item
	maxCategories   = 64      // of an item
	maxEnclosures   = 32      // of an item
	maxAuthors      = 32      // of an item
	maxDates        = 2       // of one name in an item: gofeed spends 200 µs on a bad one
	maxExtTexts     = 64      // runs of text in one extension element: gofeed joins them quadratically
	maxExtElements  = 120_000 // extension elements of a document: gofeed spends near 1 KB on each
	maxBindings     = 1024    // namespace declarations in scope that are remembered
	maxEntityValue  = 1 << 10
	maxEntityOutput = 64 << 10
	maxEntities     = 1024
)

func (l Limits) withDefaults() Limits {
	set := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	set(&l.Bytes, 20<<20)
	set(&l.Depth, 256)
	set(&l.JSONDepth, 64)
	set(&l.Elements, 250_000)
	set(&l.Attributes, 256)
	set(&l.Namespaces, 256)
	set(&l.AttrBytes, 64<<10)
	set(&l.Prolog, 256<<10)
	set(&l.Items, 5000)
	return l
}
