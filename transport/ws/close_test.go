package ws

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"

	"notewire/transport"
)

func TestEveryCodeAndReasonArrives(t *testing.T) {
	for _, code := range []transport.CloseCode{
		transport.CloseNormal, transport.CloseTooLarge, transport.CloseGoingAway, transport.CloseSlow,
		transport.CloseUnresponsive, transport.CloseTokenExpired, transport.CloseAuthTimeout,
		transport.CloseTooMany, transport.CloseInternal, transport.CloseAuthFailed,
		transport.CloseAccessLost, transport.CloseAccountChange,
	} {
		synctest.Test(t, func(t *testing.T) {
			c, client := rawPair(t, Options{})
			go c.Close(code, "why")
			op, payload, err := client.receive()
			want := string([]byte{byte(code >> 8), byte(code)}) + "why"
			if err != nil || op != closing|fin || string(payload) != want {
				t.Error(code, op, payload, err)
			}
		})
	}
}

func TestALongReasonIsCutBetweenRunes(t *testing.T) {
	for _, c := range []struct{ reason, want string }{
		{big(123), big(123)},
		{big(124), big(123)},
		{big(121) + "é" + "x", big(121) + "é"},
		{big(122) + "é", big(122)},
		{strings.Repeat("日", 42), strings.Repeat("日", 41)},
		{strings.Repeat("😀", 31), strings.Repeat("😀", 30)},
		{"a\xffb", "ab"},
	} {
		if got := cut(c.reason); got != c.want || !utf8.ValidString(got) {
			t.Errorf("%q became %q", c.reason, got)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		c, client := pair(t, Options{})
		go c.Close(transport.CloseInternal, strings.Repeat("日", 1000))
		if _, _, err := client.Read(t.Context()); websocket.CloseStatus(err) != 4006 {
			t.Error(err)
		}
	})
}

func TestClosingASilentPeerTakesASecond(t *testing.T) {
	peers := map[string]func(raw){
		"reads nothing":           func(raw) {},
		"reads but never answers": func(r raw) { r.receive(); r.receive() },
		"talks on":                func(r raw) { go r.receive(); talk(r) },
		"talks nonsense":          func(r raw) { go r.receive(); r.Write([]byte(big(100_000))) },
	}
	for name, peer := range peers {
		for _, receiving := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				c, client := rawPair(t, Options{})
				go peer(client)
				if receiving {
					go func() {
						for {
							if _, err := c.Receive(context.Background()); err != nil {
								return
							}
						}
					}()
				}
				start := time.Now()
				c.Close(transport.CloseGoingAway, "")
				if took := time.Since(start); took > time.Second {
					t.Error(name, receiving, took)
				}
			})
		}
	}
}

func talk(r raw) {
	for r.send(text|fin, []byte("more")) == nil {
		time.Sleep(time.Millisecond) // in a bubble: lets time pass
	}
}

func TestCloseEndsAWriteThatIsStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := rawPair(t, Options{WriteTimeout: time.Hour})
		var stuck sync.WaitGroup
		stuck.Go(func() {
			if err := c.Write(context.Background(), frame(big(1_000_000))); err == nil {
				t.Error("written")
			}
		})
		synctest.Wait()
		start := time.Now()
		c.Close(transport.CloseSlow, "")
		stuck.Wait()
		if took := time.Since(start); took != time.Second {
			t.Error(took)
		}
	})
}

func TestAFriendlyPeerIsClosedAtOnceAndOnlyOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := pair(t, Options{})
		closed := make(chan error, 1)
		go func() {
			_, _, err := client.Read(context.Background())
			closed <- err
		}()
		var received sync.WaitGroup
		received.Go(func() {
			if _, err := c.Receive(context.Background()); err == nil {
				t.Error("received")
			}
		})
		synctest.Wait()
		start := time.Now()
		c.Close(transport.CloseAccessLost, "first")
		c.Close(transport.CloseNormal, "second")
		received.Wait()
		if took := time.Since(start); took != 0 {
			t.Error(took)
		}
		if err := <-closed; websocket.CloseStatus(err) != 4501 {
			t.Error(err)
		}
	})
}
