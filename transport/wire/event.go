package wire

import "notewire/notes"

// AccountEvent is a change as the account's connections see it (seed 000, A1.3).
func AccountEvent(c *notes.Change, cursor string) []byte {
	switch c.Kind {
	case notes.KindFolderCreated, notes.KindFolderUpdated, notes.KindFolderDeleted:
		return folderEvent(c, cursor)
	case notes.KindCreated:
		return Encode(noteCreatedSync{
			Type: "note_created_sync", NoteData: changedNote(c), origin: originOf(c, cursor), NoteID: c.Note,
		})
	case notes.KindDeleted:
		return Encode(noteDeletedSync{Type: "note_deleted_sync", NoteID: c.Note, Reason: c.Reason, origin: originOf(c, cursor)})
	}
	return Encode(noteSync{
		Type: "note_sync", NoteID: c.Note, Changes: changes(c), UpdatedNote: changedNote(c), origin: originOf(c, cursor),
		merge: mergeOfChange(c),
	})
}

// Confirmation is the same change as the connection that sent the mutation sees it, at the
// same place: note_update_success for an edit, mutation_ack for the rest.
func Confirmation(c *notes.Change, cursor string) []byte {
	if c.FolderID != "" {
		return Encode(folderAck{
			Type: "mutation_ack", FolderID: c.FolderID, Op: c.Op, Folder: c.Folder, Timestamp: c.At, Cursor: cursor, MutationID: c.Mutation,
		})
	}
	m := ack{
		Type: "mutation_ack", NoteID: c.Note, Op: c.Op, Timestamp: c.At, Version: c.LogRow.Version,
		Cursor: cursor, MutationID: c.Mutation,
	}
	if c.Version != nil {
		m.UpdatedNote, m.merge = changedNote(c), mergeOfChange(c)
		if c.Op == (notes.Edit{}).Name() {
			m.Type, m.Op = "note_update_success", ""
		}
	}
	return Encode(m)
}

// origin is what every event of the log says of where it comes from.
type origin struct {
	Timestamp  notes.Millis     `json:"timestamp"`
	FromUserID notes.UserID     `json:"fromUserId"`
	Version    int64            `json:"version"`
	Cursor     string           `json:"cursor"`
	MutationID notes.MutationID `json:"mutationId"`
}

func originOf(c *notes.Change, cursor string) origin {
	return origin{c.At, c.Author, c.LogRow.Version, cursor, c.Mutation}
}

type noteSync struct {
	Type        string         `json:"type"`
	NoteID      notes.NoteID   `json:"noteId"`
	Changes     map[string]any `json:"changes"`
	UpdatedNote *Note          `json:"updatedNote"`
	origin      `json:",inline"`
	merge       `json:",inline"`
}

type noteCreatedSync struct {
	Type     string       `json:"type"`
	NoteID   notes.NoteID `json:"noteId"`
	NoteData *Note        `json:"noteData"`
	origin   `json:",inline"`
}

type noteDeletedSync struct {
	Type   string       `json:"type"`
	NoteID notes.NoteID `json:"noteId"`
	Reason string       `json:"reason"`
	origin `json:",inline"`
}

func changedNote(c *notes.Change) *Note { return noteFor(c.Version.Note, &c.Fields, Members) }

// changes is the members that changed, with their new values, and updatedAt: what the
// ancestor's client merges into its copy.
func changes(c *notes.Change) map[string]any {
	values := map[string]any{"updatedAt": c.Version.UpdatedAt}
	note := changedNote(c)
	for _, name := range c.Changed {
		values[name] = note.member(name)
	}
	return values
}

// member returns a member of the note by its JSON name; nil for one that does not exist.
func (n *Note) member(name string) any {
	switch name {
	case "title":
		return n.Title
	case "content":
		return n.Content
	case "blob":
		return n.Blob
	case "encryptedTitle":
		return n.EncryptedTitle
	case "encryptedContent":
		return n.EncryptedContent
	case "iv":
		return n.IV
	case "salt":
		return n.Salt
	case "type":
		return n.Type
	case "deleted":
		return n.Deleted
	case "access":
		return n.Access
	case "collaborators":
		return n.Collaborators
	case "roles":
		return n.Roles
	case "userId":
		return n.UserID
	case "folderId":
		return n.FolderID
	case "tags":
		return n.Tags
	case "starred":
		return n.Starred
	case "archived":
		return n.Archived
	case "hidden":
		return n.Hidden
	case "hiddenAt":
		return n.HiddenAt
	}
	return nil
}
