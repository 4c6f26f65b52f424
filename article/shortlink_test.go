package article

import "testing"

func TestUnshorten(t *testing.T) {
	t.Parallel()
	for short, want := range map[string]string{
		"https://p.dw.com/p/4auqw":                         "https://www.dw.com/a-67903698",
		"http://p.dw.com/p/4boRv":                          "https://www.dw.com/a-68117411",
		"https://proxy.example:443/https/p.dw.com/p/4auqw": "https://www.dw.com/a-67903698",
		"https://p.dw.com/p/":                              "",
		"https://p.dw.com/p/4a-qw":                         "",
		"https://p.dw.com/p/4auqw/more":                    "",
		"https://p.dw.com/p/zzzzzzzzzzzz":                  "",
		"https://short.example/p/4auqw":                    "",
		"":                                                 "",
	} {
		if got := Unshorten(short); got != want {
			t.Errorf("Unshorten(%q) = %q, want %q", short, got, want)
		}
	}
}
