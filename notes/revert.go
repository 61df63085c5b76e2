package notes

// Revert makes a new version with the body of an earlier one. It never restores access,
// members, trash or anybody's fields.
type Revert struct {
	Version int64 `json:"version"`
}

func (Revert) Name() string { return "revert" }

func (r Revert) check(*Limits) error {
	if r.Version < 1 {
		return Refuse(Invalid, "a version is at least 1")
	}
	return nil
}

func (r Revert) decide(d *decision) error {
	if err := d.may(ActRevert); err != nil {
		return err
	}
	if d.rows.Target == nil {
		return Refuse(NotFound, "Version not found")
	}
	next := *d.note
	next.Body = d.rows.Target.Body
	return d.write(change{
		note: &next, reverted: r.Version,
		changed: []string{"title", "content", "blob", "encryptedTitle", "encryptedContent", "iv", "salt", "type"},
	})
}
