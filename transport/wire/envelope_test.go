package wire_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"notewire/transport/wire"
)

// The test vector of A1.6.
const (
	vectorSecret  = "2b2d68cbe1039d06d055f2c27ffe8a775fb5a6579af71c8bab3bc78d11679144"
	vectorPayload = `{"type":"join_note","noteId":"123e4567-e89b-12d3-a456-426614174001"}`
	vector        = `{"payload":` + vectorPayload + `,"signature":"Ye1x/ukPH/BgPo240P3+F3200gGiuqu7HRP/t8JIhGU=",` +
		`"timestamp":1758000123456,"nonce":"AAECAwQFBgcICQoLDA0ODw=="}`
)

func TestAnEnvelopeIsVerifiedAsTheAncestorsClientsSign(t *testing.T) {
	e, sealed := wire.Unseal([]byte(vector))
	if !sealed || string(e.Payload) != vectorPayload || e.Timestamp != 1758000123456 || e.Nonce != `"AAECAwQFBgcICQoLDA0ODw=="` {
		t.Fatalf("%v %+v", sealed, e)
	}
	if !e.SignedWith(vectorSecret) {
		t.Error("the vector's signature is refused")
	}
	if e.SignedWith(strings.ToUpper(vectorSecret)) || e.SignedWith("") {
		t.Error("another secret is as good")
	}
	for _, change := range [][2]string{
		{`"noteId":"1`, `"noteId":"2`}, {"1758000123456", "1758000123457"}, {"AAEC", "AAED"}, {"Ye1x", "Ye1y"},
		{`{"type"`, `{ "type"`}, {`GU=`, `GU`},
	} {
		changed := strings.Replace(vector, change[0], change[1], 1)
		if e, sealed := wire.Unseal([]byte(changed)); !sealed || e.SignedWith(vectorSecret) {
			t.Errorf("%s is taken for the same", changed)
		}
	}
}

// Go would write < as \u003c, and sort the members: it is the bytes that came that are signed.
func TestAnEnvelopeIsVerifiedOverTheBytesThatCame(t *testing.T) {
	for _, payload := range []string{
		`{"z":1,"type":"note_update","a":"<b>&\"\\ é 日\u2028"}`, `{"type":"ping","n":1e3,"m":1.0,"big":12345678901234567890}`, `[1,null]`, `"text"`,
	} {
		mac := hmac.New(sha256.New, []byte("secret"))
		fmt.Fprintf(mac, `{"payload":%s,"timestamp":7,"nonce":"n"}`, payload)
		signature := base64.StdEncoding.EncodeToString(mac.Sum(nil))
		frame := fmt.Sprintf(`{"nonce":"n", "timestamp" : 7, "extra":0, "signature":%q,"payload": %s }`, signature, payload)
		e, sealed := wire.Unseal([]byte(frame))
		if !sealed || !e.SignedWith("secret") || string(e.Payload) != payload {
			t.Errorf("%s: %v %s", frame, sealed, e.Payload)
		}
	}
}

func TestOnlyWhatHasAllFourMembersIsAnEnvelope(t *testing.T) {
	for _, frame := range []string{
		`{"type":"ping"}`, `null`, `[]`, ``, `{`, `{"signature":"s","nonce":"n"}`,
		strings.Replace(vector, `"timestamp":1758000123456`, `"timestamp":"1758000123456"`, 1),
		strings.Replace(vector, `"nonce":"AAECAwQFBgcICQoLDA0ODw=="`, `"nonce":1`, 1),
		strings.Replace(vector, `"signature":"`, `"signature":null,"s":"`, 1),
		strings.Replace(vector, `"payload"`, `"pay"`, 1),
		strings.Replace(vector, `{"payload"`, `{"nonce":"twice","payload"`, 1),
		vector + "x",
	} {
		if e, sealed := wire.Unseal([]byte(frame)); sealed {
			t.Errorf("%s is one: %+v", frame, e)
		}
	}
	odd := strings.Replace(vector, "1758000123456", "1.5", 1)
	if e, sealed := wire.Unseal([]byte(odd)); !sealed || e.Timestamp != -1 {
		t.Errorf("a timestamp that is no whole number: %v %+v", sealed, e)
	}
}
