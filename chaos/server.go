package chaos

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	startWithin = 30 * time.Second // a server, with a store that answers
	stopWithin  = 20 * time.Second // a server that was told to: STOP_AFTER, and some
)

// server is one instance: a process that comes and goes, always on the same port, and the
// proxies between it and what it needs.
type server struct {
	number  int
	program string
	args    []string
	env     []string
	port    int
	url     string
	log     *os.File // what it says on stderr
	store   *proxy   // nil: a file
	bus     *proxy   // nil: there is none

	fault   sync.Mutex // held while a fault of the process lasts
	process *process   // guarded by fault
	crashed func(string)
}

// process is one life of a server.
type process struct {
	cmd    *exec.Cmd
	ready  chan struct{} // closed by the banner
	ended  chan struct{} // closed at the end
	err    error         // how it ended; read after ended
	mu     sync.Mutex
	expect bool // its end is ours
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// start runs the server and returns when it serves. While its store does not answer, it ends
// again at once, and is started again, as whatever runs servers does.
func (s *server) start(ctx context.Context) error {
	deadline := time.Now().Add(startWithin)
	for {
		p, err := s.spawn()
		if err != nil {
			return err
		}
		select {
		case <-p.ready:
			s.process = p
			go s.watch(p)
			return nil
		case <-p.ended:
		case <-ctx.Done():
			p.kill()
			return ctx.Err()
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("server %d does not start: %w; its log is %s", s.number, p.err, s.log.Name())
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (s *server) spawn() (*process, error) {
	p := &process{cmd: exec.Command(s.program, s.args...), ready: make(chan struct{}), ended: make(chan struct{})}
	p.cmd.Env, p.cmd.Stderr = s.env, s.log
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go p.read(stdout)
	return p, nil
}

func (p *process) read(stdout io.Reader) {
	defer close(p.ended)
	shown := false
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if !shown && strings.Contains(lines.Text(), "Notewire is running") {
			shown = true
			close(p.ready)
		}
	}
	p.err = p.cmd.Wait()
}

// watch reports a process that ends by itself.
func (s *server) watch(p *process) {
	<-p.ended
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.expect {
		s.crashed(fmt.Sprintf("server %d ended by itself: %v", s.number, p.err))
	}
}

func (p *process) kill() {
	p.expected()
	_ = p.cmd.Process.Kill() // fails only if it has ended
	<-p.ended
}

func (p *process) expected() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expect = true
}

// stop ends the process as an operator does. It must end in time, and say that all is well.
func (p *process) stop() error {
	p.expected()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop a server: %w", err)
	}
	select {
	case <-p.ended:
		if p.err != nil {
			return fmt.Errorf("a server that was told to stop ended with: %w", p.err)
		}
		return nil
	case <-time.After(stopWithin):
		p.kill()
		return errors.New("a server that was told to stop did not")
	}
}

// complaints returns what the server's log says that no server should.
func (s *server) complaints() []string {
	data, err := os.ReadFile(s.log.Name())
	if err != nil {
		return []string{err.Error()}
	}
	var all []string
	for line := range strings.Lines(string(data)) {
		for _, bad := range []string{"panic", "fatal error", "DATA RACE"} {
			if strings.Contains(line, bad) {
				all = append(all, strings.TrimSpace(line))
			}
		}
	}
	return all
}

func openLog(dir string, number int) (*os.File, error) {
	return os.Create(filepath.Join(dir, fmt.Sprintf("server-%d.log", number)))
}
