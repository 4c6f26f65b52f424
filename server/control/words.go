package control

import (
	"fmt"
	"net/http"
	"strings"

	"wireroom/store"
)

// trouble says in plain words what the kinds of errors mean (of fetching, then
// of reading) and what may be done.
var trouble = map[string]string{
	"address":      "The address can't be fetched. Check how it is written.",
	"blocked":      "We may not go there: the address is in a private network, or the site's robots.txt forbids it.",
	"dns":          "The name of the host is not known. It may be misspelt, or the site is gone.",
	"connect":      "The host can't be reached, or it hung up before it answered.",
	"tls":          "The encrypted connection can't be trusted: the certificate is wrong or has run out.",
	"timeout":      "The host is too slow.",
	"protocol":     "What answers there does not speak proper HTTP.",
	"redirect":     "The address leads on and on, in a circle, or to where we do not follow.",
	"too-large":    "The answer is larger than a feed may be.",
	"encoding":     "The answer is compressed in a way that can't be undone.",
	"gone":         "The site says that the feed is gone for good. Give it a new address or remove it.",
	"not-found":    "There is nothing at the address. The feed may have moved: look for it on the site.",
	"forbidden":    "The site does not let us in. It may want a name and password, or another User-Agent.",
	"rate-limited": "The site says that we ask too often; it is left alone for a while.",
	"unavailable":  "The site is down for the moment; it is tried again.",
	"server":       "The site has trouble of its own; it is tried again.",
	"status":       "The site answers, but without a document.",
	"challenge":    "A check for robots stands before the feed. Ask the site to let feed readers through.",
	"busy":         "The file is still being written.",
	"file":         "The file or folder can't be read.",
	"not-a-feed":   "What stands there is no feed: a web page, a list of feeds, or something else. Add a site by its own address to find its feeds.",
	"not-news":     "What stands there is a news agency's, but no news.",
	"malformed":    "What the site sends can't be read as a feed.",
	"empty":        "The answer is empty.",
}

// words says what is wrong with a source and what may be done; empty if nothing is.
func (s *Status) words() string {
	switch s.State {
	case Held:
		return fmt.Sprintf("It brought %d new articles at once, far more than ever. They appear nowhere until you have looked at it and let them in.", s.Held)
	case Gone:
		return trouble["gone"]
	case Failing:
	default:
		return ""
	}
	kind := ""
	if n := len(s.History); n > 0 {
		kind = s.History[n-1].Outcome
	}
	if text := trouble[kind]; text != "" {
		return text
	}
	return "What the site sends can't be read as a feed."
}

// Words says in plain words how far a poll has come.
func (s *Step) Words() string {
	switch s.Stage {
	case "asking":
		return "Asking the site."
	case "answered":
		return fmt.Sprintf("It answered: %s, %d bytes.", status(s.Status), s.Bytes)
	case "reading":
		return fmt.Sprintf("Reading the document: %d items are new or changed, %d are known.", s.Items, s.Known)
	case "paging":
		return fmt.Sprintf("Reading the articles themselves: %d of %d.", s.Page, s.Pages)
	case "saving":
		return "Saving what came."
	}
	return s.Stage
}

// Words says in plain words what became of a poll.
func (p *Polled) Words() string {
	switch {
	case p.Outcome == "skipped":
		return "It was left alone: " + p.Error + "."
	case p.Failed():
		text := Outcome(&Poll{Outcome: p.Outcome})
		if p.Error != "" {
			text += " (" + p.Error + ")"
		}
		return text
	case p.New+p.Updated > 0:
		return fmt.Sprintf("Done: %d new articles, %d updated.", p.New, p.Updated)
	}
	return "Done: " + Outcome(&Poll{Outcome: p.Outcome}) + "."
}

// status is a status of HTTP with its name; files have none.
func status(code int) string {
	if code == 0 {
		return "a file"
	}
	return strings.TrimSpace(fmt.Sprint(code, " ", http.StatusText(code)))
}

// Outcome says in plain words how a poll ended.
func Outcome(p *Poll) string {
	switch p.Outcome {
	case "new":
		return "news"
	case "same":
		return "nothing new"
	case "unchanged":
		return "the same bytes"
	case "not-modified":
		return "not modified (304)"
	case "skipped":
		return "left alone"
	case store.Withdrawn:
		return "an article was withdrawn by hand"
	}
	if text := trouble[p.Outcome]; text != "" {
		return text
	}
	return p.Outcome
}
