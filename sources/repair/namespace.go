package repair

import (
	"bytes"
	"strconv"
)

// binding is a namespace declaration in scope.
type binding struct {
	prefix     []byte // of the source; empty for the default namespace
	space      space
	structural bool // a default namespace declared on an element that structures a feed
	out        int  // index in outPrefixes, -1 until the prefix is used
}

// outPrefix is a prefix as the output declares it, on its root.
type outPrefix struct {
	prefix string
	space  space
}

// namespacer knows what the prefixes of the source mean and what they are
// called in the output.
//
// The output declares every prefix on its root, once, and only those that are
// used: gofeed copies all declarations in scope for every element, so that
// nested ones cost it the square of their number.
type namespacer struct {
	uris     []string // of the spaces, by number
	numbers  map[string]space
	bindings []binding // innermost last
	implied  []binding // of prefixes that are used and not declared
	outs     []outPrefix
	max      int
	respell  bool // for feeds: use the spelling of URIs that gofeed knows
}

func newNamespacer(max int, respell bool) *namespacer {
	ns := &namespacer{uris: spaceURIs[:], max: max, respell: respell}
	ns.uris = ns.uris[:fixedSpaces:fixedSpaces]
	ns.numbers = make(map[string]space, fixedSpaces)
	for i, uri := range ns.uris {
		ns.numbers[uri] = space(i)
	}
	return ns
}

// number gives a URI its number.
func (ns *namespacer) number(raw []byte) space {
	if s, ok := ns.numbers[string(raw)]; ok {
		return s
	}
	uri := string(raw)
	if ns.respell {
		if known := respelt()[spelling(uri)]; known != "" && known != uri {
			return ns.number([]byte(known))
		}
	}
	if len(ns.uris) > 4*maxBindings {
		return space(len(ns.uris) - 1) // hostile: nobody has so many
	}
	s := space(len(ns.uris))
	ns.uris = append(ns.uris, uri)
	ns.numbers[uri] = s
	return s
}

// bind takes up a declaration. The caller undoes it by cutting bindings. A
// prefix cannot be unbound in XML 1.0: "" declares nothing.
func (ns *namespacer) bind(prefix, uri []byte, structural bool) {
	if len(ns.bindings) < maxBindings && (len(uri) > 0 || len(prefix) == 0) {
		ns.bindings = append(ns.bindings, binding{prefix, ns.number(uri), structural, -1})
	}
}

// known reports whether feeds use the namespace for something of its own.
func (ns *namespacer) known(s space) bool {
	return s > noSpace && s < fixedSpaces || respelt()[spelling(ns.uris[s])] != ""
}

// lookup finds what a prefix is bound to, or nil.
func (ns *namespacer) lookup(prefix []byte) *binding {
	n := len(prefix)
	for i := len(ns.bindings) - 1; i >= 0; i-- {
		b := &ns.bindings[i]
		if len(b.prefix) == n && (n == 0 || b.prefix[n-1] == prefix[n-1] && bytes.Equal(b.prefix, prefix)) {
			return b
		}
	}
	return nil
}

// resolve is lookup for a prefix that is used: one that nobody declared is
// declared, with the meaning it has in other feeds.
func (ns *namespacer) resolve(prefix []byte) (*binding, error) {
	if b := ns.lookup(prefix); b != nil {
		return b, nil
	}
	uri, known := knownPrefixes[string(bytes.ToLower(prefix))]
	switch {
	case string(prefix) == "xml":
		uri = spaceURIs[spaceXML]
	case !known:
		uri = "undeclared:" + string(prefix)
	}
	for i := range ns.implied {
		if bytes.Equal(ns.implied[i].prefix, prefix) {
			return &ns.implied[i], nil
		}
	}
	if len(ns.implied) >= ns.max {
		return nil, failf(Limit, "more than %d undeclared prefixes", ns.max)
	}
	ns.implied = append(ns.implied, binding{bytes.Clone(prefix), ns.number([]byte(uri)), false, -1})
	return &ns.implied[len(ns.implied)-1], nil
}

// output returns the prefix that stands for a binding in the output.
func (ns *namespacer) output(b *binding) (string, error) {
	if b.space == spaceXML {
		return "xml", nil
	}
	if b.out >= 0 {
		return ns.outs[b.out].prefix, nil
	}
	prefix := string(b.prefix)
	for i, o := range ns.outs {
		if o.space == b.space && o.prefix == prefix {
			b.out = i
			return prefix, nil
		}
	}
	if !ns.free(prefix) {
		for i, o := range ns.outs {
			if o.space == b.space {
				b.out = i
				return o.prefix, nil
			}
		}
	}
	if len(ns.outs) >= ns.max {
		return "", failf(Limit, "more than %d namespaces in use", ns.max)
	}
	for n := 2; !ns.free(prefix); n++ {
		prefix = string(b.prefix) + "-" + strconv.Itoa(n)
	}
	b.out = len(ns.outs)
	ns.outs = append(ns.outs, outPrefix{prefix, b.space})
	return prefix, nil
}

// forget takes back the prefixes that the output used after the first n.
func (ns *namespacer) forget(n int) {
	if n >= len(ns.outs) {
		return
	}
	ns.outs = ns.outs[:n]
	for _, list := range [...][]binding{ns.bindings, ns.implied} {
		for i := range list {
			if list[i].out >= n {
				list[i].out = -1
			}
		}
	}
}

// free reports whether the output has not declared the prefix yet.
func (ns *namespacer) free(prefix string) bool {
	for _, o := range ns.outs {
		if o.prefix == prefix {
			return false
		}
	}
	return true
}
