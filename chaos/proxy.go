package chaos

import (
	"errors"
	"net"
	"sync"
	"time"
)

// proxy stands between one server and something that it needs, and gets in the way. Its
// methods are safe for concurrent use.
type proxy struct {
	listener net.Listener
	upstream string

	mu      sync.Mutex
	refuse  bool
	lose    bool
	delay   time.Duration
	conns   map[*link]bool
	touched touched
}

// touched counts what the faults of a proxy have hit.
type touched struct{ cut, refused, delayed, lost int }

// link is one connection through a proxy.
type link struct{ down, up net.Conn }

// reset ends both sides at once, without a goodbye.
func (l *link) reset() {
	for _, c := range []net.Conn{l.down, l.up} {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // it only makes the end ruder
		}
		_ = c.Close() // or it is closed already
	}
}

func newProxy(upstream string) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{listener: l, upstream: upstream, conns: map[*link]bool{}}
	go p.accept()
	return p, nil
}

func (p *proxy) addr() string { return p.listener.Addr().String() }

func (p *proxy) close() {
	_ = p.listener.Close() // nothing is lost with it
	p.cut()
}

func (p *proxy) accept() {
	for {
		down, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			go p.carry(down)
		}
	}
}

func (p *proxy) carry(down net.Conn) {
	p.mu.Lock()
	refuse := p.refuse
	if refuse {
		p.touched.refused++
	}
	p.mu.Unlock()
	if refuse {
		(&link{down, down}).reset()
		return
	}
	up, err := net.DialTimeout("tcp", p.upstream, 5*time.Second)
	if err != nil {
		(&link{down, down}).reset()
		return
	}
	l := &link{down, up}
	p.mu.Lock()
	p.conns[l] = true
	p.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { p.copy(l, up, down, false) })
	both.Go(func() { p.copy(l, down, up, true) })
	both.Wait()
	p.mu.Lock()
	delete(p.conns, l)
	p.mu.Unlock()
}

// copy carries bytes one way until either side ends, which ends the other.
func (p *proxy) copy(l *link, to, from net.Conn, answers bool) {
	defer l.reset()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			delay, lose := p.pass(answers)
			if lose {
				return
			}
			time.Sleep(delay)
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *proxy) pass(answers bool) (delay time.Duration, lose bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lose && answers {
		p.touched.lost++
		return 0, true
	}
	if p.delay > 0 {
		p.touched.delayed++
	}
	return p.delay, false
}

// cut ends all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	links := make([]*link, 0, len(p.conns))
	for l := range p.conns {
		links = append(links, l)
	}
	p.touched.cut += len(links)
	p.mu.Unlock()
	for _, l := range links {
		l.reset()
	}
}

// set changes what happens to connections and bytes from now on.
func (p *proxy) set(change func(*proxy)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

func (p *proxy) heal() {
	p.set(func(p *proxy) { p.refuse, p.lose, p.delay = false, false, 0 })
}

func (p *proxy) counts() touched {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.touched
}
