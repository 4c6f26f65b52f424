package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

var update = flag.Bool("update", false, "write golden files")

func none(string) (string, bool) { return "", false }

func env(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, err := Parse("wireroom.yaml", nil, none)
	if err != nil {
		t.Fatal(err)
	}
	if c.Store != "sqlite:data/wireroom.db" || c.Server.Listen != ":8080" || c.Fetch.Workers != 128 || c.Server.IDs != "wireroom.localhost" {
		t.Errorf("defaults: %+v", c)
	}
}

func TestWhole(t *testing.T) {
	src := `
server: {base_url: "https://news.example.org/"}
sources:
  - {id: dw, url: "https://rss.dw.com/rdf/rss-en-all", every: 10m, republish: full, headers: {X-Key: "env:KEY"}}
  - {url: "https://feeds.bbci.co.uk/news/rss.xml"}
feeds:
  - {id: world, select: {sources: [dw, bbci], languages: [en]}, limit: 7, ttl: 1h30m}
`
	t.Setenv("KEY", "word")
	c, err := Parse("wireroom.yaml", []byte(src), none)
	if err != nil {
		t.Fatal(err)
	}
	if c.Server.BaseURL != "https://news.example.org" || c.Server.IDs != "news.example.org" {
		t.Errorf("server: %+v", c.Server)
	}
	if s := c.Sources[0]; time.Duration(s.Every) != 10*time.Minute || s.Content != "feed" || s.Headers["X-Key"] != "word" {
		t.Errorf("source: %+v", s)
	}
	if s := c.Sources[1]; s.ID != "bbci" || s.Republish != "summary" {
		t.Errorf("source without id: %+v", s)
	}
	if f := c.Feeds[0]; f.Limit != 7 || f.Title != "world" || f.Language != "en" || f.TTL.String() != "1h30m" {
		t.Errorf("feed: %+v", f)
	}
}

func TestFaultsHaveTheirPlace(t *testing.T) {
	t.Parallel()
	for _, k := range []struct{ src, want string }{
		{"sourcs: []", `f.yaml:1:1: unknown key "sourcs"; did you mean "sources"?`},
		{"sources:\n  - id: a\n    url: https://x.example/\n    evry: 10m", `f.yaml:4:5: unknown key "evry"; did you mean "every"?`},
		{"sources:\n  - id: a\n    url: ftp://x.example/", `f.yaml:3:10: expected http://, https:// or file:, not "ftp://x.example/"`},
		{"sources:\n  - id: a\n    url: https://u:p@x.example/", "f.yaml:3:10: put the name and the password into username and password"},
		{"sources:\n  - id: a\n", `f.yaml:2:5: source "a" has no address`},
		{"sources:\n  - {id: A b, url: \"https://x.example/\"}", "f.yaml:2:10: expected lower case letters"},
		{"sources:\n  - {id: a, url: \"https://x.example/\"}\n  - {id: a, url: \"https://y.example/\"}", `f.yaml:3:10: two sources are called "a"`},
		{"sources:\n  - {id: a, url: \"https://x.example/\", every: soon}", `"soon" is not a duration; write it like 90s, 10m, 2h or 7d`},
		{"sources:\n  - {id: a, url: \"https://x.example/\", every: 1s}", "expected 1m to 30d, not 1s"},
		{"fetch: {allow_networks: [10.0.0.0/8]}\nsources:\n  - {id: a, url: \"http://11.0.0.1/\", every: 1s}", "expected 1m to 30d, not 1s"},
		{"fetch: {allow_networks: [10.0.0.0/8]}\nsources:\n  - {id: a, url: \"http://10.0.0.1/\", every: 500ms}", "expected 1s to 30d, not 500ms"},
		{"sources:\n  - {id: a, url: \"https://x.example/\", every: 10m, cron: \"@hourly\"}", "a source has either every or cron"},
		{"sources:\n  - id: a\n    url: https://x.example/\n    cron: often", "f.yaml:4:11: \"often\" is no schedule"},
		{"sources:\n  - {id: a, url: \"https://x.example/\", time_zone: Mars/Olympus}", `unknown time zone "Mars/Olympus"`},
		{"sources:\n  - {id: a, url: \"https://x.example/\", republish: all}", `expected one of full, summary, link, not "all"`},
		{"sources:\n  - {id: a, url: \"https://x.example/\", language: \"no such\"}", "expected a language"},
		{"sources:\n  - {id: a, url: \"https://x.example/\", password: \"env:WIREROOM_NOT_SET\"}", "the environment variable WIREROOM_NOT_SET is not set"},
		{"sources:\n  - {id: a, url: \"https://x.example/\", headers: {\"X: y\": z}}", "can't be sent"},
		{"feeds:\n  - {id: w, select: {sources: [nobody]}}", `f.yaml:2:32: there is no source "nobody"`},
		{"feeds:\n  - {id: w, limit: 100000}", "expected 1 to 1000, not 100000"},
		{"feeds:\n  - {id: w}\n  - {id: w}", `two feeds are called "w"`},
		{"feeds:\n  - {id: w, language: \"??\"}", "expected a language"},
		{"feeds:\n  - {id: w, select: {languages: [\"??\"]}}", "expected a language"},
		{"server: {listen: \"80\"}", `expected host:port or :port, not "80"`},
		{"server: {base_url: news.example.org}", "expected an http or https address"},
		{"server: {id_authority: nodots}", "expected a domain such as news.example.org"},
		{"server:\n  listen: [1]", "expected text"},
		{"fetch: {workers: many}", "expected a whole number, not \"many\""},
		{"keep: 3h", "expected 1d to 36500d, not 3h"},
		{"sources:\n  - {id: a, url: \"https://x.example/\", keep: 1m}", "expected 1d to 36500d, not 1m"},
		{"fetch: {lease: 10ms}", "expected 1s to 1h, not 10ms"},
		{"fetch: {workers: -1}", "expected 1 to 10000, not -1"},
		{"fetch: {allow_networks: [office]}", "expected a network such as 10.0.0.0/8"},
		{"fetch: {allow_ports: [70000]}", "expected a port from 1 to 65535"},
		{"fetch: {proxy: \"::\"}", "expected http://host:port"},
		{"store: postgres:x", "f.yaml:1:8: expected postgres://user:password@host:port/database"},
		{"store: \"postgres://u:a/b@h/db\"", "are written %2F"},
		{"store: mysql:x", "expected sqlite:FILE or postgres://"},
		{"include: [missing.yaml]", "f.yaml:1:11: no file"},
		{"sources: {a: b}", "expected a list"},
		{"a: b: c", "f.yaml:1:"},
	} {
		_, err := Parse("f.yaml", []byte(k.src), none)
		if err == nil {
			t.Errorf("%q: no error", k.src)
		} else if !strings.Contains(err.Error(), k.want) {
			t.Errorf("%q:\n got %v\nwant %s", k.src, err, k.want)
		}
	}
}

func TestStoreAddress(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{"sqlite:x", "sqlite:/a b?c.db", "postgres://u:p@h:5432/db?sslmode=require", "postgresql:///db?host=/run/postgresql", "postgres://u@a:1,b:2/db"} {
		if err := CheckStore(ok); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
	for _, wrong := range []string{"", "x", "sqlite:", "mysql://u:secret@h/db", "postgres:", "postgres:secret", "postgres://u:se/cret@h/db", "postgres://u:secret%@h/db", "postgress://u:secr@et@h/db?password=secret"} {
		if err := CheckStore(wrong); err == nil || strings.Contains(err.Error(), "secr") || strings.Contains(err.Error(), "cret") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	c, err := Parse("f.yaml", []byte("server: {listen: \":1\"}"), env(
		"WIREROOM_SERVER_LISTEN", ":9", "WIREROOM_STORE", "sqlite:/x.db", "WIREROOM_FETCH_WORKERS", "7",
		"WIREROOM_FETCH_ALLOW_NETWORKS", "10.0.0.0/8, 127.0.0.0/8", "WIREROOM_FETCH_ALLOW_PORTS", "80,8080"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Server.Listen != ":9" || c.Store != "sqlite:/x.db" || c.Fetch.Workers != 7 || len(c.Fetch.Networks) != 2 || c.Fetch.Ports[1] != 8080 {
		t.Errorf("%+v", c)
	}
	_, err = Parse("f.yaml", nil, env("WIREROOM_FETCH_WORKERS", "many"))
	if err == nil || !strings.Contains(err.Error(), `WIREROOM_FETCH_WORKERS: expected a whole number, not "many"`) {
		t.Errorf("error %v does not name the variable", err)
	}
}

func TestIncludes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("wireroom.yaml", "include: [more-*.yaml, old.opml]\nsources: [{id: a, url: \"https://a.example/\"}]\n")
	put("more-1.yaml", "sources: [{id: b, url: \"https://b.example/\"}]\nfeeds: [{id: f, select: {sources: [a, b]}}]\n")
	put("old.opml", `<opml version="2.0"><body><outline text="News"><outline type="rss" text="C" xmlUrl="https://c.example/feed"/></outline></body></opml>`)
	c, err := Load(filepath.Join(dir, "wireroom.yaml"), none)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Sources) != 3 || c.Sources[2].URL != "https://c.example/feed" || c.Sources[2].Title != "C" || len(c.Feeds) != 1 || len(c.Files()) != 3 {
		t.Errorf("sources %+v, files %v", c.Sources, c.Files())
	}
	put("more-1.yaml", "sources: [{id: b, url: nonsense}]\n")
	if _, err = Load(filepath.Join(dir, "wireroom.yaml"), none); err == nil || !strings.Contains(err.Error(), "more-1.yaml") {
		t.Errorf("error %v does not name the included file", err)
	}
	if _, err = Load(filepath.Join(dir, "nothing.yaml"), none); err == nil || !strings.Contains(err.Error(), "nothing.yaml") {
		t.Errorf("error %v does not name the missing file", err)
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("hush\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Parse("f.yaml", []byte("sources: [{id: a, url: \"https://a.example/\", username: u, password: \"file:"+file+"\"}]"), none)
	if err != nil {
		t.Fatal(err)
	}
	if string(c.Sources[0].Password) != "hush" {
		t.Fatalf("password %q", string(c.Sources[0].Password))
	}
	out, err := json.Marshal(c.Sources)
	if err != nil || strings.Contains(string(out), "hush") {
		t.Errorf("%s %v", out, err)
	}
}

func TestAddSourcesLeavesTheRestAlone(t *testing.T) {
	t.Parallel()
	add := []Source{{ID: "new", URL: "https://new.example/feed", Every: Duration(10 * time.Minute)}}
	for _, k := range []struct{ name, before, after string }{
		{"empty", "", "sources:\n  - id: new\n    url: https://new.example/feed\n    every: 10m\n"},
		{"below the last", "# head\nsources:\n  # first\n  - {id: a, url: \"https://a.example/\"}   # why\n\n# feeds\nfeeds:\n  - id: w\n",
			"# head\nsources:\n  # first\n  - {id: a, url: \"https://a.example/\"}   # why\n  - id: new\n    url: https://new.example/feed\n    every: 10m\n\n# feeds\nfeeds:\n  - id: w\n"},
		{"not indented", "sources:\n- id: a\n  url: https://a.example/\nstore: sqlite:x.db\n",
			"sources:\n- id: a\n  url: https://a.example/\n- id: new\n  url: https://new.example/feed\n  every: 10m\nstore: sqlite:x.db\n"},
		{"no line end", "store: sqlite:x.db", "store: sqlite:x.db\nsources:\n  - id: new\n    url: https://new.example/feed\n    every: 10m\n"},
	} {
		path := filepath.Join(t.TempDir(), "wireroom.yaml")
		if k.before != "" {
			if err := os.WriteFile(path, []byte(k.before), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := AddSources(path, add, none); err != nil {
			t.Errorf("%s: %v", k.name, err)
			continue
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != k.after {
			t.Errorf("%s: got\n%s\nwant\n%s", k.name, got, k.after)
		}
	}
	path := filepath.Join(t.TempDir(), "wireroom.yaml")
	before := "sources: [{id: a, url: \"https://a.example/\"}]\n"
	if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := AddSources(path, add, none); err == nil {
		t.Error("a list in brackets can't be appended to line by line: want an error")
	}
	if got, _ := os.ReadFile(path); string(got) != before {
		t.Errorf("the file was changed in spite of an error: %s", got)
	}
}

func TestNewID(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{}
	for _, k := range []struct{ url, want string }{
		{"https://rss.dw.com/rdf/x", "dw"},
		{"https://www.dw.com/other", "dw-2"},
		{"https://feeds.bbci.co.uk/news", "bbci"},
		{"http://127.0.0.1:8080/x", "127-0-0-1"},
		{"file:///srv/wire/agency a", "agency-a"},
		{"https://日本.example/", "source"},
	} {
		if got := NewID(k.url, taken); got != k.want {
			t.Errorf("NewID(%s) = %q, want %q", k.url, got, k.want)
		}
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"90s": "1m30s", "10m": "10m", "2h": "2h", "7d": "7d", "2w": "14d", "1d12h": "36h", "1h30m": "1h30m"} {
		d, err := ParseDuration(in)
		if err != nil || d.String() != want {
			t.Errorf("%s: %s %v, want %s", in, d, err, want)
		}
	}
	for _, in := range []string{"", "-5m", "10", "d", "99999999d", "tomorrow"} {
		if d, err := ParseDuration(in); err == nil {
			t.Errorf("%q: %s, want an error", in, d)
		}
	}
}

// TestDocs holds the schema and the reference to the Go types.
func TestDocs(t *testing.T) {
	t.Parallel()
	schema, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "../../../docs/wireroom.schema.json", schema)
	golden(t, "../../../docs/configuration.md", Reference())
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(got) {
		t.Errorf("%s is out of date: go test ./cmd/wireroom/config -update", path)
	}
}

func TestDefaultTagsCanBeSet(t *testing.T) {
	t.Parallel()
	for _, typ := range []reflect.Type{reflect.TypeFor[Config](), reflect.TypeFor[Server](), reflect.TypeFor[Fetch](), reflect.TypeFor[Source](), reflect.TypeFor[Feed]()} {
		v := reflect.New(typ).Elem()
		for f, value := range fields(v) {
			if d := f.Tag.Get("default"); d != "" {
				if err := set(value, d); err != nil {
					t.Errorf("%s.%s: default %q: %v", typ.Name(), f.Name, d, err)
				}
			}
		}
	}
}

func TestExamples(t *testing.T) {
	t.Setenv("AGENCY_B_PASSWORD", "x")
	t.Setenv("PARTNER_KEY", "y")
	for _, name := range []string{"starter.yaml", "newsroom.yaml"} {
		src, err := os.ReadFile("../../../examples/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(src), "- subscriptions.opml", "# - subscriptions.opml")
		if _, err := Parse("../../../examples/"+name, []byte(text), none); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"sources: []", "server: {listen: \":1\"}", "feeds:\n - id: a\n", "a: &a [*a]", "{{{", "sources:\n - {id: a, url: \"https://a.example/\", every: 1d}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		c, err := Parse("f.yaml", src, none)
		if (c == nil) == (err == nil) {
			t.Fatalf("config %v, error %v: want one of them", c, err)
		}
	})
}

// The examples of several replicas are YAML, and the config within is valid.
func TestReplicaExamples(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../../../examples/kubernetes/wireroom.yaml")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	for {
		var m struct {
			Kind string            `yaml:"kind"`
			Data map[string]string `yaml:"data"`
		}
		if err := dec.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		kinds[m.Kind]++
		for name, text := range m.Data {
			if c, err := Parse(name, []byte(text), none); err != nil || len(c.Sources) == 0 {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if kinds["Deployment"] != 2 || kinds["Service"] != 2 || kinds["ConfigMap"] != 1 {
		t.Errorf("kinds: %v", kinds)
	}
	var compose struct {
		Services map[string]any `yaml:"services"`
	}
	if src, err = os.ReadFile("../../../examples/compose.replicas.yaml"); err == nil {
		err = yaml.Unmarshal(src, &compose)
	}
	if err != nil || len(compose.Services) != 3 {
		t.Errorf("compose.replicas.yaml: %d services, %v", len(compose.Services), err)
	}
}
