package notes

import (
	"encoding/json"
	"slices"
)

// BodyPatch changes members of a Body. Absent members keep their value.
type BodyPatch struct {
	Title            Opt[*string]         `json:"title,omitzero"`
	Content          Opt[string]          `json:"content,omitzero"`
	Blob             Opt[json.RawMessage] `json:"blob,omitzero"`
	EncryptedTitle   Opt[*string]         `json:"encryptedTitle,omitzero"`
	EncryptedContent Opt[*string]         `json:"encryptedContent,omitzero"`
	IV               Opt[*string]         `json:"iv,omitzero"`
	Salt             Opt[*string]         `json:"salt,omitzero"`
	Type             Opt[string]          `json:"type,omitzero"`
}

func (p *BodyPatch) check(l *Limits) error {
	if p.Title.Value != nil {
		if err := l.checkChars("title", *p.Title.Value, l.TitleChars); err != nil {
			return err
		}
	}
	texts := []struct{ name, text string }{
		{"content", p.Content.Value}, {"blob", string(p.Blob.Value)},
		{"encryptedTitle", deref(p.EncryptedTitle.Value)}, {"encryptedContent", deref(p.EncryptedContent.Value)},
	}
	for _, t := range texts {
		if err := l.checkText(t.name, t.text); err != nil {
			return err
		}
	}
	for name, s := range map[string]string{"iv": deref(p.IV.Value), "salt": deref(p.Salt.Value)} {
		if err := l.checkChars(name, s, 256); err != nil {
			return err
		}
	}
	if p.Type.Set && !ValidID(p.Type.Value) {
		return Refuse(Invalid, "type must be 1 to 64 of A-Z a-z 0-9 _ -")
	}
	if p.Blob.Set && p.Blob.Value != nil && !json.Valid(p.Blob.Value) {
		return Refuse(Invalid, "blob is not JSON")
	}
	return nil
}

// apply returns b changed by the patch, and the JSON names that the patch set.
func (p *BodyPatch) apply(b Body) (Body, []string) {
	var changed []string
	set(&b.Title, p.Title, "title", &changed)
	set(&b.Content, p.Content, "content", &changed)
	if p.Blob.Set {
		b.Blob, _ = compact(p.Blob.Value) // check has seen that it is JSON
		changed = append(changed, "blob")
	}
	set(&b.EncryptedTitle, p.EncryptedTitle, "encryptedTitle", &changed)
	set(&b.EncryptedContent, p.EncryptedContent, "encryptedContent", &changed)
	set(&b.IV, p.IV, "iv", &changed)
	set(&b.Salt, p.Salt, "salt", &changed)
	set(&b.Type, p.Type, "type", &changed)
	return b, changed
}

// FieldsPatch changes members of a member's Fields. Absent members keep their value.
type FieldsPatch struct {
	FolderID   Opt[*string]  `json:"folderId,omitzero"`
	Tags       Opt[[]string] `json:"tags,omitzero"`
	AddTags    []string      `json:"addTags,omitempty"`
	RemoveTags []string      `json:"removeTags,omitempty"`
	Starred    Opt[bool]     `json:"starred,omitzero"`
	Archived   Opt[bool]     `json:"archived,omitzero"`
	Hidden     Opt[bool]     `json:"hidden,omitzero"`
	HiddenAt   Opt[*Millis]  `json:"hiddenAt,omitzero"`
}

func (p *FieldsPatch) empty() bool {
	return !p.FolderID.Set && !p.Tags.Set && len(p.AddTags) == 0 && len(p.RemoveTags) == 0 &&
		!p.Starred.Set && !p.Archived.Set && !p.Hidden.Set && !p.HiddenAt.Set
}

func (p *FieldsPatch) check(l *Limits) error {
	if id := p.FolderID.Value; id != nil && *id != "" && !ValidID(*id) {
		return Refuse(Invalid, "folderId must be 1 to 64 of A-Z a-z 0-9 _ -")
	}
	for _, tags := range [][]string{p.Tags.Value, p.AddTags, p.RemoveTags} {
		if err := l.checkTags(tags); err != nil {
			return err
		}
	}
	return nil
}

func (l *Limits) checkTags(tags []string) error {
	if len(tags) > l.Tags {
		return Refuse(LimitExceeded, countMessage("tags", len(tags), l.Tags))
	}
	for _, t := range tags {
		if t == "" {
			return Refuse(Invalid, "a tag must not be empty")
		}
		if err := l.checkChars("a tag", t, l.TagChars); err != nil {
			return err
		}
	}
	return nil
}

// apply returns f changed by the patch, and the JSON names that it set.
func (p *FieldsPatch) apply(f Fields, now Millis, l *Limits) (Fields, []string, error) {
	var changed []string
	set(&f.FolderID, p.FolderID, "folderId", &changed)
	if f.FolderID != nil && *f.FolderID == "" { // the ancestor's way to say: in no folder
		f.FolderID = nil
	}
	if p.Tags.Set || len(p.AddTags)+len(p.RemoveTags) > 0 {
		f.Tags = p.tags(f.Tags)
		changed = append(changed, "tags")
		if len(f.Tags) > l.Tags {
			return f, nil, Refuse(LimitExceeded, countMessage("tags", len(f.Tags), l.Tags))
		}
	}
	set(&f.Starred, p.Starred, "starred", &changed)
	set(&f.Archived, p.Archived, "archived", &changed)
	if p.Hidden.Set {
		set(&f.Hidden, p.Hidden, "hidden", &changed)
		f.HiddenAt = nil
		if f.Hidden {
			f.HiddenAt = &now
		}
	}
	if p.HiddenAt.Set && f.Hidden {
		f.HiddenAt = p.HiddenAt.Value
	}
	if p.Hidden.Set || p.HiddenAt.Set {
		changed = append(changed, "hiddenAt")
	}
	return f, changed, nil
}

func (p *FieldsPatch) tags(old []string) []string {
	if p.Tags.Set {
		old = p.Tags.Value
	}
	var tags []string
	for _, t := range slices.Concat(old, p.AddTags) {
		if !slices.Contains(tags, t) && !slices.Contains(p.RemoveTags, t) {
			tags = append(tags, t)
		}
	}
	return tags
}

func set[T any](to *T, from Opt[T], name string, changed *[]string) {
	if from.Set {
		*to = from.Value
		*changed = append(*changed, name)
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
