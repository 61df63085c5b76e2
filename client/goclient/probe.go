package goclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// probeGap is the time between two events of a probe, in milliseconds: well above the noise of
// a busy machine.
const probeGap = 100

// probed is an event of the server's probe.
type probed struct {
	N    int
	Sent int   // bytes before it
	At   int64 // when it was sent, by the server's clock, in milliseconds

	arrived time.Duration // since the probe began
}

// probe reads the server's probe and returns when the first event arrived, and what is held
// back on the way.
func (c *Client) probe(ctx context.Context, path string) (first time.Duration, holdBack int, err error) {
	begun := time.Now()
	token, err := c.token(ctx)
	if err != nil {
		return 0, 0, err
	}
	s, err := c.openSSE(ctx, fmt.Sprintf("%s?gap=%d", path, probeGap), token, "", 0)
	if err != nil {
		return 0, 0, err
	}
	defer s.close()
	var events []probed
	for {
		f, err := s.read(ctx, func() {})
		if err == io.EOF && len(events) > 1 {
			break
		}
		if ctx.Err() != nil && len(events) > 0 {
			break // slow, but it arrives: what came says enough
		}
		if err != nil {
			return 0, 0, err
		}
		e := probed{arrived: time.Since(begun)}
		if err := json.Unmarshal(f.data, &e); err != nil || e.N == 0 {
			return 0, 0, errors.New("the probe is not Notewire's")
		}
		events = append(events, e)
	}
	return events[0].arrived, heldBack(events), nil
}

// heldBack says how many bytes something on the way held back. The event that took least from
// the server's clock to here shows how far apart the clocks are; so much later than that as the
// first event came, so long it was held. What had been sent by then let it go.
func heldBack(events []probed) int {
	lag := func(e probed) time.Duration { return e.arrived - time.Duration(e.At)*time.Millisecond }
	least := lag(events[0])
	for _, e := range events {
		least = min(least, lag(e))
	}
	held := lag(events[0]) - least
	for _, e := range events {
		sent := time.Duration(e.At-events[0].At) * time.Millisecond
		if sent < held-probeGap*time.Millisecond/2 {
			continue
		}
		if e.N > 1 && e.Sent > MaxPadding { // the last, with which the stream ends
			return BuffersAll
		}
		return e.Sent
	}
	return BuffersAll
}
