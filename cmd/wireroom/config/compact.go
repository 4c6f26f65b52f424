package config

import (
	"reflect"
	"strings"
)

// compact copies the strings of the sources to where they lie side by side, equal
// ones once. The parser left them scattered among what it needed for a moment; ten
// thousand sources would keep 20 MB of that from being given back.
func (c *Config) compact() {
	have := map[string]string{}
	for i := range c.Sources {
		v := reflect.ValueOf(&c.Sources[i]).Elem()
		for k := range v.NumField() {
			f := v.Field(k)
			if f.Kind() != reflect.String || !f.CanSet() || f.Len() == 0 {
				continue
			}
			s, ok := have[f.String()]
			if !ok {
				s = strings.Clone(f.String())
				have[s] = s
			}
			f.SetString(s)
		}
		c.Sources[i].at = strings.Clone(c.Sources[i].at)
	}
}
