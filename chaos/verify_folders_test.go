package chaos

import (
	"fmt"
	"maps"
	"testing"
)

// folderChange commits a mutation of ada's folders.
func (s *story) folderChange(op, id string, patch FolderPatch) {
	m := &Mutation{Author: "ada", Op: op, Folder: id, Patch: &patch}
	s.name(m)
	m.Note = ""
	a := s.Accounts["ada"]
	f, _ := patch.apply(m, a.Folders)
	row := map[string]any{"folderId": id, "fromUserId": "ada", "mutationId": m.ID, "cursor": fmt.Sprintf("e-%d", len(a.Log)+1)}
	a.Folders = maps.Clone(a.Folders)
	switch op {
	case "folder_create":
		row["type"], row["folderData"] = "folder_created_sync", f
	case "folder_update":
		row["type"], row["updatedFolder"] = "folder_updated_sync", f
	default:
		row["type"] = "folder_deleted_sync"
	}
	if a.Folders[id] = f; op == "folder_delete" {
		delete(a.Folders, id)
	}
	a.Log = append(a.Log, Event{Seq: int64(len(a.Log)) + 1, Data: encode(row)})
	s.acknowledge(m, 0)
}

func tellOfFolders() *story {
	s := newStory()
	s.Accounts["ada"].Folders = map[string]Folder{}
	name, other, color, order, above, top := "one", "two", "#ff0000", int64(3), "f1", ""
	s.commit(&Mutation{Author: "ada", Op: "create", Text: "a1\n"})
	s.folderChange("folder_create", "f1", FolderPatch{Name: &name})
	s.folderChange("folder_create", "f2", FolderPatch{Name: &name, Parent: &above})
	s.folderChange("folder_update", "f2", FolderPatch{Color: &color, Order: &order})
	s.folderChange("folder_create", "f3", FolderPatch{Name: &other, Parent: &above})
	s.folderChange("folder_update", "f2", FolderPatch{Parent: &top})
	s.folderChange("folder_delete", "f3", FolderPatch{})
	s.organise(&Mutation{Author: "ada", Op: "organise", Text: "red"})
	for _, code := range []string{"invalid", "not_found"} {
		m := &Mutation{Author: "ada", Op: "folder_update", Folder: "f3", Patch: &FolderPatch{}}
		s.refuse(m, code)
		m.Note = ""
	}
	s.follow("ada", 0)
	s.Accounts["ada"].Listed[note] = 1
	return s
}

func TestEveryWrongFolderIsFound(t *testing.T) {
	right(t, tellOfFolders())
	folder := func(i int, name string, change func(map[string]any)) func(*story) {
		return func(s *story) {
			edit(&s.Accounts["ada"].Log[i].Data, func(f map[string]any) { change(f[name].(map[string]any)) })
		}
	}
	for _, test := range []spoiled{
		{"an event has another name", folder(1, "folderData", func(f map[string]any) { f["Name"] = "q" }), RuleFolders},
		{"an event has another parent", folder(2, "folderData", func(f map[string]any) { f["ParentID"] = nil }), RuleFolders},
		{"an event has another place", folder(4, "folderData", func(f map[string]any) { f["Order"] = 0 }), RuleFolders},
		{"an update loses what it did not name", folder(3, "updatedFolder", func(f map[string]any) { f["Name"] = "q" }), RuleFolders},
		{"the folders at the end are others", func(s *story) { delete(s.Accounts["ada"].Folders, "f2") }, RuleFolders},
		{"one that is deleted is there", func(s *story) { s.Accounts["ada"].Folders["f3"] = Folder{ID: "f3"} }, RuleFolders},
		{"a folder with folders is deleted", func(s *story) { s.Mutations[6].Folder = "f1"; rename(s, 6, "f1") }, "that cannot be"},
		{"one that is not there is changed", func(s *story) { s.Mutations[3].Folder = "f9"; rename(s, 3, "f9") }, "that cannot be"},
		{"one comes into itself", func(s *story) { id := "f2"; s.Mutations[2].Patch.Parent = &id }, "that cannot be"},
		{"an event shows one that is deleted", func(s *story) {
			edit(&s.Accounts["ada"].Log[6].Data, func(f map[string]any) { f["updatedFolder"] = Folder{ID: "f3"} })
		}, "that a folder is gone"},
		{"somebody else is told", func(s *story) { s.Accounts["eve"].Log = []Event{{Seq: 1, Data: s.Accounts["ada"].Log[1].Data}} }, RuleAudience},
		{"an acknowledged change is not in the log", func(s *story) {
			a := s.Accounts["ada"]
			a.Log = a.Log[:6]
			s.Followers = nil
		}, RuleAcknowledged},
		{"a change is there twice", func(s *story) { again(s, "ada", 3) }, RuleTwice},
		{"a refused change is done", func(s *story) {
			all(s.Mutations[3], func(a *Attempt) { *a = Attempt{Outcome: Refused, Code: "invalid"} })
		}, RuleRefused},
		{"another answer the second time", func(s *story) { s.Mutations[3].Attempts[1].Cursor = "e-2" }, RuleAnswer},
		{"a confirmation has another folder", func(s *story) {
			s.Followers[0].Transport = "websocket"
			edit(&s.Followers[0].Events[1].Data, func(f map[string]any) {
				f["type"], f["folder"] = "mutation_ack", Folder{ID: "f1", Name: "q"}
				delete(f, "folderData")
			})
		}, RuleFolders},
	} {
		t.Run(test.what, func(t *testing.T) { finds(t, tellOfFolders(), test.do, test.rule) })
	}
}

// rename has an event tell of another folder.
func rename(s *story, i int, id string) {
	edit(&s.Accounts["ada"].Log[i].Data, func(f map[string]any) { f["folderId"] = id })
}
