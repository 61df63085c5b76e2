package e2e

import (
	"cmp"
	"context"
	"maps"
	"sync"
	"time"

	"notewire/client/goclient"
)

// Hosting is one way to run Notewire, as a client sees it. URL and Abilities must be set.
type Hosting struct {
	Name string // of the subtest
	URL  string // such as http://localhost:3000
	// WebSocketURL is where the account dialect's sockets are; empty: URL with the path /ws.
	WebSocketURL string
	// NoteInQuery says that the note dialect's sockets are at WebSocketURL too, with the note
	// in the query.
	NoteInQuery bool
	// Options returns how a user reaches the hosting; nil: signed in by a token of
	// /dev/token, which is local mode's. The addresses above are filled in afterwards. The
	// names of users are the suite's, and new for every run.
	Options func(user string) goclient.Options
	// Abilities are what it is able to do.
	Abilities Abilities
	// Patience is how long a rule may take before it fails; 0 is a minute. Rules take
	// milliseconds, where machines are not busy with something else.
	Patience time.Duration
}

// Ability names what some hostings are able to do and others not.
type Ability string

const (
	AccountSocket Ability = "AccountSocket" // the account dialect on WebSockets
	NoteSocket    Ability = "NoteSocket"    // the note dialect on WebSockets
	AccountSSE    Ability = "AccountSSE"    // the account dialect as Server-Sent Events
	NoteSSE       Ability = "NoteSSE"       // the note dialect as Server-Sent Events
	AccountPoll   Ability = "AccountPoll"   // the account dialect by polls
	NotePoll      Ability = "NotePoll"      // the note dialect by polls
	Batch         Ability = "Batch"         // several mutations in one request
	StrictEdit    Ability = "StrictEdit"    // edits with expectedVersion
	// LargeFrames: sockets take frames of 1 MiB, refuse those of up to 4 MiB and live on, and
	// end for larger ones.
	LargeFrames Ability = "LargeFrames"
	// WholeLargeEvents: events above 128 KB are whole on sockets. Without it they come without
	// text and blob there, and say that they are truncated.
	WholeLargeEvents Ability = "WholeLargeEvents"
	// AuthFrame: a socket that shows no token with its request is signed in by a frame.
	// Without it all sockets show theirs with the request.
	AuthFrame Ability = "AuthFrame"
	// LocalUserWithoutToken: requests and event streams without a token are the user
	// "local"'s. Without it they are refused.
	LocalUserWithoutToken Ability = "LocalUserWithoutToken"
	// LocalSocketWithoutToken: so are sockets, by an auth frame without a token.
	LocalSocketWithoutToken Ability = "LocalSocketWithoutToken"
	// Presence: who is present in a note is told, and custom messages are sent.
	Presence Ability = "Presence"
	// StreamWindow: the hosting ends event streams after a while, and asks to come back at
	// once. A runner sets that to some seconds: a rule waits for it.
	StreamWindow Ability = "StreamWindow"
)

// Abilities is a set of them.
type Abilities map[Ability]bool

// Server is what the server is able to do: all but StreamWindow.
func Server() Abilities {
	return Abilities{
		AccountSocket: true, NoteSocket: true, AccountSSE: true, NoteSSE: true, AccountPoll: true, NotePoll: true,
		Batch: true, StrictEdit: true, LargeFrames: true, WholeLargeEvents: true, AuthFrame: true, LocalUserWithoutToken: true, LocalSocketWithoutToken: true,
		Presence: true,
	}
}

// With returns a with more.
func (a Abilities) With(more ...Ability) Abilities { return a.set(true, more) }

// Without returns a without some.
func (a Abilities) Without(some ...Ability) Abilities { return a.set(false, some) }

func (a Abilities) set(to bool, these []Ability) Abilities {
	other := maps.Clone(a)
	for _, ability := range these {
		other[ability] = to
	}
	return other
}

func (h *Hosting) patience() time.Duration { return cmp.Or(h.Patience, time.Minute) }

func (h *Hosting) optionsOf(user string) goclient.Options {
	options := h.Options
	if options == nil {
		options = DevTokens(h.URL)
	}
	o := options(user)
	o.TokenInSubprotocol = o.TokenInSubprotocol || !h.Abilities[AuthFrame]
	return o
}

func (h *Hosting) client(o goclient.Options) (*goclient.Client, error) {
	o.WebSocketURL, o.NoteInQuery = h.WebSocketURL, h.NoteInQuery
	return goclient.New(h.URL, o)
}

// DevTokens returns options that sign users in by tokens of a local mode's /dev/token at that
// URL. Each is asked for once: it is good for an hour.
func DevTokens(url string) func(user string) goclient.Options {
	return func(user string) goclient.Options {
		var mu sync.Mutex
		var token string
		return goclient.Options{Token: func(ctx context.Context) (string, error) {
			mu.Lock()
			defer mu.Unlock()
			if token != "" {
				return token, nil
			}
			issuer, err := goclient.New(url, goclient.Options{})
			if err == nil {
				token, err = issuer.DevToken(ctx, user)
			}
			return token, err
		}}
	}
}
