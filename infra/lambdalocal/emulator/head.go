package emulator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// integration is the content type of an answer that begins with a head.
const integration = "application/vnd.awslambda.http-integration-response"

// maxHead is the most bytes of a head, its end included.
const maxHead = 64 << 10

// headEnd ends a head: JSON has no zero byte.
var headEnd = make([]byte, 8)

// head is what a streamed HTTP answer begins with: JSON and 8 zero bytes.
type head struct {
	StatusCode        int                 `json:"statusCode"`
	Headers           map[string]string   `json:"headers"`
	MultiValueHeaders map[string][]string `json:"multiValueHeaders"`
	Cookies           []string            `json:"cookies"`
}

// readHead reads the head, and returns what follows it. An answer of another content type
// has none: as in AWS, it becomes a 200 with just these bytes, JSON or not.
func readHead(response *Response) (*head, io.Reader, error) {
	if response.ContentType != integration {
		return &head{StatusCode: http.StatusOK, Headers: map[string]string{"Content-Type": response.ContentType}}, response.Body, nil
	}
	from := bufio.NewReader(response.Body)
	var text []byte
	for !bytes.HasSuffix(text, headEnd) {
		if len(text) == maxHead {
			return nil, nil, errors.New("the head of the answer does not end")
		}
		b, err := from.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil, nil, errors.New("the answer ended in its head")
		}
		if err != nil {
			return nil, nil, err
		}
		text = append(text, b)
	}
	h := &head{StatusCode: http.StatusOK}
	if err := json.Unmarshal(bytes.TrimRight(text, "\x00"), h); err != nil {
		return nil, nil, fmt.Errorf("the head of the answer: %w", err)
	}
	if h.StatusCode < 100 || h.StatusCode > 599 {
		return nil, nil, fmt.Errorf("the answer has status %d", h.StatusCode)
	}
	return h, from, nil
}
