package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"notewire/auth"
)

func TestPEMKeyVerifies(t *testing.T) {
	genuine, rogue := issuers(t)
	text := genuine.PEM(t)
	for name, text := range map[string]string{
		"as it is":            text,
		"spaces around":       "\n  " + text + "\n",
		"literal line breaks": strings.ReplaceAll(text, "\n", `\n`),
	} {
		t.Run(name, func(t *testing.T) {
			keys, err := auth.ParsePEM(text)
			if err != nil {
				t.Fatal(err)
			}
			v := newVerifier(t, keys, newClock().Now)
			if _, err := v.Verify(t.Context(), genuine.Mint(t, start, nil)); err != nil {
				t.Error(err)
			}
			if _, err := v.Verify(t.Context(), rogue.Mint(t, start, nil)); err == nil {
				t.Error("accepted a forged signature")
			}
		})
	}
}

func TestParsePEMRefuses(t *testing.T) {
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"nothing":            "",
		"garbage":            "garbage",
		"a private key":      pemBlock(t, "PRIVATE KEY", &short.PublicKey),
		"a short RSA key":    pemBlock(t, "PUBLIC KEY", &short.PublicKey),
		"an elliptic curve":  pemBlock(t, "PUBLIC KEY", &curve.PublicKey),
		"a block of garbage": string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("x")})),
	} {
		if _, err := auth.ParsePEM(text); err == nil {
			t.Errorf("accepted %s", name)
		}
	}
}

func TestZeroPEMIsUnavailable(t *testing.T) {
	if _, err := (auth.PEM{}).Key(t.Context(), ""); !errors.Is(err, auth.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
}

func pemBlock(t *testing.T, kind string, key any) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
