package core

import (
	"errors"

	"notewire/notes"
	"notewire/transport/wire"
)

// eventIn is one event of a log: an account's (Row, and the version it tells of unless the
// note is out of sight or it tells of a folder), or a note's (Version alone).
type eventIn struct {
	Row     *notes.LogRow  `json:"row"`
	Version *notes.Version `json:"version"`
	Member  bool           `json:"member"` // of a note's log: for members, or for passers-by
	Cursor  string         `json:"cursor"`
}

type eventOut struct {
	Frame        string `json:"frame"`
	Confirmation string `json:"confirmation,omitempty"` // what the sender gets in its place
}

// event is an event of the log as clients see it.
func event(in eventIn) (eventOut, error) {
	switch {
	case in.Row != nil:
		if in.Version == nil && in.Row.Kind != notes.KindDeleted && in.Row.FolderID == "" {
			return eventOut{}, errors.New("only a deletion and a folder have no version")
		}
		if in.Row.Kind == notes.KindFolderUpdated && in.Row.Folder == nil {
			return eventOut{}, errors.New("an updated folder is there")
		}
		c := notes.Change{LogRow: *in.Row, Version: in.Version}
		out := eventOut{Frame: string(wire.AccountEvent(&c, in.Cursor))}
		if c.Via != "" {
			out.Confirmation = string(wire.Confirmation(&c, in.Cursor))
		}
		return out, nil
	case in.Version != nil && in.Version.Note != nil:
		return eventOut{Frame: string(wire.NoteEvent(in.Version, wire.Audience(in.Member), in.Cursor))}, nil
	}
	return eventOut{}, errors.New("give a row, or a version")
}
