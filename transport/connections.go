package transport

import (
	"slices"
	"sync"
)

// connections are the sessions that run here, without those in turns.
type connections struct {
	mu   sync.Mutex
	byID map[string]*session
}

func (c *connections) add(s *session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.byID[s.id] = s
	s.sid = s.login.SID
}

func (c *connections) remove(s *session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.byID, s.id)
}

func (c *connections) find(id string) *session {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byID[id]
}

// identify says whose sign-in a session is.
func (c *connections) identify(s *session, sid string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.sid = sid
}

// signIns returns the sign-ins of all sessions, each once, in order.
func (c *connections) signIns() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var sids []string
	for _, s := range c.byID {
		if s.sid != "" {
			sids = append(sids, s.sid)
		}
	}
	slices.Sort(sids)
	return slices.Compact(sids)
}

// end tells the sessions of these sign-ins that they have ended.
func (c *connections) end(sids []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.byID {
		if s.sid != "" && slices.Contains(sids, s.sid) {
			select {
			case s.signedOut <- struct{}{}:
			default: // it knows
			}
		}
	}
}
