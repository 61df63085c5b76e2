package chaos

import (
	"fmt"
	"maps"
)

// folder checks one event of an account's folders: it is what its mutation makes of them.
func (v *verifier) folder(user string, folders map[string]Folder, f *frame, data string) {
	m := v.effect(deed{f.FromUserID, f.MutationID}, "", data)
	if m == nil {
		return
	}
	if user != m.Author || f.FolderID != m.Folder {
		v.add(RuleAudience, fmt.Sprintf("the log of %s tells of somebody else's folder, or of another", user), m.describe(), data)
		return
	}
	want, ok := m.Patch.apply(m, folders)
	switch got := f.folder(); {
	case !ok:
		v.add(RuleFolders, "a change of a folder that cannot be", m.describe(), data)
	case m.Op == "folder_delete":
		delete(folders, m.Folder)
		if f.Type != "folder_deleted_sync" || got != nil {
			v.add(RuleFolders, "an event that should say that a folder is gone", m.describe(), data)
		}
	default:
		folders[m.Folder] = want
		kind := map[string]string{"folder_create": "folder_created_sync", "folder_update": "folder_updated_sync"}[m.Op]
		if f.Type != kind || got == nil || !sameFolder(got, &want) {
			v.add(RuleFolders, "an event has another folder than its mutation makes", m.describe(), data, fmt.Sprintf("it makes %+v", want))
		}
	}
}

// folder is the folder in the event; nil if it shows none.
func (f *frame) folder() *Folder {
	if f.FolderData != nil {
		return f.FolderData
	}
	return f.UpdatedFolder
}

// apply returns what a mutation makes of a folder, and whether it can be.
func (p *FolderPatch) apply(m *Mutation, folders map[string]Folder) (f Folder, ok bool) {
	before, there := folders[m.Folder]
	switch m.Op {
	case "folder_create":
		f = Folder{ID: m.Folder, UserID: m.Author, Color: "#6b7280"}
		if there {
			return f, false
		}
	case "folder_update":
		if f = before; !there {
			return f, false
		}
	case "folder_delete":
		for _, other := range folders {
			if other.parent() == m.Folder {
				return f, false
			}
		}
		return f, there
	}
	if p.Name != nil {
		f.Name = *p.Name
	}
	if p.Color != nil {
		f.Color = *p.Color
	}
	if p.Parent != nil {
		if f.ParentID = p.Parent; *p.Parent == "" {
			f.ParentID = nil
		}
	}
	if m.Op == "folder_create" { // behind the others there
		for _, other := range folders {
			if other.parent() == f.parent() {
				f.Order = max(f.Order, other.Order+1)
			}
		}
	}
	if p.Order != nil {
		f.Order = *p.Order
	}
	return f, f.upward(folders)
}

func (f *Folder) parent() string {
	if f.ParentID == nil {
		return ""
	}
	return *f.ParentID
}

// upward reports whether a folder's parents are there and end at the top.
func (f *Folder) upward(folders map[string]Folder) bool {
	at := *f
	for range len(folders) + 1 {
		above := at.parent()
		if above == "" {
			return true
		}
		next, ok := folders[above]
		if !ok || above == f.ID {
			return false
		}
		at = next
	}
	return false
}

func sameFolder(a, b *Folder) bool {
	return a != nil && b != nil && a.ID == b.ID && a.UserID == b.UserID && a.Name == b.Name && a.Color == b.Color &&
		a.parent() == b.parent() && a.Order == b.Order && a.IsDefault == b.IsDefault
}

// foldersAtTheEnd checks that an account's folders are those that its log has made.
func (v *verifier) foldersAtTheEnd(user string, a *Account) {
	same := func(a, b Folder) bool { return sameFolder(&a, &b) }
	if !maps.EqualFunc(a.Folders, v.folders[user], same) {
		v.late(RuleFolders, fmt.Sprintf("the folders of %s are not what its log makes of them", user),
			fmt.Sprintf("they are %+v", a.Folders), fmt.Sprintf("the log: %+v", v.folders[user]))
	}
}
