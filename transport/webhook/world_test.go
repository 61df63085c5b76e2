package webhook_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/notes"
	"notewire/transport/feed"
	"notewire/transport/webhook"
	"notewire/transport/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const ann = notes.UserID("ann")

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// world is a real store, service and driver, and webhooks to receivers on this machine.
type world struct {
	*testing.T
	service *notes.Service
	driver  *feed.Driver
	hooks   *webhook.Hooks
}

// quick are the options of a driver that does not keep a test waiting.
var quick = feed.Options{
	FirstWait: 20 * time.Millisecond, LongestWait: 100 * time.Millisecond, Sweep: 100 * time.Millisecond, Timeout: 2 * time.Second, Tries: 3,
}

func newWorld(t *testing.T, opts feed.Options) *world {
	t.Helper()
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "notes.db"), bolt.Options{NoSync: true, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 30, NewEpoch: func() string { return "epoch" }})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t}
	w.service = notes.NewService(notes.Config{Store: store, Publisher: w, Limits: notes.DefaultLimits(), NewID: rand.Text})
	sink := webhook.NewSink(webhook.Options{Loopback: true})
	w.driver = feed.NewDriver(feed.Config{
		Log: w.service, Rows: store, Sinks: map[string]feed.Sink{webhook.Kind: sink}, Instance: "one", Alone: true, Options: opts,
		Logger: slog.New(slog.DiscardHandler),
	})
	w.hooks = &webhook.Hooks{Driver: w.driver, Sink: sink}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); w.driver.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended; sink.Close() })
	return w
}

// Publish implements notes.Publisher.
func (w *world) Publish(t notes.Topic, seq int64) { w.driver.Publish(t, seq) }

func (w *world) add(user notes.UserID, url string) *wire.WebhookCreated {
	w.Helper()
	made, err := w.hooks.Add(w.Context(), user, url)
	if err != nil {
		w.Fatal(err)
	}
	return made
}

// status is the account's only webhook.
func (w *world) status(user notes.UserID) wire.Webhook {
	w.Helper()
	all, err := w.hooks.List(w.Context(), user)
	if err != nil || len(all.Webhooks) != 1 {
		w.Fatalf("%+v, %v", all, err)
	}
	return all.Webhooks[0]
}

func (w *world) mutate(user notes.UserID, note notes.NoteID, op notes.Op) {
	w.Helper()
	if _, err := w.service.Mutate(w.Context(), user, "", notes.Mutation{Note: note, Op: op}); err != nil {
		w.Fatal(err)
	}
}

// edits makes notes a, b, ... and n changes to them in turn.
func (w *world) edits(user notes.UserID, n int, ids ...notes.NoteID) {
	w.Helper()
	for i := range n {
		var op notes.Op = notes.Create{}
		if i >= len(ids) {
			var e notes.Edit
			e.Changes.Content = notes.Some(fmt.Sprint("change ", i))
			op = e
		}
		w.mutate(user, ids[i%len(ids)], op)
	}
}

func (w *world) until(holds func() bool) {
	w.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			w.Fatal("it does not come")
		}
	}
}

// post is a request that a receiver has had.
type post struct {
	header http.Header
	body   string
}

// receiver is a real HTTP server that remembers what it took.
type receiver struct {
	*httptest.Server
	answer func(rw http.ResponseWriter, r *http.Request, body string) (took bool)

	mu    sync.Mutex
	got   []post
	posts int
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewUnstartedServer(http.HandlerFunc(r.serve))
	t.Cleanup(func() { r.Server.Close() })
	return r
}

// listenAgain puts the receiver where one that has gone was.
func (r *receiver) listenAt(t *testing.T, address string) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	r.Listener.Close()
	r.Listener = listener
	r.Start()
}

func (r *receiver) serve(rw http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	took := true
	if r.answer != nil {
		took = r.answer(rw, req, string(body))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.posts++; took {
		r.got = append(r.got, post{req.Header, string(body)})
	}
}

func (r *receiver) all() []post {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]post(nil), r.got...)
}

func (r *receiver) posted() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.posts
}

// log is the account's log after a place, as texts, by cursor and by note.
func (w *world) log(user notes.UserID, after int64) (texts map[string]string, lines map[notes.NoteID][]string) {
	w.Helper()
	texts, lines = map[string]string{}, map[notes.NoteID][]string{}
	for {
		changes, err := w.service.AccountLog(w.Context(), user, after, 100)
		if err != nil {
			w.Fatal(err)
		}
		if len(changes) == 0 {
			return texts, lines
		}
		for _, c := range changes {
			after = c.Seq
			cursor := fmt.Sprintf("epoch-%d", c.Seq)
			texts[cursor] = string(wire.AccountEvent(&c, cursor))
			lines[c.Note] = append(lines[c.Note], texts[cursor])
		}
	}
}

// check fails unless the posts are the log, each once, signed, and those of each note in order.
func (w *world) check(made *wire.WebhookCreated, posts []post) {
	w.Helper()
	texts, lines := w.log(ann, 0)
	seen := map[string]bool{}
	for _, p := range posts {
		cursor := p.header.Get(webhook.HeaderCursor)
		if texts[cursor] != p.body {
			w.Fatalf("%s brought %s, the log has %s", cursor, p.body, texts[cursor])
		}
		if seen[cursor] {
			w.Errorf("%s came twice", cursor)
		}
		seen[cursor] = true
		if err := webhook.Verify(made.Secret, p.header, []byte(p.body), 0); err != nil {
			w.Errorf("%s: %v", cursor, err)
		}
		if id := p.header.Get(webhook.HeaderDelivery); id != made.ID+"-"+cursor[len("epoch-"):] {
			w.Errorf("%s has the id %s", cursor, id)
		}
		if p.header.Get("User-Agent") != "Notewire-Webhook/1" || p.header.Get("Content-Type") != "application/json" {
			w.Errorf("headers %v", p.header)
		}
		for note, line := range lines {
			if len(line) > 0 && line[0] == p.body {
				lines[note] = line[1:]
				delete(texts, cursor)
			}
		}
	}
	for cursor := range texts {
		w.Errorf("%s was lost, or came before its turn", cursor)
	}
}
