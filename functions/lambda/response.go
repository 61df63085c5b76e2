package lambda

import (
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"

	"github.com/aws/aws-lambda-go/events"
)

// response is an http.ResponseWriter that Lambda's runtime reads while it is written: what is
// written is on its way, so Flush has nothing to do. One goroutine writes.
type response struct {
	header http.Header
	body   *io.PipeWriter
	reader *io.PipeReader
	once   sync.Once
	began  chan struct{} // closed when status and sent are set
	status int
	sent   http.Header
}

func newResponse() *response {
	r := &response{header: http.Header{}, began: make(chan struct{})}
	r.reader, r.body = io.Pipe()
	return r
}

// Header implements http.ResponseWriter.
func (r *response) Header() http.Header { return r.header }

// WriteHeader implements http.ResponseWriter.
func (r *response) WriteHeader(status int) {
	r.once.Do(func() {
		r.status, r.sent = status, maps.Clone(r.header)
		close(r.began)
	})
}

// Write implements http.ResponseWriter. It waits until the runtime has taken the bytes.
func (r *response) Write(data []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(data)
}

// Flush implements http.Flusher.
func (r *response) Flush() { r.WriteHeader(http.StatusOK) }

// end ends the response; an error cuts it off.
func (r *response) end(err error) {
	r.WriteHeader(http.StatusOK)
	_ = r.body.CloseWithError(err) // never fails
}

// answer is what the runtime reads, in the form that belongs to the request's payload
// format. It is complete when the status is known; the body follows.
func (r *response) answer(version int) io.Reader {
	<-r.began
	if version == 1 {
		return &events.APIGatewayProxyStreamingResponse{StatusCode: r.status, MultiValueHeaders: r.sent, Body: r.reader}
	}
	headers := map[string]string{}
	for name, values := range r.sent {
		if name != "Set-Cookie" {
			headers[name] = strings.Join(values, ", ")
		}
	}
	return &events.LambdaFunctionURLStreamingResponse{
		StatusCode: r.status, Headers: headers, Cookies: r.sent.Values("Set-Cookie"), Body: r.reader,
	}
}
