package transport

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"notewire/notes"
)

// deafLog is a log that has no answer about one account.
type deafLog struct {
	*memLog
	deafTo notes.UserID
}

func (l deafLog) Head(ctx context.Context, s Stream) (int64, error) {
	if s.User == l.deafTo {
		return 0, errors.New("no answer")
	}
	return l.memLog.Head(ctx, s)
}

func TestASweepFindsWhatNoHintTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memLog{}
		hub := NewHub(log)
		sub := follow(t, hub)
		defer sub.Close()
		awake(sub)
		ctx, cancel := context.WithCancel(t.Context())
		go hub.SweepEvery(ctx, 3*time.Second, slog.New(slog.DiscardHandler))
		log.commit(2)
		began := time.Now()
		<-sub.Wake()
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("it took %v", took)
		}
		readTo(t, sub, 0, 2)
		cancel() // and the bubble ends only when the sweep has
	})
}

func TestALogThatCannotBeAskedDoesNotKeepTheSweepFromTheOthers(t *testing.T) {
	log := deafLog{memLog: &memLog{}}
	hub := NewHub(log)
	var subs []*Subscription
	for _, user := range []notes.UserID{"ann", "bob", "cid", "dan"} {
		sub, err := hub.Subscribe(t.Context(), Stream{Topic: notes.Topic{User: user}})
		if err != nil {
			t.Fatal(err)
		}
		defer sub.Close()
		awake(sub)
		subs = append(subs, sub)
	}
	log.commit(1)
	deaf := log
	deaf.deafTo = "bob"
	hub.log = deaf
	if err := hub.Sweep(t.Context()); err == nil {
		t.Error("the sweep does not say so")
	}
	for i, sub := range subs {
		if got, want := awake(sub), i != 1; got != want {
			t.Errorf("subscription %d: awake %v", i, got)
		}
	}
}
