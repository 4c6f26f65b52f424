package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompletion asks as the shells' scripts do.
func TestCompletion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := "feeds: [{id: world, title: The world}]\nsources:\n  - {id: dw, url: \"https://dw.example/rss?key=secretword\"}\n  - {id: wire, url: \"file:wire\", title: \"The\\twire\"}\n"
	if err := os.WriteFile(filepath.Join(dir, "wireroom.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ask := func(args ...string) (int, string, string) {
		return wireroom(t, "", append([]string{"__complete", "--config", filepath.Join(dir, "wireroom.yaml")}, args...)...)
	}
	for _, k := range []struct {
		args []string
		want string
	}{
		{[]string{"sources", ""}, "dw\thttps://dw.example/rss\nwire\tThe wire\n:4\n"},
		{[]string{"sources", "dw", ""}, ":4\n"},
		{[]string{"refresh", "dw", ""}, "wire\tThe wire\n:4\n"},
		{[]string{"feeds", ""}, "world\tThe world\n"},
		{[]string{"feeds", ""}, "all\t"},
		{[]string{"feeds", "all", ""}, ":4\n"},
		{[]string{"doctor", "w"}, "wire\tThe wire\n"},
		{[]string{"sources", "--log-level", ""}, "debug\ninfo\nwarn\nerror\n:4\n"},
		{[]string{"--config", ""}, "yaml\nyml\n:8\n"},
	} {
		code, out, errs := ask(k.args...)
		if code != 0 || !strings.Contains(out, k.want) {
			t.Errorf("%q: exit %d: %q, want %q; %s", k.args, code, out, k.want, errs)
		}
		if strings.Contains(out, "secretword") {
			t.Errorf("%q tells a secret: %s", k.args, out)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "wireroom.yaml"), []byte("sources: 7"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := ask("sources", ""); code != 0 || !strings.HasPrefix(out, ":4") {
		t.Errorf("with a broken config: exit %d, %q", code, out)
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if code, out, _ := wireroom(t, dir, "completion", shell); code != 0 || !strings.Contains(out, "wireroom") {
			t.Errorf("completion %s: exit %d", shell, code)
		}
	}
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeConfig(t, dir, "", source{"guardian-world", "https://a.example/", ""})
	for arg, want := range map[string]string{"guardian": `did you mean "guardian-world"?`, "Guardian-World": `did you mean "guardian-world"?`, "xyz": "`wireroom sources` lists them"} {
		if code, _, errs := wireroom(t, dir, "sources", arg); code != 2 || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, %q", arg, code, errs)
		}
	}
}

func TestManual(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if code, _, errs := wireroom(t, "", "man", filepath.Join(dir, "man1")); code != 0 {
		t.Fatal(errs)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "man1", "*.1"))
	if err != nil || len(pages) < 15 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for name, wants := range map[string][]string{
		"wireroom.1":            {".SH NAME\nwireroom \\- ", ".SH EXIT STATUS", ".BR wireroom\\-doctor (1)", "NO_COLOR"},
		"wireroom-doctor.1":     {".B \\-\\-offline\n", ".SH OPTIONS OF ALL COMMANDS", ".B \\-\\-config string\n", ".BR wireroom (1)"},
		"wireroom-store.1":      {".BR wireroom\\-store\\-copy (1)"},
		"wireroom-store-copy.1": {".SH EXAMPLES\n.nf\n"},
	} {
		page, err := os.ReadFile(filepath.Join(dir, "man1", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range wants {
			if !strings.Contains(string(page), w) {
				t.Errorf("%s has no %q", name, w)
			}
		}
	}
	for _, p := range pages { // a line that begins with a dot is a macro, and one of these
		page, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(page), "cpu\\-profile") {
			t.Errorf("%s tells of a hidden flag", p)
		}
		for l := range strings.Lines(string(page)) {
			word, _, _ := strings.Cut(strings.TrimSpace(l), " ")
			if strings.HasPrefix(l, ".") && !strings.Contains(" .TH .SH .TP .PP .B .BR .nf .fi ", " "+word+" ") {
				t.Errorf("%s: %q", p, l)
			}
		}
	}
	if got := roff(".x\n'y \\ -"); got != "\\&.x\n\\&'y \\e \\-" {
		t.Errorf("%q", got)
	}
}

// TestDoctor is the whole way: an installation that is well, and one that is not.
func TestDoctor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var asked []string
	host := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = append(asked, r.Method+" "+r.URL.Path) }))
	defer host.Close()
	writeConfig(t, dir, "", source{"a", host.URL + "/a", ""}, source{"b", host.URL + "/b", ""})
	code, out, errs := wireroom(t, dir, "doctor")
	if code != 0 {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	for _, want := range []string{"ok       integrity", "ok       clock", "1 of 1 hosts answer", "skipped  base_url", "→ set fetch.user_agent_contact"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if len(asked) != 1 || asked[0] != "GET /robots.txt" {
		t.Errorf("the host was asked %q", asked)
	}
	if code, out, _ := wireroom(t, dir, "doctor", "--offline", "--json"); code != 0 || !strings.Contains(out, `{"check":"clock","state":"skipped"`) || len(asked) != 1 {
		t.Errorf("offline: exit %d, asked %q: %s", code, asked, out)
	}
	host.Close()
	if code, out, _ := wireroom(t, dir, "doctor"); code != 1 || !strings.Contains(out, "bad      sources") {
		t.Errorf("nobody there: exit %d: %s", code, out)
	}
	if code, _, errs := wireroom(t, dir, "doctor", "nobody"); code != 2 || !strings.Contains(errs, "there is no source") {
		t.Errorf("exit %d: %s", code, errs)
	}
	if err := os.WriteFile(filepath.Join(dir, "wireroom.yaml"), []byte("sources: 7"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := wireroom(t, dir, "doctor"); code != 1 || !strings.Contains(out, "bad      config") || !strings.Contains(out, "wireroom.yaml:1") {
		t.Errorf("a broken config: exit %d: %s", code, out)
	}
}
