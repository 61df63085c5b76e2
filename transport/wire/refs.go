package wire

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"notewire/notes"
)

// Refs are the ids that a message carries, readable even where the rest of it is wrong, so
// that a refusal can name what it refuses.
type Refs struct {
	NoteID     notes.NoteID
	MutationID notes.MutationID
	FolderID   notes.FolderID
}

// head is what can be read of a message before it is known to be good.
type head struct {
	kind string // its type
	Refs
}

// readHead reads as much as is there.
func readHead(data []byte) head {
	found := map[string]string{}
	readStrings(data, "", []string{"type", "noteId", "mutationId", "noteData.id", "folderId", "folderData.id"}, found)
	h := head{kind: found["type"], Refs: Refs{MutationID: mutationID(found["mutationId"])}}
	if ofFolder(h.kind) { // old clients send whole objects: a note's frame may say its folder, too
		h.FolderID = cmp.Or(folderID(found["folderId"]), folderID(found["folderData.id"]))
	} else {
		h.NoteID = cmp.Or(noteID(found["noteData.id"]), noteID(found["noteId"]))
	}
	return h
}

// readStrings adds to found the strings of an object that have one of the names, as far as
// data is JSON. One that is given twice is empty.
func readStrings(data []byte, prefix string, names []string, found map[string]string) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if start, err := dec.ReadToken(); err != nil || start.Kind() != '{' {
		return
	}
	for dec.PeekKind() == '"' {
		token, _ := dec.ReadToken() // if it is bad, so is the value
		name := prefix + token.String()
		value, err := dec.ReadValue()
		if err != nil {
			return
		}
		switch {
		case slices.Contains(names, name):
			_, twice := found[name]
			if found[name] = ""; !twice {
				found[name] = text(value)
			}
		case name == "noteData", name == "folderData":
			readStrings(value, name+".", names, found)
		}
	}
}

// text returns a JSON string, and else nothing.
func text(raw []byte) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// noteID returns s if it is an id, and else nothing.
func noteID(s string) notes.NoteID {
	if !notes.ValidID(s) {
		return ""
	}
	return notes.NoteID(s)
}

// folderID returns s if it is an id, and else nothing.
func folderID(s string) notes.FolderID { return notes.FolderID(noteID(s)) }

// mutationID returns s if it is an id, and else nothing.
func mutationID(s string) notes.MutationID { return notes.MutationID(noteID(s)) }
