package edge_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"notewire/auth/authtest"
	"notewire/client/goclient"
	"notewire/edge/edgetest"
)

// With Clerk's sign-in the edge asks the issuer for its keys, and follows a rotation.
func TestTokensAreCheckedWithTheIssuersKeys(t *testing.T) {
	var published atomic.Pointer[authtest.Issuer]
	var asked atomic.Int64
	set := http.NewServeMux()
	set.HandleFunc("/.well-known/jwks.json", func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{map[string]any{"kty": "EC", "kid": 1}, published.Load().JWK()}})
	})
	server := httptest.NewServer(set)
	t.Cleanup(server.Close)
	first, rogue := authtest.NewIssuer(t, server.URL, "key-1"), authtest.NewIssuer(t, server.URL, "key-1")
	published.Store(first)
	api := authtest.NewServer(t, first)
	e := edgetest.Start(t, edgetest.Options{Origin: []string{
		"CLERK_SECRET_KEY=" + authtest.SecretKey, "CLERK_API_URL=" + api.URL, "CLERK_ISSUER=" + server.URL, "AUTHORIZED_PARTIES=" + authtest.Origin,
	}})
	client := func(token string) *goclient.Client {
		c, err := goclient.New(e.URL, goclient.Options{Token: func(context.Context) (string, error) { return token, nil }})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	good := client(first.Mint(t, time.Now(), nil))
	s := open(t, good, goclient.WebSocket, "", "")
	do(t, good, "create", "", map[string]any{"content": "x"})
	if got := expect(t, s, "note_created_sync"); !strings.Contains(string(got.Data), authtest.User) {
		t.Errorf("got %s", got.Data)
	}
	for name, token := range map[string]string{
		"forged": rogue.Mint(t, time.Now(), nil), "expired": first.Mint(t, time.Now().Add(-time.Hour), nil), "none": "",
		"another app's": first.Mint(t, time.Now(), authtest.Claims{"azp": "https://evil.example"}),
	} {
		for _, by := range []goclient.Transport{goclient.WebSocket, goclient.SSE} {
			if _, err := tryOpen(t, client(token), by, "", ""); err == nil {
				t.Errorf("a token that is %s opens a %s", name, by)
			}
		}
	}
	for range 5 { // keys that nobody has are not looked for each time
		unknown := authtest.NewIssuer(t, server.URL, "key-2")
		if _, err := tryOpen(t, client(unknown.Mint(t, time.Now(), nil)), goclient.SSE, "", ""); err == nil {
			t.Error("an unknown key opens a stream")
		}
	}
	if n := asked.Load(); n > 2 {
		t.Errorf("the issuer was asked %d times", n)
	}
}
