package wire_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"notewire/notes"
	"notewire/transport/wire"
)

func ptrTo[T any](v T) *T { return &v }

// Groups and diffs of all kinds are as their schemas have them, without a member more.
func TestHistoriesAreAsTheirSchemasHaveThem(t *testing.T) {
	strict := closed(t)
	group := &notes.Group{
		From: 2, To: 4, Author: "ann", Begun: 1, Ended: 2, Versions: 3, Ops: []string{"edit"}, Changed: []string{"content"}, Title: ptrTo("t"),
	}
	revert := &notes.Group{From: 5, To: 5, Versions: 1, Ops: []string{"revert"}, Reverted: 2, RevertedKept: true, Conflicts: []string{"content"}}
	for _, h := range []*notes.GroupedHistory{{}, {Groups: []*notes.Group{group, revert}, Next: 2, Member: true}} {
		strict.check(t, "http-answers.json#/$defs/groupsPage", wire.Encode(wire.GroupsPageOf(h)))
	}
	strict.check(t, "http-answers.json#/$defs/versionsPage", wire.Encode(wire.VersionsPageOf(&notes.History{})))

	before := &notes.Note{
		Version: 1, Owner: "ann", Access: notes.Private, Body: notes.Body{Content: "1\n2\n3\n4\n", Blob: []byte(`{"a":1,"b":[1,2]}`), Type: "note"},
		Members: []notes.Member{{User: "bob", Role: notes.Reader}, {User: "cat", Role: notes.Reader}},
	}
	after := &notes.Note{
		Version: 2, Owner: "bob", Access: notes.Public, Deleted: true, Members: []notes.Member{{User: "ann", Role: notes.Writer}, {User: "cat", Role: notes.Writer}},
		Body: notes.Body{
			Title: ptrTo("t"), Content: "1\n2\n3\nfour\n", Blob: []byte(`{"a":null,"b":[2]}`), Type: "task",
			EncryptedContent: ptrTo(strings.Repeat("x", 5000)), EncryptedTitle: ptrTo("e"), IV: ptrTo("i"), Salt: ptrTo("s"),
		},
	}
	for _, lines := range []int{-1, 0} {
		d := notes.DiffNotes(before, after, lines)
		strict.check(t, "http-answers.json#/$defs/diff", wire.Encode(wire.DiffOf(d, false)))
		d = notes.DiffNotes(after, before, lines)
		d.Members = nil
		strict.check(t, "http-answers.json#/$defs/diff", wire.Encode(wire.DiffOf(d, true)))
	}
	const want = `{"blob":[{"after":null,"before":1,"path":"/a"},{"before":1,"path":"/b/0"}],"content":{"hunks":[{"lines":3,"op":"skip"},` +
		`{"op":"delete","text":"4"},{"op":"insert","text":"four"},{"op":"equal","text":"\n"}]},"fields":[` +
		`{"after":"t","before":null,"name":"title"},{"after":"e","before":null,"name":"encryptedTitle"},{"name":"encryptedContent"},` +
		`{"after":"i","before":null,"name":"iv"},{"after":"s","before":null,"name":"salt"},{"after":"task","before":"note","name":"type"},` +
		`{"after":"public","before":"private","name":"access"},{"after":true,"before":false,"name":"deleted"},` +
		`{"after":"bob","before":"ann","name":"userId"}],"from":1,"members":{"added":[{"role":"write","userId":"ann"}],` +
		`"changed":[{"after":"write","before":"read","userId":"cat"}],"removed":[{"role":"read","userId":"bob"}]},"to":2}`
	got := jsontext.Value(wire.Encode(wire.DiffOf(notes.DiffNotes(before, after, 0), false)))
	if err := got.Canonicalize(); err != nil || string(got) != want {
		t.Errorf("the diff is\n%s\nwant\n%s\n%v", got, want, err)
	}
}
