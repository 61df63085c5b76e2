package wire

import (
	"encoding/json"
	"slices"
)

// Truncated returns a frame without the note's bodies, and with truncated: true: for a
// transport that cannot carry it whole. The client reads the note's text by GET. It is the
// one exception to an event having the same bytes everywhere. Errors are those of a frame
// that is no JSON object.
func Truncated(frame []byte) ([]byte, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(frame, &members); err != nil {
		return nil, err
	}
	for _, name := range []string{"updatedNote", "noteData", "changes", "data", "current", "base"} {
		raw, ok := members[name]
		if !ok {
			continue
		}
		var note map[string]json.RawMessage
		if json.Unmarshal(raw, &note) != nil || note == nil {
			continue
		}
		for member := range note {
			if slices.Contains(bodies, member) {
				delete(note, member)
			}
		}
		members[name] = Encode(note)
	}
	members["truncated"] = json.RawMessage("true")
	return Encode(members), nil
}

// bodies are the members that can be large.
var bodies = []string{"content", "blob", "encryptedTitle", "encryptedContent"}
