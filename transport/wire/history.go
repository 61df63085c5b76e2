package wire

import (
	"encoding/json"

	"notewire/notes"
)

// VersionsPage is a page of a note's history.
type VersionsPage struct {
	Versions []VersionInfo `json:"versions"`
	Next     *int64        `json:"next"` // ?before or ?after of the next page
}

// VersionsPageOf describes a page.
func VersionsPageOf(h *notes.History) VersionsPage {
	page := VersionsPage{Next: next(h.Next)}
	for _, v := range h.Versions {
		page.Versions = append(page.Versions, VersionOf(v, Audience(h.Member), false))
	}
	return page
}

func next(version int64) *int64 {
	if version == 0 {
		return nil
	}
	return &version
}

// GroupsPage is a page of a note's history in groups.
type GroupsPage struct {
	Groups []Group `json:"groups"`
	Next   *int64  `json:"next"`
}

// Group is versions of one author that follow each other without a pause.
type Group struct {
	From         int64        `json:"from"`
	To           int64        `json:"to"`
	Author       notes.UserID `json:"author,omitempty"` // not shown to passers-by
	Begun        notes.Millis `json:"begun"`
	Ended        notes.Millis `json:"ended"`
	Versions     int          `json:"versions"`
	Ops          []string     `json:"ops"`
	Changed      []string     `json:"changed"`
	Title        *string      `json:"title"` // of the last
	RevertedFrom int64        `json:"revertedFrom,omitzero"`
	RevertedKept bool         `json:"revertedKept,omitzero"`
	Conflict     *conflict    `json:"conflict,omitempty"` // without kept: the version says that
}

// GroupsPageOf describes a page.
func GroupsPageOf(h *notes.GroupedHistory) GroupsPage {
	page := GroupsPage{Next: next(h.Next)}
	for _, g := range h.Groups {
		w := Group{
			From: g.From, To: g.To, Author: g.Author, Begun: g.Begun, Ended: g.Ended, Versions: g.Versions, Ops: g.Ops,
			Changed: g.Changed, Title: g.Title, RevertedFrom: g.Reverted, RevertedKept: g.RevertedKept,
		}
		if len(g.Conflicts) > 0 {
			w.Conflict = &conflict{Fields: g.Conflicts}
		}
		page.Groups = append(page.Groups, w)
	}
	return page
}

// Diff is what changed between two versions of a note.
type Diff struct {
	From    int64        `json:"from"`
	To      int64        `json:"to"`
	Kept    bool         `json:"kept,omitzero"` // to what a conflict kept beside that version
	Fields  []FieldDiff  `json:"fields"`
	Content TextDiff     `json:"content"`
	Blob    []ValueDiff  `json:"blob"`
	Members *MembersDiff `json:"members,omitzero"` // for members only
}

// FieldDiff is a field that changed. Before and after are absent where one of them is long.
type FieldDiff struct {
	Name   string `json:"name"`
	Before any    `json:"before,omitzero"`
	After  any    `json:"after,omitzero"`
}

// TextDiff is two texts as one.
type TextDiff struct {
	Hunks []Hunk `json:"hunks"`
}

// Hunk is a part of two texts.
type Hunk struct {
	Op    string  `json:"op"`
	Text  *string `json:"text,omitzero"`
	Lines int     `json:"lines,omitzero"`
}

// ValueDiff is a value in a blob that changed, came or went.
type ValueDiff struct {
	Path   string          `json:"path"`
	Before json.RawMessage `json:"before,omitzero"`
	After  json.RawMessage `json:"after,omitzero"`
}

// MembersDiff is who came, went, or got another role.
type MembersDiff struct {
	Added   []notes.Member `json:"added"`
	Removed []notes.Member `json:"removed"`
	Changed []RoleDiff     `json:"changed"`
}

// RoleDiff is a member's other role.
type RoleDiff struct {
	UserID notes.UserID `json:"userId"`
	Before notes.Role   `json:"before"`
	After  notes.Role   `json:"after"`
}

// DiffOf describes a diff; kept says that it is one to what was kept.
func DiffOf(d *notes.Diff, kept bool) Diff {
	w := Diff{From: d.From, To: d.To, Kept: kept}
	for _, f := range d.Fields {
		w.Fields = append(w.Fields, FieldDiff(f))
	}
	for _, h := range d.Content {
		hunk := Hunk{Op: h.Op, Lines: h.Lines}
		if h.Op != notes.OpSkip {
			hunk.Text = &h.Text
		}
		w.Content.Hunks = append(w.Content.Hunks, hunk)
	}
	for _, v := range d.Blob {
		w.Blob = append(w.Blob, ValueDiff(v))
	}
	if m := d.Members; m != nil {
		w.Members = &MembersDiff{Added: m.Added, Removed: m.Removed}
		for _, r := range m.Changed {
			w.Members.Changed = append(w.Members.Changed, RoleDiff{r.User, r.Before, r.After})
		}
	}
	return w
}
