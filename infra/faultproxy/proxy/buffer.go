package proxy

import (
	"bytes"
	"io"
)

// held passes bytes on only when there are so many, or all.
type held struct {
	flow
	hold  int
	ready bytes.Buffer // to be passed on
	end   error
}

func newHeld(f flow, hold int) *held { return &held{flow: f, hold: hold} }

// whole reads a flow to its end.
func whole(f flow) (*held, error) {
	h := newHeld(f, 0)
	_, err := h.ready.ReadFrom(f)
	h.end = io.EOF
	return h, err
}

// Read implements io.Reader.
func (h *held) Read(p []byte) (int, error) {
	if h.ready.Len() == 0 {
		if err := h.fill(); err != nil {
			return 0, err
		}
	}
	return h.ready.Read(p)
}

// fill waits until something may be passed on. Its error is the end of the flow, when nothing
// is left before it.
func (h *held) fill() error {
	chunk := make([]byte, 4<<10)
	for h.end == nil && h.ready.Len() < h.hold {
		var n int
		n, h.end = h.flow.Read(chunk)
		h.ready.Write(chunk[:n])
	}
	if h.ready.Len() == 0 {
		return h.end
	}
	return nil
}
