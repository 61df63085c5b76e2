package auth_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"notewire/auth"
	"notewire/auth/authtest"
)

func TestKeysThatCannotBeUsedDoNoHarm(t *testing.T) {
	genuine, _ := issuers(t)
	odd := map[string]map[string]any{
		"unknown type": {"kty": "XYZ", "kid": "odd"},
		"elliptic":     {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "odd"},
		"symmetric":    {"kty": "oct", "k": "c2VjcmV0", "kid": "odd"},
		"short RSA":    {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "odd"},
		"encryption":   with(genuine.JWK(), "kid", "odd", "use", "enc"),
		"other alg":    with(genuine.JWK(), "kid", "odd", "alg", "PS256"),
		"no kid":       with(genuine.JWK(), "kid", ""),
	}
	for name, key := range odd {
		t.Run(name, func(t *testing.T) {
			set, clock := new(authtest.KeySet), newClock()
			set.PublishRaw(key, nil, genuine.JWK())
			run(t, set, newJWKS(t, inProcess{Handler: set}, clock.Now), clock,
				step{0, "ins_1", "key", 1}, step{0, "odd", "key refused", 1})

			keys := newJWKS(t, inProcess{Handler: set}, clock.Now)
			run(t, set, keys, clock, step{0, "ins_1", "key", 2})
			set.PublishRaw(key) // nothing usable is left: not a set to change to
			run(t, set, keys, clock, step{time.Hour, "ins_1", "key", 3})
		})
	}
}

func with(jwk map[string]any, pairs ...string) map[string]any {
	for i := 0; i < len(pairs); i += 2 {
		jwk[pairs[i]] = pairs[i+1]
	}
	return jwk
}

func TestFetchErrorsAreShortAndSaySoWithoutTheSecret(t *testing.T) {
	genuine, _ := issuers(t)
	reply := func(status int, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		})
	}
	wrongSecret := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Authorization", "Bearer sk_test_wrong")
		authtest.NewKeySet(genuine).ServeHTTP(w, r)
	})
	for name, tt := range map[string]struct {
		handler http.Handler
		say     string
	}{
		"wrong secret":   {wrongSecret, "HTTP 401 (authentication_invalid)"},
		"proxy's HTML":   {reply(502, "<html>\n"+strings.Repeat("bad gateway ", 1000)), "<html> bad gateway"},
		"not JSON":       {reply(200, "hello"), "invalid character"},
		"endless answer": {reply(200, `{"keys":[`+strings.Repeat(" ", 2<<20)+`]}`), "unexpected end"},
		"empty":          {reply(200, ""), "no usable key"},
		"empty set":      {reply(200, `{"keys":[]}`), "no usable key"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newJWKS(t, inProcess{Handler: tt.handler}, nil).Key(t.Context(), "ins_1")
			if !errors.Is(err, auth.ErrUnavailable) || !strings.Contains(err.Error(), tt.say) {
				t.Fatalf("got %v, want %q", err, tt.say)
			}
			if strings.Contains(err.Error(), authtest.SecretKey) || len(err.Error()) > 300 {
				t.Fatalf("too long or too frank: %v", err)
			}
		})
	}
}

func TestNewJWKSRefuses(t *testing.T) {
	for name, c := range map[string]auth.JWKSConfig{
		"no secret":          {},
		"a relative URL":     {SecretKey: "sk_test_x", BaseURL: "/v1"},
		"a secret in clear":  {SecretKey: "sk_test_x", BaseURL: "http://api.example.com/v1"},
		"a clever loopback":  {SecretKey: "sk_test_x", BaseURL: "http://localhost.example.com/v1"},
		"another URL scheme": {SecretKey: "sk_test_x", BaseURL: "ftp://127.0.0.1/v1"},
	} {
		if _, err := auth.NewJWKS(c); err == nil {
			t.Errorf("accepted %s", name)
		}
	}
}
