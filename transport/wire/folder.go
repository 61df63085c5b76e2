package wire

import "notewire/notes"

// Folders: rows of the account's log like any other (seed 000, A1.2 and A1.3).

// folderEvent is a change of a folder as the account's connections see it.
func folderEvent(c *notes.Change, cursor string) []byte {
	m := folderSync{
		FolderID: c.FolderID, Timestamp: c.At, FromUserID: c.Author, Cursor: cursor, MutationID: c.Mutation,
	}
	switch c.Kind {
	case notes.KindFolderCreated:
		m.Type, m.FolderData = "folder_created_sync", c.Folder
	case notes.KindFolderUpdated:
		m.Type, m.Changes, m.UpdatedFolder = "folder_updated_sync", folderChanges(c), c.Folder
	default:
		m.Type = "folder_deleted_sync"
	}
	return Encode(m)
}

type folderSync struct {
	Type          string           `json:"type"`
	FolderID      notes.FolderID   `json:"folderId"`
	FolderData    *notes.Folder    `json:"folderData,omitempty"`
	Changes       map[string]any   `json:"changes,omitempty"`
	UpdatedFolder *notes.Folder    `json:"updatedFolder,omitempty"`
	Timestamp     notes.Millis     `json:"timestamp"`
	FromUserID    notes.UserID     `json:"fromUserId"`
	Cursor        string           `json:"cursor"`
	MutationID    notes.MutationID `json:"mutationId"`
}

// folderChanges is the members that changed, with their new values, and updatedAt.
func folderChanges(c *notes.Change) map[string]any {
	f := c.Folder
	values := map[string]any{"updatedAt": f.UpdatedAt}
	for _, name := range c.Changed {
		switch name {
		case "name":
			values[name] = f.Name
		case "color":
			values[name] = f.Color
		case "parentId":
			values[name] = f.ParentID
		case "order":
			values[name] = f.Order
		case "isDefault":
			values[name] = f.IsDefault
		}
	}
	return values
}

// folderAck confirms a mutation of a folder.
type folderAck struct {
	Type       string           `json:"type"`
	FolderID   notes.FolderID   `json:"folderId"`
	Op         string           `json:"op"`
	Folder     *notes.Folder    `json:"folder,omitempty"`
	Timestamp  notes.Millis     `json:"timestamp"`
	Cursor     string           `json:"cursor"`
	MutationID notes.MutationID `json:"mutationId"`
}

// The messages of the account dialect, and the bodies of the HTTP API.

type folderCreated struct {
	FolderID   notes.FolderID   `json:"folderId"`
	MutationID notes.MutationID `json:"mutationId"`
	FolderData *struct {
		ID     notes.FolderID `json:"id"`
		UserID notes.UserID   `json:"userId"`
		notes.FolderCreate
	} `json:"folderData"`
}

type folderUpdated struct {
	FolderID   notes.FolderID   `json:"folderId"`
	MutationID notes.MutationID `json:"mutationId"`
	notes.FolderUpdate
}

type folderDeleted struct {
	FolderID   notes.FolderID   `json:"folderId"`
	MutationID notes.MutationID `json:"mutationId"`
}

func decodeFolderCreated(data []byte) (Up, error) {
	var m folderCreated
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	if m.FolderData == nil {
		return nil, missing("Missing folderData", "folderData")
	}
	folder := m.FolderID
	if folder == "" {
		folder = m.FolderData.ID
	}
	m.FolderData.IfAbsent = true
	return Mutate{
		Mutation: notes.Mutation{ID: m.MutationID, Folder: folder, Op: m.FolderData.FolderCreate},
		Owner:    m.FolderData.UserID,
	}, nil
}

func decodeFolderUpdated(data []byte) (Up, error) {
	var m folderUpdated
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	if m.FolderID == "" {
		return nil, missing("Missing folderId", "folderId")
	}
	return Mutate{Mutation: notes.Mutation{ID: m.MutationID, Folder: m.FolderID, Op: m.FolderUpdate}}, nil
}

func decodeFolderDeleted(data []byte) (Up, error) {
	var m folderDeleted
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	if m.FolderID == "" {
		return nil, missing("Missing folderId", "folderId")
	}
	return Mutate{Mutation: notes.Mutation{ID: m.MutationID, Folder: m.FolderID, Op: notes.FolderDelete{}}}, nil
}

type folderCreateBody struct {
	ID         notes.FolderID   `json:"id"`
	MutationID notes.MutationID `json:"mutationId"`
	notes.FolderCreate
}

// folderAnswer is the answer to a mutation of a folder; after a delete, only its id.
type folderAnswer struct {
	*notes.Folder
	Cursor     string           `json:"cursor"`
	MutationID notes.MutationID `json:"mutationId"`
}

type bareFolderAnswer struct {
	ID         notes.FolderID   `json:"id"`
	Cursor     string           `json:"cursor"`
	MutationID notes.MutationID `json:"mutationId"`
}

func folderAnswerOf(out *notes.Outcome) any {
	if out.Folder == nil {
		return bareFolderAnswer{out.FolderID, out.Cursor.String(), out.Mutation}
	}
	return folderAnswer{out.Folder, out.Cursor.String(), out.Mutation}
}

// Folders is all of an account's folders.
type Folders struct {
	Folders []*notes.Folder `json:"folders"`
	Cursor  string          `json:"cursor"` // of the account's log, before they were read
}
