package sse

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"notewire/transport"
)

// fill writes frames of the given size to a client that has read the head and nothing
// else, and returns how many were taken.
func fill(t *testing.T, size int, opts Options) (taken int) {
	t.Helper()
	h, _ := serving(opts, func(ctx context.Context, c transport.Conn) error {
		for c.Write(ctx, frame(big(size))) == nil {
			taken++
		}
		return nil
	})
	stream(t, newServer(t, h).get(t, "/"))
	synctest.Wait()
	return taken
}

func TestAtMost32EventsOr256KBAreInFlight(t *testing.T) {
	for _, c := range []struct{ size, want int }{
		{1, 32}, {1000, 32}, {8000, 32}, {10_000, 26}, {100_000, 2}, {256 << 10, 1}, {3 << 20, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			// Of small events net/http takes a few into its own buffers, 6 KB, for which
			// the window has been left.
			if got := fill(t, c.size, Options{}); got < c.want || got > c.want+6000/c.size && got > c.want {
				t.Errorf("%d bytes each: %d taken", c.size, got)
			}
		})
	}
}

func TestAReaderThatNeverReadsTakesBoundedMemory(t *testing.T) {
	for _, size := range []int{100, 1000, 50_000, 200_000} {
		synctest.Test(t, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			fill(t, size, Options{WriteTimeout: time.Hour})
			runtime.GC()
			runtime.ReadMemStats(&after)
			if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 2<<20 {
				t.Errorf("%d bytes each: %d held", size, grown)
			}
		})
	}
}

func TestTheEndOfTheContextEndsAWriteThatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			for range maxEvents {
				if err := c.Write(ctx, frame("x")); err != nil {
					return err
				}
			}
			enough := errors.New("enough")
			ctx, cancel := context.WithCancelCause(ctx)
			time.AfterFunc(time.Second, func() { cancel(enough) })
			start := time.Now()
			if err := c.Write(ctx, frame("x")); err != enough || time.Since(start) != time.Second {
				return fmt.Errorf("%w after %v", err, time.Since(start))
			}
			if err := c.Write(ctx, frame("x")); err != enough {
				return fmt.Errorf("room or not, the context has ended: %w", err)
			}
			return nil
		})
		c := newServer(t, h).get(t, "/")
		stream(t, c)
		time.Sleep(2 * time.Second)
		go func() {
			for buf := make([]byte, 1000); ; {
				if _, err := c.Read(buf); err != nil {
					return
				}
			}
		}()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

func TestCloseEndsAWriteThatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			time.AfterFunc(time.Second, func() { c.Close(transport.CloseGoingAway, "") })
			for {
				if err := c.Write(ctx, frame(big(1000))); err != nil {
					return err
				}
			}
		})
		stream(t, newServer(t, h).get(t, "/"))
		if err := <-served; !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

func TestCloseEndsTheSessionsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dump(t, Options{}, func(ctx context.Context, c transport.Conn) error {
			time.AfterFunc(time.Second, func() { c.Close(transport.CloseGoingAway, "") })
			<-ctx.Done()
			return nil
		})
	})
}

func TestTheWindowCountsEventsAndBytes(t *testing.T) {
	var w window
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	enter := func(n int) bool { return w.enter(t.Context(), n, 0) == nil }
	for range 3 { // around the ring more than once
		for range maxEvents {
			if !enter(maxBytes / maxEvents) {
				t.Fatal("no room")
			}
		}
		if enter(0) {
			t.Fatal("33 events")
		}
		if err := w.enter(ctx, 1, time.Hour); err != context.Canceled {
			t.Fatal(err)
		}
		for i := range maxEvents {
			if last := w.wrote(); last != (i == maxEvents-1) {
				t.Fatal(i, last)
			}
		}
		w.flushed()
	}
	if !enter(10*maxBytes) || enter(1) {
		t.Fatal("one event always fits, a second one not")
	}
	w.wrote()
	w.flushed()
	if w.events != 0 || w.bytes != 0 || w.written != 0 {
		t.Fatal(w.events, w.bytes, w.written)
	}
	if err := w.drain(time.Hour); err != nil || enter(1) {
		t.Fatal("something entered a drained window", err)
	}
	if !w.fail(net.ErrClosed) || w.fail(os.ErrClosed) || w.dead() != net.ErrClosed {
		t.Fatal("the first error stands")
	}
}
