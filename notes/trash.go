package notes

// Trash puts a note into the trash: it leaves its members' sight, keeps its history and
// can be restored. Trashing what is in the trash is acknowledged without a new version.
type Trash struct{}

func (Trash) Name() string { return "trash" }

func (Trash) check(*Limits) error { return nil }

func (Trash) decide(d *decision) error { return d.setDeleted(ActTrash, true) }

// Restore takes a note out of the trash.
type Restore struct{}

func (Restore) Name() string { return "restore" }

func (Restore) check(*Limits) error { return nil }

func (Restore) decide(d *decision) error { return d.setDeleted(ActRestore, false) }

// Purge removes a note from the trash for good, with its history. Its id is never used again.
type Purge struct{}

func (Purge) Name() string { return "purge" }

func (Purge) check(*Limits) error { return nil }

func (Purge) decide(d *decision) error {
	if err := d.may(ActPurge); err != nil {
		return err
	}
	if !d.note.Deleted {
		return Refuse(Invalid, "Only a note in the trash can be purged; trash it first")
	}
	// What is left says who may learn that the note is gone.
	return d.write(change{
		note: &Note{
			ID: d.note.ID, Owner: d.note.Owner, Members: d.note.Members, Access: Private, Deleted: true, Purged: true,
			CreatedAt: d.note.CreatedAt,
		},
		changed: []string{"purged"},
	})
}

func (d *decision) setDeleted(action Action, deleted bool) error {
	if err := d.may(action); err != nil {
		return err
	}
	if d.note.Deleted == deleted {
		return nil
	}
	next := *d.note
	next.Deleted = deleted
	return d.write(change{note: &next, changed: []string{"deleted"}})
}
