package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"testing"
	"time"

	"notewire/client/goclient"
)

// trial is one rule being checked.
type trial struct {
	*testing.T
	hosting *Hosting
	ctx     context.Context // ends when patience does
	prefix  string          // of all ids of this trial
	ids     int
}

func newTrial(t *testing.T, h *Hosting, prefix string) *trial {
	ctx, cancel := context.WithTimeout(t.Context(), h.patience())
	t.Cleanup(cancel)
	return &trial{T: t, hosting: h, ctx: ctx, prefix: prefix}
}

// id returns a new id.
func (t *trial) id(name string) string {
	t.ids++
	return fmt.Sprintf("%s-%s%d", t.prefix, name, t.ids)
}

// transports are those of a dialect that the hosting has.
func (t *trial) transports(dialect map[goclient.Transport]Ability) (have []goclient.Transport) {
	for _, transport := range transports {
		if t.hosting.Abilities[dialect[transport]] {
			have = append(have, transport)
		}
	}
	return have
}

// user is an account of this trial.
type user struct {
	*goclient.Client
	t       *trial
	name    string
	options goclient.Options
}

// user returns a new account.
func (t *trial) user(name string) *user {
	t.Helper()
	name = t.id(name)
	return t.visitor(name, t.hosting.optionsOf(name))
}

// visitor returns an account that reaches the hosting in a way of its own.
func (t *trial) visitor(name string, o goclient.Options) *user {
	t.Helper()
	c, err := t.hosting.client(o)
	if err != nil {
		t.Fatal(err)
	}
	return &user{t: t, Client: c, name: name, options: o}
}

type members = map[string]any

// mutate sends a mutation until there is an answer, as clients do. It may be called from any
// goroutine.
func (u *user) mutate(op, note string, body members) (*goclient.Answer, error) {
	body = maps.Clone(body)
	if body == nil {
		body = members{}
	}
	if body["mutationId"] == nil {
		body["mutationId"] = newMutationID()
	}
	for {
		a, err := u.Mutate(u.t.ctx, op, note, body)
		refusal, ok := errors.AsType[*goclient.Refusal](err)
		if !ok || refusal.Code != "unavailable" || u.t.ctx.Err() != nil {
			return a, err
		}
		time.Sleep(time.Duration(refusal.RetryAfterMs) * time.Millisecond) // as it asks for
	}
}

// do carries out a mutation, which must succeed.
func (u *user) do(op, note string, body members) *goclient.Answer {
	u.t.Helper()
	a, err := u.mutate(op, note, body)
	if err != nil {
		u.t.Fatalf("%s: %v", op, err)
	}
	return a
}

// create makes a new note and returns its id.
func (u *user) create(body members) string {
	u.t.Helper()
	return u.do("create", u.t.id("note"), body).ID
}

// edit changes members of a note.
func (u *user) edit(note string, changes members) *goclient.Answer {
	u.t.Helper()
	return u.do("edit", note, members{"changes": changes})
}

// shareWith makes others members of a note.
func (u *user) shareWith(note, role string, others ...*user) *goclient.Answer {
	u.t.Helper()
	var list []members
	for _, other := range others {
		list = append(list, members{"userId": other.name, "role": role})
	}
	return u.do("share", note, members{"members": list})
}

// get reads a note, which must be there.
func (u *user) get(note string) *goclient.Note {
	u.t.Helper()
	n, err := u.Note(u.t.ctx, note)
	if err != nil {
		u.t.Fatalf("read %s: %v", note, err)
	}
	return n
}

// refused checks that a mutation is refused so, and returns the refusal.
func (u *user) refused(status int, code, op, note string, body members) *goclient.Refusal {
	u.t.Helper()
	_, err := u.mutate(op, note, body)
	return u.t.isRefusal(err, status, code)
}

// isRefusal checks that err is a refusal of that status and code.
func (t *trial) isRefusal(err error, status int, code string) *goclient.Refusal {
	t.Helper()
	refusal, ok := errors.AsType[*goclient.Refusal](err)
	if !ok || refusal.Status != status || refusal.Code != code {
		t.Fatalf("got %v (%+v), want %d %s", err, refusal, status, code)
	}
	return refusal
}

// hasStatus checks that a connection was refused with that status. Who says so may be a
// gateway, which does not know Notewire's words.
func (t *trial) hasStatus(what string, err error, want int) {
	t.Helper()
	got := 0
	if refusal, ok := errors.AsType[*goclient.Refusal](err); ok {
		got = refusal.Status
	} else if answer, ok := errors.AsType[*goclient.AnswerError](err); ok {
		got = answer.Status
	}
	if got != want {
		t.Errorf("%s: got %v, want status %d", what, err, want)
	}
}

// equal fails the trial unless got is want.
func equal[T any](t *trial, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: got %.500s, want %.500s", what, fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want))
	}
}

// decode reads an event's JSON.
func decode[T any](t *trial, e goclient.Event) (v T) {
	t.Helper()
	if err := json.Unmarshal(e.Data, &v); err != nil {
		t.Fatalf("%v in %.500s", err, e.Data)
	}
	return v
}

// shown is what events of both dialects show.
type shown struct {
	Type        string
	NoteID      string
	FolderID    string
	Code        string
	Message     string
	Reason      string
	Op          string
	FromUserID  string
	Truncated   bool
	Changes     map[string]json.RawMessage
	NoteData    *goclient.Note
	UpdatedNote *goclient.Note
	Data        *goclient.Note

	Merged   bool
	Conflict *goclient.Conflict

	FolderData, UpdatedFolder, Folder *goclient.Folder
}
