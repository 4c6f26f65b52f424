package desk

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"wireroom/server/control"
	"wireroom/server/token"
)

// loginPage is what the login shows.
type loginPage struct {
	To    string // where to go afterwards
	Fault string
}

func (d *Desk) login(w http.ResponseWriter, r *http.Request) {
	d.showLogin(w, r, http.StatusOK, loginPage{To: local(r.URL.Query().Get("to"))})
}

func (d *Desk) showLogin(w http.ResponseWriter, r *http.Request, status int, p loginPage) {
	d.write(w, r, status, "login", &view{Title: "Log in", Body: p})
}

// local keeps only addresses of the desk: a login must not lead elsewhere.
func local(to string) string {
	if !strings.HasPrefix(to, "/desk/") || strings.ContainsAny(to, "\\\r\n\t\x00") || strings.Contains(to, "//") || len(to) > 2000 {
		return ""
	}
	return to
}

// enter checks the password.
func (d *Desk) enter(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "What was sent can't be read.", http.StatusBadRequest)
		return
	}
	to, from, now := local(r.PostForm.Get("to")), d.Client(r), d.Now()
	if wait := d.throttle.wait(from, now); wait > 0 {
		seconds := int(math.Ceil(wait.Seconds()))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		d.showLogin(w, r, http.StatusTooManyRequests, loginPage{To: to, Fault: "There were too many wrong passwords. Please try again in " + control.Span(time.Duration(seconds)*time.Second) + "."})
		return
	}
	if !d.right(r.Context(), r.PostForm.Get("password")) {
		d.throttle.wrong(from, now)
		d.Log.Warn("a wrong password at the desk", "from", from)
		d.showLogin(w, r, http.StatusUnauthorized, loginPage{To: to, Fault: "This is not the password."})
		return
	}
	d.throttle.right(from)
	s, err := d.begin(r.Context())
	if err != nil {
		d.Log.Error("nobody can log in", "error", err)
		http.Error(w, "The store does not answer. Please try again later.", http.StatusServiceUnavailable)
		return
	}
	d.Log.Info("somebody logged in at the desk", "from", from)
	http.SetCookie(w, d.cookie(r, s.word(), int(s.ends.Sub(now).Seconds())))
	if to == "" {
		to = "/desk"
	}
	http.Redirect(w, r, d.path(to), http.StatusSeeOther)
}

// right compares a word with the secret. Slow hashes are reckoned one after the
// other, so that they can't keep the machine from its work.
func (d *Desk) right(ctx context.Context, word string) bool {
	secret := d.Secret()
	if secret.Hash == "" {
		a, b := sha256.Sum256([]byte(word)), sha256.Sum256([]byte(secret.Password))
		return secret.Password != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
	}
	select {
	case d.throttle.slow <- struct{}{}:
		defer func() { <-d.throttle.slow }()
		return token.MatchPassword(secret.Hash, word)
	case <-ctx.Done():
		return false
	}
}

// leave ends the session.
func (d *Desk) leave(v *visit) error {
	if err := d.end(v.r.Context(), v.session); err != nil {
		return err
	}
	http.SetCookie(v.w, d.cookie(v.r, "", -1))
	v.w.Header().Set("Clear-Site-Data", `"cache"`)
	http.Redirect(v.w, v.r, d.path("/desk/login"), http.StatusSeeOther)
	return nil
}
