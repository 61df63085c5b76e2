package lambda

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.DiscardHandler)

// Events of one request: POST /api/notes/a%20b?x=1&x=2 with two cookies and a body.
func eventsOf(body string, encoded bool) map[string]string {
	if encoded {
		body = base64.StdEncoding.EncodeToString([]byte(body))
	}
	quoted, _ := json.Marshal(body)
	return map[string]string{
		"function URL": fmt.Sprintf(`{"version":"2.0","rawPath":"/api/notes/a%%20b","rawQueryString":"x=1&x=2","cookies":["a=1","b=2"],
			"headers":{"host":"f.lambda-url.example","content-type":"application/json","x-many":"1,2"},
			"requestContext":{"http":{"method":"POST","sourceIp":"2001:db8::1"}},"body":%s,"isBase64Encoded":%v}`, quoted, encoded),
		"REST API": fmt.Sprintf(`{"httpMethod":"POST","path":"/api/notes/a b","multiValueQueryStringParameters":{"x":["1","2"]},
			"multiValueHeaders":{"Host":["f.lambda-url.example"],"Content-Type":["application/json"],"X-Many":["1,2"],"Cookie":["a=1; b=2"]},
			"requestContext":{"identity":{"sourceIp":"2001:db8::1"},"stage":"live"},"body":%s,"isBase64Encoded":%v}`, quoted, encoded),
	}
}

// prelude is what the runtime is told before the body.
type prelude struct {
	StatusCode        int
	Headers           map[string]string
	MultiValueHeaders map[string][]string
	Cookies           []string
}

func invoke(t *testing.T, h http.Handler, ctx context.Context, event string) (p prelude, body []byte, err error) {
	t.Helper()
	answer, err := HTTP(h, quiet)(ctx, json.RawMessage(event))
	if err != nil {
		return p, nil, err
	}
	data, err := io.ReadAll(answer)
	head, body, ok := bytes.Cut(data, make([]byte, 8))
	if !ok {
		t.Fatalf("no prelude in %q", data)
	}
	if err := json.Unmarshal(head, &p); err != nil {
		t.Fatal(err)
	}
	return p, body, err
}

func TestAHandlerSeesTheRequestThatTheEventTellsOf(t *testing.T) {
	e := echo.New()
	e.POST("/api/notes/:id", func(c echo.Context) error {
		r := c.Request()
		var m map[string]any
		if err := c.Bind(&m); err != nil {
			return err
		}
		cookie, err := r.Cookie("b")
		if err != nil {
			return err
		}
		c.Response().Header().Add("X-Answer", "1")
		c.Response().Header().Add("X-Answer", "2")
		c.SetCookie(&http.Cookie{Name: "c", Value: "3"})
		return c.String(http.StatusCreated, fmt.Sprint(c.Param("id"), r.URL.Query()["x"], m["ä"], r.Host, r.RemoteAddr, cookie.Value, r.Header["X-Many"], r.ContentLength))
	})
	for _, encoded := range []bool{false, true} {
		for name, event := range eventsOf(`{"ä":"ö","id":"other"}`, encoded) {
			p, body, err := invoke(t, e, t.Context(), event)
			if err != nil {
				t.Fatal(err)
			}
			if want := "a b[1 2]öf.lambda-url.example[2001:db8::1]:02[1,2] 24"; string(body) != want || p.StatusCode != http.StatusCreated {
				t.Errorf("%s, base64 %v: %d %s", name, encoded, p.StatusCode, body)
			}
			if name == "REST API" && (len(p.MultiValueHeaders["X-Answer"]) != 2 || p.MultiValueHeaders["Set-Cookie"][0] != "c=3") {
				t.Errorf("%s: headers %v", name, p.MultiValueHeaders)
			}
			if name == "function URL" && (p.Headers["X-Answer"] != "1, 2" || len(p.Cookies) != 1 || p.Cookies[0] != "c=3") {
				t.Errorf("%s: headers %v, cookies %v", name, p.Headers, p.Cookies)
			}
		}
	}
}

// What is written has left when Write returns, and a Flush does no harm.
func TestAStreamLeavesAsItIsWritten(t *testing.T) {
	next := make(chan struct{})
	e := echo.New()
	e.POST("/api/notes/:id", func(c echo.Context) error {
		c.Response().Header().Set("Content-Type", "text/event-stream")
		for i := range 3 {
			fmt.Fprintf(c.Response(), "data: %d\n\n", i)
			c.Response().Flush()
			<-next
		}
		return nil
	})
	for name, event := range eventsOf("", false) {
		answer, err := HTTP(e, quiet)(t.Context(), json.RawMessage(event))
		if err != nil {
			t.Fatal(err)
		}
		read := func(until string) {
			t.Helper()
			var got []byte
			for buffer := make([]byte, 512); !strings.HasSuffix(string(got), until); {
				n, err := answer.Read(buffer)
				if err != nil {
					t.Fatalf("%s: %q, %v", name, got, err)
				}
				got = append(got, buffer[:n]...)
			}
		}
		for i := range 3 {
			read(fmt.Sprintf("data: %d\n\n", i))
			next <- struct{}{}
		}
		if _, err := answer.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("%s ends with %v", name, err)
		}
	}
}

func TestTheContextEndsBeforeLambdasDeadline(t *testing.T) {
	deadline := time.Now().Add(time.Hour)
	ctx, cancel := context.WithDeadline(t.Context(), deadline)
	defer cancel()
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if got, ok := r.Context().Deadline(); !ok || deadline.Sub(got) != deadlineMargin {
			t.Errorf("the deadline is %v before Lambda's", deadline.Sub(got))
		}
	})
	for _, event := range eventsOf("", false) {
		if _, _, err := invoke(t, h, ctx, event); err != nil {
			t.Error(err)
		}
	}
}

func TestAPanicIsAnAnswer(t *testing.T) {
	for name, event := range eventsOf("", false) {
		p, _, _ := invoke(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oh") }), t.Context(), event)
		if p.StatusCode != http.StatusInternalServerError {
			t.Errorf("%s: a panic before the answer is %d", name, p.StatusCode)
		}
		_, body, err := invoke(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			panic("oh")
		}), t.Context(), event)
		if string(body) != "half" || err == nil {
			t.Errorf("%s: a panic in the answer ends it as if it were whole: %q, %v", name, body, err)
		}
	}
}

// A runtime that has given up on the client does not hold the handler.
func TestAHandlerLearnsThatNobodyReads(t *testing.T) {
	ended := make(chan error, 1)
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, err := w.Write(make([]byte, 100))
		ended <- err
	})
	for name, event := range eventsOf("", false) {
		answer, err := HTTP(h, quiet)(t.Context(), json.RawMessage(event))
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.(io.Closer).Close()
		if err := <-ended; err == nil {
			t.Errorf("%s: the write succeeds", name)
		}
	}
}

func TestWhatIsNoHTTPEventIsRefused(t *testing.T) {
	for _, event := range []string{`{}`, `[]`, `{"Records":[]}`, `{"version":"2.0"}`, `{"version":"2.0","requestContext":{"http":{"method":"GET"}},"body":"!","isBase64Encoded":true}`} {
		if _, err := HTTP(http.NotFoundHandler(), quiet)(t.Context(), json.RawMessage(event)); err == nil {
			t.Errorf("%s is served", event)
		}
	}
}
