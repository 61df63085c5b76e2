package chaos

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

func TestAProxyGetsInTheWay(t *testing.T) {
	var arrived atomic.Int64
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { arrived.Add(1) }))
	defer upstream.Close()
	p, err := newProxy(upstream.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	client := &http.Client{Transport: &http.Transport{}}
	ask := func() error {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+p.addr(), nil) // POST is not tried again
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err == nil {
			_, err = io.ReadAll(res.Body)
			res.Body.Close()
		}
		return err
	}
	befall := func(kind Kind) (end func()) {
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan error, 1)
		before := p.counts().cut
		go func() { over <- p.befall(ctx, Fault{Kind: kind, For: time.Hour}) }()
		for deadline := time.Now().Add(10 * time.Second); !p.broken() && p.counts().cut == before; {
			if time.Now().After(deadline) {
				t.Fatalf("%s does not begin", kind)
			}
		}
		return func() { cancel(); <-over }
	}

	if err := ask(); err != nil {
		t.Fatal(err)
	}
	befall(StoreCut)()
	client.CloseIdleConnections() // they are broken: ask by a new one
	if err := ask(); err != nil || arrived.Load() != 2 {
		t.Errorf("after a cut: %v, %d arrived", err, arrived.Load())
	}
	end := befall(StoreRefuse)
	client.CloseIdleConnections()
	if err := ask(); err == nil || arrived.Load() != 2 {
		t.Errorf("refused: %v, %d arrived", err, arrived.Load())
	}
	end()
	end = befall(StoreLose)
	if err := ask(); err == nil || arrived.Load() != 3 {
		t.Errorf("an answer lost: %v, %d arrived; want an error, and 3", err, arrived.Load())
	}
	end()
	if err := ask(); err != nil || arrived.Load() != 4 {
		t.Errorf("healed: %v, %d arrived", err, arrived.Load())
	}
	if n := p.counts(); n.cut == 0 || n.refused == 0 || n.lost != 1 {
		t.Errorf("counted %+v", n)
	}
}

// broken reports whether something is the matter now.
func (p *proxy) broken() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refuse || p.lose || p.delay > 0
}
