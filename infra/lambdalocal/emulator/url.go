package emulator

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
)

// URLConfig describes an HTTP front. Function must be set.
type URLConfig struct {
	Function *Function
	// REST makes it an API Gateway REST API with ResponseTransferMode STREAM behind a custom
	// domain: events of payload 1.0. Without it, it is a Function URL: payload 2.0.
	REST  bool
	Stage string       // of the REST API; default local
	Log   *slog.Logger // why a client got a 5xx; default none
}

// FunctionURL invokes a function for each HTTP request, and streams its answer out while it
// comes. A function does not learn that its client has left.
type FunctionURL struct{ cfg URLConfig }

// NewFunctionURL returns the front as an http.Handler.
func NewFunctionURL(cfg URLConfig) *FunctionURL {
	cfg.Stage = cmp.Or(cfg.Stage, "local")
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &FunctionURL{cfg: cfg}
}

func (u *FunctionURL) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxPayload))
	if _, above := errors.AsType[*http.MaxBytesError](err); above {
		answerJSON(w, http.StatusRequestEntityTooLarge, "Request Too Long")
		return
	}
	if err != nil {
		return // the client has left
	}
	event := eventV2
	if u.cfg.REST {
		event = u.eventV1
	}
	payload, err := json.Marshal(event(r, body))
	if err != nil {
		u.fail(w, r, err)
		return
	}
	response, err := u.cfg.Function.Invoke(r.Context(), payload)
	if err != nil {
		u.fail(w, r, err)
		return
	}
	defer response.Body.Close()
	head, rest, err := readHead(response)
	if err != nil {
		u.fail(w, r, err)
		return
	}
	head.write(w, response.RequestID)
	if err := stream(w, rest); err != nil {
		u.cfg.Log.Warn("the answer broke off", "path", r.URL.Path, "error", err)
		panic(http.ErrAbortHandler) // the status is out: the client sees it by the broken connection
	}
}

// fail answers as AWS does for a function that did not.
func (u *FunctionURL) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	u.cfg.Log.Warn("no answer", "path", r.URL.Path, "error", err)
	switch {
	case errors.Is(err, ErrTooLarge):
		answerJSON(w, http.StatusRequestEntityTooLarge, "Request Too Long")
	case !errors.Is(err, ErrThrottled):
		answerJSON(w, http.StatusBadGateway, "Internal server error")
	case u.cfg.REST:
		answerJSON(w, http.StatusInternalServerError, "Internal server error")
	default:
		answerJSON(w, http.StatusTooManyRequests, "Rate Exceeded.")
	}
}

// stream writes each piece when it comes. Its error is the function's: a client that has
// left ends it without one.
func stream(w http.ResponseWriter, from io.Reader) error {
	out := http.NewResponseController(w)
	_ = out.Flush() // a head whose body is yet to come
	piece := make([]byte, 32<<10)
	for {
		n, err := from.Read(piece)
		if n > 0 {
			if _, err := w.Write(piece[:n]); err != nil {
				return nil
			}
			_ = out.Flush()
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (h *head) write(w http.ResponseWriter, requestID string) {
	to := w.Header()
	for name, value := range h.Headers {
		to.Set(name, value)
	}
	for name, values := range h.MultiValueHeaders {
		to.Del(name)
		for _, value := range values {
			to.Add(name, value)
		}
	}
	for _, cookie := range h.Cookies {
		to.Add("Set-Cookie", cookie)
	}
	// These are the connection's, not the function's.
	maps.DeleteFunc(to, func(name string, _ []string) bool {
		return name == "Connection" || name == "Keep-Alive" || name == "Transfer-Encoding" || name == "Content-Length"
	})
	if to.Get("Content-Type") == "" {
		to.Set("Content-Type", "application/octet-stream") // net/http would guess
	}
	to.Set("X-Amzn-Requestid", requestID)
	w.WriteHeader(h.StatusCode)
}

// answerJSON is how AWS's fronts speak for themselves.
func answerJSON(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
}
