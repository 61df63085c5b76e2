package transporttest

import (
	"bytes"
	"encoding/json"
	"errors"

	"notewire/transport"
)

// reader is a client that knows its place.
type reader struct {
	Client
	trial *trial
	over  Transport
	place string // where it would come back to
}

// members are what the rules look at in a frame.
type members struct {
	Type, Reason string
	Code         json.RawMessage // text of an error, a number of a close
}

// readAny returns the next frame.
func (r *reader) readAny() (f transport.Frame, m members, err error) {
	if f, err = r.Next(); err != nil {
		return f, m, err
	}
	if f.Cursor != "" {
		r.place = f.Cursor
	}
	return f, m, json.Unmarshal(f.Data, &m)
}

// read returns the next frame that is not about the connection alone.
func (r *reader) read() (f transport.Frame, m members, err error) {
	for {
		f, m, err = r.readAny()
		switch m.Type {
		case "connection_established", "auth_success", "token_expiring":
		default:
			return f, m, err
		}
	}
}

// gets reads those events, next, and byte for byte.
func (r *reader) gets(events []transport.Event) {
	r.trial.Helper()
	for _, want := range events {
		f, _, err := r.read()
		if err != nil {
			r.trial.Fatalf("%s: %v in the place of %.200s", r.over.Name, err, want.Frame.Data)
		}
		if !bytes.Equal(f.Data, want.Frame.Data) || r.place != want.Frame.Cursor {
			r.trial.Fatalf("%s: at %s came\n%.200s\nwant at %s\n%.200s", r.over.Name, r.place, f.Data, want.Frame.Cursor, want.Frame.Data)
		}
	}
}

// getsType reads a frame of a type.
func (r *reader) getsType(want string) members {
	r.trial.Helper()
	f, m, err := r.read()
	if err != nil || m.Type != want {
		r.trial.Fatalf("%s: came %.200s, %v; want %s", r.over.Name, f.Data, err, want)
	}
	return m
}

// getsLast reads a frame of a type that is outside the log, as the last frames are: the client's
// place stays.
func (r *reader) getsLast(want string) members {
	r.trial.Helper()
	place := r.place
	m := r.getsType(want)
	if r.place != place {
		r.trial.Errorf("%s: %s moves the client from %s to %s", r.over.Name, want, place, r.place)
	}
	return m
}

// ends checks that the server has ended the stream, with a code where the transport has them.
func (r *reader) ends(code transport.CloseCode) {
	r.trial.Helper()
	f, _, err := r.read()
	if err == nil {
		r.trial.Fatalf("%s: came %.200s after the last frame", r.over.Name, f.Data)
	}
	if got, ok := errors.AsType[Closed](err); ok != r.over.Codes || ok && got.Code != code {
		r.trial.Errorf("%s: the stream ends with %v, want code %d", r.over.Name, err, code)
	}
}
