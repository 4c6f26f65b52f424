package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func deskConfig(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wireroom.yaml")
	src := "# mine\nsources:\n  - {id: dw, url: \"https://dw.example/rss\", cron: \"@hourly\", title: DW}\n  - {url: \"https://bbc.example/rss\", paused: true}\n"
	if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func ptr[T any](v T) *T { return &v }

// TestDesk lays changes over a config, and leaves the config as it is.
func TestDesk(t *testing.T) {
	t.Parallel()
	path := deskConfig(t)
	before, _ := os.ReadFile(path)
	if err := EditDesk(path, none, func(list []Entry) ([]Entry, error) {
		return append(list,
			Entry{ID: "dw", Title: ptr("Deutsche Welle: \"news\""), Every: ptr(Duration(10 * time.Minute))},
			Entry{ID: "bbc", Paused: ptr(false)},
			Entry{ID: "new", URL: "https://new.example/feed?a=1&b=#x", Topics: []string{"world", "a: b"}},
			Entry{ID: "lost", Paused: ptr(true)}), nil
	}); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path, none)
	if err != nil {
		t.Fatal(err)
	}
	dw, bbc, fresh := c.Sources[0], c.Sources[1], c.Sources[2]
	if len(c.Sources) != 3 || dw.Title != "Deutsche Welle: \"news\"" || dw.Every != Duration(10*time.Minute) || dw.Cron != "" || !dw.Changed() || dw.Added() {
		t.Errorf("dw: %+v", dw)
	}
	if bbc.Paused || !bbc.Changed() {
		t.Errorf("bbc: %+v", bbc)
	}
	if fresh.ID != "new" || !fresh.Added() || fresh.Republish != "summary" || !slices.Equal(fresh.Topics, []string{"world", "a: b"}) || fresh.URL != "https://new.example/feed?a=1&b=#x" {
		t.Errorf("new: %+v", fresh)
	}
	if !slices.Contains(c.Files(), c.DeskFile()) {
		t.Errorf("%s is not watched: %q", c.DeskFile(), c.Files())
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the config itself was changed")
	}
	if info, err := os.Stat(c.DeskFile()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	// What the desk says of an interval may be taken back.
	if err := EditDesk(path, none, func(list []Entry) ([]Entry, error) {
		list[0].Every = ptr(Duration(0))
		return list, nil
	}); err != nil {
		t.Fatal(err)
	}
	if c, err = Load(path, none); err != nil || c.Sources[0].Every != 0 || c.Sources[0].Cron != "" {
		t.Errorf("adaptive: %+v %v", c.Sources[0], err)
	}
}

// TestDeskRefuses keeps a file that would break the config from being written.
func TestDeskRefuses(t *testing.T) {
	t.Parallel()
	path := deskConfig(t)
	for _, e := range []Entry{
		{ID: "x y", URL: "https://x.example/"},
		{ID: "x", URL: "ftp://x.example/"},
		{ID: "x", URL: "https://u:p@x.example/"},
		{ID: "dw", Every: ptr(Duration(time.Second))},
	} {
		var fault *Error
		if err := EditDesk(path, none, func([]Entry) ([]Entry, error) { return []Entry{e}, nil }); !errors.As(err, &fault) {
			t.Errorf("%+v: %v", e, err)
		}
	}
	no := errors.New("no")
	if err := EditDesk(path, none, func([]Entry) ([]Entry, error) { return nil, no }); !errors.Is(err, no) {
		t.Error(err)
	}
	name := filepath.Join(filepath.Dir(path), "wireroom.d")
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Errorf("%s is there: %v", name, err)
	}
	if err := os.MkdirAll(name, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(name, "desk.yaml"), []byte("sources: {"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path, none); err == nil || !strings.Contains(err.Error(), "desk.yaml") {
		t.Errorf("a broken file of the desk: %v", err)
	}
	if err := EditDesk(path, none, func(l []Entry) ([]Entry, error) { return l, nil }); err == nil {
		t.Error("a broken file was written over")
	}
}

func TestDeskSettings(t *testing.T) {
	t.Parallel()
	const good = "sha256:00000000000000000000000000000000:0000000000000000000000000000000000000000000000000000000000000000"
	for src, want := range map[string]string{
		"desk: {password: short}": "at least 8", "desk: {password: long enough, password_hash: \"" + good + "\"}": "either",
		"desk: {password_hash: word}": "expected a hash", "desk: {password_hash: \"" + good + "\", session: 8h}": "", "desk: {session: 0s}": "",
		"api: {tokens: [{name: a, hash: \"" + good + "\", scopes: [read, kill]}]}":                                              "",
		"api: {tokens: [{name: a, hash: x, scopes: [read]}]}":                                                                   "expected a hash",
		"api: {tokens: [{hash: \"" + good + "\", scopes: [read]}]}":                                                             "needs a name",
		"api: {tokens: [{name: a, hash: \"" + good + "\"}]}":                                                                    "expected some of",
		"api: {tokens: [{name: a, hash: \"" + good + "\", scopes: [all]}]}":                                                     "expected read, refresh",
		"api: {tokens: [{name: a, hash: \"" + good + "\", scopes: [read]}, {name: a, hash: \"" + good + "\", scopes: [read]}]}": "two tokens",
	} {
		_, err := Parse("f.yaml", []byte(src), none)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", src, err)
		}
	}
	if c, err := Parse("f.yaml", nil, env("WIREROOM_DESK_PASSWORD", "from the environment")); err != nil || c.Desk.Password != "from the environment" {
		t.Error(err)
	}
}
