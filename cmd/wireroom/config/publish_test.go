package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const goodHash = "sha256:000102030405060708090a0b0c0d0e0f:000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"

func TestAccess(t *testing.T) {
	t.Parallel()
	c, err := Parse("f.yaml", []byte(`
server: {rate_limit: 20, trusted_proxies: [10.0.0.0/8, "::1"], websub: "https://hub.example/", tls: {cert: c.pem, key: k.pem}}
retired: [sports]
feeds:
  - {id: world, moved_from: [globe], per_source: 3, tokens: ["`+goodHash+`"], users: {ben: "`+goodHash+`", ann: "`+goodHash+`"}}
`), none)
	if err != nil {
		t.Fatal(err)
	}
	if p := c.Server.Proxies(); len(p) != 2 || p[1].String() != "::1/128" || c.Server.ExternalHub() != "https://hub.example/" {
		t.Errorf("server: %+v %v", c.Server, p)
	}
	if f := c.Feeds[0]; strings.Join(f.UserNames(), " ") != "ann ben" || f.PerSource != 3 || f.MovedFrom[0] != "globe" || c.Retired[0] != "sports" {
		t.Errorf("feed: %+v", f)
	}
	other := c.Server
	if !other.SameDoor(&c.Server) {
		t.Error("a server differs from itself")
	}
	if other.RateLimit = 21; other.SameDoor(&c.Server) {
		t.Error("another rate limit is no difference")
	}
	plain, err := Parse("f.yaml", nil, none)
	if err != nil || plain.Server.WebSub != "own" || plain.Server.ExternalHub() != "" || plain.Server.WebSubSignature != "sha256" || plain.Server.WebSubContent != "full" {
		t.Errorf("defaults: %+v %v", plain.Server, err)
	}
}

func TestAccessFaults(t *testing.T) {
	t.Parallel()
	for _, k := range []struct{ src, want string }{
		{"server: {websub: on}", "expected own, off or the address of a hub"},
		{"server: {websub_signature: md5}", "expected one of sha256, sha1"},
		{"server: {websub_content: some}", "expected one of full, new"},
		{"server: {websub_publish_token: word}", "expected a hash that `wireroom token` printed"},
		{"server: {rate_limit: -1}", "expected a number of requests a second"},
		{"server: {trusted_proxies: [nginx]}", `f.yaml:1:28: expected an address or a network such as 10.0.0.0/8, not "nginx"`},
		{"server: {tls: {cert: c.pem}}", "cert and key are needed together"},
		{"feeds: [{id: a, tokens: [word]}]", "expected a hash that `wireroom token` printed"},
		{"feeds: [{id: a, users: {ann: word}}]", "expected a hash that `wireroom token` printed"},
		{"feeds: [{id: a, users: {\"a:b\": \"" + goodHash + "\"}}]", "can't be a user's name"},
		{"feeds: [{id: a, per_source: -1}]", "expected 1 to 1000"},
		{"feeds: [{id: a}, {id: b, moved_from: [a]}]", `"a" is the id of a feed that there is`},
		{"feeds: [{id: a, moved_from: [all]}]", `"all" is the id of a feed that there is`},
		{"feeds: [{id: a, moved_from: [c]}, {id: b, moved_from: [c]}]", `"c" is named by moved_from of a too`},
		{"{retired: [c], feeds: [{id: a, moved_from: [c]}]}", `"c" is named by moved_from of a too`},
		{"retired: [\"A b\"]", "expected the id of a feed that there was"},
	} {
		_, err := Parse("f.yaml", []byte(k.src), none)
		if err == nil {
			t.Errorf("%q: no error", k.src)
		} else if !strings.Contains(err.Error(), k.want) {
			t.Errorf("%q:\n got %v\nwant %s", k.src, err, k.want)
		} else if strings.Contains(err.Error(), "word") {
			t.Errorf("%q: a secret in %v", k.src, err)
		}
	}
}

// TestRel: relative paths start at the file's folder, also where the file is
// named without one.
func TestRel(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct{ file, path, want string }{
		{"wireroom.yaml", "wire", filepath.Join(here, "wire")},
		{"conf/wireroom.yaml", "wire", filepath.Join(here, "conf", "wire")},
		{"/etc/wireroom.yaml", "../wire", "/wire"},
		{"wireroom.yaml", "/srv/wire", "/srv/wire"},
	} {
		c, err := Parse(k.file, nil, none)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Rel(k.path); got != k.want {
			t.Errorf("%s beside %s: %s, want %s", k.path, k.file, got, k.want)
		}
	}
}
