package chaos

import (
	"context"
	"net/http"
	"sync"
	"time"

	"notewire/client/goclient"
)

// callers are the clients of a run: each account at each server. Tokens are good at all of
// them, because they share the local issuer's key.
type callers struct {
	servers []*server
	http    []*http.Client // by server

	mu     sync.Mutex
	tokens map[string]token
}

type token struct {
	text string
	at   time.Time
}

// tokenFor is how long a token is used: less than it is good for.
const tokenFor = 30 * time.Minute

func newCallers(servers []*server) *callers {
	c := &callers{servers: servers, tokens: map[string]token{}}
	for range servers {
		c.http = append(c.http, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}})
	}
	return c
}

// at returns the client of an account at a server.
func (c *callers) at(server int, account string) *goclient.Client {
	var bare *goclient.Client
	o := goclient.Options{HTTP: c.http[server], Silence: 40 * time.Second}
	o.Token = func(ctx context.Context) (string, error) { return c.token(ctx, bare, account) }
	bare, err := goclient.New(c.servers[server].url, o)
	if err != nil {
		panic(err) // an address of our own making
	}
	return bare
}

func (c *callers) token(ctx context.Context, at *goclient.Client, account string) (string, error) {
	c.mu.Lock()
	have := c.tokens[account]
	c.mu.Unlock()
	if time.Since(have.at) < tokenFor {
		return have.text, nil
	}
	text, err := at.DevToken(ctx, account)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokens[account] = token{text, time.Now()}
	return text, nil
}
