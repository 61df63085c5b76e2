package auth

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/jwks"
)

// maxKeySetBytes bounds the answer, which the SDK would read to its end.
const maxKeySetBytes = 1 << 20

// jwksFetch returns a function that asks Clerk once, through the SDK's client.
func jwksFetch(c JWKSConfig) (func(context.Context) (map[string]*rsa.PublicKey, error), error) {
	if c.SecretKey == "" {
		return nil, errors.New("the secret key is empty")
	}
	base := clerk.APIURL
	if c.BaseURL != "" {
		base = c.BaseURL
	}
	if err := checkBaseURL(base); err != nil {
		return nil, err
	}
	backend := clerk.NewBackend(&clerk.BackendConfig{
		HTTPClient: boundedClient(c.HTTPClient),
		URL:        &base,
		Key:        &c.SecretKey,
	})
	client := &jwks.Client{Backend: tolerantBackend{backend}}
	return func(ctx context.Context) (map[string]*rsa.PublicKey, error) {
		set, err := client.Get(ctx, &jwks.GetParams{})
		if err != nil {
			return nil, describe(err)
		}
		return usableKeys(set)
	}, nil
}

// checkBaseURL keeps the secret key off the open network.
func checkBaseURL(base string) error {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return errors.New("the base URL of Clerk's API is not an absolute URL")
	}
	if u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()) {
		return nil
	}
	return errors.New("the base URL of Clerk's API must be https: the secret key travels with each request")
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// usableKeys drops what cannot verify a session token. A set with nothing left
// is an error, so that the last good set stays in use.
func usableKeys(set *clerk.JSONWebKeySet) (map[string]*rsa.PublicKey, error) {
	keys := make(map[string]*rsa.PublicKey, len(set.Keys))
	for _, jwk := range set.Keys {
		if key, err := usableKey(jwk); err == nil && jwk.KeyID != "" {
			keys[jwk.KeyID] = key
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("the answer holds no usable key")
	}
	return keys, nil
}

// tolerantBackend decodes a key set one key at a time: the SDK's own decoding
// fails as a whole at the first key type that it does not know.
type tolerantBackend struct {
	clerk.Backend
}

func (b tolerantBackend) Call(ctx context.Context, req *clerk.APIRequest, out clerk.ResponseReader) error {
	set, ok := out.(*clerk.JSONWebKeySet)
	if !ok {
		return b.Backend.Call(ctx, req, out)
	}
	var raw struct {
		clerk.APIResource
		Keys []json.RawMessage `json:"keys"`
	}
	if err := b.Backend.Call(ctx, req, &raw); err != nil {
		return err
	}
	for _, data := range raw.Keys {
		jwk := new(clerk.JSONWebKey)
		if err := json.Unmarshal(data, jwk); err == nil {
			set.Keys = append(set.Keys, jwk)
		}
	}
	return nil
}

// boundedClient returns a copy of client (nil: a new one) that cuts off answers
// at maxKeySetBytes.
func boundedClient(client *http.Client) *http.Client {
	var bounded http.Client
	if client != nil {
		bounded = *client
	}
	if bounded.Transport == nil {
		bounded.Transport = http.DefaultTransport
	}
	bounded.Transport = boundedTransport{bounded.Transport}
	return &bounded
}

type boundedTransport struct {
	http.RoundTripper
}

func (t boundedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxKeySetBytes), resp.Body}
	return resp, nil
}

// describe makes one short line of the SDK's errors, which may hold the whole
// body of an answer.
func describe(err error) error {
	if refused, ok := errors.AsType[*clerk.APIErrorResponse](err); ok {
		code := "no error code"
		if len(refused.Errors) > 0 {
			code = refused.Errors[0].Code
		}
		return fmt.Errorf("HTTP %d (%s)", refused.HTTPStatusCode, clip(code))
	}
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return failed
	}
	return fmt.Errorf("unexpected answer: %s", clip(err.Error()))
}

func clip(text string) string {
	const most = 120
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > most {
		text = text[:most] + "..."
	}
	return strings.ToValidUTF8(text, "?")
}
