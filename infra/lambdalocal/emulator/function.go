package emulator

import (
	"cmp"
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// Config describes a function. Name and Path must be set.
type Config struct {
	Name        string
	Path        string        // its binary, as it would be deployed (bootstrap)
	Env         []string      // KEY=value, added to what Lambda sets; the emulator's own environment is not passed on
	Region      string        // default us-east-1
	Timeout     time.Duration // of an invocation; default 3 s, as Lambda's
	InitTimeout time.Duration // from the start of a process to its first /next; default 10 s
	Concurrency int           // environments at most; default 10
	KeepRunning bool          // do not freeze idle environments: Lambda does
	Output      io.Writer     // what its processes print, in whole lines; default none
}

const (
	// MaxPayload is the most bytes of a request, and of a response that is not streamed.
	MaxPayload = 6 << 20
	// settle is how long a caller waits for an environment that has answered but has not
	// yet asked for the next event: it is about to.
	settle = 100 * time.Millisecond
)

var (
	// ErrThrottled says that all environments were busy: Lambda's 429 TooManyRequestsException.
	ErrThrottled = errors.New("all environments of the function are busy")
	// ErrTooLarge says that a request or a buffered response is above [MaxPayload].
	ErrTooLarge = errors.New("the payload is above 6 MB")
	// ErrClosed says that the function was closed.
	ErrClosed = errors.New("the function is closed")
)

// Function runs invocations in environments, which it starts on demand. It is safe for
// concurrent use. Close it to end its processes.
type Function struct {
	cfg     Config
	slots   chan struct{} // one for each invocation that runs
	running sync.WaitGroup

	mu     sync.Mutex
	closed bool
	made   int
	all    map[*environment]struct{}
	idle   []*environment // the last used is the next, as in Lambda
}

// NewFunction returns a function. It starts nothing.
func NewFunction(cfg Config) *Function {
	cfg.Region = cmp.Or(cfg.Region, "us-east-1")
	cfg.Timeout = cmp.Or(cfg.Timeout, 3*time.Second)
	cfg.InitTimeout = cmp.Or(cfg.InitTimeout, 10*time.Second)
	cfg.Concurrency = cmp.Or(cfg.Concurrency, 10)
	if cfg.Output == nil {
		cfg.Output = io.Discard
	}
	return &Function{cfg: cfg, slots: make(chan struct{}, cfg.Concurrency), all: map[*environment]struct{}{}}
}

// Invoke runs the function and returns its answer as soon as it begins; the caller must close
// the body. Errors are [*FunctionError], [ErrThrottled], [ErrTooLarge], [ErrClosed] and ctx's:
// a caller that leaves does not stop the function, which runs on to its end or its deadline.
func (f *Function) Invoke(ctx context.Context, payload []byte) (*Response, error) {
	if len(payload) > MaxPayload {
		return nil, ErrTooLarge
	}
	if err := f.slot(ctx); err != nil {
		return nil, err
	}
	env, err := f.acquire()
	if err != nil {
		<-f.slots
		return nil, err
	}
	inv := newInvocation(&f.cfg, payload)
	go func() {
		defer f.running.Done()
		f.release(env, env.run(inv))
	}()
	select {
	case a := <-inv.answered:
		return a.response, a.err
	case <-ctx.Done():
		go inv.abandon()
		return nil, ctx.Err()
	}
}

// Call is Invoke for an answer that is not streamed: it returns all of it.
func (f *Function) Call(ctx context.Context, payload []byte) ([]byte, error) {
	response, err := f.Invoke(ctx, payload)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	defer context.AfterFunc(ctx, func() { response.Body.Close() })()
	answer, err := io.ReadAll(io.LimitReader(response.Body, MaxPayload+1))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, err
	case len(answer) > MaxPayload:
		return nil, ErrTooLarge
	}
	return answer, nil
}

// Close ends all processes, and with them what they are doing. It waits for them.
func (f *Function) Close() error {
	f.mu.Lock()
	f.closed = true
	all := f.all
	f.mu.Unlock()
	var ended sync.WaitGroup
	for env := range all {
		ended.Go(env.shutdown)
	}
	ended.Wait()
	f.running.Wait()
	return nil
}

// slot takes one of the slots.
func (f *Function) slot(ctx context.Context) error {
	soon := time.NewTimer(settle)
	defer soon.Stop()
	select {
	case f.slots <- struct{}{}:
		return nil
	default:
	}
	select {
	case f.slots <- struct{}{}:
		return nil
	case <-soon.C:
		return ErrThrottled
	case <-ctx.Done():
		return ctx.Err()
	}
}

// acquire returns the environment that was used last, or a new one.
func (f *Function) acquire() (*environment, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, ErrClosed
	}
	for n := len(f.idle) - 1; n >= 0; n-- {
		env := f.idle[n]
		f.idle = f.idle[:n]
		if env.isAlive() {
			f.running.Add(1)
			return env, nil
		}
		delete(f.all, env)
	}
	f.made++
	env, err := startEnvironment(&f.cfg, f.made)
	if err != nil {
		return nil, err
	}
	f.all[env] = struct{}{}
	f.running.Add(1)
	return env, nil
}

// release gives back an environment and its slot.
func (f *Function) release(env *environment, alive bool) {
	if !alive {
		env.kill()
	}
	f.mu.Lock()
	switch {
	case f.closed: // Close ends those that live
	case alive:
		f.idle = append(f.idle, env)
	default:
		delete(f.all, env)
	}
	f.mu.Unlock()
	<-f.slots
}
