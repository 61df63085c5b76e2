package feed

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"notewire/notes"
)

// New is a feed to be made.
type New struct {
	ID     string // 1 to 64 of A-Z a-z 0-9 _ -; empty: one is chosen
	User   notes.UserID
	Kind   string // of a Sink
	Config []byte // the Sink's own, as every Delivery has it
	// FromStart begins with the first change of the account's log, which may have expired;
	// otherwise with the next.
	FromStart bool
}

// Add makes a feed. If the account has one of that id, it answers with that, unchanged.
// Errors: LimitExceeded, Invalid, Unavailable.
func (d *Driver) Add(ctx context.Context, n New) (*Feed, error) {
	if n.ID == "" {
		n.ID = strings.ToLower(rand.Text())
	} else if there, err := d.read(ctx, n.User, n.ID); err != nil || there != nil {
		return there, err
	}
	if !notes.ValidID(n.ID) || d.Sinks[n.Kind] == nil {
		return nil, notes.Refuse(notes.Invalid, "a feed needs an id of 1 to 64 of A-Z a-z 0-9 _ -, and a kind that there is a sink for")
	}
	f := &Feed{ID: n.ID, User: n.User, Kind: n.Kind, Config: n.Config, Created: notes.MillisOf(time.Now())}
	f.Epoch = d.Log.Epoch()
	if !n.FromStart {
		var err error
		if f.Seq, err = d.Log.AccountHead(ctx, n.User); err != nil {
			return nil, err
		}
	}
	added, err := d.rows.add(ctx, f, d.Options.PerAccount)
	if err != nil {
		return nil, unavailable(err)
	}
	if !added {
		return nil, notes.Refuse(notes.LimitExceeded, fmt.Sprintf("An account may have %d of them; delete one first", d.Options.PerAccount))
	}
	d.wake(n.User, n.ID, true)
	return f, nil
}

// Feeds returns an account's feeds of one kind, in the order in which they were made.
// Errors: Unavailable.
func (d *Driver) Feeds(ctx context.Context, user notes.UserID, kind string) ([]*Feed, error) {
	all, err := d.rows.all(ctx, user, kind)
	if err != nil {
		return nil, unavailable(err)
	}
	return all, nil
}

// Delete deletes a feed. What is under way may still arrive.
// Errors: NotFound, Unavailable.
func (d *Driver) Delete(ctx context.Context, user notes.UserID, kind, id string) error {
	if _, err := d.find(ctx, user, kind, id); err != nil {
		return err
	}
	if _, err := d.Rows.DeleteFeed(ctx, user, id); err != nil {
		return unavailable(err)
	}
	d.wake(user, id, true)
	return nil
}

// Resume tries at once what waits: the receiver, and the changes that it refused.
// Errors: NotFound, Unavailable.
func (d *Driver) Resume(ctx context.Context, user notes.UserID, kind, id string) (*Feed, error) {
	for range resumeTries {
		f, err := d.find(ctx, user, kind, id)
		if err != nil {
			return nil, err
		}
		f.Resumes++
		f.resume(notes.MillisOf(time.Now()))
		written, err := d.rows.write(ctx, f)
		if err != nil {
			return nil, unavailable(err)
		}
		if written {
			d.wake(user, id, true)
			return f, nil
		}
	}
	return nil, unavailable(errors.New("the feed's row changes all the time"))
}

const resumeTries = 10

// find returns a feed of that kind.
func (d *Driver) find(ctx context.Context, user notes.UserID, kind, id string) (*Feed, error) {
	if !notes.ValidID(id) {
		return nil, errNotFound
	}
	f, err := d.read(ctx, user, id)
	if err == nil && (f == nil || f.Kind != kind) {
		err = errNotFound
	}
	return f, err
}

var errNotFound = notes.Refuse(notes.NotFound, "There is none of that id")

func (d *Driver) read(ctx context.Context, user notes.UserID, id string) (*Feed, error) {
	f, err := d.rows.read(ctx, user, id)
	if err != nil {
		return nil, unavailable(err)
	}
	return f, nil
}

func unavailable(err error) error {
	refusal := &notes.Error{Code: notes.Unavailable, Message: "Unavailable; try again", RetryAfter: 1000}
	return fmt.Errorf("%w: %w", refusal, err)
}
