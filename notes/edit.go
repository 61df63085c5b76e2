package notes

// Changes is what an edit may carry: the note's body, the author's own fields of it, and
// whether it is in the trash. They are committed as one or refused as a whole.
type Changes struct {
	BodyPatch
	FieldsPatch
	Deleted Opt[bool] `json:"deleted,omitzero"`
}

// Edit changes a note. With no base it is field-level last writer wins, in commit order.
type Edit struct {
	Changes Changes `json:"changes"`
	// ExpectedVersion makes the edit strict: another head refuses it with VersionMismatch.
	ExpectedVersion Seen `json:"expectedVersion,omitempty"`
	// BaseVersion is the version that the author edited.
	BaseVersion Seen `json:"baseVersion,omitempty"`
	// BaseMutation says the same by the author's own earlier mutation, so that queued
	// edits chain before any is acknowledged.
	BaseMutation MutationID `json:"baseMutationId,omitempty"`
}

func (Edit) Name() string { return "edit" }

func (e Edit) check(l *Limits) error {
	bases := 0
	for _, given := range []bool{e.ExpectedVersion != 0, e.BaseVersion != 0, e.BaseMutation != ""} {
		if given {
			bases++
		}
	}
	if bases > 1 {
		return Refuse(Invalid, "give one of expectedVersion, baseVersion and baseMutationId")
	}
	if e.ExpectedVersion < 0 || e.BaseVersion < 0 {
		return Refuse(Invalid, "a version is at least 1")
	}
	if e.BaseMutation != "" && !ValidID(string(e.BaseMutation)) {
		return Refuse(Invalid, "baseMutationId must be 1 to 64 of A-Z a-z 0-9 _ -")
	}
	if err := e.Changes.BodyPatch.check(l); err != nil {
		return err
	}
	return e.Changes.FieldsPatch.check(l)
}

func (e Edit) decide(d *decision) error {
	if d.note == nil {
		return Refuse(NotFound, "Note not found")
	}
	c, err := e.change(d)
	if err != nil {
		return err
	}
	if e.Changes.Deleted.Set && e.Changes.Deleted.Value != c.note.Deleted {
		c.note.Deleted = e.Changes.Deleted.Value
		c.changed = append(c.changed, "deleted")
	}
	if len(c.changed) == 0 && c.posted == nil {
		return d.organise(c.fields)
	}
	return d.write(c)
}

// change is what the edit makes of the note's body, if the author may.
func (e Edit) change(d *decision) (change, error) {
	next := *d.note
	body, changed := e.Changes.BodyPatch.apply(next.Body)
	if err := e.mayDo(d, len(changed) > 0); err != nil {
		return change{}, err
	}
	base, err := e.base(d)
	if err != nil {
		return change{}, err
	}
	c := change{note: &next, fields: &e.Changes.FieldsPatch, base: e.seen(d)}
	switch {
	case base == nil || len(changed) == 0 || len(differing(base, &next.Body)) == 0:
		next.Body, c.changed = body, changed
	default:
		err = e.merge(d, &c, base)
	}
	return c, err
}

// mayDo asks for the right to every part of the edit before any of it is done.
func (e Edit) mayDo(d *decision, body bool) error {
	deleted := e.Changes.Deleted.Set && e.Changes.Deleted.Value != d.note.Deleted
	var actions []Action
	switch {
	case deleted && e.Changes.Deleted.Value:
		actions = append(actions, ActTrash)
	case deleted:
		actions = append(actions, ActRestore)
	}
	if body {
		actions = append(actions, ActEdit)
	}
	if !e.Changes.FieldsPatch.empty() || len(actions) == 0 {
		actions = append(actions, ActOrganise)
	}
	for _, action := range actions {
		if err := d.may(action); err != nil {
			return err
		}
	}
	if body {
		return d.notExpired()
	}
	if !deleted && e.Changes.FieldsPatch.empty() && !e.Changes.Deleted.Set { // deleted as it is already: acknowledged
		return Refuse(Invalid, "No valid fields to update")
	}
	return nil
}

// seen is the version that the author had before him; 0 if he did not say.
func (e Edit) seen(d *decision) int64 {
	if e.BaseMutation != "" && d.rows.Target != nil {
		return d.rows.Target.Note.Version
	}
	return int64(max(e.ExpectedVersion, e.BaseVersion))
}

// base is the body that the author had before him; nil if he did not say, or said that it must
// be the head's.
func (e Edit) base(d *decision) (*Body, error) {
	head := Seen(d.note.Version)
	target := d.rows.Target
	switch {
	case e.ExpectedVersion != 0 && e.ExpectedVersion != head:
		return nil, d.withCurrent(VersionMismatch, "Version mismatch")
	case e.BaseVersion > head:
		return nil, d.withCurrent(Invalid, "baseVersion is newer than the note")
	case e.BaseVersion == 0 && e.BaseMutation == "":
		return nil, nil
	case target == nil:
		return nil, d.withCurrent(BaseGone, "What was edited is not known any more")
	case e.BaseMutation != "" && target.Mutation == e.BaseMutation && target.Author == d.Author && target.Posted != nil:
		return target.Posted, nil
	}
	return &target.Body, nil
}
