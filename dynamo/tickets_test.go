package dynamo_test

import (
	"sync"
	"testing"
	"time"

	"notewire/dynamo"
)

func TestATicketThatTwoTakeAtOnceIsTakenOnce(t *testing.T) {
	r := newRig(t)
	if err := r.store.AddTicket(t.Context(), "ticket", []byte("content"), time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	var both sync.WaitGroup // have read the ticket, and neither has taken it
	both.Add(2)
	r.engine.OnTransact = func([]dynamo.Op) (bool, error) {
		both.Done()
		both.Wait()
		return true, nil
	}
	taken := make(chan string, 2)
	for range 2 {
		go func() {
			content, err := r.store.TakeTicket(t.Context(), "ticket")
			if err != nil {
				t.Error(err)
			}
			taken <- string(content)
		}()
	}
	if one, two := <-taken, <-taken; one+two != "content" {
		t.Errorf("they got %q and %q", one, two)
	}
	r.engine.OnTransact = nil
	if content, err := r.store.TakeTicket(t.Context(), "ticket"); content != nil || err != nil {
		t.Errorf("a third: %q, %v", content, err)
	}
}

func TestATicketIsNothingToOthersAndTooLate(t *testing.T) {
	engine, now := openEngine(t), time.Now()
	store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 1, NewEpoch: func() string { return "E" }, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b"} {
		if err := store.AddTicket(t.Context(), id, []byte(id), now.Add(30*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	take := func(id string) string {
		content, err := store.TakeTicket(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	if got := take("c"); got != "" {
		t.Errorf("an invented ticket: %q", got)
	}
	now = now.Add(30*time.Second - time.Millisecond)
	if got := take("a"); got != "a" {
		t.Errorf("just in time: %q", got)
	}
	now = now.Add(time.Millisecond)
	if got := take("b"); got != "" {
		t.Errorf("too late: %q", got)
	}
	if err := store.AddTicket(t.Context(), "b", []byte("again"), now.Add(time.Minute)); err != nil {
		t.Errorf("a ticket that was too late is still there: %v", err)
	}
}
