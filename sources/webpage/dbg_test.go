package webpage

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"testing"
)

func TestDbg(t *testing.T) {
	f := os.Getenv("DBG")
	if f == "" {
		t.Skip()
	}
	g, _ := os.Open(f)
	z, _ := gzip.NewReader(g)
	raw, _ := io.ReadAll(z)
	text, _, _ := decode(raw, "")
	doc, tags, _, _ := parse(text)
	p := &page{headline: -1, root: -1, res: &Result{}}
	p.tree = flatten(doc, tags)
	p.head = readHead(p.tree.metas)
	p.ld = readLinked(p.tree.linked)
	p.find()
	fmt.Println("headline", p.headline, p.tree.path(p.headline), "region", p.kickerRegion())
	for _, b := range p.above() {
		fmt.Println(b.from, b.kind, b.text, p.units(b), b.all.name(^trait(0)), p.labels(b, p.units(b)))
	}
}
