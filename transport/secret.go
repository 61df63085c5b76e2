package transport

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"notewire/notes"
)

const secretWindow = 5 * time.Minute

// secret is the sessionSecret of A1.6: a hash of the token, the user and the five-minute
// window. A connection without a token gets a random one.
func secret(token string, user notes.UserID, now time.Time) string {
	if token == "" {
		token = rand.Text()
	}
	window := now.Truncate(secretWindow).UnixMilli()
	sum := sha256.Sum256(fmt.Appendf(nil, "%s:%s:%d", token, user, window))
	return hex.EncodeToString(sum[:])
}
