package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/notes"
	"notewire/transport"
	"notewire/transport/gateway"
)

// world is a table, and any number of functions on it, as API Gateway and the table's stream
// invoke them.
type world struct {
	*testing.T
	engine *bolt.Engine
	sent   *clients
	ids    atomic.Int64
	one    *gateway.Gateway
	notes  *notes.Service
}

// open makes a world in a bubble of virtual time.
func open(t *testing.T, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { openNow(t, test) })
}

// openNow makes one in real time.
func openNow(t *testing.T, test func(w *world)) {
	t.Helper()
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.Options{NoSync: true, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	w := &world{T: t, engine: engine, sent: &clients{got: map[string][]string{}, gone: map[string]bool{}, closed: map[string]bool{}}}
	w.one = w.function()
	w.notes = w.one.Sessions.Service
	test(w)
}

// function is one execution environment.
func (w *world) function() *gateway.Gateway {
	store, err := dynamo.Open(w.Context(), w.engine, dynamo.Options{LogDays: 30, NewEpoch: func() string { return "e" }})
	if err != nil {
		w.Fatal(err)
	}
	i := &Instance{Engine: w.engine, Store: store, Log: quiet}
	newID := func() string { return fmt.Sprintf("id-%d", w.ids.Add(1)) }
	i.Service = notes.NewService(notes.Config{Store: store, Limits: notes.DefaultLimits(), NewID: newID, Publisher: i})
	i.Hub = transport.NewHub(transport.NotesLog{Service: i.Service})
	i.Sessions = transport.NewSessions(&transport.Sessions{Service: i.Service, Hub: i.Hub, NewID: newID, Options: transport.DefaultOptions(), Log: quiet, SignOuts: store})
	return &gateway.Gateway{
		Sessions: i.Sessions, Registry: Registry{w.engine}, Poster: w.sent, Log: quiet,
		SignIn: func(_ context.Context, token string) (transport.Login, bool, error) {
			return transport.Login{User: notes.UserID(token), SID: "sess_" + token, IssuedAt: time.Now()}, false, nil
		},
	}
}

// clients is the other end of all connections.
type clients struct {
	mu     sync.Mutex
	got    map[string][]string
	gone   map[string]bool
	closed map[string]bool
	onPost func(id, data string) // may wait
}

func (c *clients) Post(_ context.Context, id string, data []byte) error {
	if c.onPost != nil {
		c.onPost(id, string(data))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone[id] {
		return gateway.ErrGone
	}
	c.got[id] = append(c.got[id], string(data))
	return nil
}

func (c *clients) Close(_ context.Context, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed[id] = true
	return nil
}

// take returns what a connection got since the last take.
func (w *world) take(id string) (frames []map[string]any) {
	w.Helper()
	w.sent.mu.Lock()
	defer w.sent.mu.Unlock()
	for _, data := range w.sent.got[id] {
		var frame map[string]any
		if err := json.Unmarshal([]byte(data), &frame); err != nil {
			w.Fatal(err)
		}
		frames = append(frames, frame)
	}
	delete(w.sent.got, id)
	return frames
}

// gets checks the types and cursors of what a connection got.
func (w *world) gets(id string, want ...string) []map[string]any {
	w.Helper()
	frames := w.take(id)
	var got []string
	for _, frame := range frames {
		kind := fmt.Sprint(frame["type"])
		if cursor, ok := frame["cursor"].(string); ok {
			kind += " " + cursor
		}
		got = append(got, kind)
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		w.Errorf("%s got\n%v\nwant\n%v", id, got, want)
	}
	return frames
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// connect opens a connection and signs it in.
func (w *world) connect(id, user string) {
	w.Helper()
	w.must(w.one.Connect(w.Context(), gateway.Connection{Saved: transport.Saved{ID: id, Login: transport.Login{}, Note: "", Cursor: ""}}))
	w.must(w.one.Continue(w.Context(), id))
	w.message(id, fmt.Sprintf(`{"type":"auth","token":%q}`, user))
	w.take(id)
}

func (w *world) message(id, data string) {
	w.Helper()
	w.must(w.function().Message(w.Context(), id, []byte(data)))
}

// edit changes a note as if by HTTP, which creates it.
func (w *world) edit(user notes.UserID, note notes.NoteID, text string) {
	w.Helper()
	var op notes.Op = notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{Content: notes.Some(text)}}}
	if text == "" {
		op = notes.Create{}
	}
	_, err := w.notes.Mutate(w.Context(), user, "", notes.Mutation{Note: note, Op: op})
	w.must(err)
}

func (w *world) deliver(user notes.UserID) {
	w.Helper()
	w.must(w.function().Deliver(w.Context(), notes.Topic{User: user}))
}

func (w *world) known(id string) bool {
	_, _, err := Registry{w.engine}.read(w.Context(), id)
	return err == nil
}

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
