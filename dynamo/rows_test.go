package dynamo

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"notewire/notes"
)

// What is written into an item is read from it again, whatever it is.
func TestRowsRoundTrip(t *testing.T) {
	t.Run("version", rapid.MakeCheck(func(t *rapid.T) {
		want := anyVersion(t)
		var s Store // no body here is large enough for the engine
		item, ops, err := s.writeVersion(t.Context(), want)
		if err != nil || len(ops) > 0 {
			t.Fatal(ops, err)
		}
		got, err := s.readVersion(t.Context(), written(t, item))
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, want)
	}))
	t.Run("head", rapid.MakeCheck(func(t *rapid.T) {
		note := anyVersion(t).Note
		got := versionOf(written(t, headItem(note)))
		want := *note // a head leaves the body to its version, but for what lists show
		want.Body = notes.Body{Title: note.Title, Type: note.Type}
		same(t, got, &notes.Version{Note: &want})
	}))
	t.Run("entry", rapid.MakeCheck(func(t *rapid.T) {
		want := &notes.Entry{
			User: "ann", Note: notes.NoteID(anID().Draw(t, "note")), Role: notes.Role(rapid.String().Draw(t, "role")),
			Fields: anyFields(t), Deleted: rapid.Bool().Draw(t, "deleted"), UpdatedAt: anyTime(t, "updated"),
			Size: anInt(t, "size"), Seq: anInt(t, "seq"),
		}
		same(t, entryOf("ann", written(t, entryItem(want))), want)
	}))
	t.Run("log row", rapid.MakeCheck(func(t *rapid.T) {
		want := notes.LogRow{
			Seq: anInt(t, "seq"), Kind: notes.Kind(rapid.String().Draw(t, "kind")), Op: rapid.String().Draw(t, "op"),
			Note: notes.NoteID(anID().Draw(t, "note")), Version: anInt(t, "version"), Changed: anyList(t, "changed"),
			Fields: anyFields(t), Author: notes.UserID(anID().Draw(t, "author")), Mutation: notes.MutationID(anID().Draw(t, "mutation")),
			Via: rapid.String().Draw(t, "via"), Reason: rapid.String().Draw(t, "reason"), At: anyTime(t, "at"), Size: anInt(t, "size"),
			FolderID: notes.FolderID(rapid.StringMatching(`[A-Za-z0-9_-]{0,64}`).Draw(t, "folder")),
		}
		if rapid.Bool().Draw(t, "with a folder") {
			want.Folder = anyFolder(t, want.Seq)
		}
		same(t, logRowOf(written(t, logItem("ann", &want, 5))), want)
	}))
	t.Run("folder", rapid.MakeCheck(func(t *rapid.T) {
		want := anyFolder(t, anInt(t, "seq"))
		item := written(t, folderItem("ann", want))
		same(t, folderOf(get[string](item.Attrs, "folder"), get[int64](item.Attrs, "seq")), want)
		if item.Key != folderKey("ann", want.ID) {
			t.Fatalf("it is at %v", item.Key)
		}
	}))
	t.Run("receipt", rapid.MakeCheck(func(t *rapid.T) {
		want := &notes.Receipt{
			Mutation: "m", Note: notes.NoteID(anID().Draw(t, "note")), Version: anInt(t, "version"), Seq: anInt(t, "seq"),
			Folder: notes.FolderID(rapid.StringMatching(`[A-Za-z0-9_-]{0,64}`).Draw(t, "folder")), Logged: rapid.Bool().Draw(t, "logged"), Expires: notes.Millis(rapid.Int64Range(0, 1<<40).Draw(t, "expires") * 1000),
		}
		copy(want.Hash[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
		same(t, receiptOf("m", written(t, receiptItem("ann", want))), want)
	}))
}

// Every field that is not zero must be in the item: a field that somebody adds to a row and
// forgets to store fails here.
func TestRowsStoreEveryField(t *testing.T) {
	var v notes.Version
	fill(reflect.ValueOf(&v).Elem())
	v.Blob, v.Posted.Blob = json.RawMessage(`1`), json.RawMessage(`2`)
	var s Store
	item, _, err := s.writeVersion(t.Context(), &v)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.readVersion(t.Context(), item)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, &v)

	var e notes.Entry
	fill(reflect.ValueOf(&e).Elem())
	same(t, entryOf(e.User, entryItem(&e)), &e)

	var row notes.LogRow
	fill(reflect.ValueOf(&row).Elem())
	same(t, logRowOf(logItem("ann", &row, 5)), row)

	var f notes.Folder
	fill(reflect.ValueOf(&f).Elem())
	same(t, folderOf(folderText(&f), f.Seq), &f)

	var r notes.Receipt
	fill(reflect.ValueOf(&r).Elem())
	r.Expires = 1000
	same(t, receiptOf(r.Mutation, receiptItem("ann", &r)), &r)
}

// fill sets everything in v to something that is not zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int64:
		v.SetInt(7)
	case reflect.Uint8:
		v.SetUint(7)
	default:
		panic(fmt.Sprintf("fill: a %s", v.Type()))
	}
}

// written returns the item, after a look whether an engine can store it.
func written(t *rapid.T, item *Item) *Item {
	for name, v := range item.Attrs {
		switch v := v.(type) {
		case string, int64, bool, []byte:
		case []string:
			if len(v) == 0 {
				t.Fatalf("%s is an empty list", name)
			}
		default:
			t.Fatalf("%s is a %T", name, v)
		}
	}
	return item
}

func same(t interface{ Errorf(string, ...any) }, got, want any) {
	if !reflect.DeepEqual(got, want) {
		g, _ := json.Marshal(got)
		w, _ := json.Marshal(want)
		t.Errorf("%s\nwant %s", g, w)
	}
}

func anID() *rapid.Generator[string] { return rapid.StringMatching(`[A-Za-z0-9_-]{1,64}`) }

func anInt(t *rapid.T, label string) int64 { return rapid.Int64().Draw(t, label) }

func anyTime(t *rapid.T, label string) notes.Millis { return notes.Millis(anInt(t, label)) }

func anyText(t *rapid.T, label string) *string {
	return rapid.Ptr(rapid.String(), true).Draw(t, label)
}

func anyMoment(t *rapid.T, label string) *notes.Millis {
	return rapid.Ptr(rapid.Custom(func(t *rapid.T) notes.Millis { return anyTime(t, label) }), true).Draw(t, label)
}

// anyList returns nil for an empty list: that is how rows have them.
func anyList(t *rapid.T, label string) []string {
	return slices.Clip(append([]string(nil), rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, label)...))
}

func anyFields(t *rapid.T) notes.Fields {
	return notes.Fields{
		FolderID: anyText(t, "folder"), Tags: anyList(t, "tags"), Starred: rapid.Bool().Draw(t, "starred"),
		Archived: rapid.Bool().Draw(t, "archived"), Hidden: rapid.Bool().Draw(t, "hidden"), HiddenAt: anyMoment(t, "hiddenAt"),
	}
}

func anyBody(t *rapid.T) notes.Body {
	b := notes.Body{
		Title: anyText(t, "title"), Content: rapid.String().Draw(t, "content"), Type: rapid.String().Draw(t, "type"),
		EncryptedTitle: anyText(t, "encryptedTitle"), EncryptedContent: anyText(t, "encryptedContent"),
		IV: anyText(t, "iv"), Salt: anyText(t, "salt"),
	}
	b.Blob = rapid.SampledFrom([]json.RawMessage{nil, json.RawMessage(`{"b":"<\u003c& ","a":1.50}`), json.RawMessage(`[]`)}).Draw(t, "blob")
	return b
}

func anyVersion(t *rapid.T) *notes.Version {
	v := &notes.Version{
		Note: &notes.Note{
			ID: notes.NoteID(anID().Draw(t, "id")), Owner: notes.UserID(anID().Draw(t, "owner")), Version: rapid.Int64Range(1, 1<<40).Draw(t, "version"),
			Body: anyBody(t), Access: notes.Access(rapid.String().Draw(t, "access")), Deleted: rapid.Bool().Draw(t, "deleted"),
			Purged: rapid.Bool().Draw(t, "purged"), CreatedAt: anyTime(t, "created"), UpdatedAt: anyTime(t, "updated"), ExpiresAt: anyMoment(t, "expires"),
			TemplateID: rapid.String().Draw(t, "template"),
		},
		Op: rapid.String().Draw(t, "op"), Author: notes.UserID(anID().Draw(t, "author")), Mutation: notes.MutationID(anID().Draw(t, "mutation")),
		Changed: anyList(t, "changed"), Base: anInt(t, "base"), Reverted: anInt(t, "reverted"),
		RevertedKept: rapid.Bool().Draw(t, "revertedKept"), Merged: rapid.Bool().Draw(t, "merged"), Conflicts: anyList(t, "conflicts"),
	}
	for _, user := range rapid.SliceOfN(anID(), 0, 3).Draw(t, "members") {
		v.Members = append(v.Members, notes.Member{User: notes.UserID(user), Role: notes.Role(rapid.SampledFrom([]string{"read", "write"}).Draw(t, "role"))})
	}
	if rapid.Bool().Draw(t, "posted?") {
		body := anyBody(t)
		v.Posted = &body
	}
	return v
}

func anyFolder(t *rapid.T, seq int64) *notes.Folder {
	f := &notes.Folder{
		ID: notes.FolderID(anID().Draw(t, "id")), User: notes.UserID(anID().Draw(t, "user")), Name: rapid.String().Draw(t, "name"),
		Color: rapid.String().Draw(t, "color"), Order: anInt(t, "order"), IsDefault: rapid.Bool().Draw(t, "default"),
		CreatedAt: anyTime(t, "created"), UpdatedAt: anyTime(t, "updated"), Seq: seq,
	}
	if rapid.Bool().Draw(t, "within") {
		parent := notes.FolderID(anID().Draw(t, "parent"))
		f.ParentID = &parent
	}
	return f
}
