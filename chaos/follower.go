package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"notewire/client/goclient"
)

// openWithin is how long a follower waits for a stream to open, before it tries another
// server.
const openWithin = 3 * time.Second

// follower follows an account, or a note, through whatever happens to the servers, with
// nothing but its cursor. It moves to another server now and then without need.
type follower struct {
	rand     *rand.Rand
	presence *rand.Rand // what it shows in notes is drawn beside the rest
	callers  *callers
	world    *world
	keep     *interner
	alarm    func(Finding) // told at once what cannot be right
	late     bool          // it starts where the log is, some time into the run

	mu         sync.Mutex // guards the rest
	seen       Seen
	cursor     string
	last       int64
	opened     int              // streams
	stream     *goclient.Stream // open, and a WebSocket of an account; or nil
	server     int              // of stream
	waiting    map[string]chan *frame
	connection string           // the id of stream
	shown      int64            // values, in all rooms
	rooms      []*Room          // in which it is, or was
	joined     map[string]*Room // by the connection that is open
}

// interner keeps one copy of equal texts.
type interner struct {
	mu    sync.Mutex
	texts map[string]string
}

func (k *interner) keep(data []byte) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	text, ok := k.texts[string(data)]
	if !ok {
		text = string(data)
		k.texts[text] = text
	}
	return text
}

// run follows until ctx ends.
func (f *follower) run(ctx context.Context) {
	for f.late && ctx.Err() == nil && !f.startLate(ctx) {
		pause(ctx, 100*time.Millisecond)
	}
	for ctx.Err() == nil {
		wait := f.follow(ctx)
		f.apart()
		pause(ctx, wait/2+rand64(f.rand, wait))
	}
}

// startLate takes the cursor of the account's list, as a client does that has just begun.
func (f *follower) startLate(ctx context.Context) bool {
	pause(ctx, time.Second+rand64(f.rand, 2*time.Second))
	asking, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	page, err := f.callers.at(f.rand.IntN(len(f.callers.servers)), f.seen.Account).Notes(asking, goclient.ListQuery{Limit: 1})
	if err != nil {
		return false
	}
	at, err := place(page.Cursor)
	if err != nil {
		f.alarm(Finding{Rule: RuleLog, What: err.Error()})
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cursor, f.last, f.seen.Start = page.Cursor, at, at
	return true
}

// follow is one connection. It returns about how long to wait before the next.
func (f *follower) follow(ctx context.Context) time.Duration {
	server := f.rand.IntN(len(f.callers.servers))
	stay := 5*time.Minute + rand64(f.rand, time.Minute)
	if f.rand.IntN(2) == 0 {
		stay = 500*time.Millisecond + rand64(f.rand, 4*time.Second)
	}
	stream, err := f.open(ctx, server)
	if err != nil {
		if refusal, ok := errors.AsType[*goclient.Refusal](err); ok && (refusal.Status == http.StatusForbidden || refusal.Status == http.StatusNotFound || refusal.Status == http.StatusGone) {
			return 500 * time.Millisecond // not his to see, now
		}
		return 100 * time.Millisecond
	}
	defer stream.Close()
	f.mu.Lock()
	f.server = server
	if f.opened = f.opened + 1; f.opened > 1 {
		f.seen.Reconnects++
	}
	socket := f.seen.Note == "" && f.seen.Transport == string(goclient.WebSocket)
	if socket {
		f.stream = stream
	}
	if f.seen.Note != "" { // it hears what is shown, and shows nothing
		f.connection = fmt.Sprintf("%s, %d", f.seen.Name, f.opened)
		f.enter(f.seen.Note)
	}
	f.mu.Unlock()
	staying, cancel := context.WithTimeout(ctx, stay)
	defer cancel()
	if socket {
		var present sync.WaitGroup
		defer present.Wait()
		defer cancel()
		present.Go(func() { f.present(staying, stream) })
	}
	for {
		e, err := stream.Next(staying)
		if err != nil {
			if closed, ok := errors.AsType[*goclient.Closed](err); ok && !closed.Reconnect {
				return 500 * time.Millisecond // the note is in the trash, or no longer his; it may come back
			}
			return 50 * time.Millisecond
		}
		f.take(e)
	}
}

func (f *follower) open(ctx context.Context, server int) (*goclient.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	at, transport := f.callers.at(server, f.seen.Account), goclient.Transport(f.seen.Transport)
	if f.seen.Note != "" {
		return at.OpenNote(ctx, transport, f.seen.Note, f.cursor)
	}
	return at.OpenAccount(ctx, transport, f.cursor)
}

// outside are frames that are not events of a log.
var outside = []string{"auth_success", "connection_established", "reconnect", "pong", "auth_failed", "note_joined", "note_left"}

// beside are frames that say what members show each other.
var beside = []string{"presence", "presence_state", "ephemeral", "ephemeral_state"}

// take takes in a frame.
func (f *follower) take(e goclient.Event) {
	now := time.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	if waiting := f.waiting[e.MutationID]; waiting != nil {
		f.answer(waiting, e)
	}
	switch {
	case slices.Contains(outside, e.Type) || e.Type == "error":
		return
	case slices.Contains(beside, e.Type):
		f.hear(e, now)
		return
	case f.seen.Passer && e.Type == "resync": // what was not public is not there for him
		return
	case !f.seen.Passer && (e.Type == "resync" || e.Type == "initial"):
		f.alarm(Finding{
			Rule: RuleGap, What: fmt.Sprintf("%s, at event %d, is told that its log does not go on from there, though all of it is new: a gap", f.seen.Name, f.last), Evidence: []string{string(e.Data)},
		})
		return
	}
	seq, err := place(e.Cursor)
	if err != nil {
		f.alarm(Finding{Rule: RuleLog, What: f.seen.Name + " was shown an event with " + err.Error(), Evidence: []string{string(e.Data)}})
		return
	}
	if seq <= f.last {
		if e.Type != "mutation_ack" && e.Type != "note_update_success" { // those confirm a repeated mutation
			f.seen.Duplicates++
		}
		return
	}
	if seq != f.last+1 && !f.seen.Passer {
		f.alarm(Finding{
			Rule: RuleGap, What: fmt.Sprintf("%s was shown event %d where %d must be: a gap", f.seen.Name, seq, f.last+1), Evidence: []string{string(e.Data)},
		})
	}
	f.last, f.cursor = seq, e.Cursor
	f.seen.Events = append(f.seen.Events, Event{Seq: seq, Data: f.keep.keep(e.Data), At: now})
}

// snapshot returns what was seen until now.
func (f *follower) snapshot() *Seen {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := f.seen
	seen.Events = slices.Clone(f.seen.Events)
	return &seen
}
