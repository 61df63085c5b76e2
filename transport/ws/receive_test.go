package ws

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"notewire/transport"
)

func TestAMessageAboveTheSoftLimitIsDiscardedAndTheNextIsReceived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := pair(t, Options{})
		go func() {
			for _, n := range []int{1 << 20, 1<<20 + 1, 4 << 20, 5} {
				client.Write(t.Context(), websocket.MessageText, []byte(big(n)))
			}
		}()
		for _, want := range []int{1 << 20, -1, -1, 5} {
			got, err := c.Receive(t.Context())
			if want < 0 && err != transport.ErrFrameTooLarge || want >= 0 && (err != nil || len(got) != want) {
				t.Fatalf("want %d: %d bytes, %v", want, len(got), err)
			}
		}
	})
}

func TestAFragmentedMessageIsMeasuredAsAWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := rawPair(t, Options{SoftLimit: 10, HardLimit: 100})
		go func() {
			client.send(text, []byte("123456"))
			client.send(continuation|fin, []byte("7890"))
			client.send(text, []byte("123456"))
			client.send(continuation, []byte("78901"))
			client.send(continuation|fin, []byte("2"))
			client.send(text|fin, []byte("next"))
		}()
		if got, err := c.Receive(t.Context()); string(got) != "1234567890" {
			t.Error(string(got), err)
		}
		if got, err := c.Receive(t.Context()); err != transport.ErrFrameTooLarge {
			t.Error(string(got), err)
		}
		if got, err := c.Receive(t.Context()); string(got) != "next" {
			t.Error(string(got), err)
		}
	})
}

func TestAboveTheHardLimitTheConnectionIsClosedWith1009(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := pair(t, Options{})
		go client.Write(t.Context(), websocket.MessageText, []byte(big(4<<20+1)))
		closed := make(chan error)
		go func() {
			_, _, err := client.Read(context.Background())
			closed <- err
		}()
		if _, err := c.Receive(t.Context()); !errors.Is(err, websocket.ErrMessageTooBig) {
			t.Error(err)
		}
		c.Close(transport.CloseInternal, "too late for another code")
		if err := <-closed; websocket.CloseStatus(err) != websocket.StatusMessageTooBig {
			t.Error(err)
		}
	})
}

func TestDiscardingTakesBoundedMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := rawPair(t, Options{SoftLimit: 64 << 10, HardLimit: 64 << 20})
		chunk := []byte(big(1 << 20))
		go func() {
			client.Write(head(text|fin, 16<<20))
			for range 16 {
				client.Write(chunk)
			}
		}()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := c.Receive(t.Context())
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; err != transport.ErrFrameTooLarge || got > 1<<20 {
			t.Errorf("%v, %d bytes allocated for a message of 16 MiB", err, got)
		}
	})
}

func TestABinaryMessageIsAnErrorAndTheConnectionLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := pair(t, Options{SoftLimit: 10})
		go func() {
			client.Write(t.Context(), websocket.MessageBinary, []byte{1, 2, 3})
			client.Write(t.Context(), websocket.MessageBinary, make([]byte, 1000))
			client.Write(t.Context(), websocket.MessageText, []byte("text"))
		}()
		for range 2 {
			if _, err := c.Receive(t.Context()); err != transport.ErrNotText {
				t.Error(err)
			}
		}
		if got, err := c.Receive(t.Context()); string(got) != "text" {
			t.Error(string(got), err)
		}
	})
}

func TestTheEndOfReceivesContextLeavesTheCloseCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := pair(t, Options{})
		ctx, cancel := context.WithCancelCause(t.Context())
		stopped := errors.New("stopped")
		time.AfterFunc(time.Minute, func() { cancel(stopped) })
		if _, err := c.Receive(ctx); err != stopped {
			t.Error(err)
		}
		go func() {
			c.Write(context.Background(), frame("goodbye"))
			c.Close(transport.CloseGoingAway, "the server stops")
		}()
		if _, got, err := client.Read(t.Context()); string(got) != "goodbye" {
			t.Error(string(got), err)
		}
		if _, _, err := client.Read(t.Context()); websocket.CloseStatus(err) != 4000 {
			t.Error(err)
		}
	})
}

func TestAfterABrokenOffReceiveCloseStillWaitsForTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := rawPair(t, Options{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := c.Receive(ctx); err != context.DeadlineExceeded {
			t.Error(err)
		}
		go func() {
			_, payload, _ := client.receive()
			time.Sleep(500 * time.Millisecond)
			client.send(closing|fin, payload)
		}()
		start := time.Now()
		c.Close(transport.CloseGoingAway, "")
		if took := time.Since(start); took != 500*time.Millisecond {
			t.Error(took)
		}
	})
}

func TestAClientThatClosesIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := pair(t, Options{})
		go func() {
			_, err := c.Receive(context.Background())
			if websocket.CloseStatus(err) != 1000 {
				t.Error(err)
			}
			c.Close(transport.CloseNormal, "client left")
		}()
		if err := client.Close(1000, "bye"); err != nil {
			t.Error(err)
		}
	})
}

func TestAClientThatVanishesEndsReceive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := rawPair(t, Options{})
		go client.Close()
		if _, err := c.Receive(t.Context()); err == nil {
			t.Error("no error")
		}
	})
}
