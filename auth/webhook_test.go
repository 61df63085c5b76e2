package auth_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"notewire/auth"
)

const webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func webhookAt(t *testing.T, now time.Time) *auth.Webhook {
	t.Helper()
	w, err := auth.NewWebhook(webhookSecret, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func svix(id, timestamp, signature string) http.Header {
	h := http.Header{}
	h.Set("svix-id", id)
	h.Set("svix-timestamp", timestamp)
	h.Set("svix-signature", signature)
	return h
}

// The example of Svix's documentation, which shares no code with ours.
func TestAWebhookIsVerifiedAsSvixSigns(t *testing.T) {
	const id, at, body = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", `{"test": 2432232314}`
	const signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	signed := time.Unix(1614265330, 0)
	for name, c := range map[string]struct {
		header http.Header
		body   string
		now    time.Time
		good   bool
	}{
		"as it is":              {svix(id, at, signature), body, signed, true},
		"five minutes late":     {svix(id, at, signature), body, signed.Add(5 * time.Minute), true},
		"later":                 {svix(id, at, signature), body, signed.Add(5*time.Minute + time.Second), false},
		"five minutes early":    {svix(id, at, signature), body, signed.Add(-5 * time.Minute), true},
		"earlier":               {svix(id, at, signature), body, signed.Add(-5*time.Minute - time.Second), false},
		"one of several":        {svix(id, at, "v1,AAAA v2,"+signature[3:]+" "+signature), body, signed, true},
		"another version":       {svix(id, at, "v2,"+signature[3:]), body, signed, false},
		"another body":          {svix(id, at, signature), body + " ", signed, false},
		"another id":            {svix(id+"x", at, signature), body, signed, false},
		"another time":          {svix(id, "1614265331", signature), body, signed, false},
		"no signature":          {svix(id, at, ""), body, signed, false},
		"an empty signature":    {svix(id, at, "v1,"), body, signed, false},
		"a time that is none":   {svix(id, "now", signature), body, signed, false},
		"nothing":               {http.Header{}, body, signed, false},
		"a time beyond any age": {svix(id, "-9223372036854775808", signature), body, signed, false},
	} {
		sid, err := webhookAt(t, c.now).EndedSession(c.header, []byte(c.body))
		if (err == nil) != c.good || sid != "" {
			t.Errorf("%s: %q, %v", name, sid, err)
		}
		if err != nil && strings.Contains(err.Error(), webhookSecret[6:]) {
			t.Errorf("%s: the error tells the secret", name)
		}
	}
}

func TestAWebhookSaysWhichSessionHasEnded(t *testing.T) {
	now := time.Now()
	for body, want := range map[string]string{
		`{"data":{"id":"sess_1","user_id":"user_1","status":"ended"},"object":"event","type":"session.ended"}`: "sess_1",
		`{"data":{"id":"sess_2"},"type":"session.removed"}`:                                                    "sess_2",
		`{"data":{"id":"sess_3"},"type":"session.revoked"}`:                                                    "sess_3",
		`{"data":{"id":"sess_4"},"type":"session.created"}`:                                                    "",
		`{"data":{"id":"user_5"},"type":"user.updated"}`:                                                       "",
	} {
		sid, err := webhookAt(t, now).EndedSession(signWebhook(t, now, body), []byte(body))
		if err != nil || sid != want {
			t.Errorf("%s: %q, %v", body, sid, err)
		}
	}
	if _, err := webhookAt(t, now).EndedSession(signWebhook(t, now, "x"), []byte("x")); err == nil {
		t.Error("a signed body that is no event")
	}
}

func signWebhook(t *testing.T, at time.Time, body string) http.Header {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(webhookSecret[len("whsec_"):])
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "msg_1.%d.%s", at.Unix(), body)
	return svix("msg_1", fmt.Sprint(at.Unix()), "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

func TestAWebhookSecretThatIsNoneIsRefused(t *testing.T) {
	for _, secret := range []string{"", "whsec_", "whsec_!", "whsec_AAAA", webhookSecret[len("whsec_"):], "sk_test_" + webhookSecret[len("whsec_"):]} {
		if _, err := auth.NewWebhook(secret, nil); err == nil || len(secret) > 10 && strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", secret, err)
		}
	}
}
