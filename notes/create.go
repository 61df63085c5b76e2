package notes

import "fmt"

// maxExpiresInHours is ten years: later is never.
const maxExpiresInHours = 10 * 365 * 24

// Create makes a note, owned by the author, at version 1. Only he and Members may read it.
type Create struct {
	BodyPatch
	FieldsPatch
	TemplateID string   `json:"templateId,omitempty"`
	Members    []Member `json:"members,omitempty"` // besides the author
	// ExpiresInHours makes the note read-only after that time; 0 is never.
	ExpiresInHours float64 `json:"expiresInHours,omitempty"`
	// IfAbsent acknowledges a note of the author's own that is there already, as the
	// account dialect's note_created does, instead of refusing with NoteExists.
	IfAbsent bool `json:"-"`
}

func (Create) Name() string { return "create" }

func (c Create) check(l *Limits) error {
	if c.TemplateID != "" && !ValidID(c.TemplateID) {
		return Refuse(Invalid, "templateId must be 1 to 64 of A-Z a-z 0-9 _ -")
	}
	if !(c.ExpiresInHours >= 0 && c.ExpiresInHours <= maxExpiresInHours) {
		return Refuse(Invalid, fmt.Sprintf("expiresInHours must be a number from 0 to %d", maxExpiresInHours))
	}
	if len(c.Members) > 0 {
		if err := (Share{Members: c.Members}).check(l); err != nil {
			return err
		}
	}
	if err := c.BodyPatch.check(l); err != nil {
		return err
	}
	return c.FieldsPatch.check(l)
}

func (c Create) decide(d *decision) error {
	if d.note != nil {
		if c.IfAbsent && d.role == Owner {
			return d.notPurged()
		}
		return Refuse(NoteExists, "Note ID already exists")
	}
	body, _ := c.BodyPatch.apply(Body{Type: "note"})
	note := &Note{
		ID: d.Mutation.Note, Owner: d.Author, Body: body, Access: Private,
		CreatedAt: d.now, TemplateID: c.TemplateID,
	}
	for _, m := range c.Members {
		if m.User == note.Owner {
			return Refuse(Invalid, "the owner is not a member")
		}
		note.setMember(m)
	}
	if c.ExpiresInHours > 0 {
		expires := d.now + Millis(c.ExpiresInHours*3600*1000)
		note.ExpiresAt = &expires
	}
	return d.write(change{note: note, fields: &c.FieldsPatch})
}
