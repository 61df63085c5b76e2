package dynamo

import (
	"fmt"

	"notewire/notes"
)

// archivedFolders are the folders of one account, as far as they were read.
type archivedFolders struct {
	last    *notes.Folder
	parents map[notes.FolderID]notes.FolderID // "" is the top
}

func (a *archiveReader) folder(object []byte) (*archiveRow, error) {
	line := folderLine{Folder: notes.Folder{Seq: importedSeq}}
	if err := a.decode(object, &line); err != nil {
		return nil, err
	}
	f := &line.Folder
	if len(a.users) > 0 {
		return nil, a.refuse("folders begin, but note %s is not complete", a.head.ID)
	}
	if !notes.ValidID(string(f.ID)) || !notes.ValidID(string(f.User)) || f.ParentID != nil && !notes.ValidID(string(*f.ParentID)) {
		return nil, a.refuse("folder %q of %q does not have ids", f.ID, f.User)
	}
	if problem := a.folders.add(f); problem != "" {
		return nil, a.refuse("%s", problem)
	}
	a.counts.Folders++
	return &archiveRow{folder: f}, nil
}

// add returns what is wrong with the order of folders, or with those of the account before.
func (a *archivedFolders) add(f *notes.Folder) (problem string) {
	if a.last != nil && folderKey(f.User, f.ID).compare(folderKey(a.last.User, a.last.ID)) <= 0 {
		return fmt.Sprintf("folder %s of %s is out of order", f.ID, f.User)
	}
	if a.last == nil || a.last.User != f.User {
		problem = a.unsound()
		a.parents = map[notes.FolderID]notes.FolderID{}
	}
	a.last, a.parents[f.ID] = f, ""
	if f.ParentID != nil {
		a.parents[f.ID] = *f.ParentID
	}
	return problem
}

// unsound names a folder whose parents do not end at the top; "" if there is none.
func (a *archivedFolders) unsound() string {
	for id := range a.parents {
		at, there := id, true
		for range len(a.parents) + 1 {
			if at, there = a.parents[at]; !there || at == "" {
				break
			}
		}
		if at != "" || !there {
			return fmt.Sprintf("the parents of folder %s of %s do not end at the top", id, a.last.User)
		}
	}
	return ""
}
