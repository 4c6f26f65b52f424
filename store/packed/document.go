package packed

import "fmt"

// leastBody is how long a document's body must be, in bytes, for packing to be
// tried: most shorter ones would not become smaller.
const leastBody = 200

// Body packs a document's body. It reports false, and returns the body as it is,
// where that would not make it smaller.
func (c *Codec) Body(body []byte) ([]byte, bool) {
	if len(body) < leastBody {
		return body, false
	}
	if b := c.enc.EncodeAll(body, make([]byte, 0, len(body))); len(b) < len(body) {
		return b, true
	}
	return body, false
}

// ParseBody undoes Body for what it packed.
func (c *Codec) ParseBody(b []byte) ([]byte, error) {
	body, err := c.dec.DecodeAll(b, nil)
	if err != nil {
		return nil, fmt.Errorf("packed: document: %w", err)
	}
	return body, nil
}
