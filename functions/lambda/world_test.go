package lambda

import (
	"context"
	"encoding/json"
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
