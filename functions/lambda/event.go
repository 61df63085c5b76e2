package lambda

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// request is an HTTP request as an event brings it.
type request struct {
	version  int // of the payload format: 1 is a REST API's, 2 a function URL's
	method   string
	uri      string // path and query, escaped
	header   http.Header
	sourceIP string
	body     []byte
}

var errNotHTTP = errors.New("the event is no HTTP request: invoke this function by its URL, or by a REST API with a Lambda proxy integration")

// requestOf reads an event of either payload format.
func requestOf(event json.RawMessage) (*request, error) {
	var probe struct {
		Version    string `json:"version"`
		HTTPMethod string `json:"httpMethod"`
	}
	if err := json.Unmarshal(event, &probe); err != nil {
		return nil, errNotHTTP
	}
	switch {
	case probe.Version == "2.0":
		return fromURL(event)
	case probe.HTTPMethod != "":
		return fromREST(event)
	}
	return nil, errNotHTTP
}

// fromURL reads payload format 2: a function URL's.
func fromURL(event json.RawMessage) (*request, error) {
	var e events.LambdaFunctionURLRequest
	if err := json.Unmarshal(event, &e); err != nil || e.RequestContext.HTTP.Method == "" {
		return nil, errors.Join(errNotHTTP, err)
	}
	r := &request{
		version: 2, method: e.RequestContext.HTTP.Method, uri: e.RawPath, header: http.Header{},
		sourceIP: e.RequestContext.HTTP.SourceIP,
	}
	if e.RawQueryString != "" {
		r.uri += "?" + e.RawQueryString
	}
	for name, value := range e.Headers {
		r.header.Set(name, value)
	}
	if len(e.Cookies) > 0 {
		r.header.Set("Cookie", strings.Join(e.Cookies, "; "))
	}
	return r, r.setBody(e.Body, e.IsBase64Encoded)
}

// fromREST reads payload format 1: a REST API's.
func fromREST(event json.RawMessage) (*request, error) {
	var e events.APIGatewayProxyRequest
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, errors.Join(errNotHTTP, err)
	}
	path := url.URL{Path: e.Path} // unescaped, and without the stage
	r := &request{
		version: 1, method: e.HTTPMethod, uri: path.EscapedPath(), header: http.Header{}, sourceIP: e.RequestContext.Identity.SourceIP,
	}
	query := url.Values(e.MultiValueQueryStringParameters)
	if len(query) > 0 {
		r.uri += "?" + query.Encode()
	}
	for name, values := range e.MultiValueHeaders {
		for _, value := range values {
			r.header.Add(name, value)
		}
	}
	return r, r.setBody(e.Body, e.IsBase64Encoded)
}

func (r *request) setBody(body string, encoded bool) (err error) {
	r.body = []byte(body)
	if encoded {
		r.body, err = base64.StdEncoding.DecodeString(body)
	}
	return err
}

// http returns the request as a handler expects it: with its length, so that a body in
// base64 is not taken for none.
func (r *request) http(ctx context.Context) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.uri, bytes.NewReader(r.body))
	if err != nil {
		return nil, fmt.Errorf("request %s %s: %w", r.method, r.uri, err)
	}
	req.Header = r.header
	req.Host = r.header.Get("Host")
	req.RequestURI = r.uri
	req.RemoteAddr = r.sourceIP + ":0"
	if strings.Contains(r.sourceIP, ":") {
		req.RemoteAddr = "[" + r.sourceIP + "]:0"
	}
	return req, nil
}
