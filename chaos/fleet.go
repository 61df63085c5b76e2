package chaos

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// fleet is the servers of a run.
type fleet struct {
	servers []*server

	mu      sync.Mutex
	crashes []string
}

// newFleet starts the servers, in dir, on a new table or a new file.
func newFleet(ctx context.Context, o Options, dir string) (*fleet, error) {
	f := &fleet{}
	table := fmt.Sprintf("chaos-%d-%d", o.Seed, o.started.UnixMilli())
	if o.onTable() {
		if err := migrate(ctx, o, table); err != nil {
			return nil, err
		}
	}
	for i := range o.Servers {
		s, err := f.newServer(o, dir, table, i)
		if err != nil {
			return f, err
		}
		f.servers = append(f.servers, s)
	}
	errs := make([]error, len(f.servers))
	var starting sync.WaitGroup
	for i, s := range f.servers {
		starting.Go(func() { errs[i] = s.start(ctx) })
	}
	starting.Wait()
	return f, errors.Join(errs...)
}

func migrate(ctx context.Context, o Options, table string) error {
	cmd := exec.CommandContext(ctx, o.Program, "migrate")
	cmd.Env = []string{"DYNAMODB_TABLE=" + table, "AWS_ENDPOINT_URL_DYNAMODB=" + o.Store}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("make the table: %w\n%s", err, out)
	}
	return nil
}

func (f *fleet) newServer(o Options, dir, table string, number int) (*server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &server{number: number, program: o.Program, port: port, url: fmt.Sprintf("http://127.0.0.1:%d", port), crashed: f.crashed}
	s.args = []string{"serve", fmt.Sprintf("--port=%d", port), "--data-dir=" + dir, "--log-level=warn"}
	if s.log, err = openLog(dir, number); err != nil {
		return nil, err
	}
	var at string
	if o.onTable() {
		if s.store, at, err = before(o.Store, "http"); err != nil {
			return nil, fmt.Errorf("--store: %w", err)
		}
		s.env = append(s.env, "DYNAMODB_TABLE="+table, "AWS_ENDPOINT_URL_DYNAMODB="+at)
	}
	if o.Bus != "" {
		if s.bus, at, err = before(o.Bus, "redis"); err != nil {
			return nil, fmt.Errorf("--bus: %w", err)
		}
		s.env = append(s.env, "BUS_URL="+at)
	}
	return s, nil
}

// before puts a proxy before a URL, and returns the URL through it.
func before(target, scheme string) (*proxy, string, error) {
	u, err := url.Parse(target)
	if err != nil {
		return nil, "", err
	}
	if u.Scheme != scheme || u.Host == "" {
		return nil, "", fmt.Errorf("%q is not a %s:// URL, and a proxy cannot stand before another", target, scheme)
	}
	port := map[string]string{"http": "80", "redis": "6379"}[scheme]
	if u.Port() != "" {
		port = u.Port()
	}
	upstream := net.JoinHostPort(u.Hostname(), port)
	c, err := net.DialTimeout("tcp", upstream, 5*time.Second)
	if err != nil {
		return nil, "", fmt.Errorf("nothing answers at %s: %w", target, err)
	}
	_ = c.Close() // nothing was said
	p, err := newProxy(upstream)
	if err != nil {
		return nil, "", err
	}
	u.Host = p.addr()
	return p, strings.TrimSuffix(u.String(), "/"), nil
}

func (f *fleet) crashed(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.crashes = append(f.crashes, what)
}

// close ends what runs. It does not ask kindly.
func (f *fleet) close() {
	for _, s := range f.servers {
		s.fault.Lock()
		if s.process != nil {
			s.process.kill()
		}
		s.fault.Unlock()
		for _, p := range []*proxy{s.store, s.bus} {
			if p != nil {
				p.close()
			}
		}
		_ = s.log.Close() // it is unbuffered
	}
}

// findings are what servers did that they must not.
func (f *fleet) findings() (all []Finding) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, what := range f.crashes {
		all = append(all, Finding{Rule: RuleServer, What: what})
	}
	for _, s := range f.servers {
		if complaints := s.complaints(); len(complaints) > 0 {
			all = append(all, Finding{Rule: RuleServer, What: fmt.Sprintf("server %d complains", s.number), Evidence: complaints[:min(5, len(complaints))]})
		}
	}
	return all
}
