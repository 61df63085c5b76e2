package wire_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"notewire/notes"
	"notewire/transport/wire"
)

// samples is a JSON value of every kind.
var samples = map[string]string{
	"null": `null`, "bool": `true`, "number": `7`, "string": `"text"`, "array": `[]`, "object": `{}`,
}

// What a member may be: kinds of samples.
const (
	anything   = "null bool number string array object"
	boolean    = "bool"
	text1      = "string"
	textOrNull = "string null" // null clears, or counts as absent
	wholeNull  = "number null"
	listNull   = "array null"
	objectNull = "object null"
)

var bodyMembers = map[string]string{
	"title": textOrNull, "content": text1, "blob": anything, "encryptedTitle": textOrNull, "encryptedContent": textOrNull,
	"iv": textOrNull, "salt": textOrNull, "type": text1,
}

var fieldMembers = map[string]string{
	"folderId": textOrNull, "tags": "array", "addTags": listNull, "removeTags": listNull, "starred": boolean,
	"archived": boolean, "hidden": boolean, "hiddenAt": wholeNull, // or a date
}

var editMembers = map[string]string{
	"changes": objectNull, "expectedVersion": wholeNull, "baseVersion": wholeNull, "baseMutationId": textOrNull,
}

var shareMembers = map[string]string{"access": text1, "members": listNull, "remove": listNull, "owner": textOrNull}

var revertMembers = map[string]string{"version": wholeNull, "kept": "bool null"}

var folderMembers = map[string]string{"name": text1, "color": text1, "parentId": textOrNull, "order": "number", "isDefault": boolean}

// shape is the members of one object in the messages of a decoder.
type shape struct {
	decoder
	around  string // the message, with %s where the members go
	prefix  string // of the members' places
	members []map[string]string
}

var (
	mutationRef = map[string]string{"mutationId": textOrNull}
	frameRefs   = map[string]string{"mutationId": textOrNull, "noteId": text1}
	folderRefs  = map[string]string{"mutationId": textOrNull, "folderId": text1}
	createExtra = map[string]string{"templateId": textOrNull, "expiresInHours": "number null", "members": listNull}
	onlyDeleted = map[string]string{"deleted": boolean}
	shown       = map[string]string{"data": anything}
	customName  = map[string]string{"name": text1}
	member      = map[string]string{"userId": textOrNull, "role": textOrNull}
)

var shapes = []shape{
	{up("auth"), `{"type":"auth",%s}`, "", list(map[string]string{"token": textOrNull, "cursor": textOrNull})},
	{up("join_note"), `{"type":"join_note",%s}`, "", list(map[string]string{"noteId": text1})},
	{up("leave_note"), `{"type":"leave_note",%s}`, "", list(map[string]string{"noteId": text1})},
	{up("note_update"), `{"type":"note_update",%s}`, "", list(frameRefs, editMembers)},
	{up("note_update"), `{"type":"note_update","noteId":"n","changes":{%s}}`, "changes.", list(bodyMembers, fieldMembers, onlyDeleted)},
	{up("note_created"), `{"type":"note_created",%s}`, "", list(mutationRef, map[string]string{"noteId": textOrNull, "noteData": "object"})},
	{up("note_created"), `{"type":"note_created","noteData":{%s}}`, "noteData.",
		list(bodyMembers, fieldMembers, createExtra, map[string]string{"id": textOrNull, "userId": textOrNull})},
	{up("note_deleted"), `{"type":"note_deleted",%s}`, "", list(frameRefs)},
	{up("folder_created"), `{"type":"folder_created",%s}`, "",
		list(mutationRef, map[string]string{"folderId": textOrNull, "folderData": "object"})},
	{up("folder_created"), `{"type":"folder_created","folderData":{%s}}`, "folderData.",
		list(folderMembers, map[string]string{"id": textOrNull, "userId": textOrNull})},
	{up("folder_updated"), `{"type":"folder_updated",%s}`, "", list(folderRefs)},
	{up("folder_updated"), `{"type":"folder_updated","folderId":"f",%s}`, "", list(map[string]string{"changes": objectNull})},
	{up("folder_updated"), `{"type":"folder_updated","folderId":"f","changes":{%s}}`, "changes.", list(folderMembers)},
	{up("folder_deleted"), `{"type":"folder_deleted",%s}`, "", list(folderRefs)},
	{up("presence"), `{"type":"presence","noteId":"n",%s}`, "", list(shown)},
	{up("custom"), `{"type":"custom","noteId":"n","name":"n",%s}`, "", list(shown)},
	{up("custom"), `{"type":"custom","noteId":"n",%s}`, "", list(customName)},
	{noteUp("ephemeral"), `{"type":"ephemeral",%s}`, "", list(shown)},
	{noteUp("custom"), `{"type":"custom","name":"n",%s}`, "", list(shown)},
	{noteUp("custom"), `{"type":"custom",%s}`, "", list(customName)},
	{post("presence", ""), `{"connectionId":"c",%s}`, "", list(shown)},
	{post("presence", ""), `{%s}`, "", list(map[string]string{"connectionId": text1})},
	{post("custom", ""), `{"name":"n",%s}`, "", list(shown, map[string]string{"connectionId": textOrNull})},
	{post("custom", ""), `{%s}`, "", list(customName)},
	{noteUp("update_event"), `{"type":"update_event","data":{},%s}`, "",
		list(mutationRef, map[string]string{"expectedVersion": wholeNull, "baseVersion": wholeNull, "baseMutationId": textOrNull})},
	{noteUp("update_event"), `{"type":"update_event",%s}`, "", list(map[string]string{"data": "object"})},
	{noteUp("update_event"), `{"type":"update_event","data":{%s}}`, "data.",
		list(map[string]string{"title": textOrNull, "content": text1, "blob": anything})},
	{mutation("create", ""), `{%s}`, "", list(bodyMembers, fieldMembers, createExtra, mutationRef, map[string]string{"id": textOrNull})},
	{mutation("edit", ""), `{%s}`, "", list(mutationRef, editMembers)},
	{mutation("edit", ""), `{"changes":{%s}}`, "changes.", list(bodyMembers, fieldMembers, onlyDeleted)},
	{mutation("organise", ""), `{%s}`, "", list(mutationRef, map[string]string{"fields": objectNull})},
	{mutation("organise", ""), `{"fields":{%s}}`, "fields.", list(fieldMembers)},
	{mutation("revert", ""), `{%s}`, "", list(mutationRef, revertMembers)},
	{mutation("share", ""), `{%s}`, "", list(mutationRef, shareMembers)},
	{mutation("share", ""), `{"members":[{%s}]}`, "members.0.", list(member)},
	{mutation("trash", ""), `{%s}`, "", list(mutationRef)},
	{mutation("restore", ""), `{%s}`, "", list(mutationRef)},
	{mutation("leave", ""), `{%s}`, "", list(mutationRef)},
	{mutation("purge", ""), `{%s}`, "", list(mutationRef)},
	{mutation("folder_create", ""), `{%s}`, "", list(mutationRef, folderMembers, map[string]string{"id": textOrNull})},
	{mutation("folder_update", ""), `{%s}`, "", list(mutationRef, map[string]string{"changes": objectNull})},
	{mutation("folder_update", ""), `{"changes":{%s}}`, "changes.", list(folderMembers)},
	{mutation("folder_delete", ""), `{%s}`, "", list(mutationRef)},
	{decoder{decode: decodeBatch, http: true}, `{%s}`, "", list(map[string]string{"mutations": "array"})},
	{decoder{decode: decodeItem, http: true}, `{"mutations":[{"op":"trash",%s}]}`, "",
		list(map[string]string{"noteId": textOrNull, "mutationId": textOrNull})},
	{decoder{decode: decodeItem, http: true}, `{"mutations":[{"op":"folder_delete",%s}]}`, "",
		list(map[string]string{"folderId": textOrNull, "mutationId": textOrNull})},
	{decoder{decode: decodeStrict, http: true}, `{%s}`, "", list(shareMembers)},
}

func list(maps ...map[string]string) []map[string]string { return maps }

// decodeItem is DecodeBatch, and the error of its first item.
func decodeItem(data []byte) error {
	items, err := wire.DecodeBatch(data)
	if err != nil || len(items) == 0 {
		return err
	}
	return items[0].Err
}

// eachMember calls f for every member of every shape, and every kind of value.
func eachMember(f func(s shape, name, kind, message string, allowed bool)) {
	for _, s := range shapes {
		for _, members := range s.members {
			for name, allowed := range members {
				for kind, value := range samples {
					message := fmt.Sprintf(s.around, `"`+name+`":`+value)
					f(s, name, kind, message, slices.Contains(strings.Fields(allowed), kind))
				}
			}
		}
	}
}

func TestAMemberOfTheWrongTypeIsRefusedByItsPlace(t *testing.T) {
	eachMember(func(s shape, name, kind, message string, allowed bool) {
		err := s.decode([]byte(message))
		if allowed {
			if err != nil && checkFormatError(t, err).Code != wire.MissingMember {
				t.Errorf("%s was refused: %v", message, err)
			}
			return
		}
		if err == nil {
			t.Errorf("%s was accepted", message)
			return
		}
		f := checkFormatError(t, err)
		if missing := kind == "null" && f.Code == wire.MissingMember; missing {
			return
		}
		if f.Code != wire.WrongType || !strings.HasPrefix(f.Detail, s.prefix+name) {
			t.Errorf("%s gave %s: %s", message, f.Code, f.Detail)
		}
	})
}

// The tables above name every member that the domain knows: what is in none is not tested.
func TestTheTablesOfMembersAreComplete(t *testing.T) {
	for _, c := range []struct {
		value  any
		tables []map[string]string
	}{
		{notes.BodyPatch{}, list(bodyMembers)},
		{notes.FieldsPatch{}, list(fieldMembers)},
		{notes.Changes{}, list(bodyMembers, fieldMembers, onlyDeleted)},
		{notes.Create{}, list(bodyMembers, fieldMembers, createExtra)},
		{notes.Edit{}, list(editMembers)},
		{notes.Share{}, list(shareMembers)},
		{notes.Member{}, list(member)},
		{notes.Revert{}, list(revertMembers)},
		{notes.FolderCreate{}, list(folderMembers)},
		{notes.FolderPatch{}, list(folderMembers)},
		{notes.FolderUpdate{}, list(map[string]string{"changes": ""})},
		{notes.Organise{}, list(map[string]string{"fields": ""})},
	} {
		var named []string
		for _, table := range c.tables {
			for name := range table {
				named = append(named, name)
			}
		}
		known := jsonNames(reflect.TypeOf(c.value))
		slices.Sort(named)
		slices.Sort(known)
		if !slices.Equal(named, known) {
			t.Errorf("%T has %v, the tables %v", c.value, known, named)
		}
	}
}

func jsonNames(t reflect.Type) []string {
	var names []string
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			names = append(names, jsonNames(f.Type)...)
		case name != "-":
			names = append(names, name)
		}
	}
	return names
}

func TestElementsOfListsHaveTypes(t *testing.T) {
	edit, organise, share := mutation("edit", ""), mutation("organise", ""), mutation("share", "")
	for _, value := range []string{`5`, `true`, `{}`, `[]`} {
		edit.wants(t, wire.WrongType, `{"changes":{"tags":["a",`+value+`]}}`)
		organise.wants(t, wire.WrongType, `{"fields":{"addTags":[`+value+`]}}`)
		organise.wants(t, wire.WrongType, `{"fields":{"removeTags":[`+value+`]}}`)
		share.wants(t, wire.WrongType, `{"remove":["a",`+value+`]}`)
	}
	for _, value := range []string{`5`, `true`, `"text"`, `[]`} {
		share.wants(t, wire.WrongType, `{"members":[`+value+`]}`)
		decoder{decode: decodeBatch}.wants(t, wire.WrongType, `{"mutations":[`+value+`]}`)
	}
}

func TestVersionsAreWholeNumbers(t *testing.T) {
	for value, detail := range map[string]string{
		`1.5`: "must be a whole number", `1e3`: "must be a whole number", `1.0`: "must be a whole number",
		`9223372036854775808`: "is out of range", `-9223372036854775809`: "is out of range",
		strings.Repeat("9", 10_000): "is out of range", `1e400`: "must be a whole number", `"3"`: "must not be a JSON string",
	} {
		if f := mutation("revert", "").wants(t, wire.WrongType, `{"version":`+value+`}`); f.Detail != "version "+detail {
			t.Errorf("%.20s: got %q", value, f.Detail)
		}
		up("").wants(t, wire.WrongType, `{"type":"note_update","noteId":"n","expectedVersion":`+value+`}`)
		noteUp("").wants(t, wire.WrongType, `{"type":"update_event","baseVersion":`+value+`,"data":{}}`)
	}
	mutation("revert", "").accepts(t, `{"version":9223372036854775807}`) // not this layer's to refuse
}

func TestHugeNumbersInABlobAreKeptAsPosted(t *testing.T) {
	for _, number := range []string{`1e400`, `-0.0`, strings.Repeat("9", 10_000), `0.1000`, `1E+2`} {
		m, err := wire.DecodeMutation("edit", string(noteID), []byte(`{"changes":{"blob":`+number+`}}`))
		if err != nil {
			t.Fatal(err)
		}
		n := shoppingNote()
		n.Blob = m.Op.(notes.Edit).Changes.Blob.Value
		sent := membersOf(t, membersOf(t, wire.AccountEvent(syncOf(n, "edit", "blob"), cursor))["changes"])
		if string(sent["blob"]) != number {
			t.Errorf("%.20s became %.20s", number, sent["blob"])
		}
	}
}

func TestATimeIsMillisecondsOrADate(t *testing.T) {
	organise := mutation("organise", "")
	for _, value := range []string{`0`, `-1`, `1758000123456`, `"2025-09-16T05:22:03.456Z"`, `"2025-09-16T07:22:03+02:00"`, `null`} {
		organise.accepts(t, `{"fields":{"hiddenAt":`+value+`}}`)
	}
	for _, value := range []string{`1.5`, `1e3`, `9223372036854775808`, `""`, `"now"`, `"2025-09-16"`, `"2025-02-30T00:00:00Z"`, `{}`} {
		organise.wants(t, wire.WrongType, `{"fields":{"hiddenAt":`+value+`}}`)
	}
}
