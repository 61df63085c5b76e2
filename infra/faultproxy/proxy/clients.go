package proxy

import (
	"net"
	"net/http"
	"sync"
)

// clients counts the exchanges of each address.
type clients struct {
	mu    sync.Mutex
	seats map[string]chan struct{}
}

// enter waits for a seat of the client's, of which there are that many. If he leaves before,
// that is the error.
func (c *clients) enter(r *http.Request, seats int) (leave func(), err error) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	taken := c.seats[host]
	if cap(taken) != seats { // new, or the setting is: who sits stays
		if c.seats == nil {
			c.seats = map[string]chan struct{}{}
		}
		taken = make(chan struct{}, seats)
		c.seats[host] = taken
	}
	c.mu.Unlock()
	select {
	case taken <- struct{}{}:
		return func() { <-taken }, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}
