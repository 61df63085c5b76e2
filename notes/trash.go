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
