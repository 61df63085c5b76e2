package notestest

import "notewire/notes"

// worldFolder is what the world knows of a folder; the zero one is none.
type worldFolder struct {
	id, parent notes.FolderID
	name       string
}

// folder carries out an operation on one of user's folders.
func (w *world) folder(user notes.UserID, m notes.Mutation) notes.Code {
	all := w.folders[user]
	if all == nil {
		all = map[notes.FolderID]worldFolder{}
		w.folders[user] = all
	}
	f, there := all[m.Folder]
	switch op := m.Op.(type) {
	case notes.FolderCreate:
		if there {
			if op.IfAbsent {
				return ""
			}
			return notes.NoteExists
		}
		f = worldFolder{id: m.Folder}.patched(op.FolderPatch)
	case notes.FolderUpdate:
		if !there {
			return notes.NotFound
		}
		f = f.patched(op.Changes)
	case notes.FolderDelete:
		if !there {
			return notes.NotFound
		}
		for _, other := range all {
			if other.parent == m.Folder {
				return notes.Conflict
			}
		}
		delete(all, m.Folder)
		w.tellFolder(user, m, notes.KindFolderDeleted, worldFolder{id: m.Folder})
		return ""
	}
	for at := f.parent; at != ""; at = all[at].parent {
		if _, there := all[at]; !there || at == m.Folder {
			return notes.Invalid
		}
	}
	all[m.Folder] = f
	kind := notes.KindFolderUpdated
	if !there {
		kind = notes.KindFolderCreated
	}
	w.tellFolder(user, m, kind, f)
	return ""
}

func (w *world) tellFolder(user notes.UserID, m notes.Mutation, kind notes.Kind, f worldFolder) {
	w.logs[user] = append(w.logs[user], worldRow{kind: kind, op: m.Op.Name(), author: user, folder: f})
}

func (f worldFolder) patched(p notes.FolderPatch) worldFolder {
	if p.Name.Set {
		f.name = p.Name.Value
	}
	if p.ParentID.Set {
		f.parent = ""
		if p.ParentID.Value != nil {
			f.parent = notes.FolderID(*p.ParentID.Value)
		}
	}
	return f
}

// worldFolderOf is a folder as the world knows it.
func worldFolderOf(id notes.FolderID, f *notes.Folder) worldFolder {
	w := worldFolder{id: id}
	if f != nil {
		w.name = f.Name
		if f.ParentID != nil {
			w.parent = *f.ParentID
		}
	}
	return w
}
