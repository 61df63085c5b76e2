package dynamo

import (
	"encoding/json"
	"strings"

	"notewire/notes"
)

// The names of the attributes of notes and logs are here only; a row with a file of its own has them there.

type attrs map[string]any

// put leaves out zero values: an absent attribute reads as zero.
func put[T string | int64 | bool](a attrs, name string, v T) {
	var zero T
	if v != zero {
		a[name] = v
	}
}

func putList(a attrs, name string, v []string) {
	if len(v) > 0 {
		a[name] = v
	}
}

// putText keeps nil and "" apart: nil is absent.
func putText(a attrs, name string, v *string) {
	if v != nil {
		a[name] = *v
	}
}

func putTime(a attrs, name string, v *notes.Millis) {
	if v != nil {
		a[name] = int64(*v)
	}
}

func get[T any](a attrs, name string) T {
	v, _ := a[name].(T)
	return v
}

func text(a attrs, name string) *string {
	if v, ok := a[name].(string); ok {
		return &v
	}
	return nil
}

func moment(a attrs, name string) *notes.Millis {
	if v, ok := a[name].(int64); ok {
		m := notes.Millis(v)
		return &m
	}
	return nil
}

// putNote writes what a head and a version have in common.
func putNote(a attrs, n *notes.Note) {
	put(a, "version", n.Version)
	put(a, "owner", string(n.Owner))
	put(a, "access", string(n.Access))
	put(a, "deleted", n.Deleted)
	put(a, "purged", n.Purged)
	put(a, "createdAt", int64(n.CreatedAt))
	put(a, "updatedAt", int64(n.UpdatedAt))
	putTime(a, "expiresAt", n.ExpiresAt)
	put(a, "templateId", n.TemplateID)
	putText(a, "title", n.Title)
	put(a, "type", n.Type)
	members := make([]string, len(n.Members))
	for i, m := range n.Members {
		members[i] = string(m.User) + ":" + string(m.Role)
	}
	putList(a, "members", members)
}

func headItem(n *notes.Note) *Item {
	a := make(attrs, 10)
	putNote(a, n)
	return &Item{Key: headKey(n.ID), Attrs: a}
}

// versionItem returns the row of a version without its body.
func versionItem(v *notes.Version) *Item {
	a := make(attrs, 20)
	putNote(a, v.Note)
	put(a, "op", v.Op)
	put(a, "author", string(v.Author))
	put(a, "mutation", string(v.Mutation))
	putList(a, "changed", v.Changed)
	put(a, "base", v.Base)
	put(a, "reverted", v.Reverted)
	put(a, "revertedKept", v.RevertedKept)
	put(a, "merged", v.Merged)
	putList(a, "conflicts", v.Conflicts)
	return &Item{Key: versionKey(v.ID, v.Note.Version), Attrs: a}
}

// versionOf reads what versionItem and putNote wrote. The body has only what is in them.
func versionOf(item *Item) *notes.Version {
	a := attrs(item.Attrs)
	n := &notes.Note{
		ID: noteOf(item.PK), Owner: notes.UserID(get[string](a, "owner")), Version: get[int64](a, "version"),
		Body:   notes.Body{Title: text(a, "title"), Type: get[string](a, "type")},
		Access: notes.Access(get[string](a, "access")), Deleted: get[bool](a, "deleted"), Purged: get[bool](a, "purged"),
		CreatedAt: notes.Millis(get[int64](a, "createdAt")), UpdatedAt: notes.Millis(get[int64](a, "updatedAt")),
		ExpiresAt: moment(a, "expiresAt"), TemplateID: get[string](a, "templateId"),
	}
	for _, m := range get[[]string](a, "members") {
		user, role, _ := strings.Cut(m, ":")
		n.Members = append(n.Members, notes.Member{User: notes.UserID(user), Role: notes.Role(role)})
	}
	return &notes.Version{
		Note: n, Op: get[string](a, "op"), Author: notes.UserID(get[string](a, "author")),
		Mutation: notes.MutationID(get[string](a, "mutation")), Changed: get[[]string](a, "changed"),
		Base: get[int64](a, "base"), Reverted: get[int64](a, "reverted"), RevertedKept: get[bool](a, "revertedKept"),
		Merged: get[bool](a, "merged"), Conflicts: get[[]string](a, "conflicts"),
	}
}

// putBody writes what putNote did not of a body.
func putBody(a attrs, b *notes.Body) {
	put(a, "content", b.Content)
	put(a, "blob", string(b.Blob))
	putText(a, "encryptedTitle", b.EncryptedTitle)
	putText(a, "encryptedContent", b.EncryptedContent)
	putText(a, "iv", b.IV)
	putText(a, "salt", b.Salt)
}

// addBody reads it.
func addBody(a attrs, b *notes.Body) {
	b.Content = get[string](a, "content")
	if blob := get[string](a, "blob"); blob != "" {
		b.Blob = json.RawMessage(blob)
	}
	b.EncryptedTitle, b.EncryptedContent = text(a, "encryptedTitle"), text(a, "encryptedContent")
	b.IV, b.Salt = text(a, "iv"), text(a, "salt")
}

// bodyText is a whole body in one attribute. A blob keeps its spelling.
func bodyText(b *notes.Body) (string, error) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(b)
	return strings.TrimSuffix(text.String(), "\n"), err
}

func bodyOf(text string) (*notes.Body, error) {
	b := new(notes.Body)
	if err := json.Unmarshal([]byte(text), b); err != nil {
		return nil, err
	}
	if string(b.Blob) == "null" {
		b.Blob = nil
	}
	return b, nil
}

func putFields(a attrs, f *notes.Fields) {
	putText(a, "folderId", f.FolderID)
	putList(a, "tags", f.Tags)
	put(a, "starred", f.Starred)
	put(a, "archived", f.Archived)
	put(a, "hidden", f.Hidden)
	putTime(a, "hiddenAt", f.HiddenAt)
}

func fieldsOf(a attrs) notes.Fields {
	return notes.Fields{
		FolderID: text(a, "folderId"), Tags: get[[]string](a, "tags"), Starred: get[bool](a, "starred"),
		Archived: get[bool](a, "archived"), Hidden: get[bool](a, "hidden"), HiddenAt: moment(a, "hiddenAt"),
	}
}

func entryItem(e *notes.Entry) *Item {
	a := make(attrs, 8)
	put(a, "role", string(e.Role))
	putFields(a, &e.Fields)
	put(a, "deleted", e.Deleted)
	put(a, "updatedAt", int64(e.UpdatedAt))
	put(a, "size", e.Size)
	put(a, "seq", e.Seq)
	put(a, "version", e.Version)
	return &Item{Key: entryKey(e.User, e.Note), Index: listKey(e), Attrs: a}
}

func entryOf(user notes.UserID, item *Item) *notes.Entry {
	a := attrs(item.Attrs)
	return &notes.Entry{
		User: user, Note: noteOf(item.SK), Role: notes.Role(get[string](a, "role")), Fields: fieldsOf(a),
		Deleted: get[bool](a, "deleted"), UpdatedAt: notes.Millis(get[int64](a, "updatedAt")),
		Size: get[int64](a, "size"), Seq: get[int64](a, "seq"), Version: get[int64](a, "version"),
	}
}

func logItem(user notes.UserID, row *notes.LogRow, ttl int64) *Item {
	a := make(attrs, 16)
	put(a, "kind", string(row.Kind))
	put(a, "op", row.Op)
	put(a, "note", string(row.Note))
	put(a, "version", row.Version)
	put(a, "folder", string(row.FolderID))
	if row.Folder != nil {
		a["was"] = folderText(row.Folder)
	}
	putList(a, "changed", row.Changed)
	putFields(a, &row.Fields)
	put(a, "author", string(row.Author))
	put(a, "mutation", string(row.Mutation))
	put(a, "via", row.Via)
	put(a, "reason", row.Reason)
	put(a, "at", int64(row.At))
	put(a, "size", row.Size)
	put(a, "seq", row.Seq)
	return &Item{Key: logKey(user, row.Seq), TTL: ttl, Attrs: a}
}

func logRowOf(item *Item) notes.LogRow {
	a := attrs(item.Attrs)
	row := notes.LogRow{
		Seq: get[int64](a, "seq"), Kind: notes.Kind(get[string](a, "kind")), Op: get[string](a, "op"),
		Note: notes.NoteID(get[string](a, "note")), Version: get[int64](a, "version"), Changed: get[[]string](a, "changed"),
		Fields: fieldsOf(a), Author: notes.UserID(get[string](a, "author")), Mutation: notes.MutationID(get[string](a, "mutation")),
		Via: get[string](a, "via"), Reason: get[string](a, "reason"), At: notes.Millis(get[int64](a, "at")), Size: get[int64](a, "size"),
		FolderID: notes.FolderID(get[string](a, "folder")),
	}
	if was := get[string](a, "was"); was != "" {
		row.Folder = folderOf(was, row.Seq)
	}
	return row
}

func seqItem(user notes.UserID, seq int64) *Item {
	return &Item{Key: seqKey(user), Attrs: attrs{"seq": seq}}
}

func receiptItem(user notes.UserID, r *notes.Receipt) *Item {
	a := make(attrs, 5)
	a["hash"] = r.Hash[:]
	put(a, "note", string(r.Note))
	put(a, "folder", string(r.Folder))
	put(a, "version", r.Version)
	put(a, "seq", r.Seq)
	put(a, "logged", r.Logged)
	if r.Fields != nil {
		a["answered"] = true
		putFields(a, r.Fields)
	}
	return &Item{Key: receiptKey(user, r.Mutation), TTL: int64(r.Expires) / 1000, Attrs: a}
}

func receiptOf(m notes.MutationID, item *Item) *notes.Receipt {
	a := attrs(item.Attrs)
	r := &notes.Receipt{
		Mutation: m, Note: notes.NoteID(get[string](a, "note")), Folder: notes.FolderID(get[string](a, "folder")), Version: get[int64](a, "version"),
		Seq: get[int64](a, "seq"), Logged: get[bool](a, "logged"), Expires: notes.Millis(item.TTL * 1000),
	}
	if get[bool](a, "answered") {
		fields := fieldsOf(a)
		r.Fields = &fields
	}
	copy(r.Hash[:], get[[]byte](a, "hash"))
	return r
}
