package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"wireroom/server/token"
)

// admit lets a request through that shows a token with the scope (RFC 6750), and
// says whose it is; else it has answered.
func (a *API) admit(w http.ResponseWriter, r *http.Request, scope Scope) (who string, ok bool) {
	if scope == Anyone {
		return "", true
	}
	kind, word, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if word = strings.TrimSpace(word); !strings.EqualFold(kind, "Bearer") || word == "" {
		w.Header().Set("WWW-Authenticate", `Bearer realm="wireroom"`)
		writeProblem(w, problem{Status: http.StatusUnauthorized, Detail: "Send a token: Authorization: Bearer …. `wireroom token` makes one; its hash goes into the config under api.tokens."})
		return "", false
	}
	var found *Token
	tokens := a.Tokens()
	for i := range tokens { // all of them: the time tells nothing of which one it is
		if token.Match(tokens[i].Hash, word) {
			found = &tokens[i]
		}
	}
	switch {
	case found == nil:
		w.Header().Set("WWW-Authenticate", `Bearer realm="wireroom", error="invalid_token"`)
		writeProblem(w, problem{Status: http.StatusUnauthorized, Detail: "The token is not one of ours."})
		return "", false
	case !slices.Contains(found.Scopes, scope):
		w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="wireroom", error="insufficient_scope", scope=%q`, scope))
		writeProblem(w, problem{Status: http.StatusForbidden, Detail: fmt.Sprintf("The token %q lacks the scope %s.", found.Name, scope)})
		return "", false
	}
	return found.Name, true
}
