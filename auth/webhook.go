package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// webhookAge is how old, or how far in the future, a webhook may be.
const webhookAge = 5 * time.Minute

// Webhook checks what Clerk tells of sessions, as it signs it (with Svix). Safe for concurrent
// use.
type Webhook struct {
	key []byte
	now func() time.Time
}

// NewWebhook returns what checks webhooks that are signed with secret, which is whsec_ and
// base64. A nil now means time.Now. No error contains the secret.
func NewWebhook(secret string, now func() time.Time) (*Webhook, error) {
	encoded, ok := strings.CutPrefix(strings.TrimSpace(secret), "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) < 16 {
		return nil, errors.New("auth: CLERK_WEBHOOK_SECRET is not a signing secret like whsec_...; copy it from the Clerk dashboard, Webhooks")
	}
	return &Webhook{key: key, now: wallClock(now)}, nil
}

// EndedSession returns the session (sid) that has ended, or "" if the webhook is about
// something else. It fails if the webhook is not signed as it must be, or more than five
// minutes old; it may come twice.
func (w *Webhook) EndedSession(header http.Header, body []byte) (sid string, err error) {
	if err := w.verify(header, body); err != nil {
		return "", fmt.Errorf("auth: webhook refused: %w", err)
	}
	var event struct {
		Type string `json:"type"`
		Data struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &event); err != nil {
		return "", errors.New("auth: webhook refused: the body is not an event")
	}
	switch event.Type {
	case "session.ended", "session.removed", "session.revoked":
		return event.Data.ID, nil
	}
	return "", nil
}

func (w *Webhook) verify(header http.Header, body []byte) error {
	id, timestamp := header.Get("Svix-Id"), header.Get("Svix-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || id == "" {
		return errors.New("svix-id or svix-timestamp is missing")
	}
	if age := w.now().Sub(time.Unix(seconds, 0)); age > webhookAge || age < -webhookAge {
		return fmt.Errorf("it is %v old", age)
	}
	mac := hmac.New(sha256.New, w.key)
	fmt.Fprintf(mac, "%s.%s.", id, timestamp)
	mac.Write(body)
	want := mac.Sum(nil)
	for _, signature := range strings.Fields(header.Get("Svix-Signature")) { // several, while the secret is rotated
		encoded, ok := strings.CutPrefix(signature, "v1,")
		given, err := base64.StdEncoding.DecodeString(encoded)
		if ok && err == nil && hmac.Equal(given, want) {
			return nil
		}
	}
	return errors.New("no signature matches")
}
