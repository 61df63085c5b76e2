package dynamo

import (
	"encoding/json"
	"fmt"

	"notewire/notes"
)

// An archive is everything in a store that a person would miss, as JSON lines: notes with
// all their versions, and each member's entry of them; and accounts' folders. It is the same
// whatever engine it was taken from. Names are those of the wire.
//
//	{"kind":"notewire","format":2,"epoch":"…","at":1763…,"sum":"…"}
//	{"kind":"version","id":"n","version":1,"op":"create","author":"ann",…,"sum":"…"}
//	{"kind":"version","id":"n","version":2,"op":"edit",…,"posted":{…},"sum":"…"}
//	{"kind":"entry","id":"n","userId":"ann","folderId":null,"tags":["a"],…,"sum":"…"}
//	{"kind":"folder","id":"f","userId":"ann","name":"Plans",…,"sum":"…"}
//	{"kind":"end","notes":1,"versions":2,"entries":1,"folders":1,"sha256":"…","sum":"…"}
//
// Notes are in the order of their ids, versions of their numbers, then entries of their
// users: one for the owner and one for each collaborator of the last version. Of a note that
// was purged there is the version that says so, and no entry. Folders are in the order of their
// users, then ids. So one state has one archive, but for the first line. Times are milliseconds. What an entry has of the
// note (role, trash, time, size) is not in its line; it follows from the last version. A
// posted body is there where the version's differs from it.
//
// sha256 is that of all lines between the first and the last, with their newlines: sed
// '1d;$d' archive | sha256sum. A line's sum is the beginning of the SHA-256 of the lines
// after the first up to it, itself without ,"sum":"…"} and newline, so that the first line
// that was edited, moved or lost can be named. That of the first line covers itself alone.
//
// Format 1 had no folders, nothing purged and nothing merged; it is read like format 2.
//
// Not in an archive: accounts' logs and receipts. Who imports it renews the epoch, and all
// clients resync. Each account begins with place 1 taken in its log, and no row there.
const (
	archiveFormat = 2
	oldestArchive = 1
)

// The kinds of lines. "kind" is the first member of each.
const (
	lineHeader  = "notewire"
	lineVersion = "version"
	lineEntry   = "entry"
	lineFolder  = "folder"
	lineEnd     = "end"
)

// ArchiveCounts are what is in an archive.
type ArchiveCounts struct {
	Notes    int64 `json:"notes"`
	Versions int64 `json:"versions"`
	Entries  int64 `json:"entries"`
	Folders  int64 `json:"folders"`

	Bytes   int64 `json:"-"` // read or written so far
	Skipped int64 `json:"-"` // by an import: rows that an earlier run had written
}

func (c ArchiveCounts) String() string {
	text := fmt.Sprintf("%d notes, %d versions, %d entries", c.Notes, c.Versions, c.Entries)
	if c.Folders > 0 {
		text += fmt.Sprintf(", %d folders", c.Folders)
	}
	return text
}

// same compares what an archive says of itself.
func (c ArchiveCounts) same(d ArchiveCounts) bool {
	return c.Notes == d.Notes && c.Versions == d.Versions && c.Entries == d.Entries && c.Folders == d.Folders
}

type headerLine struct {
	Kind   string       `json:"kind"`
	Format int          `json:"format"`
	Epoch  string       `json:"epoch"`
	At     notes.Millis `json:"at"`
}

type versionLine struct {
	Kind         string           `json:"kind"`
	ID           notes.NoteID     `json:"id"`
	Version      int64            `json:"version"`
	Op           string           `json:"op"`
	Author       notes.UserID     `json:"author"`
	Mutation     notes.MutationID `json:"mutationId"`
	Changed      []string         `json:"changed,omitempty"`
	Base         int64            `json:"base,omitzero"`
	Reverted     int64            `json:"revertedFrom,omitzero"`
	RevertedKept bool             `json:"revertedKept,omitzero"`
	Merged       bool             `json:"merged,omitzero"`
	Conflicts    []string         `json:"conflicts,omitempty"`
	Owner        notes.UserID     `json:"userId"`
	notes.Body
	Access     notes.Access   `json:"access"`
	Members    []notes.Member `json:"collaborators,omitempty"`
	Deleted    bool           `json:"deleted"`
	Purged     bool           `json:"purged,omitzero"`
	CreatedAt  notes.Millis   `json:"createdAt"`
	UpdatedAt  notes.Millis   `json:"updatedAt"`
	ExpiresAt  *notes.Millis  `json:"expiresAt"`
	TemplateID string         `json:"templateId,omitzero"`
	Posted     *notes.Body    `json:"posted,omitempty"`
}

type entryLine struct {
	Kind string       `json:"kind"`
	ID   notes.NoteID `json:"id"`
	User notes.UserID `json:"userId"`
	notes.Fields
}

type folderLine struct {
	Kind string `json:"kind"`
	notes.Folder
}

type endLine struct {
	Kind string `json:"kind"`
	ArchiveCounts
	SHA256 string `json:"sha256"`
}

func lineOfVersion(v *notes.Version) versionLine {
	return versionLine{
		Kind: lineVersion, ID: v.ID, Version: v.Note.Version, Op: v.Op, Author: v.Author, Mutation: v.Mutation,
		Changed: v.Changed, Base: v.Base, Reverted: v.Reverted, RevertedKept: v.RevertedKept, Merged: v.Merged,
		Conflicts: v.Conflicts, Owner: v.Owner, Body: v.Body, Access: v.Access,
		Members: v.Members, Deleted: v.Note.Deleted, Purged: v.Purged, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
		ExpiresAt: v.ExpiresAt, TemplateID: v.TemplateID, Posted: v.Posted,
	}
}

// version returns the version as a store would.
func (l *versionLine) version() *notes.Version {
	l.Blob = withoutNull(l.Blob)
	if l.Posted != nil {
		l.Posted.Blob = withoutNull(l.Posted.Blob)
	}
	return &notes.Version{
		Note: &notes.Note{
			ID: l.ID, Owner: l.Owner, Version: l.Version, Body: l.Body, Access: l.Access,
			Members: orNil(l.Members), Deleted: l.Deleted, Purged: l.Purged, CreatedAt: l.CreatedAt, UpdatedAt: l.UpdatedAt,
			ExpiresAt: l.ExpiresAt, TemplateID: l.TemplateID,
		},
		Op: l.Op, Author: l.Author, Mutation: l.Mutation, Changed: orNil(l.Changed), Base: l.Base,
		Reverted: l.Reverted, RevertedKept: l.RevertedKept, Merged: l.Merged, Conflicts: orNil(l.Conflicts), Posted: l.Posted,
	}
}

func withoutNull(blob json.RawMessage) json.RawMessage {
	if string(blob) == "null" {
		return nil
	}
	return blob
}

func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// importedSeq is the place in its account's log that every imported entry and folder has. There is no
// row at it, so who reads from the start is told to resync.
const importedSeq = 1

// entry returns the entry that belongs to the note's last version.
func (l *entryLine) entry(head *notes.Note) *notes.Entry {
	l.Tags = orNil(l.Tags)
	return &notes.Entry{
		User: l.User, Note: l.ID, Role: head.RoleOf(l.User), Fields: l.Fields, Deleted: head.Deleted,
		UpdatedAt: head.UpdatedAt, Size: head.Size(), Seq: importedSeq, Version: head.Version,
	}
}
