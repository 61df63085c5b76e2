// Package poll answers long-polls: one request that waits until there is something new in a
// log, for networks on which nothing else arrives. The frames are the sessions', byte for
// byte, and the cursor is the same on every transport; a client may change between them with
// each request.
package poll

import (
	"bytes"
	"context"
	"time"

	"notewire/notes"
	"notewire/transport"
	"notewire/transport/wire"
)

// answerBytes is about how large an answer may become; it holds at least one event.
const answerBytes = 1 << 20

// Answer is what a poll found.
type Answer struct {
	Frames [][]byte
	Cursor string // where to poll from next
	More   bool   // there is more at once
	Over   bool   // there will be no more: the last frame says why
}

// Encode returns the answer as JSON. The frames are in it as they are.
func (a *Answer) Encode() []byte {
	var out bytes.Buffer
	out.WriteString(`{"cursor":`)
	out.Write(wire.Encode(a.Cursor))
	out.WriteString(`,"more":`)
	out.Write(wire.Encode(a.More))
	out.WriteString(`,"events":[`)
	for i, frame := range a.Frames {
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(frame)
	}
	out.WriteString("]}")
	return out.Bytes()
}

// Poll returns what follows saved.Cursor in a log. If there is nothing it waits, until there
// is, or for wait, or until ctx ends or the server stops. saved is a session that has
// begun, or, for the note dialect without a cursor, one that has not. The caller has admitted
// it. An error is that of the log.
func Poll(ctx context.Context, x *transport.Sessions, saved transport.Saved, wait time.Duration) (*Answer, error) {
	news, err := x.Hub.Subscribe(ctx, transport.Stream{Topic: topicOf(&saved)}) // before looking: nothing falls between
	if err != nil {
		return nil, err
	}
	defer news.Close()
	if saved.Note == "" && saved.Cursor == "" {
		return &Answer{Cursor: x.Cursor(news.Head())}, nil
	}
	over := time.NewTimer(wait)
	defer over.Stop()
	for {
		c := &collector{}
		goesOn := x.Turn(ctx, c, &saved, nil, nil)
		answer := &Answer{Frames: c.frames, Cursor: saved.Cursor, More: saved.Behind, Over: !goesOn}
		if len(c.frames) > 0 || !goesOn {
			return answer, nil
		}
		select {
		case <-news.Wake():
		case <-over.C:
			return answer, nil
		case <-x.Draining():
			return answer, nil
		case <-ctx.Done():
			return answer, nil
		}
	}
}

func topicOf(saved *transport.Saved) notes.Topic {
	if saved.Note != "" {
		return notes.Topic{Note: saved.Note}
	}
	return notes.Topic{User: saved.Login.User}
}

// collector is the connection of a session that writes an answer.
type collector struct {
	frames [][]byte
	bytes  int
}

var _ transport.Conn = (*collector)(nil)

// Write implements transport.Conn.
func (c *collector) Write(_ context.Context, f transport.Frame) error {
	c.frames = append(c.frames, f.Data)
	c.bytes += len(f.Data)
	return nil
}

// Full implements transport.Bounded.
func (c *collector) Full() bool { return c.bytes >= answerBytes }

// Heartbeat implements transport.Conn.
func (c *collector) Heartbeat(context.Context) error { return nil }

// Close implements transport.Conn.
func (c *collector) Close(transport.CloseCode, string) {}
