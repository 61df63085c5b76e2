package emulator

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// front serves a function by HTTP.
func front(t *testing.T, f *Function, rest bool) string {
	t.Helper()
	server := httptest.NewServer(NewFunctionURL(URLConfig{Function: f, REST: rest, Stage: "prod"}))
	t.Cleanup(server.Close)
	return server.URL
}

// fetch returns the answer and its body; the body's error is in the body.
func fetch(t *testing.T, method, url, contentType, body string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Add("X-Two", "1")
	req.Header.Add("X-Two", "2")
	req.Header.Set("Cookie", "c=3; d=4")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return res, string(text) + "BROKEN"
	}
	return res, string(text)
}

func TestAnEventOfAFunctionURL(t *testing.T) {
	f, _ := start(t, "http", Config{})
	res, body := fetch(t, "POST", front(t, f, false)+"/a%20b?q=1&q=2&r=%C3%A4", "application/json", `{"x":1}`)
	var e events.LambdaFunctionURLRequest
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	got := []string{e.Version, e.RawPath, e.RawQueryString, e.QueryStringParameters["q"], e.QueryStringParameters["r"],
		e.Headers["x-two"], strings.Join(e.Cookies, "|"), e.Headers["cookie"], e.Body, e.RequestContext.HTTP.Method, e.RequestContext.HTTP.SourceIP}
	want := []string{"2.0", "/a%20b", "q=1&q=2&r=%C3%A4", "1,2", "ä", "1,2", "c=3|d=4", "", `{"x":1}`, "POST", "127.0.0.1"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if e.IsBase64Encoded {
		t.Error("JSON came in base64")
	}
	if res.StatusCode != 201 || res.Header.Get("X-Test") != "yes" || len(res.Cookies()) != 2 || res.ContentLength > 0 {
		t.Errorf("answer %d %v", res.StatusCode, res.Header)
	}
}

func TestBodiesThatAreNotTextAreBase64(t *testing.T) {
	f, _ := start(t, "http", Config{})
	url := front(t, f, false)
	for contentType, want := range map[string]string{
		"application/json; charset=utf-8":   "a=b",
		"text/plain":                        "a=b",
		"application/x-www-form-urlencoded": "YT1i",
		"application/octet-stream":          "YT1i",
	} {
		_, body := fetch(t, "POST", url, contentType, "a=b")
		var e events.LambdaFunctionURLRequest
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			t.Fatal(err)
		}
		if e.Body != want || e.IsBase64Encoded != (want != "a=b") {
			t.Errorf("%s: %q, base64 %v", contentType, e.Body, e.IsBase64Encoded)
		}
	}
}

func TestAnEventOfARESTAPI(t *testing.T) {
	f, _ := start(t, "http", Config{})
	_, body := fetch(t, "PUT", front(t, f, true)+"/a?q=1&q=2", "application/json", `{"x":1}`)
	var e events.APIGatewayProxyRequest
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	got := []string{e.Path, e.HTTPMethod, e.QueryStringParameters["q"], strings.Join(e.MultiValueQueryStringParameters["q"], "|"),
		e.Headers["X-Two"], strings.Join(e.MultiValueHeaders["X-Two"], "|"), e.RequestContext.Stage, e.Body}
	if want := []string{"/a", "PUT", "2", "1|2", "2", "1|2", "prod", `{"x":1}`}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAStreamComesWhileItIsWritten(t *testing.T) {
	f, n := start(t, "http", Config{})
	file := filepath.Join(t.TempDir(), "next")
	res, err := http.Get(front(t, f, false) + "/stream?file=" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for i := range 3 { // the function writes a piece only when we have the one before
		if !lines.Scan() || lines.Text() != fmt.Sprint("piece ", i) {
			t.Fatalf("piece %d: %q %v", i, lines.Text(), lines.Err())
		}
		touch(t, fmt.Sprint(file, i))
	}
	if lines.Scan() || lines.Err() != nil {
		t.Errorf("at the end: %q %v", lines.Text(), lines.Err())
	}
	n.wait(t, "streamed to the end")
}

func TestTheFunctionOfAClientThatLeftRunsOn(t *testing.T) {
	f, n := start(t, "http", Config{})
	file := filepath.Join(t.TempDir(), "next")
	res, err := http.Get(front(t, f, false) + "/stream?file=" + file)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	for i := range 3 {
		touch(t, fmt.Sprint(file, i))
	}
	n.wait(t, "streamed to the end")
}

func TestAStreamWhoseProcessDiesBreaksOff(t *testing.T) {
	f, _ := start(t, "http", Config{})
	file := filepath.Join(t.TempDir(), "exit")
	res, err := http.Get(front(t, f, false) + "/exits-late?file=" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	begun := make([]byte, len("begun "))
	if _, err := io.ReadFull(res.Body, begun); err != nil {
		t.Fatal(err)
	}
	touch(t, file)
	if rest, err := io.ReadAll(res.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("then %q, %v", rest, err)
	}
}

func TestWhatAClientSeesOfFailures(t *testing.T) {
	t.Parallel()
	f, _ := start(t, "http", Config{Timeout: 2 * time.Second, Concurrency: 1})
	url := front(t, f, false)
	for path, want := range map[string]string{
		"/fails":      `502 {"message":"Internal server error"}`,
		"/panics":     `502 {"message":"Internal server error"}`,
		"/overruns":   `502 {"message":"Internal server error"}`,
		"/fails-late": "201 begun BROKEN",
		"/plain":      `200 {"statusCode":418}`, // a stream without a head is a body
	} {
		eventually(t, "the environment to be idle", func() bool { return len(f.slots) == 0 })
		res, body := fetch(t, "GET", url+path, "", "")
		if got := fmt.Sprintf("%d %s", res.StatusCode, strings.TrimSpace(body)); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if res, _ := fetch(t, "POST", url, "text/plain", strings.Repeat("x", MaxPayload+1)); res.StatusCode != 413 {
		t.Errorf("above the limit: %d", res.StatusCode)
	}
	eventually(t, "the environment to be idle", func() bool { return len(f.slots) == 0 })
	response, err := f.Invoke(t.Context(), streamEvent(filepath.Join(t.TempDir(), "never")))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if res, _ := fetch(t, "GET", url, "", ""); res.StatusCode != 429 {
		t.Errorf("while all are busy: %d", res.StatusCode)
	}
}
