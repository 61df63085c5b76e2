package core

import "notewire/notes"

// placeIn is where a client wants to go on in a log of that epoch, whose last event is head.
type placeIn struct {
	Cursor string `json:"cursor"` // empty: from now on
	Epoch  string `json:"epoch"`
	Head   int64  `json:"head"`
}

// placeOut is where it goes on. Gone says why that is not where it wanted to, and is empty if
// it is.
type placeOut struct {
	After  int64  `json:"after"`
	Cursor string `json:"cursor"`
	Gone   string `json:"gone,omitempty"` // malformed, epoch or ahead
}

func place(in placeIn) (placeOut, error) {
	at := func(after int64, gone string) (placeOut, error) {
		return placeOut{after, notes.Cursor{Epoch: in.Epoch, Seq: after}.String(), gone}, nil
	}
	if in.Cursor == "" {
		return at(in.Head, "")
	}
	c, ok := notes.ParseCursor(in.Cursor, in.Epoch)
	switch {
	case !ok:
		return at(in.Head, "malformed")
	case c.Epoch != in.Epoch:
		return at(in.Head, "epoch")
	case c.Seq > in.Head:
		return at(in.Head, "ahead")
	}
	return at(c.Seq, "")
}
