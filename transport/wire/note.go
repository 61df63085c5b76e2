package wire

import (
	"github.com/go-json-experiment/json"

	"notewire/notes"
)

// Note is a note as JSON, under the names that the ancestors' clients know. Times are
// milliseconds.
type Note struct {
	ID      notes.NoteID `json:"id"`
	UserID  notes.UserID `json:"userId"` // the owner
	Version int64        `json:"version"`
	notes.Body
	Access        notes.Access                `json:"access"`
	Collaborators []notes.UserID              `json:"collaborators"`
	Roles         map[notes.UserID]notes.Role `json:"roles"`
	Deleted       bool                        `json:"deleted"`
	CreatedAt     notes.Millis                `json:"createdAt"`
	UpdatedAt     notes.Millis                `json:"updatedAt"`
	ExpiresAt     *notes.Millis               `json:"expiresAt"`
	TemplateID    string                      `json:"templateId,omitempty"`
	*notes.Fields                             // the viewing member's own; absent in the note dialect
}

// Audience says whom a note is encoded for.
type Audience bool

const (
	Members   Audience = true
	PassersBy Audience = false // readers of a public note: they do not see who the members are
)

// noteFor encodes nothing yet: it is n for that audience.
func noteFor(n *notes.Note, fields *notes.Fields, to Audience) *Note {
	w := &Note{
		ID: n.ID, UserID: n.Owner, Version: n.Version, Body: n.Body, Access: n.Access, Deleted: n.Deleted,
		CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt, ExpiresAt: n.ExpiresAt, TemplateID: n.TemplateID, Fields: fields,
	}
	if to == Members {
		w.Collaborators, w.Roles = members(n)
	}
	return w
}

func members(n *notes.Note) ([]notes.UserID, map[notes.UserID]notes.Role) {
	users := make([]notes.UserID, len(n.Members))
	roles := make(map[notes.UserID]notes.Role, len(n.Members))
	for i, m := range n.Members {
		users[i], roles[m.User] = m.User, m.Role
	}
	return users, roles
}

// NoteOf is v as JSON for who sees it.
func NoteOf(v *notes.View) *Note {
	return noteFor(v.Note, v.Fields, Audience(v.Fields != nil))
}

// NoteAt is a note as of one version, without anybody's fields.
func NoteAt(n *notes.Note, to Audience) *Note { return noteFor(n, nil, to) }

// Encode returns v as one line of JSON: the same bytes for equal values.
func Encode(v any) []byte {
	data, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic("wire: a message cannot be encoded: " + err.Error()) // messages hold plain, checked values
	}
	return data
}
