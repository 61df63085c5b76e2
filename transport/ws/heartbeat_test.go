package ws

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"notewire/transport"
)

const interval = 25 * time.Second

// beat sends heartbeats until one fails, n at most.
func beat(c *Conn, n int) (sent int, err error) {
	for sent = range n {
		if err = c.Heartbeat(context.Background()); err != nil {
			return sent, err
		}
		time.Sleep(interval)
	}
	return n, nil
}

func TestAPeerThatAnswersLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := pair(t, Options{})
		client.CloseRead(t.Context())
		go c.Receive(context.Background())
		if n, err := beat(c, 100); err != nil {
			t.Error(n, err)
		}
	})
}

func TestADeadPeerIsFoundOneHeartbeatLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := rawPair(t, Options{})
		go func() { // it reads, but it does not answer
			for {
				if _, _, err := client.receive(); err != nil {
					return
				}
			}
		}()
		go c.Receive(context.Background())
		synctest.Wait()
		start := time.Now()
		n, err := beat(c, 100)
		if n != 1 || err != ErrUnresponsive || time.Since(start) != interval {
			t.Error(n, err, time.Since(start))
		}
	})
}

func TestThePongHasTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := rawPair(t, Options{})
		go func() {
			for {
				op, payload, err := client.receive()
				if err != nil {
					return
				}
				if op == ping|fin {
					time.Sleep(9 * time.Second)
					client.send(pong|fin, payload)
				}
			}
		}()
		go c.Receive(context.Background())
		for range 100 { // quicker than the pongs
			if err := c.Heartbeat(context.Background()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(4 * time.Second)
		}
	})
}

func TestAPeerInTheMiddleOfALongMessageLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := rawPair(t, Options{})
		go func() { // its pongs wait behind the message
			for {
				if _, _, err := client.receive(); err != nil {
					return
				}
			}
		}()
		go func() {
			client.Write(head(text|fin, 1<<20))
			for {
				if _, err := client.Write([]byte("slow upload")); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}()
		go c.Receive(context.Background())
		if n, err := beat(c, 20); err != nil {
			t.Error(n, err)
		}
	})
}

func TestABusySessionDoesNotTakeItsClientForDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := pair(t, Options{})
		client.CloseRead(t.Context())
		go func() {
			time.Sleep(10*interval - time.Second) // a store that stalls, say
			c.Receive(context.Background())
		}()
		if n, err := beat(c, 20); err != nil {
			t.Error(n, err)
		}
	})
}

func TestAHeartbeatNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := rawPair(t, Options{}) // which never reads, so not even the ping gets out
		go c.Receive(context.Background())
		start := time.Now()
		if err := c.Heartbeat(t.Context()); err != nil || time.Since(start) != 0 {
			t.Error(err, time.Since(start))
		}
		c.Close(transport.CloseUnresponsive, "")
		if took := time.Since(start); took != time.Second {
			t.Error("closed after", took)
		}
	})
}
