// Package examples carries the example configs. Starter is the one that
// `wireroom serve` writes when there is none.
package examples

import _ "embed"

// Starter is a commented config with well-known public news sources.
//
//go:embed starter.yaml
var Starter []byte
