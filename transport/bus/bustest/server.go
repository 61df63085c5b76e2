// Package bustest runs a real Valkey or Redis server for tests, which may kill it and start
// it again.
package bustest

import (
	"context"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// patience is how long a server may take to answer.
const patience = 10 * time.Second

// Server is a server on a loopback port of its own, which it keeps when it starts again.
type Server struct {
	URL string

	t       testing.TB
	program string
	port    string
	cmd     *exec.Cmd // nil: it does not run
}

// Start runs a server until the test ends. Without the program the test is skipped, and
// says how to get it; in CI it must be there.
func Start(t testing.TB) *Server {
	t.Helper()
	s := New(t)
	s.Restart()
	return s
}

// New returns a server that does not run yet.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{t: t, program: find(t), port: freePort(t)}
	s.URL = "redis://127.0.0.1:" + s.port
	t.Cleanup(s.Kill)
	return s
}

func find(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"valkey-server", "redis-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const how = "this test needs Valkey or Redis: apt-get install redis-server"
	if os.Getenv("CI") == "true" {
		t.Fatal(how + "; CI must have it")
	}
	t.Skip(how)
	return ""
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// Restart starts the server, on the port that it had, and returns when it answers.
func (s *Server) Restart() {
	s.t.Helper()
	s.cmd = exec.Command(s.program, "--port", s.port, "--bind", "127.0.0.1", "--save", "", "--daemonize", "no")
	s.cmd.Dir = s.t.TempDir()
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	client := s.Client()
	defer client.Close()
	for deadline := time.Now().Add(patience); ; {
		if err := client.Ping(context.Background()).Err(); err == nil {
			return
		} else if time.Now().After(deadline) {
			s.t.Fatalf("%s does not answer: %v", s.program, err)
		}
	}
}

// Kill ends the server as a crash does.
func (s *Server) Kill() {
	if s.cmd != nil {
		_ = s.cmd.Process.Kill() // fails only if it has ended
		_ = s.cmd.Wait()         // how it ended is known
		s.cmd = nil
	}
}

// Client returns a client, which the caller closes.
func (s *Server) Client() *redis.Client {
	s.t.Helper()
	opts, err := redis.ParseURL(s.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	return redis.NewClient(opts)
}
