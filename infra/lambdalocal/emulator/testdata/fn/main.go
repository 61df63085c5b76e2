// Command fn is a Lambda function for tests. BEHAVIOUR says which.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	switch os.Getenv("BEHAVIOUR") {
	case "http":
		lambda.Start(serveHTTP)
	case "socket":
		lambda.Start(serveSocket)
	case "records":
		lambda.Start(takeRecords)
	case "exits":
		os.Exit(3)
	case "sigterm":
		lambda.StartWithOptions(echo, lambda.WithEnableSIGTERM(func() { note("SIGTERM"); os.Exit(0) }))
	default:
		lambda.Start(echo)
	}
}

func echo(_ context.Context, event json.RawMessage) (any, error) {
	return map[string]any{"event": event, "env": os.Environ(), "pid": os.Getpid()}, nil
}

// note adds a line to the file that the test reads.
func note(line string) {
	f, err := os.OpenFile(os.Getenv("NOTES_FILE"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	if _, err := io.WriteString(f, line+"\n"); err != nil {
		panic(err)
	}
	f.Close()
}

// until waits until the test has made a file.
func until(path string) {
	for {
		if _, err := os.Stat(path); err == nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func serveHTTP(ctx context.Context, raw json.RawMessage) (any, error) {
	var event struct {
		RawPath               string            `json:"rawPath"`
		Path                  string            `json:"path"`
		QueryStringParameters map[string]string `json:"queryStringParameters"`
	}
	if err := json.Unmarshal(raw, &event); err != nil {
		return nil, err
	}
	response := func(body io.Reader) any {
		return &events.LambdaFunctionURLStreamingResponse{
			StatusCode: 201, Headers: map[string]string{"Content-Type": "text/plain", "X-Test": "yes", "Content-Length": "1"},
			Cookies: []string{"a=1; Path=/", "b=2"}, Body: body,
		}
	}
	file := event.QueryStringParameters["file"]
	switch event.RawPath + event.Path {
	case "/stream":
		r, w := io.Pipe()
		go func() {
			for i := range 3 {
				fmt.Fprintf(w, "piece %d\n", i)
				until(fmt.Sprintf("%s%d", file, i))
			}
			note("streamed to the end")
			w.Close()
		}()
		return response(r), nil
	case "/fails":
		return nil, errors.New("failed on purpose")
	case "/fails-late":
		return response(io.MultiReader(strings.NewReader("begun "), failing{})), nil
	case "/panics":
		panic("on purpose")
	case "/exits-late":
		r, w := io.Pipe()
		go func() { io.WriteString(w, "begun "); until(file); os.Exit(4) }()
		return response(r), nil
	case "/overruns":
		note("begun")
		select {}
	case "/background":
		go func() {
			for range time.Tick(5 * time.Millisecond) {
				note("tick")
			}
		}()
		return response(strings.NewReader("ticking")), nil
	case "/plain":
		return map[string]int{"statusCode": 418}, nil
	}
	return response(bytes.NewReader(raw)), nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("failed behind the head") }

func serveSocket(_ context.Context, event events.APIGatewayWebsocketProxyRequest) (any, error) {
	raw, _ := json.Marshal(event)
	note(event.RequestContext.RouteKey + " " + string(raw))
	switch event.RequestContext.RouteKey {
	case "$connect":
		return onConnect(event)
	case "$default":
		switch word, rest, _ := strings.Cut(event.Body, " "); word {
		case "echo":
			return status(post(event, rest))
		case "wait": // for a file that a later message makes
			until(rest)
		case "make":
			return map[string]int{"statusCode": 200}, os.WriteFile(rest, nil, 0o600)
		case "fail":
			return nil, errors.New("failed on purpose")
		case "nothing":
			return nil, nil
		}
	}
	return status(http.StatusOK)
}

func onConnect(event events.APIGatewayWebsocketProxyRequest) (any, error) {
	switch q := event.QueryStringParameters; {
	case q["refuse"] != "":
		return status(http.StatusUnauthorized)
	case q["post"] != "":
		return status(post(event, "too early"))
	case q["fail"] != "":
		return nil, errors.New("failed on purpose")
	}
	return map[string]any{"statusCode": 200, "headers": map[string]string{"sec-websocket-protocol": "notewire.v1"}}, nil
}

func status(code int) (any, error) { return map[string]int{"statusCode": code}, nil }

func post(event events.APIGatewayWebsocketProxyRequest, message string) int {
	url := os.Getenv("WEBSOCKET_API_ENDPOINT") + "/@connections/" + strings.ReplaceAll(event.RequestContext.ConnectionID, "=", "%3D")
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(message))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 not checked")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		panic(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// takeRecords notes the keys of a batch. Keys with "fails" fail as items, those with "kills"
// fail the batch; with "once" only as long as the test has not made the file, for which those
// with "waits" wait.
func takeRecords(_ context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	var keys []string
	var response events.DynamoDBEventResponse
	_, err := os.Stat(os.Getenv("HEALED_FILE"))
	kills := false
	for _, record := range event.Records {
		key := record.Change.Keys["SK"].String()
		keys = append(keys, key)
		sick := err != nil || !strings.Contains(key, "once")
		if strings.Contains(key, "waits") {
			until(os.Getenv("HEALED_FILE"))
		}
		kills = kills || strings.Contains(key, "kills") && sick
		if strings.Contains(key, "fails") && sick {
			response.BatchItemFailures = append(response.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: record.Change.SequenceNumber})
		}
	}
	note(strings.Join(keys, ","))
	if kills {
		return response, errors.New("killed by a record")
	}
	return response, nil
}
