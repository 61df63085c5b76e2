package transport

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
)

func TestWhatIsCommittedAfterSubscribeWakesTheReader(t *testing.T) {
	log := &memLog{head: 7}
	hub := NewHub(log)
	sub := follow(t, hub)
	defer sub.Close()
	if events, err := sub.Read(t.Context(), sub.Head()); len(events) != 0 || err != nil || sub.Head() != 7 {
		t.Fatalf("%d events after %d, %v", len(events), sub.Head(), err)
	}
	awake(sub)
	hub.Publish(ann.Topic, log.commit(2))
	if !awake(sub) {
		t.Error("nobody woke the reader")
	}
	readTo(t, sub, 7, 9)
}

// What is committed while Subscribe looks is at or below the head that it found, or wakes.
func TestWhatIsCommittedWhileSubscribeLooksIsNotMissed(t *testing.T) {
	log := &memLog{head: 7}
	hub := NewHub(log)
	log.during = func() {
		log.during = nil
		hub.Publish(ann.Topic, log.commit(1))
	}
	sub := follow(t, hub)
	defer sub.Close()
	readTo(t, sub, sub.Head(), 8)
}

func TestANewReaderDoesNotSwallowTheHintThatOthersWaitFor(t *testing.T) {
	log := &memLog{}
	hub := NewHub(log)
	first := follow(t, hub)
	defer first.Close()
	awake(first)
	head := log.commit(1)
	second := follow(t, hub) // sees the new head before the hint comes
	defer second.Close()
	hub.Publish(ann.Topic, head)
	if !awake(first) {
		t.Error("the first reader sleeps on, though there is an event for it")
	}
	readTo(t, first, 0, 1)
}

// A commit whose answer was lost is announced, though it may not have been applied. The next
// one then has the number that was announced.
func TestAHintThatSaidTooMuchDoesNotHideTheCommitThatFollows(t *testing.T) {
	log := &memLog{}
	hub := NewHub(log)
	sub := follow(t, hub)
	defer sub.Close()
	hub.Publish(ann.Topic, 1)
	awake(sub)
	log.during = func() { // after the reader has looked, and found nothing
		log.during = nil
		hub.Publish(ann.Topic, log.commit(1))
	}
	readTo(t, sub, 0, 1)
	hub.Publish(ann.Topic, 99)
	if events, err := sub.Read(t.Context(), 1); len(events) != 0 || err != nil {
		t.Errorf("%v, %v", events, err)
	}
	awake(sub)
	if hub.Publish(ann.Topic, log.commit(1)); !awake(sub) {
		t.Error("after a hint that said too much, a true one does not wake")
	}
}

func TestHintsForOthersWakeNobody(t *testing.T) {
	hub := NewHub(&memLog{})
	sub := follow(t, hub)
	defer sub.Close()
	awake(sub)
	other := ann.Topic
	other.User = "bob"
	hub.Publish(other, 5)
	if awake(sub) {
		t.Error("woken for another topic")
	}
}

func TestMembersAndPassersByOfATopicAreBothWoken(t *testing.T) {
	log := &memLog{}
	hub := NewHub(log)
	passer := ann
	passer.PassersBy = true
	for _, stream := range []Stream{ann, passer} {
		sub, err := hub.Subscribe(t.Context(), stream)
		if err != nil {
			t.Fatal(err)
		}
		defer sub.Close()
		awake(sub)
		if hub.Publish(ann.Topic, log.commit(1)); !awake(sub) {
			t.Errorf("%+v sleeps", stream)
		}
	}
}

func TestOneReadOfTheLogServesAThousandReaders(t *testing.T) {
	log := &memLog{head: 3}
	hub := NewHub(log)
	subs := make([]*Subscription, 1000)
	for i := range subs {
		subs[i] = follow(t, hub)
		defer subs[i].Close()
	}
	log.taken()
	// A reader that arrives between the commit and the reads must not cost the others theirs.
	head := log.commit(1)
	late := follow(t, hub)
	defer late.Close()
	hub.Publish(ann.Topic, head)
	var readers sync.WaitGroup
	for _, sub := range subs {
		readers.Go(func() {
			<-sub.Wake()
			if events, err := sub.Read(t.Context(), 3); len(events) != 1 || err != nil {
				t.Errorf("%d events, %v", len(events), err)
			}
		})
	}
	readers.Wait()
	if n := log.taken(); n != 1 {
		t.Errorf("the log was read %d times", n)
	}
}

// In the bubble a delay would be a deadlock.
func TestAReaderFarBehindDelaysNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memLog{head: 500}
		hub := NewHub(log)
		far, live := follow(t, hub), follow(t, hub)
		defer live.Close()
		caught := make(chan []Event)
		release := make(chan struct{})
		log.during = func() { <-release }
		go func() {
			defer far.Close()
			events, _ := far.Read(t.Context(), 0)
			caught <- events
		}()
		synctest.Wait() // it holds on to the log
		log.during = nil
		hub.Publish(ann.Topic, log.commit(1))
		readTo(t, live, 500, 501)
		close(release)
		if events := <-caught; len(events) != 500 {
			t.Errorf("the other one got %d events", len(events))
		}
	})
}

func TestAReaderThatGivesUpWhileItReadsForAllLetsTheNextOneRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memLog{}
		hub := NewHub(log)
		first, second := follow(t, hub), follow(t, hub)
		defer second.Close()
		hub.Publish(ann.Topic, log.commit(1))
		ctx, giveUp := context.WithCancel(t.Context())
		log.during = func() { <-ctx.Done() }
		ended := make(chan error)
		go func() {
			defer first.Close()
			_, err := first.Read(ctx, 0)
			ended <- err
		}()
		synctest.Wait()
		waiting := make(chan int)
		go func() {
			events, _ := second.Read(t.Context(), 0)
			waiting <- len(events)
		}()
		synctest.Wait()
		giveUp()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the first reader got %v", err)
		}
		if n := <-waiting; n != 1 {
			t.Errorf("the second reader got %d events", n)
		}
	})
}

func TestALogThatCannotBeReadIsTheReadersErrorAndTheNextReadWorks(t *testing.T) {
	log, broken := &memLog{head: 100}, errors.New("broken")
	hub := NewHub(log)
	sub := follow(t, hub)
	defer sub.Close()
	hub.Publish(ann.Topic, log.commit(1))
	log.set(func() { log.err = broken })
	for _, after := range []int64{100, 3} { // live, and far behind
		if _, err := sub.Read(t.Context(), after); !errors.Is(err, broken) {
			t.Errorf("after %d: %v", after, err)
		}
	}
	if _, err := hub.Subscribe(t.Context(), ann); !errors.Is(err, broken) {
		t.Errorf("subscribe: %v", err)
	}
	log.set(func() { log.err = nil })
	readTo(t, sub, 3, 101)
}

func TestReadSaysGoneWhereRowsAreGone(t *testing.T) {
	log := &memLog{head: 100, gone: map[int64]bool{4: true, 7: true}}
	hub := NewHub(log)
	sub := follow(t, hub)
	defer sub.Close()
	for _, c := range []struct {
		after int64
		want  string
	}{
		{2, "[3]"}, {3, "gone"}, {4, "[5 6]"}, {5, "[6]"}, {6, "gone"},
	} {
		events, err := sub.Read(t.Context(), c.after)
		got := "gone"
		if !errors.Is(err, ErrGone) {
			got = fmt.Sprint(places(events))
		}
		if got != c.want {
			t.Errorf("after %d: %s, %v; want %s", c.after, got, err, c.want)
		}
	}
	log.gone[101] = true
	hub.Publish(ann.Topic, log.commit(2))
	if _, err := sub.Read(t.Context(), 100); !errors.Is(err, ErrGone) {
		t.Errorf("live: %v", err)
	}
	readTo(t, sub, 101, 102)
}

func places(events []Event) (seqs []int64) {
	for _, e := range events {
		seqs = append(seqs, e.Seq)
	}
	return seqs
}

func TestCloseFreesEverything(t *testing.T) {
	log := &memLog{head: 9}
	hub := NewHub(log)
	first, second := follow(t, hub), follow(t, hub)
	if hub.Streams() != 1 {
		t.Errorf("%d streams", hub.Streams())
	}
	first.Close()
	first.Close() // twice is harmless
	if hub.Streams() != 1 {
		t.Error("the stream of the second reader is gone")
	}
	second.Close()
	log.set(func() { log.err = errors.New("broken") })
	if _, err := hub.Subscribe(t.Context(), ann); err == nil {
		t.Error("a broken log lets subscribe")
	}
	if hub.Streams() != 0 {
		t.Errorf("%d streams are left", hub.Streams())
	}
	hub.Publish(ann.Topic, 10) // to nobody
}
