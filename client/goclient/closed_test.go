package goclient

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// PROTOCOL.md has the codes; a follower does with each what its range says.
func TestEveryCloseCodeOfTheProtocolIsUnderstood(t *testing.T) {
	protocol, err := os.ReadFile("../../transport/PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(protocol), ". The end of a connection\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := regexp.MustCompile(`(?m)^\| (\d{4}) \|`).FindAllStringSubmatch(section, -1)
	if len(rows) < 13 {
		t.Fatalf("the protocol has only %d codes", len(rows))
	}
	for _, row := range rows {
		code, _ := strconv.Atoi(row[1])
		if want := 4000 <= code && code < 4500; reconnects(code) != want {
			t.Errorf("after %d: reconnect is %v", code, !want)
		}
	}
	for code, want := range map[int]bool{
		4499: true, 4999: false, // of the ranges, not yet used
		1001: true, 1006: true, 1011: true, 1012: true, 1013: true, // proxies, and servers that crash
	} {
		if reconnects(code) != want {
			t.Errorf("after %d: reconnect is %v", code, !want)
		}
	}
}

// An event stream has no close code: its last frame says it.
func TestTheLastFrameOfAStreamSaysWhyItEnded(t *testing.T) {
	for _, c := range []struct {
		frame string
		cut   bool // off, and not ended by the server
		want  *Closed
	}{
		{frame: `{"type":"reconnect","reason":"shutting down","code":4000,"retryAfterMs":1500}`, want: &Closed{4000, "shutting down", true, 1500 * time.Millisecond, false}},
		{frame: `{"type":"reconnect","reason":"shutting down","code":4000,"retryAfterMs":0}`, cut: true, want: &Closed{4000, "shutting down", true, 0, true}},
		{frame: `{"type":"reconnect","reason":"shutting down","code":4000}`, want: &Closed{4000, "shutting down", true, 0, false}},
		{frame: `{"type":"auth_failed","message":"Token expired","reason":"token-expired"}`, want: &Closed{4003, "Token expired", true, 0, false}},
		{frame: `{"type":"auth_failed","message":"No","reason":"auth-failed"}`, want: &Closed{4500, "No", false, 0, false}},
		{frame: `{"type":"error","code":"forbidden","message":"No"}`, want: &Closed{4501, "No", false, 0, false}},
		{frame: `{"type":"error","code":"forbidden","message":"No"}`, cut: true},
		{frame: `{"type":"delete","data":{"id":"n"}}`, want: &Closed{1000, "Note deleted", false, 0, false}},
		{frame: `{"type":"delete","data":{"id":"n"}}`, cut: true},
		{frame: `{"type":"note_sync","cursor":"e-1"}`},
	} {
		e, err := parseEvent(frame{data: []byte(c.frame)}, "")
		if err != nil {
			t.Fatal(err)
		}
		got := goodbye(&e, !c.cut)
		if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%s, cut=%v: %+v", c.frame, c.cut, got)
		}
	}
	if got := goodbye(nil, true); got != nil {
		t.Errorf("of a stream without a frame: %+v", got)
	}
}
