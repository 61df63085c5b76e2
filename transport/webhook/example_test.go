package webhook_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"notewire/transport/webhook"
)

// A receiver: it checks the signature over the body as it came, remembers what it has had, and
// answers 2xx when it has the event for good.
func ExampleVerify() {
	const secret = "nwhs_shown_when_the_webhook_was_made"
	had := map[string]bool{} // in a database, together with what the event changes
	receiver := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 8<<20))
		if err != nil || webhook.Verify(secret, r.Header, body, 0) != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if id := r.Header.Get(webhook.HeaderDelivery); !had[id] {
			had[id] = true
			fmt.Println(string(body))
		}
		w.WriteHeader(http.StatusNoContent)
	})

	event := `{"type":"note_deleted_sync","noteId":"shopping"}`
	for _, signed := range []string{event, event, "something else"} { // twice, and once with another signature
		r := httptest.NewRequest(http.MethodPost, "/hook", strings.NewReader(event))
		r.Header.Set(webhook.HeaderSignature, webhook.Sign(secret, time.Now(), []byte(signed)))
		r.Header.Set(webhook.HeaderDelivery, "abc-7")
		answer := httptest.NewRecorder()
		receiver.ServeHTTP(answer, r)
		fmt.Println(answer.Code)
	}
	// Output:
	// {"type":"note_deleted_sync","noteId":"shopping"}
	// 204
	// 204
	// 401
}
