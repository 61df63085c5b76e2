package ws

import (
	"context"
	"errors"
	"net"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"notewire/transport"
)

func TestFramesArriveAsTextByteForByteAndInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := pair(t, Options{})
		sizes := []int{1, 125, 126, 65535, 65536, 2 << 20}
		client.SetReadLimit(-1)
		go func() {
			for _, n := range sizes {
				if err := c.Write(t.Context(), frame(big(n))); err != nil {
					t.Error(err)
				}
			}
		}()
		for _, n := range sizes {
			typ, got, err := client.Read(t.Context())
			if err != nil || typ != websocket.MessageText || string(got) != big(n) {
				t.Fatal(n, typ, len(got), err)
			}
		}
	})
}

func TestAWriteToASlowReaderFailsAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := rawPair(t, Options{})
		start := time.Now()
		err := c.Write(t.Context(), frame(big(100_000)))
		if took := time.Since(start); took != 5*time.Second || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(took, err)
		}
		if err := c.Write(t.Context(), frame("more")); err == nil {
			t.Error("a dead connection took a frame")
		}
	})
}

func TestTheDeadlineIsForEachWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := rawPair(t, Options{})
		go func() {
			for {
				time.Sleep(4 * time.Second)
				if _, _, err := client.receive(); err != nil {
					return
				}
			}
		}()
		for range 100 {
			if err := c.Write(t.Context(), frame("slow but alive")); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestACancelledContextRefusesTheWriteAndLeavesTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := pair(t, Options{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.Write(ctx, frame("no")); err != context.Canceled {
			t.Error(err)
		}
		if err := c.Heartbeat(ctx); err != context.Canceled {
			t.Error(err)
		}
		go c.Write(t.Context(), frame("yes"))
		if _, got, err := client.Read(t.Context()); string(got) != "yes" {
			t.Error(string(got), err)
		}
	})
}

func TestAPeerThatNeverReadsTakesNoMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := rawPair(t, Options{WriteTimeout: time.Hour})
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		written := 0
		go func() {
			for c.Write(context.Background(), frame(big(1000))) == nil {
				written++
			}
		}()
		synctest.Wait()
		runtime.GC()
		runtime.ReadMemStats(&after)
		if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 100_000 || written > 8 {
			t.Errorf("%d bytes held, %d messages taken", grown, written)
		}
	})
}

func TestReceiveWriteHeartbeatAndCloseMayRunAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := pair(t, Options{})
		const n = 500
		var all, receiver sync.WaitGroup
		all.Go(func() { // the session's owner
			for i := range n {
				if err := errors.Join(c.Write(t.Context(), frame(strconv.Itoa(i))), c.Heartbeat(t.Context())); err != nil {
					t.Error(err)
					return
				}
			}
		})
		receiver.Go(func() { // it goes on to the end, for the sake of pongs
			for i := 0; ; i++ {
				if got, err := c.Receive(context.Background()); i < n && string(got) != strconv.Itoa(i) {
					t.Error(i, string(got), err)
				} else if err != nil {
					return
				}
			}
		})
		all.Go(func() {
			for i := range n {
				client.Write(t.Context(), websocket.MessageText, []byte(strconv.Itoa(i)))
			}
		})
		all.Go(func() {
			for i := range n {
				if _, got, err := client.Read(t.Context()); string(got) != strconv.Itoa(i) {
					t.Error(i, string(got), err)
					return
				}
			}
		})
		all.Wait()
		client.CloseRead(t.Context())
		for range 5 {
			all.Go(func() { c.Close(transport.CloseGoingAway, "") })
		}
		all.Wait()
		receiver.Wait()
	})
}

func TestAClosedConnectionTakesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := rawPair(t, Options{})
		c.Close(transport.CloseNormal, "")
		if err := c.Heartbeat(t.Context()); err != net.ErrClosed {
			t.Error(err)
		}
		if err := c.Write(t.Context(), frame("late")); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
		if _, err := c.Receive(t.Context()); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

func TestAWriteDoesNotAllocate(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	c, err := Accept(hijacked{httptest.NewRecorder(), sink{near}}, request(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := frame(big(1000))
	if n := testing.AllocsPerRun(1000, func() { _ = c.Write(context.Background(), f) }); n != 0 {
		t.Error(n, "allocations")
	}
	far.Close()
	c.Close(transport.CloseNormal, "")
}
