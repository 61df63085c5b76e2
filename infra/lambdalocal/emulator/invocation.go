package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Response is what a function answers. Reading Body fails with a [*FunctionError] if the
// function fails, dies or passes its deadline after it began to answer.
type Response struct {
	RequestID   string
	ContentType string
	Body        io.ReadCloser // close it; the function is not disturbed by that
}

// FunctionError says that a function failed, as Lambda says it: Type is for example
// errorString, Runtime.ExitError or Sandbox.Timedout.
type FunctionError struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

// readFunctionError reads what a runtime posts about an error.
func readFunctionError(body []byte) *FunctionError {
	e := &FunctionError{}
	if err := json.Unmarshal(body, e); err != nil || e.Type == "" {
		return &FunctionError{Type: "Runtime.Unknown", Message: string(body)}
	}
	return e
}

// invocation is one event on its way through an environment.
type invocation struct {
	id       string
	arn      string
	payload  []byte
	answered chan answer // one

	mu   sync.Mutex
	body *io.PipeWriter // once it began to answer
	done bool           // it answered, or failed
}

type answer struct {
	response *Response
	err      error
}

func newInvocation(cfg *Config, payload []byte) *invocation {
	return &invocation{
		id:       uuid.NewString(),
		arn:      "arn:aws:lambda:" + cfg.Region + ":" + account + ":function:" + cfg.Name,
		payload:  payload,
		answered: make(chan answer, 1),
	}
}

// respond begins the answer. It returns nil if there was one.
func (i *invocation) respond(contentType string) *io.PipeWriter {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.done {
		return nil
	}
	i.done = true
	r, w := io.Pipe()
	i.body = w
	i.answered <- answer{response: &Response{RequestID: i.id, ContentType: contentType, Body: r}}
	return w
}

// fail answers with an error; an answer that has begun and not ended it breaks off.
func (i *invocation) fail(err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case !i.done:
		i.done = true
		i.answered <- answer{err: err}
	case i.body != nil:
		_ = i.body.CloseWithError(err)
	}
}

// abandon takes the answer that nobody waits for.
func (i *invocation) abandon() {
	if a := <-i.answered; a.response != nil {
		_ = a.response.Body.Close()
	}
}

func (i *invocation) timedOut(after time.Duration) *FunctionError {
	return &FunctionError{Type: "Sandbox.Timedout", Message: fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", i.id, after.Seconds())}
}
