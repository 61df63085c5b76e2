package lambda

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"notewire/notes"
	"notewire/transport"
	"notewire/transport/gateway"
)

func TestASessionInTurnsIsASession(t *testing.T) {
	open(t, func(w *world) {
		w.must(w.one.Connect(w.Context(), gateway.Connection{Saved: transport.Saved{ID: "c=", Login: transport.Login{}, Note: "", Cursor: ""}}))
		w.gets("c=") // nothing before its first turn
		w.must(w.one.Continue(w.Context(), "c="))
		hello := w.gets("c=", "connection_established")
		if hello[0]["connectionId"] != "c=" {
			t.Errorf("the connection is %v", hello[0]["connectionId"])
		}
		w.message("c=", `{"type":"note_update","noteId":"n","changes":{}}`)
		w.gets("c=", "error")
		w.message("c=", `{"type":"auth","token":"ann"}`)
		w.gets("c=", "auth_success e-0")
		w.message("c=", `{"type":"note_created","noteId":"n","noteData":{"id":"n"},"mutationId":"m1"}`)
		w.gets("c=", "mutation_ack e-1")
		w.message("c=", `{"type":"note_update","noteId":"n","changes":{"content":"1"},"mutationId":"m2"}`)
		w.gets("c=", "note_update_success e-2")
		w.edit("ann", "n", "2")
		w.gets("c=") // until the stream tells a function
		w.deliver("ann")
		w.deliver("ann")
		w.gets("c=", "note_sync e-3")
		w.message("c=", `{"type":"ping"}`)
		w.gets("c=", "pong")
		w.must(w.one.Disconnect(w.Context(), "c="))
		w.edit("ann", "n", "3")
		w.deliver("ann")
		w.gets("c=")
		if err := w.one.Message(w.Context(), "c=", []byte(`{"type":"ping"}`)); !errors.Is(err, gateway.ErrNoConnection) {
			t.Errorf("a message of a connection that has ended: %v", err)
		}
	})
}

func TestAConnectionThatShowedItsTokenIsSignedInAtItsCursor(t *testing.T) {
	open(t, func(w *world) {
		w.edit("ann", "n", "")
		w.edit("ann", "n", "1")
		login := transport.Login{User: "ann", IssuedAt: time.Now()}
		w.must(w.one.Connect(w.Context(), gateway.Connection{Saved: transport.Saved{ID: "c", Login: login, Note: "", Cursor: "e-1"}}))
		w.must(w.one.Continue(w.Context(), "c"))
		w.gets("c", "connection_established", "auth_success e-1", "note_sync e-2")
		w.must(w.one.Connect(w.Context(), gateway.Connection{Saved: transport.Saved{ID: "d", Login: login, Note: "", Cursor: "other-1"}}))
		w.must(w.one.Continue(w.Context(), "d"))
		w.gets("d", "connection_established", "auth_success e-2", "resync e-2")
	})
}

func TestTheNoteDialectInTurns(t *testing.T) {
	open(t, func(w *world) {
		w.edit("ann", "n", "")
		w.must(w.one.Connect(w.Context(), gateway.Connection{Saved: transport.Saved{ID: "c", Login: transport.Login{User: "ann"}, Note: "n", Cursor: ""}}))
		w.must(w.one.Continue(w.Context(), "c"))
		w.gets("c", "initial e-1")
		w.message("c", `{"type":"update_event","data":{"content":"1"}}`)
		w.gets("c", "update e-2")
		w.edit("ann", "n", "2")
		w.must(w.one.Deliver(w.Context(), notes.Topic{Note: "n"}))
		w.gets("c", "update e-3")
		_, err := w.notes.Mutate(w.Context(), "ann", "", notes.Mutation{Note: "n", Op: notes.Trash{}})
		w.must(err)
		w.must(w.one.Deliver(w.Context(), notes.Topic{Note: "n"}))
		w.gets("c", "delete e-4")
		if !w.sent.closed["c"] || w.known("c") {
			t.Error("the connection to a note in the trash goes on")
		}
	})
}

// While a turn writes, others find its lease, leave word and go; the holder looks again.
func TestWhoFindsAConnectionBusyLeavesWord(t *testing.T) {
	open(t, func(w *world) {
		w.connect("c", "ann")
		w.edit("ann", "n", "")
		hold, held := make(chan struct{}), make(chan struct{}, 1)
		w.sent.onPost = func(string, string) {
			select {
			case held <- struct{}{}:
			default:
			}
			<-hold
		}
		turn := make(chan error)
		go func() { turn <- w.one.Continue(w.Context(), "c") }()
		<-held
		w.edit("ann", "n", "1")
		w.deliver("ann") // returns at once
		w.gets("c")
		close(hold)
		w.must(<-turn)
		w.gets("c", "note_created_sync e-1", "note_sync e-2")
	})
}

// Whatever runs at the same time, in whatever order: one connection gets its log in order,
// once, and its messages' answers.
func TestTurnsFromManyFunctionsKeepTheOrder(t *testing.T) {
	open(t, func(w *world) {
		w.connect("c", "ann")
		w.edit("ann", "n", "")
		const writers, edits = 4, 10
		var group sync.WaitGroup
		for i := range writers {
			f := w.function()
			group.Go(func() {
				for j := range edits {
					if i == 0 {
						_ = f.Message(w.Context(), "c", fmt.Appendf(nil, `{"type":"note_update","noteId":"n","changes":{"content":"%d"}}`, j))
						continue
					}
					_, err := f.Sessions.Service.Mutate(w.Context(), "ann", "", notes.Mutation{Note: "n", Op: notes.Edit{
						Changes: notes.Changes{BodyPatch: notes.BodyPatch{Content: notes.Some(fmt.Sprint(i, j))}}}})
					if err != nil {
						t.Error(err)
					}
					if err := f.Deliver(w.Context(), notes.Topic{User: "ann"}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		frames := w.take("c")
		if len(frames) != 1+writers*edits {
			t.Errorf("%d frames", len(frames))
		}
		for i, frame := range frames {
			if frame["cursor"] != fmt.Sprintf("e-%d", i+1) {
				t.Fatalf("frame %d is %v at %v", i+1, frame["type"], frame["cursor"])
			}
		}
	})
}

// Messages that are sent without waiting for answers do not wait for each other.
func TestABurstOfMessagesIsHandledAtOnce(t *testing.T) {
	open(t, func(w *world) {
		w.connect("c", "ann")
		w.edit("ann", "n", "")
		w.deliver("ann")
		w.take("c")
		begun := time.Now()
		w.sent.onPost = func(string, string) { time.Sleep(50 * time.Millisecond) }
		var group sync.WaitGroup
		for i := range 20 {
			f := w.function()
			group.Go(func() {
				if err := f.Message(w.Context(), "c", fmt.Appendf(nil, `{"type":"note_update","noteId":"n","changes":{"content":"%d"}}`, i)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		frames := w.take("c")
		for i, frame := range frames {
			if frame["type"] != "note_update_success" || frame["cursor"] != fmt.Sprintf("e-%d", i+2) {
				t.Fatalf("frame %d is %v at %v", i+1, frame["type"], frame["cursor"])
			}
		}
		if took := time.Since(begun); len(frames) != 20 || took > 20*50*time.Millisecond+time.Second {
			t.Errorf("%d confirmations in %v", len(frames), took)
		}
	})
}

func TestATurnThatDiedIsTakenOverWhenItsLeaseIsOver(t *testing.T) {
	open(t, func(w *world) {
		w.connect("c", "ann")
		_, err := Registry{w.engine}.Lease(w.Context(), "c")
		w.must(err)
		w.edit("ann", "n", "")
		w.deliver("ann")
		w.gets("c")
		time.Sleep(gateway.LeaseTime - time.Second)
		w.message("c", `{"type":"ping"}`) // needs no turn
		w.gets("c", "pong")
		w.message("c", `{"type":"auth","token":"ann"}`) // waits for the rest of the lease
		if frames := w.take("c"); len(frames) != 2 {    // the event and the answer, in any order
			t.Errorf("it gets %v", frames)
		}
	})
}

func TestAConnectionThatIsGoneIsForgotten(t *testing.T) {
	open(t, func(w *world) {
		w.connect("c", "ann")
		w.edit("ann", "n", "")
		w.sent.gone["c"] = true
		w.deliver("ann")
		ids, err := Registry{w.engine}.Following(w.Context(), notes.Topic{User: "ann"})
		if err != nil || len(ids) != 0 || w.known("c") || w.sent.closed["c"] {
			t.Errorf("%v follow, error %v", ids, err)
		}
	})
}

// The first turn may come before API Gateway has opened the connection.
func TestAConnectionThatIsAboutToOpenIsWaitedFor(t *testing.T) {
	open(t, func(w *world) {
		w.sent.gone["c"] = true
		w.must(w.one.Connect(w.Context(), gateway.Connection{Saved: transport.Saved{ID: "c", Login: transport.Login{}, Note: "", Cursor: ""}}))
		go func() {
			time.Sleep(time.Second)
			w.sent.mu.Lock()
			defer w.sent.mu.Unlock()
			w.sent.gone["c"] = false
		}()
		w.must(w.one.Continue(w.Context(), "c"))
		w.gets("c", "connection_established")
	})
}

func TestTheSocketsOfAnAccountAreBounded(t *testing.T) {
	open(t, func(w *world) {
		limit := transport.DefaultOptions().Sockets
		for i := range limit {
			w.connect(fmt.Sprintf("c-%d", i), "ann")
		}
		w.connect("other", "bob")
		w.must(w.one.Connect(w.Context(), gateway.Connection{Saved: transport.Saved{ID: "more", Login: transport.Login{}, Note: "", Cursor: ""}}))
		w.message("more", `{"type":"auth","token":"ann"}`)
		frames := w.take("more")
		if last := frames[len(frames)-1]; last["type"] != "error" || last["code"] != "rate_limited" || !w.sent.closed["more"] {
			t.Errorf("one socket too many gets %v", frames)
		}
	})
}

func TestAnEventThatIsTooLargeForTheGatewayIsTruncated(t *testing.T) {
	openNow(t, func(w *world) {
		w.connect("c", "ann")
		w.edit("ann", "n", "")
		w.edit("ann", "n", strings.Repeat("x", gateway.MaxMessage))
		w.deliver("ann")
		frames := w.gets("c", "note_created_sync e-1", "note_sync e-2")
		note, _ := frames[1]["updatedNote"].(map[string]any)
		if frames[1]["truncated"] != true || note["version"] != float64(2) || note["content"] != nil {
			t.Errorf("it is %v", frames[1])
		}
	})
}

// A turn that has no time for all that there is saves its place, and says so.
func TestATurnEndsWithTheTimeThatItHas(t *testing.T) {
	open(t, func(w *world) {
		w.connect("c", "ann")
		w.edit("ann", "n", "")
		for i := range 200 {
			w.edit("ann", "n", fmt.Sprint(i))
		}
		w.sent.onPost = func(string, string) { time.Sleep(100 * time.Millisecond) }
		var got int
		for turn := 1; ; turn++ {
			ctx, cancel := context.WithTimeout(w.Context(), 10*time.Second)
			err := w.one.Continue(ctx, "c")
			cancel()
			got += len(w.take("c"))
			if err == nil {
				if got != 201 || turn < 2 {
					t.Errorf("%d frames in %d turns", got, turn)
				}
				return
			}
			if !errors.Is(err, gateway.ErrBehind) || turn > 10 {
				t.Fatal(err)
			}
		}
	})
}

func TestAStaleTokenEndsTheConnectionAtItsNextTurn(t *testing.T) {
	open(t, func(w *world) {
		w.connect("c", "ann")
		time.Sleep(transport.DefaultOptions().TokenStaleness)
		w.deliver("ann")
		w.gets("c", "auth_failed")
		if !w.sent.closed["c"] || w.known("c") {
			t.Error("it goes on")
		}
	})
}
