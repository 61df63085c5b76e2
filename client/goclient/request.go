package goclient

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// maxAnswer is the size of the largest answer that is read: above a page of large notes.
const maxAnswer = 256 << 20

// Do sends a request with the client's token and returns the answer, whatever its status.
// path begins with a slash and may have a query. body is nil for none, JSON as []byte or
// json.RawMessage, or any value to encode as JSON.
//
// An error means that no whole answer came: the outcome of a request that writes is unknown.
func (c *Client) Do(ctx context.Context, method, path string, body any) (status int, answer []byte, err error) {
	address, err := c.address(path)
	if err != nil {
		return 0, nil, err
	}
	token, err := c.token(ctx)
	if err != nil {
		return 0, nil, err
	}
	req, err := newRequest(ctx, method, address, token, body)
	if err != nil {
		return 0, nil, err
	}
	res, err := c.requests.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("goclient: %w", err)
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return 0, nil, fmt.Errorf("goclient: %s %s: the answer broke off: %w", method, path, err)
	case len(answer) > maxAnswer:
		return 0, nil, fmt.Errorf("goclient: %s %s: %w: the answer has more than %d bytes", method, path, ErrTooLarge, maxAnswer)
	}
	return res.StatusCode, answer, nil
}

func newRequest(ctx context.Context, method, address, token string, body any) (*http.Request, error) {
	var content io.Reader
	if body != nil {
		data, err := encode(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return nil, fmt.Errorf("goclient: %w", err)
	}
	if content != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	authorize(req.Header, token)
	return req, nil
}

func authorize(h http.Header, token string) {
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
}

// encode returns v as JSON, with <, > and & as they are: a server keeps the text of a blob.
func encode(v any) ([]byte, error) {
	switch v := v.(type) {
	case []byte:
		return v, nil
	case json.RawMessage:
		return v, nil
	}
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("goclient: encode the message: %w", err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
