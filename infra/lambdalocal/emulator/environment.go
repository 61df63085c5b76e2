package emulator

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// account is the AWS account that everything belongs to.
const account = "000000000000"

// environment is an execution environment: one process with a Runtime API of its own. It
// runs one invocation at a time.
type environment struct {
	cfg *Config
	cmd *exec.Cmd
	api *http.Server

	fresh      bool // it has not asked for its first event yet; run owns it
	asked      chan struct{}
	work       chan *invocation
	initFailed chan *FunctionError
	exited     chan struct{} // closed when the process has ended
	current    atomic.Pointer[invocation]
	wantsTERM  atomic.Bool // it registered an extension

	ending   sync.Mutex // freezing would undo the wake-up for the end
	shutting bool
}

// startEnvironment starts a process, the number-th of the function.
func startEnvironment(cfg *Config, number int) (*environment, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	e := &environment{
		cfg: cfg, fresh: true,
		asked: make(chan struct{}), work: make(chan *invocation),
		initFailed: make(chan *FunctionError, 1), exited: make(chan struct{}),
	}
	path, err := filepath.Abs(cfg.Path)
	if err != nil {
		listener.Close()
		return nil, err
	}
	output := &lines{to: cfg.Output, prefix: fmt.Sprintf("%s.%d | ", cfg.Name, number)}
	e.cmd = exec.Command(path)
	e.cmd.Dir = filepath.Dir(path)
	e.cmd.Env = append(lambdaEnv(cfg, number, e.cmd.Dir, listener.Addr().String()), cfg.Env...)
	e.cmd.Stdout, e.cmd.Stderr = output, output
	e.cmd.SysProcAttr = ProcessAttributes()
	e.cmd.WaitDelay = time.Second // a grandchild may hold its pipes
	if err := e.cmd.Start(); err != nil {
		listener.Close()
		return nil, fmt.Errorf("start function %s: %w", cfg.Name, err)
	}
	e.api = &http.Server{Handler: e.runtimeAPI()}
	go func() { _ = e.api.Serve(listener) }()
	go func() {
		_ = e.cmd.Wait()
		close(e.exited)
		_ = e.api.Close()
	}()
	return e, nil
}

// lambdaEnv is what Lambda sets for a process.
func lambdaEnv(cfg *Config, number int, dir, api string) []string {
	return []string{
		"AWS_LAMBDA_RUNTIME_API=" + api,
		"AWS_LAMBDA_FUNCTION_NAME=" + cfg.Name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + cfg.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME=local/[$LATEST]" + strconv.Itoa(number),
		"AWS_REGION=" + cfg.Region,
		"AWS_DEFAULT_REGION=" + cfg.Region,
		"AWS_ACCESS_KEY_ID=local",
		"AWS_SECRET_ACCESS_KEY=local",
		"AWS_SESSION_TOKEN=local",
		"AWS_EC2_METADATA_DISABLED=true",
		"_HANDLER=bootstrap",
		"LAMBDA_TASK_ROOT=" + dir,
		"LAMBDA_RUNTIME_DIR=" + dir,
		"LANG=en_US.UTF-8",
		"TZ=:UTC",
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"TMPDIR=" + os.TempDir(),
	}
}

// run runs an invocation, until the process asks for the next one. It returns whether the
// environment may be used again.
func (e *environment) run(inv *invocation) (alive bool) {
	if err := e.init(); err != nil {
		inv.fail(err)
		return false
	}
	e.signal(syscall.SIGCONT)
	e.current.Store(inv)
	deadline := time.NewTimer(e.cfg.Timeout)
	defer deadline.Stop()
	select {
	case e.work <- inv:
	case <-e.exited:
		inv.fail(e.exitError(inv.id))
		return false
	case <-deadline.C: // it lives, but does not ask
		inv.fail(inv.timedOut(e.cfg.Timeout))
		return false
	}
	select {
	case <-e.asked:
		inv.fail(&FunctionError{Type: "Runtime.NoResponse", Message: "the function asked for the next event without an answer to this one"})
		e.current.Store(nil)
		e.freeze()
		return true
	case <-e.exited:
		inv.fail(e.exitError(inv.id))
	case <-deadline.C:
		inv.fail(inv.timedOut(e.cfg.Timeout))
	}
	return false
}

// init waits until a new process asks for its first event.
func (e *environment) init() error {
	if !e.fresh {
		return nil
	}
	e.fresh = false
	limit := time.NewTimer(e.cfg.InitTimeout)
	defer limit.Stop()
	select {
	case <-e.asked:
		return nil
	case err := <-e.initFailed:
		return err
	case <-e.exited:
		return e.exitError("init")
	case <-limit.C:
		return &FunctionError{Type: "Sandbox.Timedout", Message: fmt.Sprintf("init timed out after %.2f seconds", e.cfg.InitTimeout.Seconds())}
	}
}

func (e *environment) exitError(id string) *FunctionError {
	how := "without a reason"
	if state := e.cmd.ProcessState; state != nil && !state.Success() {
		how = "with error: " + state.String()
	}
	return &FunctionError{Type: "Runtime.ExitError", Message: "RequestId: " + id + " Error: Runtime exited " + how}
}

func (e *environment) isAlive() bool {
	select {
	case <-e.exited:
		return false
	default:
		return true
	}
}

// freeze stops the process where it is, background goroutines and all.
func (e *environment) freeze() {
	e.ending.Lock()
	defer e.ending.Unlock()
	if !e.cfg.KeepRunning && !e.shutting {
		e.signal(syscall.SIGSTOP)
	}
}

// signal signals the process and its children.
func (e *environment) signal(s syscall.Signal) {
	if e.isAlive() {
		_ = syscall.Kill(-e.cmd.Process.Pid, s)
	}
}

// kill ends the process at once, and waits for its end.
func (e *environment) kill() {
	e.signal(syscall.SIGKILL)
	<-e.exited
}

// shutdown is how Lambda ends an environment that it no longer needs: without a word, but
// with SIGTERM and half a second if an extension is registered.
func (e *environment) shutdown() {
	if e.wantsTERM.Load() {
		e.ending.Lock()
		e.shutting = true
		e.ending.Unlock()
		e.signal(syscall.SIGCONT)
		e.signal(syscall.SIGTERM)
		select {
		case <-e.exited:
		case <-time.After(500 * time.Millisecond):
		}
	}
	e.kill()
}
