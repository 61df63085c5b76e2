package core

import (
	"cmp"
	"encoding/json"
	"errors"

	"notewire/notes"
	"notewire/transport/wire"
)

// decideIn is a mutation as an HTTP body has it, and the rows that a store holds for it, in
// the domain's own field names.
type decideIn struct {
	Rows   notes.Rows      `json:"rows"`
	Author notes.UserID    `json:"author"`
	Via    string          `json:"via"`
	Op     string          `json:"op"`
	Note   notes.NoteID    `json:"noteId"`
	Folder notes.FolderID  `json:"folderId"` // for a mutation of a folder, in the place of the note
	Body   json.RawMessage `json:"body"`
	Now    notes.Millis    `json:"now"`
	Limits *notes.Limits   `json:"limits"` // absent: the defaults
	// FolderSeqs are the places of the folders in Rows, which a folder's JSON does not have. Of
	// one that is committed it is the place of its row.
	FolderSeqs map[notes.FolderID]int64 `json:"folderSeqs"`
}

// decideOut has exactly one member.
type decideOut struct {
	Commit  *notes.Commit  `json:"commit,omitempty"`
	Repeat  *notes.Receipt `json:"repeat,omitempty"`
	Behind  bool           `json:"behind,omitempty"`
	Refusal *wire.Problem  `json:"refusal,omitempty"`
}

// decide is notes.Decide, after the checks that come before it.
func decide(in decideIn) (decideOut, error) {
	limits := notes.DefaultLimits()
	if in.Limits != nil {
		limits = *in.Limits
	}
	m, err := wire.DecodeMutation(in.Op, cmp.Or(string(in.Note), string(in.Folder)), in.Body)
	refs := wire.Refs{NoteID: m.Note, FolderID: m.Folder, MutationID: m.ID}
	if err == nil && (m.ID == "" || m.Note == "" && m.Folder == "") {
		return decideOut{}, errors.New("mutationId, and noteId or folderId, must be chosen before") // there is no chance here
	}
	if err == nil {
		err = m.Check(limits)
	}
	if err != nil {
		return refused(err, refs), nil
	}
	for _, v := range []*notes.Version{in.Rows.Head, in.Rows.Target} {
		noNullBlob(v)
	}
	for _, folder := range in.Rows.Folders {
		folder.Seq = in.FolderSeqs[folder.ID]
	}
	d, err := notes.Decide(in.Rows, notes.Request{
		Author: in.Author, Via: in.Via, Mutation: m, Hash: m.Hash(), Now: in.Now, Limits: limits,
	})
	if err != nil {
		return refused(err, refs), nil
	}
	return decideOut{Commit: d.Commit, Repeat: d.Repeat, Behind: d.Behind}, nil
}

// noNullBlob makes a blob of null what it is in the domain: none. encoding/json keeps the text.
func noNullBlob(v *notes.Version) {
	if v == nil || v.Note == nil {
		return
	}
	if string(v.Blob) == "null" {
		v.Blob = nil
	}
	if v.Posted != nil && string(v.Posted.Blob) == "null" {
		v.Posted.Blob = nil
	}
}

func refused(err error, refs wire.Refs) decideOut {
	p := wire.ProblemOf(err, refs)
	return decideOut{Refusal: &p}
}
