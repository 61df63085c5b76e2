package authtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"notewire/auth"
)

// SecretKey is the one that a KeySet answers to.
const SecretKey = "sk_test_authtest"

// KeySet is the handler of GET /v1/jwks. Safe for concurrent use.
type KeySet struct {
	mu       sync.Mutex // guards what follows
	keys     []map[string]any
	status   int // what every request is answered with; 0 means normally
	requests int
}

// NewKeySet returns a handler that publishes the issuers' keys.
func NewKeySet(issuers ...*Issuer) *KeySet {
	s := new(KeySet)
	s.Publish(issuers...)
	return s
}

// Publish replaces the published keys.
func (s *KeySet) Publish(issuers ...*Issuer) {
	keys := make([]map[string]any, 0, len(issuers))
	for _, issuer := range issuers {
		keys = append(keys, issuer.JWK())
	}
	s.PublishRaw(keys...)
}

// PublishRaw replaces the published keys with any JSON objects.
func (s *KeySet) PublishRaw(keys ...map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = keys
}

// Fail answers every request with the status; 0 ends the failure.
func (s *KeySet) Fail(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

// Requests counts the requests so far, failed ones too.
func (s *KeySet) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

func (s *KeySet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	switch {
	case s.status != 0:
		http.Error(w, "authtest was told to fail", s.status)
	case r.Method != http.MethodGet || r.URL.Path != "/v1/jwks":
		http.NotFound(w, r)
	case r.Header.Get("Authorization") != "Bearer "+SecretKey:
		answer(w, http.StatusUnauthorized, map[string]any{
			"errors": []map[string]any{{"code": "authentication_invalid", "message": "Invalid authentication"}},
		})
	default:
		answer(w, http.StatusOK, map[string]any{"keys": s.keys})
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that went away is its own problem
}

// Server is a KeySet on a loopback port.
type Server struct {
	*KeySet
	URL string // the base URL of the API, with /v1
}

// NewServer starts a server that ends with the test.
func NewServer(tb testing.TB, issuers ...*Issuer) *Server {
	tb.Helper()
	set := NewKeySet(issuers...)
	listening := httptest.NewServer(set)
	tb.Cleanup(listening.Close)
	return &Server{KeySet: set, URL: listening.URL + "/v1"}
}

// Config returns the configuration of an instance whose tokens issuer mints and
// whose keys this server publishes.
func (s *Server) Config(issuer *Issuer) auth.Config {
	return auth.Config{
		SecretKey:         SecretKey,
		Issuer:            issuer.Name,
		AuthorizedParties: []string{Origin},
		BaseURL:           s.URL,
	}
}
