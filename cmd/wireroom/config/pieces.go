package config

import (
	"bytes"
	"reflect"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// The parser needs a hundred times what it reads, and what a long list of sources
// made large stays in the heap's own books. So the list is read in pieces, where a
// file has it in the usual form: a line "sources:" and indented entries. Whatever
// is not quite so, and any fault, has the file read as a whole, which alone
// decides what is right and says where it is not.

// pieceSize is about how long a piece is, in bytes.
const pieceSize = 16 << 10

// entries cuts the list of sources out of a file: before and after is what stands
// around it, pieces are lists of some of them each, size bytes or little more. ok
// is false where the list is short, or cannot be cut safely.
func entries(src []byte, size int) (before, after []byte, pieces [][]byte, ok bool) {
	if len(src) <= size {
		return nil, nil, nil, false
	}
	head := listHead.FindIndex(src)
	if head == nil || bytes.Contains(src[:head[0]], []byte("\n---")) || bytes.Contains(src[:head[0]], []byte("\n...")) {
		return nil, nil, nil, false
	}
	before = src[:head[0]]
	indent, begin, at := -1, head[1], head[1]
	for line := range bytes.Lines(src[head[1]:]) {
		text := bytes.TrimLeft(line, " ")
		depth := len(line) - len(text)
		text = bytes.TrimRight(text, "\r\n")
		entry := len(text) > 0 && text[0] == '-' && (len(text) == 1 || text[1] == ' ')
		if entry && indent < 0 {
			indent = depth
		}
		switch {
		case len(text) == 0 || text[0] == '#' || depth > indent && indent >= 0:
		case entry && depth == indent:
			if at-begin >= size {
				pieces = append(pieces, src[begin:at])
				begin = at
			}
		case indent >= 0 && depth == 0 && text[0] >= 'a' && text[0] <= 'z': // the next key
			return before, src[at:], append(pieces, src[begin:at]), true
		default:
			return nil, nil, nil, false
		}
		at += len(line)
	}
	return before, nil, append(pieces, src[begin:]), indent >= 0
}

var listHead = regexp.MustCompile(`(?m)^sources:[ \t]*([ \t]#.*)?\r?\n`)

// decodePieces reads a file by its pieces into a struct with Sources. It reports
// whether it could; if not, the whole file decides.
func decodePieces(src []byte, into any, size int) bool {
	before, after, pieces, ok := entries(src, size)
	if !ok || !closed(before) {
		return false
	}
	field := reflect.ValueOf(into).Elem().FieldByName("Sources")
	list := reflect.MakeSlice(field.Type(), 0, 0)
	for _, piece := range pieces {
		some := reflect.New(field.Type())
		if !decodePiece(piece, some.Interface()) {
			return false
		}
		list = reflect.AppendSlice(list, some.Elem())
	}
	rest := slices.Concat(before, []byte("sources: [{}]\n"), after)
	if yaml.NewDecoder(bytes.NewReader(rest), yaml.Strict()).Decode(into) != nil || field.Len() != 1 {
		return false
	}
	field.Set(list)
	return true
}

// closed reports whether a file may end here: a quoted text, say, does not go on.
func closed(head []byte) bool {
	f, err := parser.ParseBytes(head, 0)
	if err != nil || len(f.Docs) > 1 {
		return false
	}
	if len(f.Docs) == 0 || f.Docs[0].Body == nil {
		return true
	}
	switch f.Docs[0].Body.(type) {
	case *ast.MappingNode, *ast.MappingValueNode, *ast.CommentGroupNode:
		return true
	}
	return false
}

// decodePiece reads a list that stands by itself: it refers to nothing elsewhere.
func decodePiece(src []byte, into any) bool {
	f, err := parser.ParseBytes(src, 0)
	if err != nil || len(f.Docs) != 1 {
		return false
	}
	list, ok := f.Docs[0].Body.(*ast.SequenceNode)
	if !ok {
		return false
	}
	alone := references(true)
	if ast.Walk(&alone, list); !alone {
		return false
	}
	return yaml.NewDecoder(bytes.NewReader(nil), yaml.Strict()).DecodeFromNode(list, into) == nil
}

// references becomes false at an anchor, or what refers to one.
type references bool

// Visit implements ast.Visitor.
func (r *references) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		*r = false
		return nil
	}
	return r
}
