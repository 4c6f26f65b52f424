package webpage

// The inputs that a value can come from, as Record.Provenance names them.
const (
	fromHTML      = "html"
	fromLinked    = "json-ld"
	fromGraph     = "opengraph"
	fromMeta      = "meta"
	fromMicrodata = "microdata"
	fromText      = "text"
	fromURL       = "url"
	fromCaller    = "caller"
)

// Candidate is what one input says of a field.
type Candidate struct {
	Field  string `json:"field"`
	Value  string `json:"value"`
	Input  string `json:"input"`            // html, json-ld, opengraph, meta, microdata, text, url
	Where  string `json:"where,omitempty"`  // the element, property or meta name
	Chosen bool   `json:"chosen,omitempty"` // the record has it
	Why    string `json:"why,omitempty"`    // it lost, or was chosen in spite of better inputs
}

// cand is short for a candidate that is not yet judged.
func cand(value, input, where string) Candidate {
	return Candidate{Value: value, Input: input, Where: where}
}

// choose takes the first candidate that has a value, says so in the record's
// provenance, and remembers the rest if they are wanted.
func (p *page) choose(field string, cands ...Candidate) string {
	best := -1
	for i := range cands {
		if cands[i].Value != "" {
			best = i
			break
		}
	}
	if best >= 0 {
		p.credit(field, cands[best].Input)
	}
	p.remember(field, best, cands)
	if best < 0 {
		return ""
	}
	return cands[best].Value
}

// credit notes where a field's value came from.
func (p *page) credit(field, input string) {
	p.rec.Provenance[field] = input
}

// remember keeps the candidates of a field if the caller wants to see them.
func (p *page) remember(field string, best int, cands []Candidate) {
	if !p.opts.Explain {
		return
	}
	for i, c := range cands {
		if c.Value == "" {
			continue
		}
		c.Field = field
		switch {
		case i == best:
			c.Chosen = true
		case c.Why != "":
		case best >= 0 && c.Value == cands[best].Value:
			c.Why = "says the same"
		default:
			c.Why = "a weaker input"
		}
		p.res.Candidates = append(p.res.Candidates, c)
	}
}

// note remembers one thing that was decided otherwise than by choose.
func (p *page) note(field, value, input, where, why string, chosen bool) {
	if p.opts.Explain && value != "" {
		p.res.Candidates = append(p.res.Candidates, Candidate{Field: field, Value: value, Input: input, Where: where, Chosen: chosen, Why: why})
	}
}
