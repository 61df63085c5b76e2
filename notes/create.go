package notes

// Create makes a note, private and owned by the author, at version 1.
type Create struct {
	BodyPatch
	FieldsPatch
	TemplateID string `json:"templateId,omitempty"`
	// IfAbsent acknowledges a note of the author's own that is there already, as the
	// account dialect's note_created does, instead of refusing with NoteExists.
	IfAbsent bool `json:"-"`
}

func (Create) Name() string { return "create" }

func (c Create) check(l *Limits) error {
	if c.TemplateID != "" && !ValidID(c.TemplateID) {
		return Refuse(Invalid, "templateId must be 1 to 64 of A-Z a-z 0-9 _ -")
	}
	if err := c.BodyPatch.check(l); err != nil {
		return err
	}
	return c.FieldsPatch.check(l)
}

func (c Create) decide(d *decision) error {
	if d.note != nil {
		if c.IfAbsent && d.role == Owner {
			return nil
		}
		return Refuse(NoteExists, "Note ID already exists")
	}
	body, _ := c.BodyPatch.apply(Body{Type: "note"})
	return d.write(change{
		note: &Note{
			ID: d.Mutation.Note, Owner: d.Author, Body: body, Access: Private,
			CreatedAt: d.now, TemplateID: c.TemplateID,
		},
		fields: &c.FieldsPatch,
	})
}
