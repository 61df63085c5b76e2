package goclient

import "encoding/json"

// Note is a note as its reader sees it. Times are milliseconds since 1970.
type Note struct {
	ID               string            `json:"id"`
	UserID           string            `json:"userId"` // the owner
	Version          int64             `json:"version"`
	Title            *string           `json:"title"`
	Content          string            `json:"content"`
	Blob             json.RawMessage   `json:"blob"`
	EncryptedTitle   *string           `json:"encryptedTitle"`
	EncryptedContent *string           `json:"encryptedContent"`
	IV               *string           `json:"iv"`
	Salt             *string           `json:"salt"`
	Type             string            `json:"type"`
	Access           string            `json:"access"` // private or public
	Collaborators    []string          `json:"collaborators"`
	Roles            map[string]string `json:"roles"` // of the collaborators: read or write
	Deleted          bool              `json:"deleted"`
	CreatedAt        int64             `json:"createdAt"`
	UpdatedAt        int64             `json:"updatedAt"`
	ExpiresAt        *int64            `json:"expiresAt"`
	TemplateID       string            `json:"templateId"`

	// The reader's own fields; of a note that he is not a member of, there are none.
	FolderID *string  `json:"folderId"`
	Tags     []string `json:"tags"`
	Starred  bool     `json:"starred"`
	Archived bool     `json:"archived"`
	Hidden   bool     `json:"hidden"`
	HiddenAt *int64   `json:"hiddenAt"`
}

// NotePage is a page of an account's notes.
type NotePage struct {
	Notes      []Note `json:"notes"`
	NextCursor string `json:"nextCursor"` // the ListQuery.After of the next page; empty on the last
	// Cursor is a place in the account's log from before the list was read: a stream from
	// there misses nothing that the list does not show.
	Cursor string `json:"cursor"`
}

// Version is a row of a note's history.
type Version struct {
	Version      int64    `json:"version"`
	Op           string   `json:"op"`
	Author       string   `json:"author"`    // shown to members only
	Timestamp    int64    `json:"timestamp"` // milliseconds since 1970
	Title        *string  `json:"title"`
	Changed      []string `json:"changed"` // the names of the members that changed
	Size         int64    `json:"size"`    // bytes of the body
	MutationID   string   `json:"mutationId"`
	BaseVersion  int64    `json:"baseVersion"`  // what the edit was made on, if it said so
	RevertedFrom int64    `json:"revertedFrom"` // what a revert went back to
	// RevertedKept says that it went back to what a conflict had kept beside that version.
	RevertedKept bool      `json:"revertedKept"`
	Merged       bool      `json:"merged"` // as in Answer
	Conflict     *Conflict `json:"conflict"`
	Note         *Note     `json:"note"` // the note as it was, where one version was asked for
}

// VersionPage is a page of a note's history, newest first.
type VersionPage struct {
	Versions []Version `json:"versions"`
	Next     int64     `json:"next"` // the before of the next page; 0 on the last
}

// Kept is what a conflict kept beside a version: the note as the version's author had posted it.
type Kept struct {
	Version int64 `json:"version"`
	Note    Note  `json:"note"`
}

// Folder is one of an account's folders. Times are milliseconds since 1970.
type Folder struct {
	ID        string  `json:"id"`
	UserID    string  `json:"userId"`
	Name      string  `json:"name"`
	Color     string  `json:"color"`    // #RRGGBB
	ParentID  *string `json:"parentId"` // nil: at the top
	Order     int64   `json:"order"`    // among its siblings; ties are broken by id
	IsDefault bool    `json:"isDefault"`
	CreatedAt int64   `json:"createdAt"`
	UpdatedAt int64   `json:"updatedAt"`
}

// FolderList is all of an account's folders, in the order of their ids.
type FolderList struct {
	Folders []Folder `json:"folders"`
	// Cursor is a place in the account's log from before they were read.
	Cursor string `json:"cursor"`
}
