package article

import (
	"encoding/base64"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Links that a service put around another link: redirectors of search engines,
// social networks and mail filters, AMP caches, archives, translators and web
// proxies. Only what carries the whole target in its own text is unwrapped;
// short links, FeedBurner's (feedproxy.google.com/~r/…) and the newer ones of
// Google News carry an opaque number and stay as they are.

// redirectors are the hosts (with all hosts below them) that carry the target in
// a parameter, percent-encoded. The path must begin as given.
var redirectors = map[string][]redirector{
	"google":                            {{"/url", "url q"}, {"/imgres", "imgrefurl"}, {"/news/url", "url"}, {"/translate", "u"}, {"/aclk", "adurl"}},
	"googleadservices.com":              {{"/pagead/aclk", "adurl"}},
	"facebook.com":                      {{"/l.php", "u"}, {"/flx/warn", "u"}, {"/sharer", "u"}},
	"l.instagram.com":                   {{"/", "u"}},
	"l.messenger.com":                   {{"/l.php", "u"}},
	"l.threads.net":                     {{"/", "u"}},
	"l.threads.com":                     {{"/", "u"}},
	"l.wl.co":                           {{"/l", "u"}},
	"youtube.com":                       {{"/redirect", "q"}},
	"t.umblr.com":                       {{"/redirect", "z"}},
	"out.reddit.com":                    {{"/", "url"}},
	"linkedin.com":                      {{"/redir/", "url"}, {"/safety/go", "url"}, {"/slink", "url"}},
	"vk.com":                            {{"/away.php", "to"}},
	"ok.ru":                             {{"/dk", "st.link"}},
	"duckduckgo.com":                    {{"/l/", "uddg"}},
	"bing.com":                          {{"/news/apiclick.aspx", "url"}},
	"safelinks.protection.outlook.com":  {{"/", "url"}},
	"safelinks.protection.office365.us": {{"/", "url"}},
	"statics.teams.cdn.office.net":      {{"/evergreen-assets/safelinks", "url"}},
	"linkprotect.cudasvc.com":           {{"/url", "a"}},
	"urldefense.proofpoint.com":         {{"/v1/url", "u"}},
	"slack-redir.net":                   {{"/link", "url"}},
	"steamcommunity.com":                {{"/linkfilter", "u url"}},
	"getpocket.com":                     {{"/redirect", "url"}},
	"disq.us":                           {{"/url", "url"}},
	"exit.sc":                           {{"/", "url"}},
	"href.li":                           {{"/", ""}},
	"anonym.to":                         {{"/", ""}},
	"go.redirectingat.com":              {{"/", "url"}},
	"go.skimresources.com":              {{"/", "url"}},
	"click.linksynergy.com":             {{"/", "murl"}},
	"awin1.com":                         {{"/cread.php", "ued p"}},
	"translate.yandex.com":              {{"/translate", "url"}},
	"microsofttranslator.com":           {{"/bv.aspx", "a"}},
}

// redirector is one address of a host; params are names in order of preference,
// none for hosts whose whole query is the target.
type redirector struct{ path, params string }

// embedders keep the target in their path, after something of their own.
var embedders = set("web.archive.org", "archive.org", "archive.ph", "archive.is", "archive.today", "archive.md", "archive.li",
	"archive.vn", "archive.fo", "arquivo.pt", "webarchive.nationalarchives.gov.uk", "swap.stanford.edu", "wayback.archive-it.org",
	"webarchive.loc.gov", "secure-web.cisco.com", "rd.yahoo.com", "r.search.yahoo.com")

// unwrap returns the address that a, which is normalised, is wrapped around;
// empty if it is not wrapped.
func (a *address) unwrap() string {
	if inner := a.fromPath(); inner != "" {
		return inner
	}
	host, _ := splitPort(a.host)
	if inner, ok := a.fromAMP(host); ok {
		return inner
	}
	switch {
	case host == "news.google.com":
		return fromGoogleNews(a.path)
	case host == "go.theregister.com":
		return a.target("https", strings.TrimPrefix(a.path, "/feed/"), strings.HasPrefix(a.path, "/feed/"))
	case strings.HasSuffix(host, ".translate.goog"):
		return a.fromTranslate(strings.TrimSuffix(host, ".translate.goog"))
	case host == "urldefense.com" || host == "urldefense.us" || host == "urldefense.proofpoint.com":
		if inner := a.fromURLDefense(); inner != "" {
			return inner
		}
	case host == "bing.com" || host == "www.bing.com":
		if v, ok := strings.CutPrefix(a.param("u"), "a1"); ok && a.path == "/ck/a" {
			return webAddress(decode64(v))
		}
	}
	return a.fromParameter(host)
}

// fromPath unwraps proxies that carry scheme and host as their first path
// segments (/https/p.dw.com/p/1) or the whole address as their path
// (/https://p.dw.com/p/1), and the embedders.
func (a *address) fromPath() string {
	for _, scheme := range [...]string{"https", "http"} {
		rest, ok := strings.CutPrefix(a.path[1:], scheme)
		if !ok || rest == "" {
			continue
		}
		if rest[0] == '/' {
			return a.target(scheme, rest[1:], true)
		}
		if inner := a.embedded(a.path[1:]); inner != "" {
			return inner
		}
	}
	host, _ := splitPort(a.host)
	for !embedders[host] {
		_, rest, found := strings.Cut(host, ".")
		if !found {
			return ""
		}
		host = rest
	}
	path := a.path
	for {
		i := strings.Index(path, "http")
		if i < 0 {
			break
		}
		if i > 0 && (path[i-1] == '/' || path[i-1] == '*' || path[i-1] == '=') {
			if inner := a.embedded(path[i:]); inner != "" {
				return inner
			}
		}
		path = path[i+4:]
	}
	// The archive's short form: /web/20240105000000/example.org/page
	if rest, ok := strings.CutPrefix(a.path, "/web/"); ok {
		if _, page, ok := strings.Cut(rest, "/"); ok && rest[0] >= '0' && rest[0] <= '9' {
			return a.target("http", page, true)
		}
	}
	return ""
}

// embedded reads "https://…" or "https%3A%2F%2F…" at the start of the rest of a
// path. A plain one goes on into the query.
func (a *address) embedded(rest string) string {
	if i := strings.IndexAny(rest, ":%"); i != 4 && i != 5 {
		return ""
	}
	if scheme, after := splitScheme(rest); scheme == "http" || scheme == "https" {
		return a.target(scheme, after, strings.HasPrefix(after, "/"))
	}
	rest, _, _ = strings.Cut(rest, "/")
	return webAddress(unescape(rest))
}

// target is the address whose host and path are rest, with a's own query and
// fragment, if rest begins with the name of a public host.
func (a *address) target(scheme, rest string, ok bool) string {
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, "/")
	host, _ := splitPort(hostOf(rest))
	if !public(host) {
		return ""
	}
	inner := *a
	inner.scheme, inner.host, inner.path = scheme, hostOf(rest), rest[len(hostOf(rest)):]
	return inner.String()
}

// public reports whether host is a name below a known public suffix.
func public(host string) bool {
	host = strings.ToLower(host)
	if !validHost(host) || strings.IndexByte(host, '.') < 0 {
		return false
	}
	suffix, icann := publicsuffix.PublicSuffix(host)
	return suffix != host && (icann || strings.IndexByte(suffix, '.') >= 0)
}

// fromAMP unwraps AMP caches: /c/s/HOST/PATH, where "s" stands for https.
func (a *address) fromAMP(host string) (string, bool) {
	var rest string
	switch {
	case strings.HasSuffix(host, ".cdn.ampproject.org") || host == "cdn.ampproject.org" ||
		strings.HasSuffix(host, ".bing-amp.com"):
		_, rest, _ = strings.Cut(a.path[1:], "/")
	case googleHost(host) && strings.HasPrefix(a.path, "/amp/"):
		rest = a.path[len("/amp/"):]
	default:
		return "", false
	}
	scheme := "http"
	if s, ok := strings.CutPrefix(rest, "s/"); ok {
		scheme, rest = "https", s
	}
	inner := a.target(scheme, rest, true)
	return inner, inner != ""
}

func googleHost(host string) bool {
	return strings.Contains(host, "google.") && strings.HasPrefix(RegistrableDomain(host), "google.")
}

// fromTranslate reads www-example-org.translate.goog: dots are hyphens, hyphens
// are doubled.
func (a *address) fromTranslate(label string) string {
	name := strings.ReplaceAll(label, "--", "\x00")
	name = strings.ReplaceAll(strings.ReplaceAll(name, "-", "."), "\x00", "-")
	return a.target("https", name+a.path, true)
}

// fromURLDefense reads Proofpoint's mail links: v2 writes "-" for "%" and "_"
// for "/", v3 puts the address between underscores. v3 addresses in which
// characters were replaced stay as they are.
func (a *address) fromURLDefense() string {
	if strings.HasPrefix(a.path, "/v2/url") {
		return webAddress(unescape(strings.NewReplacer("-", "%", "_", "/").Replace(a.param("u"))))
	}
	rest, ok := strings.CutPrefix(a.path, "/v3/__")
	if !ok {
		return ""
	}
	if a.queried {
		rest += "?" + a.query
	}
	inner, _, ok := strings.Cut(rest, "__;")
	if !ok || strings.IndexByte(inner, '*') >= 0 {
		return ""
	}
	return webAddress(inner)
}

// fromGoogleNews reads the older article ids of Google News: base64 of a
// protocol buffer whose field 4 is the address.
func fromGoogleNews(path string) string {
	i := strings.Index(path, "articles/")
	if i < 0 {
		return ""
	}
	id, _, _ := strings.Cut(path[i+len("articles/"):], "/")
	msg := decode64(id)
	field := strings.Index(msg, "\x22")
	if field < 0 || field > 8 || field+2 >= len(msg) {
		return ""
	}
	msg = msg[field+1:]
	n, size := int(msg[0]), 1
	if n >= 0x80 && len(msg) > 1 {
		n, size = n&0x7F|int(msg[1])<<7, 2
	}
	if size+n > len(msg) {
		return ""
	}
	return webAddress(msg[size : size+n])
}

// fromParameter looks a's host up among the redirectors.
func (a *address) fromParameter(host string) string {
	if !a.queried {
		return ""
	}
	rules := redirectors["google"]
	if !googleHost(host) {
		for rules = redirectors[host]; rules == nil; rules = redirectors[host] {
			_, rest, found := strings.Cut(host, ".")
			if !found {
				return ""
			}
			host = rest
		}
	}
	for _, r := range rules {
		if !strings.HasPrefix(a.path, r.path) {
			continue
		}
		if r.params == "" {
			return webAddress(a.query)
		}
		for name := range strings.SplitSeq(r.params, " ") {
			if inner := webAddress(unescape(a.param(name))); inner != "" {
				return inner
			}
		}
	}
	return ""
}

// param is the raw value of the first parameter of that name.
func (a *address) param(name string) string {
	for pair := range strings.SplitSeq(a.query, "&") {
		if n, v, _ := strings.Cut(pair, "="); n == name {
			return v
		}
	}
	return ""
}

// webAddress returns s if it is an absolute http or https address of a public
// host, else "".
func webAddress(s string) string {
	scheme, rest := splitScheme(s)
	if scheme != "http" && scheme != "https" || !strings.HasPrefix(rest, "/") {
		return ""
	}
	inner, ok := parseAddress(scheme, rest)
	if host, _ := splitPort(inner.host); !ok || !public(host) {
		return ""
	}
	return s
}

func decode64(s string) string {
	s = strings.TrimRight(s, "=")
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		b, _ = base64.RawStdEncoding.DecodeString(s)
	}
	return string(b)
}
