package main

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"strings"
	"time"

	"notewire/auth"
	"notewire/functions"
	"notewire/functions/config"
	"notewire/transport/edge"
)

// EdgeFlags put an edge in front of the server.
type EdgeFlags struct {
	EdgeSecret string `env:"EDGE_SECRET" help:"What the edge and this server sign requests to each other with: 32 bytes or more. Without it there is no edge."`
	EdgeUrl    string `name:"edge-url" env:"EDGE_URL" help:"Where the edge is told of changes: https://notes.example.com. Without it, it looks for them every few seconds."`
}

// Check refuses what cannot work.
func (f *EdgeFlags) Check() error {
	if f.EdgeUrl != "" && f.EdgeSecret == "" {
		return errors.New("EDGE_URL is set, but no EDGE_SECRET")
	}
	if f.EdgeSecret != "" && len(f.EdgeSecret) < edge.MinSecretBytes {
		return fmt.Errorf("EDGE_SECRET has %d bytes; it must have at least %d: openssl rand -hex 32", len(f.EdgeSecret), edge.MinSecretBytes)
	}
	return nil
}

// surface returns what the HTTP surface needs for the edge; nil without one.
func (f *EdgeFlags) surface(in *config.SignIn, clerk *config.AuthFlags) (*functions.Edge, error) {
	if err := f.Check(); err != nil || f.EdgeSecret == "" {
		return nil, err
	}
	var policy functions.EdgePolicy
	var key *rsa.PublicKey
	var err error
	if in.Local != nil {
		policy.Issuer = auth.LocalIssuerName
		key, err = localKey(in.Local)
	} else {
		policy, key, err = clerkPolicy(clerk)
	}
	if err != nil {
		return nil, err
	}
	policy.LeewayMS = auth.DefaultLeeway.Milliseconds()
	if key != nil {
		encode := base64.RawURLEncoding.EncodeToString
		policy.Keys = []functions.EdgeKey{{Kty: "RSA", N: encode(key.N.Bytes()), E: encode(big.NewInt(int64(key.E)).Bytes())}}
	}
	return &functions.Edge{Secret: []byte(f.EdgeSecret), Policy: policy}, nil
}

// clerkPolicy is what auth makes of the same flags. key is nil if the issuer publishes it.
func clerkPolicy(f *config.AuthFlags) (policy functions.EdgePolicy, key *rsa.PublicKey, err error) {
	policy.Issuer = strings.TrimSuffix(strings.TrimSpace(f.ClerkIssuer), "/")
	if policy.Issuer == "" {
		return policy, nil, errors.New("an edge needs CLERK_ISSUER: it asks there for the keys of tokens")
	}
	policy.Parties = (&config.OriginFlags{}).Origins(f.AuthorizedParties)
	if len(policy.Parties) == 0 || len(policy.Parties) != len(f.AuthorizedParties) { // none would mean: any
		return policy, nil, errors.New("an edge needs AUTHORIZED_PARTIES that are web origins, as https://app.example.com is")
	}
	for _, name := range f.ClerkAudiences {
		if name = strings.TrimSpace(name); name != "" {
			policy.Audiences = append(policy.Audiences, name)
		}
	}
	if f.ClerkJwtKey == "" {
		policy.KeysURL = policy.Issuer + "/.well-known/jwks.json"
		return policy, nil, nil
	}
	key, err = pemKey(f.ClerkJwtKey)
	return policy, key, err
}

// localKey is the public key of the local issuer, which finds it by the id that its tokens
// name.
func localKey(issuer *auth.LocalIssuer) (*rsa.PublicKey, error) {
	token, _, err := issuer.Mint("local", time.Now())
	if err != nil {
		return nil, err
	}
	head, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
	if err != nil {
		return nil, err
	}
	var header struct{ Kid string }
	if err := json.Unmarshal(head, &header); err != nil {
		return nil, err
	}
	return issuer.Key(context.Background(), header.Kid)
}

// pemKey reads a key that auth has accepted.
func pemKey(text string) (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(strings.ReplaceAll(strings.TrimSpace(text), `\n`, "\n")))
	if block == nil {
		return nil, errors.New("CLERK_JWT_KEY is not PEM")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("CLERK_JWT_KEY: %w", err)
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("CLERK_JWT_KEY is not an RSA key")
	}
	return key, nil
}

// pusher returns what tells the edge of changes; nil if nothing does.
func (f *EdgeFlags) pusher(log *slog.Logger) (*edge.Pusher, error) {
	if f.EdgeUrl == "" {
		return nil, nil
	}
	return edge.NewPusher(f.EdgeUrl, []byte(f.EdgeSecret), log)
}
