package emulator

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// maxErrorBody is the most that is read of what a runtime says about an error.
const maxErrorBody = 1 << 20

// runtimeAPI is what a process talks to at AWS_LAMBDA_RUNTIME_API.
func (e *environment) runtimeAPI() http.Handler {
	mux := http.NewServeMux()
	const runtime = "/2018-06-01/runtime/"
	mux.HandleFunc("GET "+runtime+"invocation/next", e.next)
	mux.HandleFunc("POST "+runtime+"invocation/{id}/response", e.response)
	mux.HandleFunc("POST "+runtime+"invocation/{id}/error", e.error)
	mux.HandleFunc("POST "+runtime+"init/error", e.initError)
	mux.HandleFunc("POST /2020-01-01/extension/register", e.register)
	mux.HandleFunc("GET /2020-01-01/extension/event/next", func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done() // there are no events to tell
	})
	return mux
}

// next answers when there is an event. Asking ends the invocation before.
func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	select {
	case e.asked <- struct{}{}:
	case <-r.Context().Done():
		return
	}
	select {
	case inv := <-e.work:
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(e.cfg.Timeout).UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", inv.arn)
		h.Set("Lambda-Runtime-Trace-Id", traceID())
		_, _ = w.Write(inv.payload)
	case <-r.Context().Done():
	}
}

// response passes an answer on while it comes. A runtime may report an error behind it, in
// trailers. If the process dies meanwhile, run breaks the answer off.
func (e *environment) response(w http.ResponseWriter, r *http.Request) {
	inv, ok := e.invocation(w, r)
	if !ok {
		return
	}
	to := inv.respond(r.Header.Get("Content-Type"))
	if to == nil {
		refuse(w, http.StatusBadRequest, "InvalidStateTransition", "the invocation has its answer")
		return
	}
	_, err := io.Copy(to, r.Body)
	if errors.Is(err, io.ErrClosedPipe) { // the client has left; the function does not notice
		_, err = io.Copy(io.Discard, r.Body)
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "TruncatedResponse", err.Error())
		return
	}
	if kind := r.Trailer.Get("Lambda-Runtime-Function-Error-Type"); kind != "" {
		said, _ := base64.StdEncoding.DecodeString(r.Trailer.Get("Lambda-Runtime-Function-Error-Body"))
		failed := readFunctionError(said)
		failed.Type = kind
		_ = to.CloseWithError(failed)
	} else {
		_ = to.Close()
	}
	accept(w)
}

func (e *environment) error(w http.ResponseWriter, r *http.Request) {
	inv, ok := e.invocation(w, r)
	if !ok {
		return
	}
	said, err := io.ReadAll(io.LimitReader(r.Body, maxErrorBody))
	if err != nil {
		return
	}
	inv.fail(readFunctionError(said))
	accept(w)
}

func (e *environment) initError(w http.ResponseWriter, r *http.Request) {
	said, err := io.ReadAll(io.LimitReader(r.Body, maxErrorBody))
	if err != nil {
		return
	}
	select {
	case e.initFailed <- readFunctionError(said):
	default:
	}
	accept(w)
}

// register is the Extensions API as far as aws-lambda-go needs it for WithEnableSIGTERM.
func (e *environment) register(w http.ResponseWriter, _ *http.Request) {
	e.wantsTERM.Store(true)
	w.Header().Set("Lambda-Extension-Identifier", "00000000-0000-4000-8000-000000000001")
	_, _ = io.WriteString(w, "{}")
}

// invocation returns the one that the path names, if it runs.
func (e *environment) invocation(w http.ResponseWriter, r *http.Request) (*invocation, bool) {
	inv := e.current.Load()
	if inv == nil || inv.id != r.PathValue("id") {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "no such invocation")
		return nil, false
	}
	return inv, true
}

func accept(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`)
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(FunctionError{Type: kind, Message: message})
}

func traceID() string {
	return fmt.Sprintf("Root=1-%08x-%016x%08x;Parent=%016x;Sampled=0", time.Now().Unix(), rand.Uint64(), rand.Uint32(), rand.Uint64())
}
