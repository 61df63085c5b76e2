package transport

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"notewire/notes"
)

// exchange is a message, and what comes back on the same connection.
type exchange struct{ message, answer string }

func (c *client) exchanges(all []exchange) {
	c.Helper()
	for _, e := range all {
		c.send(e.message)
		c.gets(e.answer)
	}
}

func TestEveryMessageOfTheAccountDialectIsAnswered(t *testing.T) {
	bubble(t, func(s *server) {
		now := time.Now().UnixMilli()
		s.signIn("ann", "").exchanges([]exchange{
			{`{"type":"ping"}`, fmt.Sprintf(`{"type":"pong","timestamp":%d}`, now)},
			{
				`{"type":"note_created","noteData":{"id":"n","userId":"ann","title":"T","content":"","tags":[],"createdAt":"2025-09-15T10:00:00Z"}}`,
				`{"type":"mutation_ack","op":"create","noteId":"n","version":1,"cursor":"epoch-1"}`,
			},
			{`{"type":"note_created","noteData":{"id":"n"}}`, `{"type":"mutation_ack","op":"create","noteId":"n","version":1,"cursor":"epoch-1"}`},
			{`{"type":"note_created","noteId":"m","noteData":{},"mutationId":"mut-1"}`, `{"type":"mutation_ack","noteId":"m","mutationId":"mut-1"}`},
			{`{"type":"join_note","noteId":"n"}`, `{"type":"note_joined","noteId":"n","message":"Successfully joined note for real-time sync"}`},
			{`{"type":"leave_note","noteId":"n"}`, `{"type":"note_left","noteId":"n"}`},
			{
				`{"type":"note_update","noteId":"n","changes":{"content":"C","starred":true,"nonsense":1},"more":{}}`,
				fmt.Sprintf(`{"type":"note_update_success","noteId":"n","timestamp":%d,"version":2,"op":null,
					"updatedNote":{"title":"T","content":"C","starred":true}}`, now),
			},
			{
				`{"type":"note_update","noteId":"n","changes":{"starred":false}}`,
				`{"type":"note_update_success","noteId":"n","version":2,"cursor":"epoch-4","updatedNote":{"starred":false}}`,
			},
			{`{"type":"note_deleted","noteId":"n"}`, `{"type":"mutation_ack","op":"trash","noteId":"n","version":3}`},
			{`{"type":"note_deleted","noteId":"n"}`, `{"type":"mutation_ack","op":"trash","noteId":"n","version":3,"cursor":"epoch-5"}`},
			{`{"type":"note_update","noteId":"m","changes":{"deleted":true}}`, `{"type":"note_update_success","noteId":"m","updatedNote":{"deleted":true}}`},
		})
	})
}

func TestBeforeAuthOnlyPingAndAuthAreHeard(t *testing.T) {
	bubble(t, func(s *server) {
		c := s.connect()
		c.gets(`{"type":"connection_established"}`)
		c.exchanges([]exchange{
			{`{"type":"ping"}`, `{"type":"pong"}`},
			{`{"type":"join_note","noteId":"n"}`, `{"type":"error","message":"Authentication required","code":"unauthenticated","noteId":"n"}`},
			{`{"type":"leave_note","noteId":"n"}`, `{"type":"error","message":"Authentication required"}`},
			{
				`{"type":"note_update","noteId":"n","changes":{"title":"x"},"mutationId":"m-1"}`,
				`{"type":"error","message":"Authentication required","noteId":"n","mutationId":"m-1"}`,
			},
			{`{"type":"note_created","noteData":{}}`, `{"type":"error","message":"Authentication required"}`},
			{`{"type":"note_deleted","noteId":"n"}`, `{"type":"error","message":"Authentication required"}`},
			{`{"type":"auth","token":"ann"}`, `{"type":"auth_success"}`},
		})
	})
}

// The texts of A1.4. Each names what it refuses, and the connection lives on.
func TestRefusalsUseTheAncestorsWordsAndNameWhatTheyRefuse(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("bob", "bobs", notes.Create{})
		s.do("ann", "n", notes.Create{})
		c := s.signIn("ann", "")
		c.exchanges([]exchange{
			{`{"type":"subscribe"}`, `{"type":"error","message":"Unknown message type","code":"unknown_type","reason":"subscribe"}`},
			{`{"noteId":"n","mutationId":"m"}`, `{"type":"error","message":"Unknown message type","noteId":"n","mutationId":"m"}`},
			{`{"type":"join_note"}`, `{"type":"error","message":"Missing noteId or userId","code":"missing_member"}`},
			{`{"type":"leave_note"}`, `{"type":"error","message":"Missing noteId"}`},
			{`{"type":"note_update","changes":{}}`, `{"type":"error","message":"Missing userId or noteId"}`},
			{`{"type":"note_created"}`, `{"type":"error","message":"Missing noteData"}`},
			{`{"type":"note_deleted"}`, `{"type":"error","message":"Missing noteId"}`},
			{`{"type":"join_note","noteId":"absent"}`, `{"type":"error","message":"Note not found or access denied","noteId":"absent"}`},
			{`{"type":"join_note","noteId":"bobs"}`, `{"type":"error","message":"Note not found or access denied"}`},
			{
				`{"type":"note_update","noteId":"bobs","changes":{"title":"x"},"mutationId":"m-2"}`,
				`{"type":"error","message":"Note not found or access denied","code":"forbidden","noteId":"bobs","mutationId":"m-2"}`,
			},
			{`{"type":"note_deleted","noteId":"absent"}`, `{"type":"error","message":"Note not found or access denied","code":"not_found"}`},
			{
				`{"type":"note_created","noteData":{"id":"x","userId":"bob"},"mutationId":"m-3"}`,
				`{"type":"error","message":"Access denied: Cannot broadcast resource created by another user","code":"forbidden","mutationId":"m-3"}`,
			},
			{`{"type":"note_created","noteData":{"id":"bobs"}}`, `{"type":"error","code":"note_exists"}`},
			{`{"type":"note_update","noteId":"n","changes":{}}`, `{"type":"error","message":"No valid fields to update","noteId":"n"}`},
			{`{"type":"note_update","noteId":"n","changes":{"iconColor":"red"}}`, `{"type":"error","message":"No valid fields to update"}`},
			{`{"type":"note_update","noteId":"no spaces","changes":{"title":"x"}}`, `{"type":"error","code":"invalid"}`},
			{
				`{"type":"note_update","noteId":"n","expectedVersion":9,"changes":{"title":"x"}}`,
				`{"type":"error","code":"version_mismatch","message":"Version mismatch","current":{"id":"n","version":1}}`,
			},
			{
				`{"type":"note_update","noteId":"n","changes":{"content":"` + strings.Repeat("x", 1<<20+1) + `"}}`,
				`{"type":"error","code":"too_large","message":"content is 1048577 bytes; the limit is 1048576"}`,
			},
		})
		c.silent()
	})
}

func TestMalformedMessagesAreRefusedAndTheConnectionLives(t *testing.T) {
	bubble(t, func(s *server) {
		c := s.signIn("ann", "")
		c.exchanges([]exchange{
			{`{`, `{"type":"error","message":"Invalid message format","code":"invalid_json"}`},
			{`hello`, `{"type":"error","message":"Invalid message format"}`},
			{`[]`, `{"type":"error","message":"Invalid message format","code":"wrong_type"}`},
			{`null`, `{"type":"error","message":"Message authentication failed"}`},
			{`{"type":5}`, `{"type":"error","message":"Invalid message format","code":"wrong_type"}`},
			{`{"type":"ping"}{"type":"ping"}`, `{"type":"error","message":"Invalid message format","code":"trailing_data"}`},
			{`{"type":"ping","type":"ping"}`, `{"type":"error","message":"Invalid message format","code":"duplicate_key"}`},
			{"{\"type\":\"ping\",\"x\":\"\xff\"}", `{"type":"error","message":"Invalid message format","code":"bad_utf8"}`},
			{
				`{"type":"note_update","noteId":"n","mutationId":"m","changes":{"title":{}}}`,
				`{"type":"error","message":"Invalid message format","code":"wrong_type","noteId":"n","mutationId":"m"}`,
			},
			{`{"type":"ping"}`, `{"type":"pong"}`},
		})
		c.discarded(ErrNotText)
		c.gets(`{"type":"error","message":"Invalid message format","reason":"a message is a text frame"}`)
		c.silent()
	})
}

// A1.5: size, then rate, then format. What is too large does not count.
func TestMoreThan300MessagesInAMinuteAreRefusedByName(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		c := s.signIn("ann", "") // auth counts
		for range 5 {
			c.discarded(ErrFrameTooLarge)
			c.gets(`{"type":"error","message":"Message too large. Maximum size is 1MB.","code":"too_large"}`)
		}
		later(20 * time.Second)
		for range 298 {
			c.send(`{"type":"ping"}`)
			c.gets(`{"type":"pong"}`)
		}
		const refusal = `{"type":"error","message":"Rate limit exceeded. Please slow down.","code":"rate_limited","retryAfterMs":40000`
		const update = `{"type":"note_update","noteId":"n","mutationId":"m-1","changes":{"title":"x"}}`
		c.exchanges([]exchange{
			{`not JSON`, `{"type":"error","message":"Invalid message format"}`}, // counts
			{update, refusal + `,"noteId":"n","mutationId":"m-1"}`},
			{`not JSON`, refusal + `}`},
			{`{"type":"auth","token":"forged"}`, refusal + `}`},
		})
		c.discarded(ErrFrameTooLarge)
		c.gets(`{"type":"error","code":"too_large"}`)
		later(40*time.Second - 1)
		c.send(update)
		c.gets(`{"type":"error","code":"rate_limited","retryAfterMs":1}`)
		later(1)
		c.send(update)
		c.gets(`{"type":"note_update_success","version":2,"mutationId":"m-1"}`)
	})
}
