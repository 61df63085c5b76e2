package chaos

import "fmt"

// folder thinks of a mutation of the account's folders.
func (w *writer) folder() *Mutation {
	folders := w.world.foldersOf(w.account)
	p := w.rand.IntN(10)
	if len(folders) == 0 || p < 4 && len(folders) < ownFolder {
		return w.createFolder(folders)
	}
	id := folders[w.rand.IntN(len(folders))]
	if p < 7 {
		patch := w.patch(folders)
		m := w.ofFolder("folder_update", id, patch, nil)
		m.Body["changes"] = patch.members()
		return m
	}
	return w.ofFolder("folder_delete", id, &FolderPatch{}, nil)
}

func (w *writer) createFolder(folders []string) *Mutation {
	patch := w.patch(folders)
	if name := fmt.Sprintf("folder %d", len(w.sent)); patch.Name == nil {
		patch.Name = &name
	}
	id := fmt.Sprintf("%s-f%d", w.name, len(w.sent))
	m := w.ofFolder("folder_create", id, patch, patch.members())
	m.Body["id"] = id
	return m
}

func (w *writer) ofFolder(op, id string, patch *FolderPatch, body map[string]any) *Mutation {
	m := w.mutation(op, "", body)
	m.Folder, m.Patch = id, patch
	return m
}

// patch sets something: a parent may be any, also one that makes a circle.
func (w *writer) patch(folders []string) *FolderPatch {
	p := &FolderPatch{}
	name, color, order, parent := fmt.Sprintf("name %d", len(w.sent)), fmt.Sprintf("#%06x", w.rand.IntN(1<<24)), w.rand.Int64N(5), ""
	if len(folders) > 0 {
		parent = append(folders, "")[w.rand.IntN(len(folders)+1)]
	}
	switch w.rand.IntN(4) {
	case 0:
		p.Color = &color
	case 1:
		p.Order, p.Name = &order, &name
	case 2:
		p.Parent = &parent
	default:
		p.Name = &name
	}
	return p
}

// members is the patch as it is posted.
func (p *FolderPatch) members() map[string]any {
	body := map[string]any{}
	if p.Name != nil {
		body["name"] = *p.Name
	}
	if p.Color != nil {
		body["color"] = *p.Color
	}
	if p.Order != nil {
		body["order"] = *p.Order
	}
	if p.Parent != nil {
		if body["parentId"] = any(*p.Parent); *p.Parent == "" {
			body["parentId"] = nil
		}
	}
	return body
}
