package newswire

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireroom/article"
	"wireroom/internal/need"
	"wireroom/sources"
)

// Every file of the corpora that is in one of the formats gives items which have
// an id, a version, a status, a headline, a language, a date and a body, or a
// clear reason why not.
func TestCorpora(t *testing.T) {
	t.Parallel()
	dir := need.Corpora(t)
	files := map[Format]int{}
	items, whole, refused, broken := 0, 0, 0, 0
	err := filepath.WalkDir(filepath.Join(dir, "wire"), func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		body, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f := Detect(body)
		doc, err := Parse(body, received)
		var refusal *Refusal
		switch {
		case f == "":
			if !errors.Is(err, ErrFormat) {
				t.Errorf("%s: %v", name, err)
			}
			if known(body) {
				t.Errorf("%s: looks like a wire's format and is taken for none", name)
			}
			return nil
		case errors.As(err, &refusal):
			refused++
			if refusal.Format != f || strings.Count(refusal.Reason, " ") < 3 {
				t.Errorf("%s: no clear reason: %v", name, err)
			}
		case err != nil:
			broken++
			t.Logf("%s: %v", name, err)
		default:
			files[f]++
			for i := range doc.Items {
				all := complete(t, name, &doc.Items[i])
				if strings.Contains(name, "test_suite") { // made to try one property, nothing else is in them
					continue
				}
				items++
				if all {
					whole++
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d items, %d of them complete, of files %v; %d files hold no news, %d are broken", items, whole, files, refused, broken)
	if items < 130 || whole*100 < items*80 || broken > 3 || len(files) < 7 {
		t.Errorf("the formats are read worse than they were")
	}
}

// known reports whether a file names one of the formats at its beginning.
func known(body []byte) bool {
	head := bytes.TrimSpace(body[:min(len(body), 2000)])
	if bytes.HasPrefix(head, []byte("<contentSet")) { // a part of an item
		return false
	}
	for _, s := range []string{"http://iptc.org/std/nar/2006-10-01/", "<NewsML", "<nitf"} {
		if i := bytes.Index(head, []byte(s)); i >= 0 && !bytes.Contains(head, []byte("<xs:schema")) && !bytes.Contains(head[:i], []byte("schema")) {
			return true
		}
	}
	return false
}

// complete checks one item and reports whether it has all that it should have.
func complete(t *testing.T, name string, it *sources.Item) bool {
	r := &it.Record
	gaps := Gaps(it)
	for field, missing := range map[string]bool{
		"id": it.GUID == "", "headline": r.Headline == "", "language": r.Language == "", "updated": r.Updated.IsZero(), "body": r.Body.Text == "",
	} {
		if missing != (gaps[field] != "") {
			t.Errorf("%s: %s: missing %v, reason %q", name, field, missing, gaps[field])
		}
	}
	switch r.Status {
	case article.Usable, article.Withheld, article.Canceled:
	default:
		t.Errorf("%s: status %q", name, r.Status)
	}
	if r.Version < 1 || it.UpdatedText == "" && gaps["updated"] == "" || r.Updated.Before(r.Published) {
		t.Errorf("%s: version %d, published %v, updated %v (%q)", name, r.Version, r.Published, r.Updated, it.UpdatedText)
	}
	for _, marks := range []string{"UPDATE ", "CORRECTED-", "EILMELDUNG", "URGENT -", "WITHDRAWN-"} {
		if strings.HasPrefix(r.Headline, marks) {
			t.Errorf("%s: marks in the headline %q", name, r.Headline)
		}
	}
	for _, secret := range []string{"not intended for publication", "nicht zur Veröffentlichung bestimmt", "Editorial contacts"} {
		if strings.Contains(r.Body.Text, secret) || strings.Contains(r.Body.HTML, secret) {
			t.Errorf("%s: what is not for publication is in the body", name)
		}
	}
	if len(gaps) > 0 {
		t.Logf("%s: %q: %v", name, it.GUID, gaps)
	}
	return len(gaps) == 0
}
