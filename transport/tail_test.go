package transport

import (
	"bytes"
	"slices"
	"sync"
	"testing"
)

// grown is a tail that a live reader has carried forward by n events of that size.
func grown(t *testing.T, n int64, size int) (*memLog, *Subscription) {
	t.Helper()
	log := &memLog{size: size, page: 10}
	hub := NewHub(log)
	sub := follow(t, hub)
	t.Cleanup(sub.Close)
	for after := range n {
		hub.Publish(ann.Topic, log.commit(1))
		readTo(t, sub, after, after+1)
	}
	log.taken()
	return log, sub
}

func TestTheTailKeepsABoundedNumberOfEvents(t *testing.T) {
	log, sub := grown(t, 200, 10)
	if readTo(t, sub, 200-tailEvents, 200); log.taken() != 0 {
		t.Error("what the tail holds was read from the log")
	}
	if readTo(t, sub, 200-tailEvents-1, 200); log.taken() == 0 {
		t.Error("the tail holds more than its bound")
	}
}

func TestTheTailKeepsABoundedNumberOfBytes(t *testing.T) {
	log, sub := grown(t, 20, tailBytes/4)
	if readTo(t, sub, 16, 20); log.taken() != 0 {
		t.Error("what fits in the bound was read from the log")
	}
	if readTo(t, sub, 15, 20); log.taken() == 0 {
		t.Error("the tail holds more bytes than its bound")
	}
	if got := sub.tail.bytes; got != tailBytes {
		t.Errorf("%d bytes are counted", got)
	}
}

func TestTheTailKeepsOneEventHoweverLarge(t *testing.T) {
	log, sub := grown(t, 3, 3*tailBytes)
	if readTo(t, sub, 2, 3); log.taken() != 0 {
		t.Error("the last event was read again from the log")
	}
	if readTo(t, sub, 1, 3); log.taken() == 0 {
		t.Error("the tail holds two events above its bound")
	}
}

// The tail's slices are shared. The race detector would see a change; so would the values.
func TestWhatReadersHoldIsNeverChanged(t *testing.T) {
	log := &memLog{size: tailBytes / 10}
	hub := NewHub(log)
	var readers sync.WaitGroup
	for range 4 {
		sub := follow(t, hub)
		readers.Go(func() {
			defer sub.Close()
			var held [][]Event
			for after := int64(0); after < 300; {
				<-sub.Wake()
				events, err := sub.Read(t.Context(), after)
				for ; err == nil && len(events) > 0; events, err = sub.Read(t.Context(), after) {
					held = append(held, events)
					after = events[len(events)-1].Seq
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
			checkHeld(t, held)
		})
	}
	for range 300 {
		hub.Publish(ann.Topic, log.commit(1))
	}
	readers.Wait()
}

// checkHeld checks that slices held since the beginning still make 1, 2, 3, ...
func checkHeld(t *testing.T, held [][]Event) {
	for i, e := range slices.Concat(held...) {
		want := event(int64(i+1), 0)
		if e.Seq != want.Seq || e.Frame.Cursor != want.Frame.Cursor || !bytes.Equal(bytes.TrimSpace(e.Frame.Data), want.Frame.Data) {
			t.Errorf("event %d has become %d: %s", want.Seq, e.Seq, e.Frame.Cursor)
		}
	}
}
