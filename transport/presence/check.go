package presence

import (
	"encoding/json"

	"notewire/notes"
	"notewire/transport/wire"
)

var (
	errTooLarge = notes.Refuse(notes.TooLarge, "The data is larger than 4096 bytes of JSON")
	errName     = notes.Refuse(notes.Invalid, "name must be 1 to 64 of A-Z a-z 0-9 _ . : -")
	errFull     = notes.Refuse(notes.LimitExceeded, "100 are present in this note already")
)

func (p *Post) check() error {
	if p.Name != "" && !wire.ValidCustomName(p.Name) {
		return errName
	}
	return checkData(p.Data)
}

func checkData(data json.RawMessage) error {
	if len(data) > wire.PresenceBytes {
		return errTooLarge
	}
	return nil
}
