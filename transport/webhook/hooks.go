package webhook

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"

	"notewire/notes"
	"notewire/transport/feed"
	"notewire/transport/wire"
)

// Kind names the feeds that are webhooks.
const Kind = "webhook"

// secretPrefix makes secrets easy to find where they should not be.
const secretPrefix = "nwhs_"

// Hooks is what accounts may do with their webhooks.
type Hooks struct {
	Driver *feed.Driver // its sink for Kind is Sink
	Sink   *Sink
}

// Add makes a webhook, to which everything is posted that comes in the account's log from now on.
// Errors: Invalid, LimitExceeded, Unavailable.
func (h *Hooks) Add(ctx context.Context, user notes.UserID, url string) (*wire.WebhookCreated, error) {
	if err := h.Sink.checkURL(url); err != nil {
		return nil, err
	}
	to := receiver{url, secretPrefix + rand.Text() + rand.Text()}
	config, err := json.Marshal(to)
	if err != nil {
		return nil, fmt.Errorf("keep a webhook: %w", err)
	}
	f, err := h.Driver.Add(ctx, feed.New{User: user, Kind: Kind, Config: config})
	if err != nil {
		return nil, err
	}
	return &wire.WebhookCreated{ID: f.ID, URL: to.URL, Secret: to.Secret, CreatedAt: f.Created, Cursor: f.Cursor().String()}, nil
}

// List returns an account's webhooks, the oldest first.
// Errors: Unavailable.
func (h *Hooks) List(ctx context.Context, user notes.UserID) (*wire.Webhooks, error) {
	feeds, err := h.Driver.Feeds(ctx, user, Kind)
	if err != nil {
		return nil, err
	}
	all := &wire.Webhooks{Webhooks: make([]wire.Webhook, len(feeds))}
	for i, f := range feeds {
		if all.Webhooks[i], err = describe(f); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Delete deletes a webhook. What is under way may still arrive.
// Errors: NotFound, Unavailable.
func (h *Hooks) Delete(ctx context.Context, user notes.UserID, id string) error {
	return h.Driver.Delete(ctx, user, Kind, id)
}

// Resume tries at once what waits, and the changes that were given up.
// Errors: NotFound, Unavailable.
func (h *Hooks) Resume(ctx context.Context, user notes.UserID, id string) (*wire.Webhook, error) {
	f, err := h.Driver.Resume(ctx, user, Kind, id)
	if err != nil {
		return nil, err
	}
	w, err := describe(f)
	return &w, err
}

func describe(f *feed.Feed) (wire.Webhook, error) {
	to, err := receiverOf(f.Config)
	if err != nil {
		return wire.Webhook{}, err
	}
	w := wire.Webhook{
		ID: f.ID, URL: to.URL, State: wire.WebhookActive, CreatedAt: f.Created, Cursor: f.Cursor().String(), Paused: []wire.PausedNote{},
	}
	if f.Failures > 0 {
		w.State, w.RetryAt, w.Failures = wire.WebhookBackingOff, f.RetryAt, f.Failures
	}
	if f.LastError != "" {
		w.LastError = &wire.WebhookFailure{Message: f.LastError, At: f.LastErrorAt}
	}
	for _, p := range f.Paused {
		before := notes.Cursor{Epoch: f.Epoch, Seq: p.From - 1}.String()
		w.Paused = append(w.Paused, wire.PausedNote{
			NoteID: p.Note, Cursor: before, RetryAt: p.RetryAt, Error: wire.WebhookFailure{Message: p.Error, At: p.At},
		})
	}
	return w, nil
}
