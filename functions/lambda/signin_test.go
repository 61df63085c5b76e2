package lambda

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"notewire/notes"
	"notewire/transport"
	"notewire/transport/gateway"
)

func TestASignOutEndsTheConnectionAtItsNextTurn(t *testing.T) {
	open(t, func(w *world) {
		w.edit("ann", "n", "")
		w.connect("told", "ann")
		w.connect("speaks", "ann")
		w.connect("other", "bob")
		w.must(w.one.Connect(w.Context(), gateway.Connection{Saved: transport.Saved{
			ID: "note", Note: "n", Login: transport.Login{User: "ann", SID: "sess_ann", IssuedAt: time.Now()},
		}}))
		w.must(w.one.Continue(w.Context(), "note"))
		w.gets("note", "initial e-1")
		w.must(w.function().Sessions.SignOut(w.Context(), "sess_ann", time.Time{}))
		time.Sleep(time.Second) // what a function asked a moment ago counts that long
		w.message("speaks", `{"type":"note_update","noteId":"n","changes":{"content":"late"}}`)
		w.gets("speaks", "auth_failed")
		w.deliver("ann")
		w.gets("told", "auth_failed")
		w.must(w.function().Deliver(w.Context(), notes.Topic{Note: "n"}))
		w.gets("note", "error")
		for _, id := range []string{"told", "speaks", "note"} {
			if !w.sent.closed[id] {
				t.Errorf("%s goes on", id)
			}
		}
		w.message("other", `{"type":"ping"}`)
		w.gets("other", "pong")
		if head, err := w.notes.NoteVersion(w.Context(), "n"); head != 1 || err != nil {
			t.Errorf("the note is at %d, %v", head, err)
		}
	})
}

func TestSignedMessagesInTurns(t *testing.T) {
	open(t, func(w *world) {
		w.must(w.one.Connect(w.Context(), gateway.Connection{Saved: transport.Saved{ID: "c"}}))
		w.must(w.one.Continue(w.Context(), "c"))
		w.take("c")
		w.message("c", sealed("a dead secret", `{"type":"auth","token":"ann"}`))
		secret, _ := w.gets("c", "auth_success e-0")[0]["sessionSecret"].(string)
		w.message("c", sealed(secret, `{"type":"ping"}`))
		w.gets("c", "pong")
		w.message("c", sealed("another", `{"type":"ping"}`))
		if m := w.gets("c", "error")[0]; m["message"] != "Message authentication failed" {
			t.Errorf("%v", m)
		}
		w.message("c", sealed(secret, `{"type":"auth","token":"ann"}`)) // again, signed in
		w.gets("c", "auth_success e-0")
	})
}

// sealed signs a message as the ancestor's client does.
func sealed(secret, payload string) string {
	at := time.Now().UnixMilli()
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, `{"payload":%s,"timestamp":%d,"nonce":"n"}`, payload, at)
	return fmt.Sprintf(`{"payload":%s,"signature":%q,"timestamp":%d,"nonce":"n"}`, payload, base64.StdEncoding.EncodeToString(mac.Sum(nil)), at)
}
