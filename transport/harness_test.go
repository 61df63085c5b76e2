package transport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/dynamo/dynamotest"
	"notewire/notes"
)

// server is all that stands behind connections, in a bubble whose time is virtual: the real
// service on the real store in a file.
type server struct {
	*testing.T
	*Sessions
	log     *hookedLog
	store   *dynamo.Store
	network *network // nil: there is no other server

	instance string                        // its name on the network
	hold     atomic.Pointer[chan struct{}] // transactions wait until it is closed
	clients  []*client
	ids      atomic.Int64
}

// bubble runs a test in a bubble of its own, and checks that nothing is left behind:
// synctest does so for goroutines.
func bubble(t *testing.T, test func(s *server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		test(s)
		s.leave()
	})
}

// leave hangs up, and checks that nothing is left of the connections.
func (s *server) leave() {
	s.Helper()
	for _, c := range s.clients {
		c.hangUp()
	}
	synctest.Wait()
	if s.Open() != 0 || s.Hub.Streams() != 0 || len(s.running.byID) != 0 || s.Rooms.Open() != 0 {
		s.Errorf("%d connections, %d streams, %d sessions and %d rooms are left", s.Open(), s.Hub.Streams(), len(s.running.byID), s.Rooms.Open())
	}
}

func open(t *testing.T) *server {
	t.Helper()
	file, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.Options{NoSync: true, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	s := &server{T: t}
	engine := &dynamotest.Faulty{Engine: file, OnTransact: func([]dynamo.Op) (bool, error) {
		if hold := s.hold.Load(); hold != nil {
			<-*hold
		}
		return true, nil
	}}
	store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 30, NewEpoch: func() string { return "epoch" }})
	if err != nil {
		t.Fatal(err)
	}
	s.store = store
	s.serveStore()
	return s
}

// serveStore makes the server's own parts, over its store.
func (s *server) serveStore() {
	service := notes.NewService(notes.Config{Store: s.store, Publisher: s, Limits: notes.DefaultLimits(), NewID: s.newID})
	s.log = &hookedLog{Log: NotesLog{service}}
	s.Sessions = NewSessions(&Sessions{
		Service: service, Hub: NewHub(s.log), NewID: s.newID, Options: DefaultOptions(), Log: slog.New(slog.DiscardHandler),
		SignOuts: s.store, Rooms: s.openRooms(),
	})
}

// another is a second server on the same store. Nothing but the store tells it of the first:
// it sweeps every three seconds until the test ends.
func (s *server) another() *server {
	other := &server{T: s.T, store: s.store}
	other.ids.Store(1_000_000)
	other.serveStore()
	ctx, cancel := context.WithCancel(s.Context())
	go other.Hub.SweepEvery(ctx, 3*time.Second, other.Log)
	go other.SweepSignOutsEvery(ctx, 3*time.Second, other.Log)
	s.Cleanup(func() { cancel(); synctest.Wait(); other.leave() })
	return other
}

// Publish implements notes.Publisher.
func (s *server) Publish(topic notes.Topic, seq int64) { s.Hub.Publish(topic, seq) }

func (s *server) newID() string {
	return fmt.Sprintf("id-%d", s.ids.Add(1))
}

// holdCommits lets no transaction begin until the channel is closed.
func (s *server) holdCommits() (release chan struct{}) {
	release = make(chan struct{})
	s.hold.Store(&release)
	return release
}

// hookedLog lets a test act while the head of a log is asked for, and break the log.
type hookedLog struct {
	Log
	onHead func()
	broken atomic.Bool
}

var errBroken = errors.New("broken")

func (l *hookedLog) Read(ctx context.Context, s Stream, after int64) ([]Event, error) {
	if l.broken.Load() {
		return nil, errBroken
	}
	return l.Log.Read(ctx, s, after)
}

func (l *hookedLog) Head(ctx context.Context, s Stream) (int64, error) {
	if act := l.onHead; act != nil {
		l.onHead = nil
		act()
	}
	if l.broken.Load() {
		return 0, errBroken
	}
	return l.Log.Head(ctx, s)
}

// do mutates as if by HTTP.
func (s *server) do(user notes.UserID, note notes.NoteID, op notes.Op) *notes.Outcome {
	s.Helper()
	out, err := s.Service.Mutate(s.Context(), user, "", notes.Mutation{Note: note, Op: op})
	if err != nil {
		s.Fatalf("%s %s by %s: %v", op.Name(), note, user, err)
	}
	return out
}

// write edits a note's content as if by HTTP.
func (s *server) write(user notes.UserID, note notes.NoteID, content string) *notes.Outcome {
	s.Helper()
	var e notes.Edit
	e.Changes.Content = notes.Some(content)
	return s.do(user, note, e)
}

// later moves the time on, and lets what is due then happen.
func later(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// checkToken is a SignIn: a token is the name of its user, or says what is wrong with it.
func checkToken(_ context.Context, token string) (Login, bool, error) {
	switch token {
	case "expired":
		return Login{}, true, notes.Refuse(notes.Unauthenticated, "Token expired")
	case "forged", "":
		return Login{}, false, notes.Refuse(notes.Unauthenticated, "Authentication failed")
	case "unchecked":
		return Login{}, false, &notes.Error{Code: notes.Unavailable, Message: "The token cannot be checked now; try again", RetryAfter: 1000}
	}
	return loginOf(notes.UserID(token)), false, nil
}

// loginOf is a login with a token of now, of the one sign-in that a user has in these tests.
func loginOf(user notes.UserID) Login {
	return Login{User: user, SID: "sess_" + string(user), IssuedAt: time.Now(), ExpiresAt: time.Now().Add(time.Minute)}
}

// connect opens a socket of the account dialect.
func (s *server) connect() *client {
	return s.serve(func(c *client) error { return s.ServeAccount(s.Context(), c, checkToken, nil, "") })
}

// signIn opens a socket of the account dialect and signs in, at a cursor if one is given.
func (s *server) signIn(user, cursor string) *client {
	s.Helper()
	c := s.connect()
	c.gets(`{"type":"connection_established"}`)
	c.send(`{"type":"auth","token":"` + user + `","cursor":"` + cursor + `"}`)
	c.gets(`{"type":"auth_success"}`)
	return c
}

// stream opens a stream of the account dialect.
func (s *server) stream(user notes.UserID, cursor string) *client {
	s.Helper()
	c := s.serve(func(c *client) error {
		release, err := s.Admit(user, false)
		if err != nil {
			return err
		}
		defer release()
		return s.StreamAccount(c.ctx, c, loginOf(user), cursor)
	})
	c.gets(`{"type":"auth_success"}`)
	return c
}

// live opens a socket of the note dialect; without a user it is nobody's.
func (s *server) live(user notes.UserID, note notes.NoteID, cursor string) *client {
	viewer := Login{}
	if user != "" {
		viewer = loginOf(user)
	}
	return s.serve(func(c *client) error { return s.ServeNote(s.Context(), c, viewer, note, cursor) })
}

// serve runs a session on a new connection.
func (s *server) serve(run func(*client) error) *client {
	c := newClient(s.T)
	s.clients = append(s.clients, c)
	go func() {
		defer close(c.ended)
		c.err = run(c)
	}()
	return c
}
