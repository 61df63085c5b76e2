package notes

import "bytes"

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
	return d.write(change{note: &next, reverted: r.Version, changed: differing(&d.note.Body, &next.Body)})
}

// differing lists the JSON names of what differs between two bodies.
func differing(a, b *Body) []string {
	var names []string
	for _, m := range []struct {
		name string
		same bool
	}{
		{"title", ptrEqual(a.Title, b.Title)},
		{"content", a.Content == b.Content},
		{"blob", bytes.Equal(a.Blob, b.Blob)},
		{"encryptedTitle", ptrEqual(a.EncryptedTitle, b.EncryptedTitle)},
		{"encryptedContent", ptrEqual(a.EncryptedContent, b.EncryptedContent)},
		{"iv", ptrEqual(a.IV, b.IV)},
		{"salt", ptrEqual(a.Salt, b.Salt)},
		{"type", a.Type == b.Type},
	} {
		if !m.same {
			names = append(names, m.name)
		}
	}
	return names
}
