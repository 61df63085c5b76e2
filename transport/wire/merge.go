package wire

import (
	"fmt"

	"notewire/notes"
)

// merge is what an edit's answer, its events and its version say of how it was merged with what
// others had committed. An edit that met nothing says nothing.
type merge struct {
	Merged   bool      `json:"merged,omitzero"`
	Conflict *conflict `json:"conflict,omitempty"`
}

// conflict is what both had changed at one place: the JSON names of the fields, and where what
// was posted is kept, if the note does not show it.
type conflict struct {
	Fields []string `json:"fields"`
	Kept   string   `json:"kept,omitempty"`
}

func mergeOf(v *notes.Version) merge {
	return mergeFrom(v.Merged, v.Conflicts, v.Kept() != nil, v.ID, v.Note.Version)
}

// mergeOfChange is that of the version that a change made. A change of an account's own fields
// made none: what it shows is an earlier one.
func mergeOfChange(c *notes.Change) merge {
	if c.Version.Mutation != c.Mutation || c.Version.Author != c.Author {
		return merge{}
	}
	return mergeOf(c.Version)
}

func mergeFrom(merged bool, fields []string, kept bool, id notes.NoteID, version int64) merge {
	m := merge{Merged: merged}
	if len(fields) == 0 {
		return m
	}
	m.Conflict = &conflict{Fields: fields}
	if kept {
		m.Conflict.Kept = fmt.Sprintf("/api/notes/%s/versions/%d/kept", id, version)
	}
	return m
}

// Kept is what a conflict kept beside a version: the note as its author had it.
type Kept struct {
	Version int64 `json:"version"`
	Note    *Note `json:"note"`
}
