package notestest

import (
	"encoding/json"
	"fmt"
	"strings"

	"notewire/notes"
)

var roundTripRules = []rule{
	{"every member of a body comes back as it was posted, by create and by edit", bodiesComeBack},
	{"an absent member of a patch keeps its value, null clears it, and empty is a value", absentNullAndEmpty},
	{"blob is kept as compact JSON, in the order and spelling that was posted", blobSpelling},
	{"every field of a member comes back as it was posted, by create, edit and organise", fieldsComeBack},
	{"a new note is private, has one version and its creator as the owner", newNote},
	{"the server chooses an id for a note that comes without one", chosenID},
	{"what does not exist is absent, and no error", absent},
	{"what was committed is there after reopening", reopened},
}

const unicodeText = "naïve 東京 🧑‍🚀 \u202eabc\u200b \x00\x01\t\r\n\\\" </script> e\u0301 \U0010FFFF"

// bodies holds a body for everything that a store may get wrong.
func bodies() map[string]notes.Body {
	mebibyte := strings.Repeat("0123456789abcdef", 1<<16)
	return map[string]notes.Body{
		"nothing":    {Type: "note"},
		"empty text": {Title: ptr(""), EncryptedTitle: ptr(""), EncryptedContent: ptr(""), IV: ptr(""), Salt: ptr(""), Type: "note"},
		"unicode":    {Title: ptr(unicodeText), Content: unicodeText, Blob: json.RawMessage(`{"kļūč":["` + "\U0010FFFF" + `","\u0000"]}`), Type: "t-_9"},
		"ciphertext": {EncryptedTitle: ptr("dGl0bGU="), EncryptedContent: ptr("Y29udGVudA=="), IV: ptr("iv+/"), Salt: ptr("salt=="), Type: "secret"},
		"1 MiB":      {Content: mebibyte, Blob: json.RawMessage(`"` + mebibyte[2:] + `"`), EncryptedContent: &mebibyte, Type: "note"},
		"long title": {Title: ptr(strings.Repeat("🧑", 500)), Type: "note"},
		"blob array": {Blob: json.RawMessage(`[1,null,{"a":[]},1e400,-0]`), Type: "note"},
		"blob false": {Blob: json.RawMessage(`false`), Type: "note"},
		"blob empty": {Blob: json.RawMessage(`""`), Type: "note"},
	}
}

// patchOf sets every member.
func patchOf(b notes.Body) notes.BodyPatch {
	return notes.BodyPatch{
		Title: notes.Some(b.Title), Content: notes.Some(b.Content), Blob: notes.Some(b.Blob),
		EncryptedTitle: notes.Some(b.EncryptedTitle), EncryptedContent: notes.Some(b.EncryptedContent),
		IV: notes.Some(b.IV), Salt: notes.Some(b.Salt), Type: notes.Some(b.Type),
	}
}

func bodiesComeBack(t *trial) {
	n := 0
	for name, body := range bodies() {
		n++
		created, edited := notes.NoteID(fmt.Sprintf("created-%d", n)), notes.NoteID(fmt.Sprintf("edited-%d", n))
		out := t.do(ann, created, notes.Create{BodyPatch: patchOf(body)})
		equal(t, name+": the answer to create", out.View.Body, body)
		t.hasBody(name+": created", created, body)

		t.do(ann, edited, notes.Create{BodyPatch: patchOf(bodies()["ciphertext"])})
		out = t.do(ann, edited, notes.Edit{Changes: notes.Changes{BodyPatch: patchOf(body)}})
		equal(t, name+": the answer to edit", out.View.Body, body)
		t.hasBody(name+": edited", edited, body)
	}
}

// hasBody looks at the head of a note of ann's in every way there is.
func (t *trial) hasBody(what string, id notes.NoteID, want notes.Body) {
	t.Helper()
	head := t.get(ann, id)
	equal(t, what+", got", head.Body, want)
	equal(t, what+", as a version", t.version(id, head.Version).Body, want)
	history, err := t.service.History(t.Context(), ann, id, notes.HistoryQuery{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, what+", in the history", history.Versions[0].Body, want)
	log, err := t.service.NoteLog(t.Context(), id, head.Version-1, 1)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, what+", in the note's log", log[0].Body, want)
	changes, err := t.service.AccountLog(t.Context(), ann, t.entry(ann, id).Seq-1, 1)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, what+", in the account's log", changes[0].Version.Body, want)
	equal(t, what+", size in the account's log", changes[0].Size, want.Size())
	list, _, err := t.service.List(t.Context(), ann, notes.ListQuery{Limit: 1, Trashed: head.Deleted})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, what+", listed", list[0].Body, want)
}

// entry returns user's entry of a note, which must be there.
func (t *trial) entry(user notes.UserID, id notes.NoteID) *notes.Entry {
	t.Helper()
	entries, err := t.store.EntriesOf(t.Context(), user, id)
	if err != nil || len(entries) != 1 || entries[0] == nil {
		t.Fatalf("entry of %s for %s: %v, error %v", user, id, entries, err)
	}
	return entries[0]
}

func absentNullAndEmpty(t *trial) {
	full := notes.Body{
		Title: ptr("title"), Content: "content", Blob: json.RawMessage(`{"a":1}`), EncryptedTitle: ptr("et"),
		EncryptedContent: ptr("ec"), IV: ptr("iv"), Salt: ptr("salt"), Type: "task",
	}
	t.do(ann, "n", notes.Create{BodyPatch: patchOf(full)})
	t.do(ann, "n", notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{Title: notes.Some(ptr(""))}}})
	want := full
	want.Title = ptr("")
	t.hasBody("empty title", "n", want)
	t.do(ann, "n", notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{
		Title: notes.Some[*string](nil), Blob: notes.Some(json.RawMessage("null")), IV: notes.Some[*string](nil),
	}}})
	want.Title, want.Blob, want.IV = nil, nil, nil
	t.hasBody("null", "n", want)
	t.do(ann, "n", edit(""))
	want.Content = ""
	t.hasBody("empty content", "n", want)
}

func blobSpelling(t *trial) {
	blob := json.RawMessage("{ \"b\" : 1.50 ,\n\"a\":\"\\u0041<\" }")
	t.do(ann, "n", notes.Create{BodyPatch: notes.BodyPatch{Blob: notes.Some(blob)}})
	t.hasBody("a spaced blob", "n", notes.Body{Blob: json.RawMessage(`{"b":1.50,"a":"\u0041<"}`), Type: "note"})
}

func fieldsComeBack(t *trial) {
	patch := notes.FieldsPatch{
		FolderID: notes.Some(ptr("folder-1")), Tags: notes.Some([]string{"z", "ä", "a:b", "#,;"}), Starred: notes.Some(true),
		Archived: notes.Some(true), Hidden: notes.Some(true), HiddenAt: notes.Some(ptr(notes.Millis(1234567890123))),
	}
	want := notes.Fields{
		FolderID: ptr("folder-1"), Tags: []string{"z", "ä", "a:b", "#,;"}, Starred: true,
		Archived: true, Hidden: true, HiddenAt: ptr(notes.Millis(1234567890123)),
	}
	t.do(ann, "created", notes.Create{FieldsPatch: patch})
	t.note("edited", "")
	t.do(ann, "edited", editOf(patch))
	t.note("organised", "")
	out := t.do(ann, "organised", organise(patch))
	equal(t, "the answer's fields", out.View.Fields, &want)
	for _, id := range []notes.NoteID{"created", "edited", "organised"} {
		equal(t, "fields got of "+string(id), t.get(ann, id).Fields, &want)
		equal(t, "fields in the entry of "+string(id), t.entry(ann, id).Fields, want)
	}
	log := t.log(ann)
	equal(t, "fields in the log after create", log[0].Fields, want)
	equal(t, "fields in the log after organise", log[len(log)-1].Fields, want)
}

func newNote(t *trial) {
	out := t.do(ann, "n", notes.Create{BodyPatch: text("hello"), TemplateID: "plan"})
	at := notes.MillisOf(t.clock.Now())
	want := notes.Note{
		ID: "n", Owner: ann, Version: 1, Body: notes.Body{Content: "hello", Type: "note"}, Access: notes.Private,
		CreatedAt: at, UpdatedAt: at, TemplateID: "plan",
	}
	equal(t, "the answer", out, &notes.Outcome{
		Op: "create", Mutation: out.Mutation, Note: "n", Version: 1, At: at, Logged: true,
		Cursor: notes.Cursor{Epoch: t.service.Epoch(), Seq: 1}, View: &notes.View{Note: &want, Fields: &notes.Fields{}},
	})
	equal(t, "the note", t.get(ann, "n"), &notes.View{Note: &want, Fields: &notes.Fields{}})
	equal(t, "the version", t.version("n", 1), &notes.Version{Note: &want, Op: "create", Author: ann, Mutation: out.Mutation})
	equal(t, "the log", t.log(ann), []notes.Change{{
		LogRow: notes.LogRow{
			Seq: 1, Kind: notes.KindCreated, Op: "create", Note: "n", Version: 1, Author: ann,
			Mutation: out.Mutation, Via: "via-ann", At: at, Size: want.Size(),
		},
		Version: &notes.Version{Note: &want, Op: "create", Author: ann, Mutation: out.Mutation},
	}})
	t.refused(notes.NoteExists, ann, "n", notes.Create{})
	t.refused(notes.NoteExists, bob, "n", notes.Create{IfAbsent: true})
}

func chosenID(t *trial) {
	first := t.do(ann, "", notes.Create{BodyPatch: text("1")})
	second := t.do(ann, "", notes.Create{BodyPatch: text("2")})
	if first.Note == "" || first.Note == second.Note {
		t.Fatalf("the ids are %q and %q", first.Note, second.Note)
	}
	equal(t, "the first note", t.get(ann, first.Note).Content, "1")
	third := t.as("", ann, "", notes.Create{})
	equal(t, "the chosen mutation id", t.version(third.Note, 1).Mutation, third.Mutation)
	if third.Mutation == "" {
		t.Fatal("no mutation id was chosen")
	}
}

func absent(t *trial) {
	ctx := t.Context()
	t.note("n", "")
	heads, err := t.store.Heads(ctx, "none", "n")
	if err != nil || len(heads) != 2 || heads[0] != nil || heads[1] == nil {
		t.Errorf("heads are %v, error %v", heads, err)
	}
	versions, err := t.store.VersionsOf(ctx, notes.VersionRef{Note: "n", Version: 2}, notes.VersionRef{Note: "n", Version: 1})
	if err != nil || len(versions) != 2 || versions[0] != nil || versions[1] == nil {
		t.Errorf("versions are %v, error %v", versions, err)
	}
	entries, err := t.store.EntriesOf(ctx, bob, "n", "none")
	if err != nil || len(entries) != 2 || entries[0] != nil || entries[1] != nil {
		t.Errorf("entries are %v, error %v", entries, err)
	}
	history, err := t.store.History(ctx, "none", notes.Range{Limit: 1})
	if err != nil || len(history) != 0 {
		t.Errorf("the history is %v, error %v", history, err)
	}
	list, err := t.store.Entries(ctx, bob, notes.ListQuery{Limit: 1})
	if err != nil || len(list) != 0 {
		t.Errorf("the list is %v, error %v", list, err)
	}
	equal(t, "the log of nobody", t.log(eve), []notes.Change{})
	_, err = t.service.Get(ctx, ann, "none")
	t.isRefusal(notes.NotFound, err)
}

func reopened(t *trial) {
	t.note("n", "first", writer(bob))
	done := t.as("m", bob, "n", edit("second"))
	t.do(bob, "n", organise(star))
	note, his, versions := t.get(bob, "n"), t.log(bob), t.versions("n")
	epoch := t.service.Epoch()

	t.store.Store = t.harness.Reopen()
	t.service = t.instance()
	equal(t, "the epoch", t.service.Epoch(), epoch)
	equal(t, "the note", t.get(bob, "n"), note)
	equal(t, "the account's log", t.log(bob), his)
	equal(t, "the note's log", t.versions("n"), versions)
	t.sameAnswer(done, t.as("m", bob, "n", edit("second")))
	equal(t, "the next version", t.do(ann, "n", edit("third")).Version, int64(4))
}
