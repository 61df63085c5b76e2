package wire

import "notewire/notes"

// NotesPage is a page of an account's notes.
type NotesPage struct {
	Notes      []*Note `json:"notes"`
	NextCursor *string `json:"nextCursor"`
	Cursor     string  `json:"cursor"` // of the account's log, before the notes were read
	// Of a list in any order, by any filter: how many notes match, apart from the text that
	// is searched for, and whether all of the account's notes were looked at.
	Total    *int  `json:"total,omitempty"`
	Complete *bool `json:"complete,omitempty"`
}

// Counts is how many notes an account has, in all and in each folder.
type Counts struct {
	notes.Counts
	Folders  map[notes.FolderID]*notes.Counts `json:"folders"`
	Complete bool                             `json:"complete"`
}

// DecodeEmpty reads the body of a request that says nothing: an empty object, or nothing at all.
// Errors are *FormatError.
func DecodeEmpty(body []byte) error {
	if len(body) == 0 {
		return nil
	}
	return DecodeStrict(body, &struct{}{})
}
