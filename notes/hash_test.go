package notes

import (
	"encoding/json"
	"reflect"
	"testing"
)

// hashOf reads an operation as JSON, like a transport does, and returns its mutation's hash.
func hashOf[T Op](t *testing.T, spelling string) [32]byte {
	t.Helper()
	var op T
	if err := json.Unmarshal([]byte(spelling), &op); err != nil {
		t.Fatalf("%s: %v", spelling, err)
	}
	m := Mutation{ID: "m", Note: "n", Op: op}
	if err := m.Check(DefaultLimits()); err != nil {
		t.Fatalf("%s: %v", spelling, err)
	}
	return m.Hash()
}

func TestHashIsEqualHoweverAnOperationIsSpelled(t *testing.T) {
	for _, spellings := range [][]string{
		{`{"changes":{"title":"A<é","content":"x"}}`, ` { "changes" : { "content":"x", "title":"\u0041\u003c\u00e9" } } `},
		{`{"changes":{"blob":{"a":[1,2]}}}`, `{"changes":{"blob": { "a" : [ 1,2 ] } }}`},
		{`{"changes":{"blob":null}}`, `{"changes":{"blob": null }}`},
		{`{"changes":{"hidden":true,"hiddenAt":1763700000000}}`, `{"changes":{"hidden":true,"hiddenAt":"2025-11-21T04:40:00Z"}}`},
		{`{"changes":{"addTags":["a"]}}`, `{"changes":{"addTags":["a"],"removeTags":[]}}`, `{"changes":{"addTags":["a"],"removeTags":null}}`},
		{`{"changes":{"content":"x"},"baseVersion":3}`, `{"baseVersion":3,"changes":{"content":"x"},"expectedVersion":null}`},
	} {
		want := hashOf[Edit](t, spellings[0])
		for _, other := range spellings[1:] {
			if hashOf[Edit](t, other) != want {
				t.Errorf("%s and %s hash differently", spellings[0], other)
			}
		}
	}
	built := Mutation{ID: "another id", Note: "n", Op: Edit{Changes: Changes{BodyPatch: BodyPatch{Blob: Some(json.RawMessage(nil))}}}}
	if built.Hash() != hashOf[Edit](t, `{"changes":{"blob":null}}`) {
		t.Error("a blob of null hashes differently when it was not read from JSON")
	}
}

func TestHashDiffersForAnythingElse(t *testing.T) {
	mutations := map[string]Mutation{
		"trash": {Note: "n", Op: Trash{}}, "restore": {Note: "n", Op: Restore{}}, "leave": {Note: "n", Op: Leave{}},
		"trash of another": {Note: "o", Op: Trash{}}, "create": {Note: "n", Op: Create{}}, "create without an id": {Op: Create{}},
		"organise": {Note: "n", Op: Organise{Fields: star}},
		"revert 1": {Note: "n", Op: Revert{Version: 1}}, "revert 2": {Note: "n", Op: Revert{Version: 2}},
		"public": {Note: "n", Op: Share{Access: Some(Public)}}, "private": {Note: "n", Op: Share{Access: Some(Private)}},
		"a reader": {Note: "n", Op: Share{Members: []Member{{"a", Reader}}}}, "a writer": {Note: "n", Op: Share{Members: []Member{{"a", Writer}}}},
		"purge": {Note: "n", Op: Purge{}}, "kept side of 1": {Note: "n", Op: Revert{Version: 1, Kept: true}},
		"owner a": {Note: "n", Op: Share{Owner: "a"}}, "owner b": {Note: "n", Op: Share{Owner: "b"}},
		"expires in 1": {Note: "n", Op: Create{ExpiresInHours: 1}}, "expires in 1.5": {Note: "n", Op: Create{ExpiresInHours: 1.5}},
		"folder n": {Folder: "n", Op: FolderCreate{FolderPatch: named("x")}}, "folder o": {Folder: "o", Op: FolderCreate{FolderPatch: named("x")}},
		"a folder": {Op: FolderCreate{FolderPatch: named("x")}}, "folder n, later": {Folder: "n", Op: FolderUpdate{Changes: named("x")}},
		"folder n in o": {Folder: "n", Op: FolderUpdate{Changes: under("o")}}, "folder n at the top": {Folder: "n", Op: FolderUpdate{Changes: under("")}},
		"no folder n": {Folder: "n", Op: FolderDelete{}},
		"not a":       {Note: "n", Op: Share{Remove: []UserID{"a"}}},
		"base":        {Note: "n", Op: Edit{BaseVersion: 3}}, "expected": {Note: "n", Op: Edit{ExpectedVersion: 3}},
		"after": {Note: "n", Op: Edit{BaseMutation: "3"}}, "edit": {Note: "n", Op: Edit{}},
		"template": {Note: "n", Op: Create{TemplateID: "t"}},
	}
	for name, patch := range eachField() {
		mutations["edit of "+name] = Mutation{Note: "n", Op: Edit{Changes: patch}}
		mutations["create with "+name] = Mutation{Note: "n", Op: Create{BodyPatch: patch.BodyPatch, FieldsPatch: patch.FieldsPatch}}
	}
	delete(mutations, "create with deleted") // has no such member
	delete(mutations, "create with live")
	seen := map[[32]byte]string{}
	for name, m := range mutations {
		hash := m.Hash()
		if other, ok := seen[hash]; ok {
			t.Errorf("%s and %s hash alike", name, other)
		}
		seen[hash] = name
	}
}

// eachField returns a patch for every member that a patch can have, and every way to set it.
func eachField() map[string]Changes {
	patches := map[string]Changes{
		"blob 1":  {BodyPatch: BodyPatch{Blob: Some(json.RawMessage(`1`))}},
		"blob {}": {BodyPatch: BodyPatch{Blob: Some(json.RawMessage(`{}`))}},
		"live":    {Deleted: Some(false)}, "deleted": {Deleted: Some(true)},
		"no tags": {FieldsPatch: FieldsPatch{Tags: Some([]string{})}},
		"a b":     {FieldsPatch: FieldsPatch{Tags: Some([]string{"a", "b"})}}, "ab": {FieldsPatch: FieldsPatch{Tags: Some([]string{"ab"})}},
		"+a": {FieldsPatch: FieldsPatch{AddTags: []string{"a"}}}, "-a": {FieldsPatch: FieldsPatch{RemoveTags: []string{"a"}}},
		"unstar": {FieldsPatch: FieldsPatch{Starred: Some(false)}}, "unarchive": {FieldsPatch: FieldsPatch{Archived: Some(false)}},
		"unhide": {FieldsPatch: FieldsPatch{Hidden: Some(false)}}, "star": {FieldsPatch: star},
		"archive": {FieldsPatch: FieldsPatch{Archived: Some(true)}}, "hide": {FieldsPatch: FieldsPatch{Hidden: Some(true)}},
		"hidden at 1": {FieldsPatch: FieldsPatch{HiddenAt: Some(ptr(Millis(1)))}}, "hidden at null": {FieldsPatch: FieldsPatch{HiddenAt: Some[*Millis](nil)}},
		"type a": {BodyPatch: BodyPatch{Type: Some("a")}}, "content": {BodyPatch: text("")}, "content a": {BodyPatch: text("a")},
	}
	for value, v := range map[string]*string{"null": nil, "empty": ptr(""), "a": ptr("a")} {
		patches["title "+value] = Changes{BodyPatch: BodyPatch{Title: Some(v)}}
		patches["encryptedTitle "+value] = Changes{BodyPatch: BodyPatch{EncryptedTitle: Some(v)}}
		patches["encryptedContent "+value] = Changes{BodyPatch: BodyPatch{EncryptedContent: Some(v)}}
		patches["iv "+value] = Changes{BodyPatch: BodyPatch{IV: Some(v)}}
		patches["salt "+value] = Changes{BodyPatch: BodyPatch{Salt: Some(v)}}
		patches["folder "+value] = Changes{FieldsPatch: FieldsPatch{FolderID: Some(v)}}
	}
	return patches
}

// A member that somebody adds to an operation and hides from JSON would not be in its hash.
func TestHashCoversEveryMemberOfAnOperation(t *testing.T) {
	hidden := map[string]bool{"Create.IfAbsent": true, "FolderCreate.IfAbsent": true} // a matter of the answer, not of the effect
	for _, op := range ops {
		for _, f := range reflect.VisibleFields(reflect.TypeOf(op)) {
			name := reflect.TypeOf(op).Name() + "." + f.Name
			if (!f.IsExported() || f.Tag.Get("json") == "-") && !hidden[name] {
				t.Errorf("%s is not in the hash", name)
			}
		}
	}
}

// The hash is in receipts that are kept for 400 days: another one refuses every repeat.
func TestHashDoesNotChange(t *testing.T) {
	m := Mutation{Note: "n", Op: everything()}
	const want = "1a5e985041baff459a9771c15c995c61e4c89ac61ea544302334337075f3a250"
	if got := hexOf(m.Hash()); got != want {
		t.Errorf("the hash is %s, was %s", got, want)
	}
}
