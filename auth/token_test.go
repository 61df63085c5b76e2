package auth_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"notewire/auth/authtest"
	"notewire/auth/claims"
)

func TestVerifyRefusesForms(t *testing.T) {
	genuine, rogue := issuers(t)
	v := newVerifier(t, genuine, newClock().Now)
	token := genuine.Mint(t, start, nil)
	parts := strings.Split(token, ".")
	header := func(changes map[string]any) string {
		h := map[string]any{"alg": "RS256", "kid": genuine.KeyID, "typ": "JWT"}
		maps.Copy(h, changes)
		return genuine.Sign(t, h, json.RawMessage(payloadOf(t, token)))
	}
	for _, tt := range []struct {
		name  string
		want  claims.Reason
		token string
	}{
		{"empty", claims.ReasonMalformed, ""},
		{"garbage", claims.ReasonMalformed, "garbage"},
		{"dots", claims.ReasonMalformed, ".."},
		{"four parts", claims.ReasonMalformed, token + ".x"},
		{"longer than 8 KiB", claims.ReasonMalformed, genuine.Mint(t, start, authtest.Claims{"meta": strings.Repeat("x", claims.MaxTokenBytes)})},
		{"8 KiB of dots", claims.ReasonMalformed, strings.Repeat(".", claims.MaxTokenBytes)},
		{"whitespace inside", claims.ReasonMalformed, parts[0] + ".\n" + parts[1] + "." + parts[2]},
		{"padded base64", claims.ReasonMalformed, token + "=="},
		{"other spelling of the same signature", claims.ReasonMalformed, respell(token)},
		{"JSON serialisation", claims.ReasonMalformed, jsonForm(t, parts)},
		{"header is not JSON", claims.ReasonMalformed, encode("x") + "." + parts[1] + "." + parts[2]},
		{"header is null", claims.ReasonSignature, encode("null") + "." + parts[1] + "." + parts[2]},
		{"payload is not JSON", claims.ReasonMalformed, genuine.Sign(t, json.RawMessage(`{"alg":"RS256","kid":"ins_1"}`), "x")},
		{"forged signature", claims.ReasonSignature, rogue.Mint(t, start, nil)},
		{"forged and expired", claims.ReasonSignature, rogue.Mint(t, start, authtest.Claims{"exp": 1})},
		{"payload of another token", claims.ReasonSignature, parts[0] + "." + strings.Split(genuine.Mint(t, start, authtest.Claims{"sub": "user_other"}), ".")[1] + "." + parts[2]},
		{"no signature", claims.ReasonSignature, parts[0] + "." + parts[1] + "."},
		{"short signature", claims.ReasonSignature, parts[0] + "." + parts[1] + ".AAAA"},
		{"alg none", claims.ReasonSignature, encode(`{"alg":"none","kid":"ins_1","typ":"JWT"}`) + "." + parts[1] + "."},
		{"HS256 with the public key as secret", claims.ReasonSignature, hs256(genuine.PEM(t), genuine.KeyID, parts[1])},
		{"RS512", claims.ReasonSignature, header(map[string]any{"alg": "RS512"})},
		{"alg of another case", claims.ReasonSignature, header(map[string]any{"alg": "rs256"})},
		{"alg null", claims.ReasonSignature, header(map[string]any{"alg": nil})},
		{"unknown kid", claims.ReasonKey, header(map[string]any{"kid": "ins_2"})},
		{"empty kid", claims.ReasonKey, header(map[string]any{"kid": ""})},
		{"kid is a number", claims.ReasonMalformed, header(map[string]any{"kid": 1})},
		{"OAuth access token", claims.ReasonSession, header(map[string]any{"typ": "at+jwt"})},
		{"embedded key", claims.ReasonMalformed, header(map[string]any{"jwk": genuine.JWK()})},
		{"critical extension", claims.ReasonMalformed, header(map[string]any{"crit": []string{"b64"}, "b64": true})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			refuses(t, v, tt.token, tt.want)
		})
	}
}

func TestVerifyAcceptsATokenWithoutTyp(t *testing.T) {
	genuine, _ := issuers(t)
	v := newVerifier(t, genuine, newClock().Now)
	payload := json.RawMessage(payloadOf(t, genuine.Mint(t, start, nil)))
	token := genuine.Sign(t, map[string]any{"alg": "RS256", "kid": genuine.KeyID}, payload)
	if _, err := v.Verify(t.Context(), token); err != nil {
		t.Fatal(err)
	}
}

// The SDK reads names in any case, we do not: a token that the two read
// differently is nobody's.
func TestVerifyRefusesWhatOnlyTheSDKRefuses(t *testing.T) {
	genuine, _ := issuers(t)
	v := newVerifier(t, genuine, newClock().Now)
	payload := strings.TrimSuffix(string(payloadOf(t, genuine.Mint(t, start, nil))), "}") + `,"ISS":"https://evil.example"}`
	token := genuine.Sign(t, map[string]any{"alg": "RS256", "kid": genuine.KeyID}, json.RawMessage(payload))
	refuses(t, v, token, claims.ReasonMalformed)
}

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func payloadOf(tb testing.TB, token string) []byte {
	tb.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		tb.Fatal(err)
	}
	return payload
}

// respell changes the bits of the last character that a lax decoder ignores.
func respell(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	return token[:len(token)-1] + string(alphabet[last^1])
}

func jsonForm(tb testing.TB, parts []string) string {
	tb.Helper()
	data, err := json.Marshal(map[string]string{"protected": parts[0], "payload": parts[1], "signature": parts[2]})
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

func hs256(secret, kid, payload string) string {
	signed := encode(`{"alg":"HS256","kid":"`+kid+`","typ":"JWT"}`) + "." + payload
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
