package feed_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"notewire/notes"
	"notewire/transport/feed"
)

func TestAReceiverThatWasAwayMissesNothing(t *testing.T) {
	bubble(t, func(w *world) {
		var back atomic.Bool
		r := &receiver{answer: func(*feed.Delivery) error {
			time.Sleep(time.Millisecond)
			if !back.Load() {
				return &feed.Retry{Err: errAway}
			}
			return nil
		}}
		i := w.start("one", w.store, r, feed.Options{})
		f := w.add(i.Driver, ann)
		w.edits(ann, 1000, 10)
		time.Sleep(time.Hour)
		if n := r.tried(); n < 12 || n > 100 {
			t.Errorf("in an hour it was asked %d times", n)
		}
		s := w.state(i.Driver, ann, f.ID)
		if s.Failures == 0 || s.LastError != errAway.Error() || s.Seq != 0 || len(s.Paused) != 0 || s.Holder != "" {
			t.Errorf("while the receiver is away: %+v", s)
		}
		if s.Failures != r.tried() {
			t.Errorf("it was asked %d times, with %d changes", s.Failures, r.tried())
		}
		back.Store(true)
		settle(w, 6*time.Minute, func() bool { return r.count() >= 1000 })
		synctest.Wait()
		if n := r.check(w, ann, 0); n != 0 {
			t.Errorf("%d came twice", n)
		}
		if s := w.state(i.Driver, ann, f.ID); s.Failures != 0 || s.Seq != 1000 || s.Holder != "" {
			t.Errorf("afterwards: %+v", s)
		}
		if r.most != 4 {
			t.Errorf("%d at a time, want 4", r.most)
		}
	})
}

func TestWhatTheReceiverAsksForIsFollowed(t *testing.T) {
	bubble(t, func(w *world) {
		var asked atomic.Int64
		r := &receiver{answer: func(*feed.Delivery) error { return &feed.Retry{After: time.Duration(asked.Load()), Err: errAway} }}
		asked.Store(int64(40 * time.Second))
		i := w.start("one", w.store, r, feed.Options{})
		w.add(i.Driver, ann)
		w.edit(ann, "n", "x")
		synctest.Wait()
		time.Sleep(39 * time.Second)
		if r.tried() != 1 {
			t.Errorf("asked %d times before its time", r.tried())
		}
		asked.Store(int64(time.Hour))
		time.Sleep(2 * time.Second)
		if r.tried() != 2 {
			t.Errorf("asked %d times", r.tried())
		}
		time.Sleep(5*time.Minute + time.Second)
		if r.tried() != 3 {
			t.Errorf("an hour is followed for 5 minutes; it was asked %d times", r.tried())
		}
	})
}

func TestOnlyTheNoteThatIsRefusedWaits(t *testing.T) {
	bubble(t, func(w *world) {
		var takes atomic.Bool
		refused := 0
		r := &receiver{}
		r.answer = func(d *feed.Delivery) error {
			if d.Note == noteN(1) && !takes.Load() {
				refused++
				return &feed.Refused{Err: errors.New("no")}
			}
			return nil
		}
		i := w.start("one", w.store, r, feed.Options{})
		f := w.add(i.Driver, ann)
		w.edits(ann, 300, 3)
		time.Sleep(10 * time.Minute)
		s := w.state(i.Driver, ann, f.ID)
		if r.count() != 200 || refused != 5 || s.Seq != 300 || s.Failures != 0 {
			t.Errorf("%d came, %d were refused: %+v", r.count(), refused, s)
		}
		if len(s.Paused) != 1 || s.Paused[0].Note != noteN(1) || s.Paused[0].From != 2 || s.Paused[0].Error != "no" || !s.Paused[0].Dead() {
			t.Errorf("paused: %+v", s.Paused)
		}
		takes.Store(true)
		time.Sleep(time.Hour)
		w.edits(ann, 30, 3)
		synctest.Wait()
		if r.count() != 220 {
			t.Errorf("%d came, though nobody resumed the note", r.count())
		}
		if _, err := i.Resume(w.Context(), ann, "test", f.ID); err != nil {
			t.Fatal(err)
		}
		settle(w, time.Second, func() bool { return r.count() == 330 })
		synctest.Wait()
		if n := r.check(w, ann, 0); n != 0 {
			t.Errorf("%d came twice", n)
		}
		if s := w.state(i.Driver, ann, f.ID); len(s.Paused) != 0 || s.Seq != 330 {
			t.Errorf("afterwards: %+v", s)
		}
	})
}

// A note that is refused for a moment comes by itself, and what was changed meanwhile behind it.
func TestAChangeThatIsRefusedIsTriedAgain(t *testing.T) {
	bubble(t, func(w *world) {
		tries := 0
		r := &receiver{}
		r.answer = func(d *feed.Delivery) error {
			if d.Seq == 1 {
				if tries++; tries < 5 {
					return &feed.Refused{Err: errors.New("no")}
				}
			}
			return nil
		}
		i := w.start("one", w.store, r, feed.Options{})
		f := w.add(i.Driver, ann)
		w.edits(ann, 100, 2)
		settle(w, time.Minute, func() bool { return r.count() == 100 })
		synctest.Wait()
		r.check(w, ann, 0)
		if s := w.state(i.Driver, ann, f.ID); len(s.Paused) != 0 || s.Seq != 100 {
			t.Errorf("afterwards: %+v", s)
		}
	})
}

func TestAFeedWithTooManyPausedNotesWaitsAsAWhole(t *testing.T) {
	bubble(t, func(w *world) {
		var takes atomic.Bool
		r := &receiver{}
		r.answer = func(d *feed.Delivery) error {
			if d.Note != noteN(9) && !takes.Load() {
				return &feed.Refused{Err: errors.New("no")}
			}
			return nil
		}
		i := w.start("one", w.store, r, feed.Options{Paused: 3})
		f := w.add(i.Driver, ann)
		w.edits(ann, 100, 10)
		time.Sleep(time.Hour)
		s := w.state(i.Driver, ann, f.ID)
		if len(s.Paused) != 3 || s.Seq != 3 || s.Failures == 0 {
			t.Errorf("it waits so: %+v", s)
		}
		takes.Store(true)
		if _, err := i.Resume(w.Context(), ann, "test", f.ID); err != nil {
			t.Fatal(err)
		}
		settle(w, time.Second, func() bool { return w.state(i.Driver, ann, f.ID).Seq == 100 })
		synctest.Wait()
		r.check(w, ann, 0)
		if s := w.state(i.Driver, ann, f.ID); len(s.Paused) != 0 || s.Failures != 0 {
			t.Errorf("afterwards: %+v", s)
		}
	})
}

func TestALogThatDoesNotGoOnIsResynced(t *testing.T) {
	bubble(t, func(w *world) {
		r := &receiver{}
		i := w.start("one", w.store, r, feed.Options{})
		f := w.add(i.Driver, ann)
		w.edit(ann, "n", "first")
		settle(w, time.Second, func() bool { return r.count() == 1 })
		synctest.Wait()
		i.stop()
		w.edit(ann, "n", "second")
		w.edit(ann, "n", "third")
		time.Sleep(31 * 24 * time.Hour)
		w.edit(ann, "n", "fourth")
		i = w.start("two", w.store, r, feed.Options{})
		settle(w, time.Minute, func() bool { return r.count() == 2 })
		w.edit(ann, "n", "fifth")
		settle(w, time.Minute, func() bool { return r.count() == 3 })
		synctest.Wait()
		if got := string(r.got[1].Event); got != `{"type":"resync","cursor":"epoch-4","reason":"expired"}` || r.got[1].Cursor != "epoch-4" {
			t.Errorf("%s", got)
		}
		if r.got[2].Seq != 5 {
			t.Errorf("after it comes %d", r.got[2].Seq)
		}
		i.stop()
		w.log = otherLog{w.service}
		r = &receiver{}
		i = w.start("three", w.store, r, feed.Options{})
		settle(w, time.Minute, func() bool { return r.count() == 1 })
		if got := string(r.got[0].Event); got != `{"type":"resync","cursor":"other-5","reason":"epoch"}` {
			t.Errorf("%s", got)
		}
		settle(w, time.Minute, func() bool { s := w.state(i.Driver, ann, f.ID); return s.Epoch == "other" && s.Holder == "" })
	})
}

// otherLog is a log of another epoch.
type otherLog struct{ *notes.Service }

func (otherLog) Epoch() string { return "other" }

// What is paused for longer than the log is kept cannot be had any more: the receiver is told.
func TestANoteThatIsPausedForTooLongIsResynced(t *testing.T) {
	bubble(t, func(w *world) {
		var takes atomic.Bool
		r := &receiver{}
		r.answer = func(d *feed.Delivery) error {
			if d.Seq == 1 && !takes.Load() {
				return &feed.Refused{Err: errors.New("no")}
			}
			return nil
		}
		i := w.start("one", w.store, r, feed.Options{Tries: 1})
		f := w.add(i.Driver, ann)
		w.edit(ann, "n", "x")
		settle(w, time.Minute, func() bool { return w.state(i.Driver, ann, f.ID).Seq == 1 })
		i.stop()
		time.Sleep(31 * 24 * time.Hour)
		takes.Store(true)
		i = w.start("two", w.store, r, feed.Options{Tries: 1})
		if _, err := i.Resume(w.Context(), ann, "test", f.ID); err != nil {
			t.Fatal(err)
		}
		settle(w, time.Minute, func() bool { return len(w.state(i.Driver, ann, f.ID).Paused) == 0 })
		if r.count() != 1 || string(r.got[0].Event) != `{"type":"resync","cursor":"epoch-1","reason":"expired"}` {
			t.Errorf("it got %d: %s", r.count(), r.got[0].Event)
		}
	})
}

func TestAnAccountHasSoManyFeeds(t *testing.T) {
	bubble(t, func(w *world) {
		i := w.start("one", w.store, &receiver{}, feed.Options{})
		var adding sync.WaitGroup
		var added, refused atomic.Int32
		for range 9 {
			adding.Go(func() {
				switch _, err := i.Add(w.Context(), feed.New{User: ann, Kind: "test"}); {
				case err == nil:
					added.Add(1)
				case notes.CodeOf(err) == notes.LimitExceeded:
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		adding.Wait()
		all, err := i.Feeds(w.Context(), ann, "test")
		if added.Load() != 5 || refused.Load() != 4 || len(all) != 5 || err != nil {
			t.Fatalf("%d were added, %d refused, there are %d, %v", added.Load(), refused.Load(), len(all), err)
		}
		if err := i.Delete(w.Context(), ann, "test", all[0].ID); err != nil {
			t.Error(err)
		}
		for _, err := range []error{i.Delete(w.Context(), ann, "test", all[0].ID), i.Delete(w.Context(), "bob", "test", all[1].ID), i.Delete(w.Context(), ann, "other", all[1].ID)} {
			if notes.CodeOf(err) != notes.NotFound {
				t.Errorf("deleted: %v", err)
			}
		}
		f, err := i.Add(w.Context(), feed.New{User: ann, Kind: "test", ID: "mine"})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := i.Add(w.Context(), feed.New{User: ann, Kind: "test", ID: "mine"}); err != nil || again.Created != f.Created {
			t.Errorf("%+v %v", again, err)
		}
		if _, err := i.Add(w.Context(), feed.New{User: "bob", Kind: "unknown"}); notes.CodeOf(err) != notes.Invalid {
			t.Errorf("of no kind: %v", err)
		}
	})
}

func TestADeletedFeedIsDeliveredNoMore(t *testing.T) {
	bubble(t, func(w *world) {
		hold := make(chan struct{})
		r := &receiver{answer: func(*feed.Delivery) error { <-hold; return nil }}
		i := w.start("one", w.store, r, feed.Options{})
		f := w.add(i.Driver, ann)
		w.edits(ann, 200, 1)
		synctest.Wait()
		if err := i.Delete(w.Context(), ann, "test", f.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second) // so that the next change needs the lease
		close(hold)
		time.Sleep(time.Minute)
		w.edit(ann, "n", "x")
		synctest.Wait()
		if r.count() != 1 {
			t.Errorf("%d came", r.count())
		}
	})
}

// One receiver is well, forty never answer. The latency of the one is measured.
func TestReceiversThatNeverAnswerDelayNobody(t *testing.T) {
	bubble(t, func(w *world) {
		var worst time.Duration
		sent := map[string]time.Time{}
		var mu sync.Mutex
		r := &receiver{}
		sink := &receiver{}
		sink.answer = func(d *feed.Delivery) error {
			if d.User != ann {
				time.Sleep(10 * time.Second)
				return errAway
			}
			mu.Lock()
			defer mu.Unlock()
			if at, ok := sent[string(d.Note)]; ok {
				worst = max(worst, time.Since(at))
			}
			return r.Deliver(w.Context(), d)
		}
		i := w.start("one", w.store, feed.SinkFunc(sink.deliverUnordered), feed.Options{LongestWait: time.Second})
		w.add(i.Driver, ann)
		w.edit(ann, "first", "x")
		synctest.Wait()
		for u := range 40 {
			user := notes.UserID(fmt.Sprint("user-", u))
			w.add(i.Driver, user)
			for n := range 4 {
				w.edit(user, notes.NoteID(fmt.Sprintf("%s-%d", user, n)), "x")
			}
		}
		for n := range 300 {
			note := notes.NoteID(fmt.Sprint("mine-", n))
			mu.Lock()
			sent[string(note)] = time.Now()
			mu.Unlock()
			w.edit(ann, note, "x")
			time.Sleep(100 * time.Millisecond)
		}
		synctest.Wait()
		if n := r.count(); n != 301 || worst > 10*time.Millisecond {
			t.Errorf("%d came, the slowest after %v", n, worst)
		}
		t.Logf("beside 40 receivers that never answer, %d changes came, the slowest after %v", r.count(), worst)
	})
}
