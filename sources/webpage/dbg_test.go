package webpage

import (
	"fmt"
	"os"
	"testing"
)

func TestDbg(t *testing.T) {
	f := os.Getenv("DBG")
	if f == "" {
		t.Skip()
	}
	raw, _ := os.ReadFile(f)
	text, _, _ := decode(raw, "")
	doc, tags, _, _ := parse(text)
	p := &page{headline: -1, root: -1, res: &Result{}}
	p.tree = flatten(doc, tags)
	p.head = readHead(p.tree.metas)
	p.ld = readLinked(p.tree.linked)
	p.headline = p.findHeadline(int32(len(p.tree.nodes)))
	p.blocks = p.tree.segment()
	p.score()
	p.addUp()
	fmt.Println("headline", p.headline, "blocks", len(p.blocks), "total", p.mass(0, int32(len(p.tree.nodes))))
	for i := range p.blocks {
		if p.blocks[i].score > 100 {
			fmt.Println(p.blocks[i].score, p.blocks[i].all.name(^trait(0)), p.tree.path(p.blocks[i].el))
			break
		}
	}
	p.acquit()
	for i := range p.blocks {
		if p.blocks[i].score > 100 {
			fmt.Println(p.blocks[i].score, p.blocks[i].all.name(^trait(0)))
			for el := p.blocks[i].el; el >= 0; el = p.tree.nodes[el].parent {
				fmt.Println("   ", p.tree.nodes[el].Data, attr(p.tree.nodes[el].Node, "class"), p.tree.nodes[el].traits.name(^trait(0)))
			}
			break
		}
	}
}
