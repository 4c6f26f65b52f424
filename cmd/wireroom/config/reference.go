package config

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
)

// Reference is docs/configuration.md, made from the Go types so that it is true.
func Reference() []byte {
	var b bytes.Buffer
	b.WriteString(`# Configuration

One YAML file, ` + "`wireroom.yaml`" + ` in the working directory, or what ` + "`--config` or `WIREROOM_CONFIG`" + ` names. Unknown keys and wrong values are refused with file, line and column; ` + "`wireroom check`" + ` does nothing else. Editors that know JSON Schema complete the keys from [wireroom.schema.json](wireroom.schema.json) (` + "`wireroom check --schema`" + ` prints it). Relative paths start at the file's folder.

Settings outside of lists can be set by the environment, which wins over the file: ` + "`WIREROOM_STORE`, `WIREROOM_SERVER_LISTEN`, `WIREROOM_FETCH_ALLOW_NETWORKS` (lists with commas)" + `.

Durations are written like ` + "`90s`, `10m`, `2h`, `7d`" + `. Secrets stand in the file as they are, as ` + "`env:NAME` or as `file:PATH`" + `, and are never printed.

Examples: [starter.yaml](../examples/starter.yaml), [newsroom.yaml](../examples/newsroom.yaml).
`)
	group(&b, "The file", reflect.TypeFor[Config]())
	group(&b, "server", reflect.TypeFor[Server]())
	group(&b, "server, tls", reflect.TypeFor[TLS]())
	group(&b, "fetch", reflect.TypeFor[Fetch]())
	group(&b, "desk", reflect.TypeFor[Desk]())
	group(&b, "api, tokens", reflect.TypeFor[APIToken]())
	group(&b, "sources", reflect.TypeFor[Source]())
	group(&b, "feeds", reflect.TypeFor[Feed]())
	group(&b, "feeds, select", reflect.TypeFor[Select]())
	return b.Bytes()
}

func group(b *bytes.Buffer, title string, t reflect.Type) {
	fmt.Fprintf(b, "\n## %s\n\n| key | default | |\n|---|---|---|\n", title)
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		d := f.Tag.Get("default")
		if d != "" {
			d = "`" + d + "`"
		}
		text := f.Tag.Get("desc")
		if e := f.Tag.Get("enum"); e != "" && !strings.Contains(text, ":") {
			text += " One of " + strings.ReplaceAll(e, ",", ", ") + "."
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", yamlName(f), d, text)
	}
}
