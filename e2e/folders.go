package e2e

import (
	"fmt"
	"slices"

	"notewire/client/goclient"
)

var folderRules = slices.Concat(
	[]rule{
		{"folders are made, changed, listed and removed", nil, folders},
		{"a folder with folders in it stays, and its notes outlive it", nil, foldersInFolders},
		{"folders are each account's own", nil, ownFolders},
		{"a mutation of a folder that is sent again has one effect", nil, repeatedFolders},
		{"a batch changes folders among notes", []Ability{Batch}, batchOfFolders},
		{"a folder by frame is confirmed to its sender in its place, and an event to all others", []Ability{AccountSocket}, folderFrames},
		{"a frame about a folder that is refused is told by its ids, in the ancestor's words", []Ability{AccountSocket}, refusedFolderFrames},
	},
	onEach(onAccounts, "an account's folders are in its log", folderEvents),
)

// allFolders reads the account's folders.
func (u *user) allFolders() []goclient.Folder {
	u.t.Helper()
	list, err := u.Folders(u.t.ctx)
	if err != nil {
		u.t.Fatal(err)
	}
	return list.Folders
}

// folder makes a folder and returns its id.
func (u *user) folder(body members) string {
	u.t.Helper()
	return u.do("folder_create", u.t.id("folder"), body).ID
}

func folders(t *trial) {
	ann := t.user("ann")
	equal(t, "folders of a new account", ann.allFolders(), []goclient.Folder{})
	home := ann.folder(members{"name": "Home <&>"})
	work := ann.folder(members{"name": "Work", "color": "#0099FF", "isDefault": true})
	inner := ann.folder(members{"name": "Inner", "parentId": home})
	all := ann.allFolders()
	equal(t, "ids", []string{all[0].ID, all[1].ID, all[2].ID}, slices.Sorted(slices.Values([]string{home, work, inner})))
	of := func(id string) goclient.Folder {
		t.Helper()
		for _, f := range ann.allFolders() {
			if f.ID == id {
				return f
			}
		}
		t.Fatalf("there is no folder %s", id)
		return goclient.Folder{}
	}
	f := of(home)
	equal(t, "the first", []any{f.UserID, f.Name, f.Color, f.ParentID, f.Order, f.IsDefault}, []any{ann.name, "Home <&>", "#6b7280", (*string)(nil), int64(0), false})
	f = of(work)
	equal(t, "the second", []any{f.Color, f.Order, f.IsDefault}, []any{"#0099FF", int64(1), true})
	f = of(inner)
	equal(t, "the one within", []any{*f.ParentID, f.Order}, []any{home, int64(0)})
	ann.do("folder_update", inner, members{"changes": members{"name": "Outer", "parentId": nil, "order": 7}})
	f = of(inner)
	equal(t, "the one that was moved", []any{f.Name, f.ParentID, f.Order}, []any{"Outer", (*string)(nil), int64(7)})
	ann.do("folder_delete", work, nil)
	equal(t, "folders", len(ann.allFolders()), 2)
	if chosen := ann.do("folder_create", "", members{"name": "x"}).ID; chosen == "" {
		t.Error("the hosting chose no id")
	}
	for _, c := range []struct {
		op, id string
		body   members
		status int
		code   string
	}{
		{"folder_create", home, members{"name": "again"}, 409, "note_exists"},
		{"folder_create", "", members{"color": "#000000"}, 400, "invalid"},
		{"folder_create", "", members{"name": "x", "color": "red"}, 400, "invalid"},
		{"folder_create", "", members{"name": "x", "order": -1}, 400, "invalid"},
		{"folder_create", "", members{"name": "x", "parentId": "absent"}, 400, "invalid"},
		{"folder_update", home, members{"changes": members{}}, 400, "invalid"},
		{"folder_update", work, members{"changes": members{"name": "x"}}, 404, "not_found"},
		{"folder_delete", work, nil, 404, "not_found"},
	} {
		ann.refused(c.status, c.code, c.op, c.id, c.body)
	}
}

func foldersInFolders(t *trial) {
	ann := t.user("ann")
	path := []string{ann.folder(members{"name": "1"})}
	for i := 2; i <= 10; i++ {
		path = append(path, ann.folder(members{"name": fmt.Sprint(i), "parentId": path[i-2]}))
	}
	ann.refused(422, "limit_exceeded", "folder_create", "", members{"name": "11", "parentId": path[9]})
	ann.refused(400, "invalid", "folder_update", path[0], members{"changes": members{"parentId": path[0]}})
	ann.refused(400, "invalid", "folder_update", path[0], members{"changes": members{"parentId": path[4]}})
	note := ann.create(members{"content": "in it", "folderId": path[9]})
	refusal := ann.refused(409, "conflict", "folder_delete", path[8], nil)
	equal(t, "why", refusal.Message, "Cannot delete folder with subfolders. Delete subfolders first.")
	ann.do("folder_delete", path[9], nil)
	ann.do("folder_delete", path[8], nil)
	equal(t, "folders", len(ann.allFolders()), 8)
	n := ann.get(note)
	equal(t, "the note", []any{n.Content, n.Version}, []any{"in it", int64(1)})
}

func ownFolders(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	folder := ann.folder(members{"name": "hers"})
	bob.refused(404, "not_found", "folder_update", folder, members{"changes": members{"name": "his"}})
	bob.refused(404, "not_found", "folder_delete", folder, nil)
	bob.do("folder_create", folder, members{"name": "his"}) // the id is free in his account
	equal(t, "hers", ann.allFolders()[0].Name, "hers")
	equal(t, "his", bob.allFolders()[0].Name, "his")
}

func repeatedFolders(t *trial) {
	ann := t.user("ann")
	folder := t.id("folder")
	create := members{"name": "x", "mutationId": newMutationID()}
	update := members{"changes": members{"name": "y"}, "mutationId": newMutationID()}
	remove := members{"mutationId": newMutationID()}
	first := []string{
		string(ann.do("folder_create", folder, create).Body), string(ann.do("folder_update", folder, update).Body),
		string(ann.do("folder_delete", folder, remove).Body),
	}
	again := []string{
		string(ann.do("folder_create", folder, create).Body), string(ann.do("folder_update", folder, update).Body),
		string(ann.do("folder_delete", folder, remove).Body),
	}
	equal(t, "the answers", again, first)
	equal(t, "folders", ann.allFolders(), []goclient.Folder{})
	ann.refused(409, "mutation_reused", "folder_create", folder, members{"name": "z", "mutationId": create["mutationId"]})
	ann.refused(409, "mutation_reused", "trash", folder, members{"mutationId": remove["mutationId"]})
}

func batchOfFolders(t *trial) {
	ann := t.user("ann")
	folder, note := t.id("folder"), t.id("note")
	status, answer, err := ann.Do(t.ctx, "POST", "/api/mutations", members{"mutations": []members{
		{"op": "folder_create", "folderId": folder, "mutationId": newMutationID(), "name": "x"},
		{"op": "create", "noteId": note, "mutationId": newMutationID(), "folderId": folder},
		{"op": "folder_update", "folderId": t.id("absent"), "mutationId": newMutationID(), "changes": members{"name": "y"}},
		{"op": "folder_update", "folderId": folder, "mutationId": newMutationID(), "changes": members{"name": "y"}},
	}})
	if err != nil || status != 200 {
		t.Fatalf("%d %s, %v", status, answer, err)
	}
	results := decode[struct {
		Results []struct {
			FolderID, NoteID string
			Error            struct{ Code, FolderID string }
		}
	}](t, goclient.Event{Data: answer}).Results
	equal(t, "what they are about", []string{results[0].FolderID, results[1].NoteID, results[3].FolderID}, []string{folder, note, folder})
	var codes []string
	for _, r := range results {
		codes = append(codes, r.Error.Code)
	}
	equal(t, "what was refused", codes, []string{"", "", "not_found", ""})
	equal(t, "which folder was not there", results[2].Error.FolderID, results[2].FolderID)
	equal(t, "the folder", ann.allFolders()[0].Name, "y")
}

func folderEvents(t *trial, transport goclient.Transport) {
	ann, bob := t.user("ann"), t.user("bob")
	hers, his := ann.account(transport, ""), bob.account(transport, "")
	from := hers.cursor
	folder := ann.folder(members{"name": "one"})
	answer := ann.do("folder_update", folder, members{"changes": members{"name": "two", "order": 3}})
	ann.do("folder_delete", folder, nil)
	for _, s := range []*tap{hers, ann.account(transport, from)} {
		e := s.show("folder_created_sync")
		equal(t, "what was made", []any{e.FolderID, e.FromUserID, e.FolderData.Name, e.FolderData.ID}, []any{folder, ann.name, "one", folder})
		event := s.event("folder_updated_sync")
		equal(t, "which, by what, and where", []string{event.FolderID, event.MutationID, event.Cursor}, []string{folder, answer.MutationID, answer.Cursor})
		e = decode[shown](t, event)
		equal(t, "what changed", []any{len(e.Changes), string(e.Changes["name"]), string(e.Changes["order"]), e.UpdatedFolder.Name}, []any{3, `"two"`, "3", "two"})
		equal(t, "what is gone", s.show("folder_deleted_sync").FolderID, folder)
	}
	note := bob.create(nil)
	equal(t, "his first event", his.show("note_created_sync").NoteID, note)
}

func folderFrames(t *trial) {
	ann := t.user("ann")
	folder := t.id("folder")
	sender, other := ann.account(goclient.WebSocket, ""), ann.account(goclient.WebSocket, "")
	confirmed := func(op, mutation string) shown {
		t.Helper()
		e := sender.event("mutation_ack")
		equal(t, "which mutation is confirmed", []string{e.MutationID, e.FolderID, decode[shown](t, e).Op}, []string{mutation, folder, op})
		return decode[shown](t, e)
	}
	data := members{"userId": ann.name, "name": "one", "color": "#0099ff", "parentId": nil, "order": 0, "isDefault": false}
	sender.say(members{"type": "folder_created", "folderId": folder, "folderData": data, "mutationId": "made"})
	equal(t, "the folder", confirmed("folder_create", "made").Folder.Name, "one")
	sender.say(members{"type": "folder_updated", "folderId": folder, "changes": members{"name": "two"}, "updatedFolder": members{"name": "ignored"}, "mutationId": "changed"})
	equal(t, "the folder", confirmed("folder_update", "changed").Folder.Name, "two")
	at := sender.cursor
	sender.say(members{"type": "folder_created", "folderId": folder, "folderData": data, "mutationId": "known"})
	equal(t, "the folder that was there", confirmed("folder_create", "known").Folder.Name, "two")
	equal(t, "where that stands", sender.cursor, at)
	sender.say(members{"type": "folder_deleted", "folderId": folder, "mutationId": "gone"})
	if confirmed("folder_delete", "gone").Folder != nil {
		t.Error("a folder that is gone is shown")
	}
	for _, kind := range []string{"folder_created_sync", "folder_updated_sync", "folder_deleted_sync"} {
		other.event(kind)
	}
	equal(t, "where both stand", other.cursor, sender.cursor)
}

func refusedFolderFrames(t *trial) {
	ann := t.user("ann")
	s := ann.account(goclient.WebSocket, "")
	outer := ann.folder(members{"name": "outer"})
	ann.folder(members{"name": "inner", "parentId": outer})
	s.event("folder_created_sync")
	s.event("folder_created_sync")
	absent := t.id("absent")
	refused := func(frame members, code, message string) {
		t.Helper()
		frame["mutationId"] = "mine"
		s.say(frame)
		e := s.event("error")
		said := decode[shown](t, e)
		equal(t, "why", []string{said.Code, said.Message}, []string{code, message})
		equal(t, "which", []any{e.MutationID, e.FolderID}, []any{"mine", frame["folderId"]})
	}
	refused(members{"type": "folder_updated", "folderId": absent, "changes": members{"name": "x"}}, "not_found", "Folder not found or access denied")
	refused(members{"type": "folder_deleted", "folderId": absent}, "not_found", "Folder not found or access denied")
	refused(members{"type": "folder_deleted", "folderId": outer}, "conflict", "Cannot delete folder with subfolders. Delete subfolders first.")
	refused(members{"type": "folder_created", "folderId": absent}, "missing_member", "Missing folderData")
	s.say(members{"type": "folder_created", "folderId": absent, "folderData": members{"userId": "somebody", "name": "x"}, "mutationId": "theirs"})
	equal(t, "a folder of somebody else's", s.show("error").Code, "forbidden")
	equal(t, "folders", len(ann.allFolders()), 2)
}
