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
	next := *d.note
	body, changed := e.Changes.BodyPatch.apply(next.Body)
	next.Body = body
	if e.Changes.Deleted.Set && e.Changes.Deleted.Value != next.Deleted {
		next.Deleted = e.Changes.Deleted.Value
		changed = append(changed, "deleted")
	}
	if err := e.mayDo(d, changed); err != nil {
		return err
	}
	if err := e.checkBase(d); err != nil {
		return err
	}
	if len(changed) == 0 {
		return d.organise(&e.Changes.FieldsPatch)
	}
	c := change{note: &next, changed: changed, fields: &e.Changes.FieldsPatch}
	if e.ExpectedVersion != 0 || e.BaseVersion != 0 || e.BaseMutation != "" {
		c.base = d.note.Version // checkBase has seen that they name the head
	}
	return d.write(c)
}

// mayDo asks for the right to every part of the edit before any of it is done.
func (e Edit) mayDo(d *decision, changed []string) error {
	if len(changed) == 0 && e.Changes.FieldsPatch.empty() {
		if err := d.may(ActOrganise); err != nil || e.Changes.Deleted.Set {
			return err // deleted is as asked for already: acknowledged
		}
		return Refuse(Invalid, "No valid fields to update")
	}
	for _, name := range changed {
		action := ActEdit
		switch {
		case name == "deleted" && e.Changes.Deleted.Value:
			action = ActTrash
		case name == "deleted":
			action = ActRestore
		}
		if err := d.may(action); err != nil {
			return err
		}
	}
	if !e.Changes.FieldsPatch.empty() {
		return d.may(ActOrganise)
	}
	return nil
}

// checkBase compares what the author had seen with the head. Until texts are merged, an
// older base is a conflict that the author resolves.
func (e Edit) checkBase(d *decision) error {
	head := Seen(d.note.Version)
	switch {
	case e.ExpectedVersion != 0 && e.ExpectedVersion != head:
		return d.withCurrent(VersionMismatch, "Version mismatch")
	case e.BaseVersion > head:
		return d.withCurrent(Invalid, "baseVersion is newer than the note")
	case e.BaseVersion != 0 && e.BaseVersion < head:
		return d.withCurrent(Conflict, "The note changed after baseVersion")
	case e.BaseMutation != "" && !d.isHead(e.BaseMutation):
		return d.withCurrent(Conflict, "The note changed after baseMutationId")
	}
	return nil
}
