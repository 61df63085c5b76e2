package notestest

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"notewire/notes"
)

// Varied fills a store with so many notes, each of at least so many versions: private,
// shared, public and trashed ones, in many scripts, with every field and op in use, some
// large, and some versions with a body that was posted and differs; some were purged. The notes
// are those of ann, bob and cat, who have folders; note-0000 is private to ann, and small.
func Varied(t testing.TB, store notes.Store, count, versions int) {
	t.Helper()
	ids := 0
	service := notes.NewService(notes.Config{
		Store: posting{store}, Limits: notes.DefaultLimits(), Publisher: &hints{},
		NewID: func() string { ids++; return fmt.Sprintf("m-%06d", ids) },
	})
	users := []notes.UserID{ann, bob, cat}
	for i := range count {
		owner, id := users[i%3], notes.NoteID(fmt.Sprintf("note-%04d", i))
		do := func(user notes.UserID, op notes.Op) (version int64) {
			t.Helper()
			out, err := service.Mutate(t.Context(), user, "via", notes.Mutation{Note: id, Op: op})
			if err != nil {
				t.Fatalf("%s of %s: %v", op.Name(), id, err)
			}
			return out.Version
		}
		do(owner, variedCreate(i))
		for v := 2; v <= versions; v++ {
			do(owner, notes.Edit{Changes: notes.Changes{BodyPatch: text(variedText(i, v))}})
		}
		vary(i, owner, users[(i+1)%3], do)
	}
	for _, user := range users {
		for _, op := range []notes.Mutation{
			{Folder: "f-1", Op: newFolder(name("Papka 📁"))}, {Folder: "f-2", Op: newFolder(inFolder("f-1"))}, {Folder: "f-0", Op: newFolder(inFolder("f-2"))},
			{Folder: "gone", Op: newFolder(name("gone"))}, {Folder: "gone", Op: notes.FolderDelete{}},
		} {
			if _, err := service.Mutate(t.Context(), user, "via", op); err != nil {
				t.Fatalf("%s of %s: %v", op.Op.Name(), op.Folder, err)
			}
		}
	}
}

// vary gives each note what every few have.
func vary(i int, owner, other notes.UserID, do func(notes.UserID, notes.Op) int64) {
	if i%4 == 1 {
		do(owner, notes.Share{Members: []notes.Member{{User: other, Role: notes.Writer}, {User: "zoe", Role: notes.Reader}}})
		do(other, notes.Organise{Fields: notes.FieldsPatch{
			Starred: notes.Some(true), Tags: notes.Some([]string{"его", "<b>&"}), FolderID: notes.Some(ptr("f-1")), Hidden: notes.Some(true),
		}})
		do("zoe", notes.Leave{})
	}
	if i%5 == 2 {
		do(owner, notes.Share{Access: notes.Some(notes.Public)})
	}
	if i%6 == 3 {
		do(owner, notes.Revert{Version: 1})
	}
	if i%8 == 5 { // with a conflict, whose kept side comes back
		base := do(owner, edit("base"))
		do(owner, edit("committed"))
		do(owner, notes.Revert{Version: do(owner, on(base, "posted")), Kept: true})
	}
	if i%7 == 4 {
		do(owner, notes.Trash{})
	}
	if i%9 == 6 {
		do(owner, notes.Trash{})
		do(owner, notes.Purge{})
	}
}

func variedCreate(i int) notes.Create {
	var c notes.Create
	if i%3 == 0 {
		c.Title = notes.Some(ptr(fmt.Sprintf("Заметка %d \u2028 🧑‍🚀 \"</script>\"", i)))
	}
	if i%5 == 1 {
		c.Blob = notes.Some(json.RawMessage(`{"z":1.0,"a":[1e3,null,"\u00e9<&>"],"big":12345678901234567890}`))
		c.TemplateID, c.ExpiresInHours = "template", 1000
	}
	if i%5 == 3 {
		c.EncryptedTitle, c.IV = notes.Some(ptr("")), notes.Some(ptr("iv"))
		c.EncryptedContent, c.Salt = notes.Some(ptr("c2VjcmV0")), notes.Some(ptr("salt"))
	}
	return c
}

// variedText is a small text, a packed one, or one that fills several parts.
func variedText(i, version int) string {
	switch {
	case i%25 == 7 && version%2 == 0:
		data := make([]byte, 600<<10)
		_, _ = rand.Read(data) // never fails
		return base64.StdEncoding.EncodeToString(data)
	case i%10 == 2:
		return strings.Repeat(fmt.Sprintf("line %d of %d, größer\n", version, i), 1000)
	}
	return fmt.Sprintf("text %d of note %d\t日本語 \x00\n", version, i)
}

// posting is a store to which some edits come as if they had been merged.
type posting struct{ notes.Store }

func (p posting) Commit(ctx context.Context, c *notes.Commit) error {
	if v := c.Version; v != nil && v.Op == "edit" && v.Note.Version%3 == 0 && v.Size() < 1<<18 && v.Posted == nil {
		posted := v.Body
		posted.Content = "posted " + posted.Content
		v.Posted = &posted
	}
	return p.Store.Commit(ctx, c)
}
