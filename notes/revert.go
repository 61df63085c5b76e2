package notes

import (
	"bytes"
	"fmt"
)

// Revert makes a new version with the body of an earlier one. It never restores access,
// members, trash or anybody's fields.
type Revert struct {
	Version int64 `json:"version"`
	// Kept restores what a conflict kept beside that version instead.
	Kept bool `json:"kept,omitempty"`
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
	if err := d.notExpired(); err != nil {
		return err
	}
	if d.rows.Target == nil {
		return noVersion(r.Version, d.note)
	}
	body := &d.rows.Target.Body
	if r.Kept {
		if body = d.rows.Target.Kept(); body == nil {
			return errNothingKept
		}
	}
	next := *d.note
	next.Body = *body
	return d.write(change{note: &next, reverted: r.Version, kept: r.Kept, changed: differing(&d.note.Body, &next.Body)})
}

var errNothingKept = Refuse(NotFound, "This version has no kept side")

// noVersion says why version n of a note is not there.
func noVersion(n int64, head *Note) error {
	if n >= 1 && n <= head.Version {
		return Refuse(VersionThinned, fmt.Sprintf("Version %d is no longer kept", n))
	}
	return Refuse(NotFound, "Version not found")
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
