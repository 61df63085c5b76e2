package sse

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"notewire/transport"
)

func TestAStuckReaderDoesNotDelayOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		h, _ := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			for i := range 200 {
				if err := c.Write(ctx, at(strconv.Itoa(i), big(1000))); err != nil {
					return err
				}
			}
			return nil
		})
		s := newServer(t, h)
		for range 10 {
			s.get(t, "/") // and reads nothing
		}
		resp := stream(t, s.get(t, "/"))
		synctest.Wait()
		events := 0
		for buf := make([]byte, 1000); ; events++ {
			if _, err := resp.Body.Read(buf); err != nil {
				break
			}
		}
		if took := time.Since(start); took != 0 || events < 200 {
			t.Error(took, events)
		}
	})
}

func TestASlowClientIsCutOffAtTheDeadline(t *testing.T) {
	for _, size := range []int{1000, 100_000, 1_000_000} {
		synctest.Test(t, func(t *testing.T) {
			written := make(chan error, 1)
			h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
				for {
					if err := c.Write(ctx, frame(big(size))); err != nil {
						written <- err
						return nil
					}
				}
			})
			stream(t, newServer(t, h).get(t, "/"))
			start := time.Now()
			err := <-served
			if took := time.Since(start); took != 5*time.Second || !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error(size, took, err)
			}
			if err := <-written; err == nil {
				t.Error("the write did not fail")
			}
		})
	}
}

func TestADeadConnectionIsNoticedWithoutAWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			_ = c.Write(ctx, frame("x"))
			<-ctx.Done()
			return nil
		})
		stream(t, newServer(t, h).get(t, "/"))
		if err := <-served; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestAClientThatIsSlowButReadsIsNotCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			for i := range 200 {
				if err := c.Write(ctx, at(strconv.Itoa(i), big(5000))); err != nil {
					return fmt.Errorf("event %d: %w", i, err)
				}
			}
			time.Sleep(time.Minute) // the end has a deadline too
			return nil
		})
		c := newServer(t, h).get(t, "/")
		go func() {
			for buf := make([]byte, 10_000); ; time.Sleep(time.Second) {
				if _, err := c.Read(buf); err != nil {
					return
				}
			}
		}()
		start := time.Now()
		if err := <-served; err != nil || time.Since(start) < time.Minute {
			t.Error(time.Since(start), err)
		}
	})
}

func TestAWriteThatFindsNoRoomInTimeEndsTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			for range 20 {
				if err := c.Write(ctx, frame(big(10_000))); err != nil {
					return err
				}
			}
			start := time.Now()
			err := c.Write(ctx, frame(big(250_000))) // each flush is in time, but there are too many
			if took := time.Since(start); took != 5*time.Second || err == nil || ctx.Err() == nil {
				t.Error(took, err, ctx.Err())
			}
			return nil
		})
		c := newServer(t, h).get(t, "/")
		go func() {
			for buf := make([]byte, 10_000); ; time.Sleep(time.Second) {
				if _, err := c.Read(buf); err != nil {
					return
				}
			}
		}()
		if err := <-served; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
	})
}
