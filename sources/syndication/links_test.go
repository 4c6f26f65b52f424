package syndication

import (
	"slices"
	"testing"
)

func onExample(u string) string { return absolute("https://e.example/d/", u) }

func TestAlternate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		list []link
		want string
	}{
		{"none", nil, ""},
		{"the page", []link{{rel: "alternate", kind: "application/json", href: "1.json"}, {rel: "alternate", kind: "text/html", href: "1"}}, "https://e.example/d/1"},
		{"before an unknown type", []link{{rel: "alternate", href: "u"}, {rel: "alternate", kind: "application/xhtml+xml", href: "x"}}, "https://e.example/d/x"},
		{"the first of equals", []link{{rel: "alternate", href: "a"}, {rel: "alternate", href: "b"}}, "https://e.example/d/a"},
		{"other relations aren't", []link{{rel: "self", href: "a"}, {rel: "enclosure", kind: "text/html", href: "b"}}, ""},
		{"other schemes aren't", []link{{rel: "alternate", kind: "text/html", href: "urn:x"}, {rel: "alternate", href: "b"}}, "https://e.example/d/b"},
		{"any type at last", []link{{rel: "alternate", kind: "application/pdf", href: "p.pdf"}}, "https://e.example/d/p.pdf"},
	} {
		if got := alternate(tt.list, onExample); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestRelation(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "alternate", " Self ": "self", "http://www.iana.org/assignments/relation/related": "related",
		"http://purl.org/x": "http://purl.org/x", "VIA": "via",
	} {
		if got := relation(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestPermalink(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ value, said, want string }{
		{"https://x.example/1", "", "https://x.example/1"},
		{"https://x.example/1", "true", "https://x.example/1"},
		{"https://x.example/1", "false", ""}, {"https://x.example/1", "FALSE", ""}, {"https://x.example/1", "0", ""},
		{"/1", "", "https://e.example/1"}, {"1", "true", ""}, {"tag:x", "", ""}, {"", "", ""}, {"http://", "true", ""},
	} {
		e := element1(tt.value, "ispermalink", tt.said)
		if got := permalink(&e, onExample); got != tt.want {
			t.Errorf("%q, %q: %q, want %q", tt.value, tt.said, got, tt.want)
		}
	}
}

func TestFeedLinks(t *testing.T) {
	t.Parallel()
	list := []link{{rel: "hub", href: "https://h.example/"}, {rel: "hub", href: "https://h.example/"}, {rel: "hub", href: "javascript:x"}, {rel: "hub", href: "h2"}, {rel: "self", href: ""}, {rel: "self", href: "s"}}
	if got, want := all(list, "hub", onExample), []string{"https://h.example/", "https://e.example/d/h2"}; !slices.Equal(got, want) {
		t.Errorf("hubs %q, want %q", got, want)
	}
	if got := one(list, "self", onExample); got != "https://e.example/d/s" {
		t.Errorf("self %q", got)
	}
}

func TestChain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "https://e.example/f/x.xml", "/a/": "https://e.example/a/", "/a/\x00b/\x00c": "https://e.example/a/b/c",
		"https://o.example/\x00mailto:x@y\x00 q ": "https://o.example/q", "javascript:x": "https://e.example/f/x.xml",
	} {
		if got := chain("https://e.example/f/x.xml", in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestResolveHTML(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"no markup": "no markup",
		`<p class=x>a & b</p><a href="y?a&amp;b">y</a>`:   `<p class=x>a & b</p><a href="https://e.example/d/y?a&amp;b">y</a>`,
		`<img src='/i.png' alt='"'><br/>`:                 `<img src="https://e.example/i.png" alt="&#34;"><br/>`,
		`<a href="https://o.example/">o</a><!-- <a> -->`:  `<a href="https://o.example/">o</a><!-- <a> -->`,
		`<a href="mailto:x@y.example">m</a><a name=q>cut`: `<a href="mailto:x@y.example">m</a><a name=q>cut`,
	} {
		if got := resolveHTML(in, "https://e.example/d/f"); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}
