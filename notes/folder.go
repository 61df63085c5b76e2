package notes

import (
	"fmt"
	"slices"
)

// Folder is one of an account's folders. Notes are put into it by their members' own fields;
// a folderId there that names no folder counts as none.
type Folder struct {
	ID        FolderID  `json:"id"`
	User      UserID    `json:"userId"`
	Name      string    `json:"name"`
	Color     string    `json:"color"` // #RRGGBB
	ParentID  *FolderID `json:"parentId"`
	Order     int64     `json:"order"` // among its siblings; ties are broken by id
	IsDefault bool      `json:"isDefault"`
	CreatedAt Millis    `json:"createdAt"`
	UpdatedAt Millis    `json:"updatedAt"`
	Seq       int64     `json:"-"` // place in the account's log of its last change
}

// FolderWrite is a folder's row in a commit.
type FolderWrite struct {
	ID   FolderID
	Put  *Folder // nil: removed
	Read int64   // Seq of the row that was read; 0: there was none
}

// defaultColor is a folder's that comes without one.
const defaultColor = "#6b7280"

// FolderPatch changes members of a folder. Absent members keep their value; a parentId that is
// null, or empty, is the top.
type FolderPatch struct {
	Name      Opt[string]  `json:"name,omitzero"`
	Color     Opt[string]  `json:"color,omitzero"`
	ParentID  Opt[*string] `json:"parentId,omitzero"`
	Order     Opt[int64]   `json:"order,omitzero"`
	IsDefault Opt[bool]    `json:"isDefault,omitzero"`
}

func (p *FolderPatch) check(l *Limits) error {
	if p.Name.Set {
		if p.Name.Value == "" {
			return Refuse(Invalid, "a folder's name must not be empty")
		}
		if err := l.checkChars("a folder's name", p.Name.Value, l.NameChars); err != nil {
			return err
		}
	}
	if p.Color.Set && !validColor(p.Color.Value) {
		return Refuse(Invalid, "a folder's color must be of the form #RRGGBB")
	}
	if id := p.ParentID.Value; id != nil && *id != "" && !ValidID(*id) {
		return Refuse(Invalid, "parentId must be 1 to 64 of A-Z a-z 0-9 _ -")
	}
	if p.Order.Value < 0 {
		return Refuse(Invalid, "a folder's order must be at least 0")
	}
	return nil
}

func validColor(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	for i := 1; i < len(s); i++ {
		c := s[i] | 0x20
		if !('0' <= s[i] && s[i] <= '9' || 'a' <= c && c <= 'f') {
			return false
		}
	}
	return true
}

// apply returns f changed by the patch, and the JSON names that it set.
func (p *FolderPatch) apply(f Folder) (Folder, []string) {
	var changed []string
	set(&f.Name, p.Name, "name", &changed)
	set(&f.Color, p.Color, "color", &changed)
	if p.ParentID.Set {
		f.ParentID = nil
		if id := deref(p.ParentID.Value); id != "" {
			parent := FolderID(id)
			f.ParentID = &parent
		}
		changed = append(changed, "parentId")
	}
	set(&f.Order, p.Order, "order", &changed)
	set(&f.IsDefault, p.IsDefault, "isDefault", &changed)
	return f, changed
}

// FolderCreate makes a folder of the author's.
type FolderCreate struct {
	FolderPatch
	// IfAbsent acknowledges a folder that is there already, as the account dialect's
	// folder_created does, instead of refusing with NoteExists.
	IfAbsent bool `json:"-"`
}

func (FolderCreate) Name() string { return "folder_create" }

func (c FolderCreate) check(l *Limits) error {
	if !c.FolderPatch.Name.Set {
		return Refuse(Invalid, "a folder must have a name")
	}
	return c.FolderPatch.check(l)
}

func (c FolderCreate) decide(d *decision) error {
	if d.folder() != nil {
		if c.IfAbsent {
			return nil
		}
		return Refuse(NoteExists, "Folder ID already exists")
	}
	if n := len(d.rows.Folders) + 1; n > d.limits.Folders {
		return Refuse(LimitExceeded, countMessage("folders", n, d.limits.Folders))
	}
	f := Folder{ID: d.Mutation.Folder, User: d.Author, Color: defaultColor, Order: d.nextOrder(c.ParentID), CreatedAt: d.now}
	f, changed := c.apply(f)
	return d.writeFolder(KindFolderCreated, nil, &f, changed)
}

// nextOrder puts a folder behind its siblings.
func (d *decision) nextOrder(parent Opt[*string]) int64 {
	next := int64(0)
	for _, f := range d.rows.Folders {
		if string(derefFolder(f.ParentID)) == deref(parent.Value) {
			next = max(next, f.Order+1)
		}
	}
	return next
}

// FolderUpdate changes a folder of the author's.
type FolderUpdate struct {
	Changes FolderPatch `json:"changes"`
}

func (FolderUpdate) Name() string { return "folder_update" }

func (u FolderUpdate) check(l *Limits) error {
	if u.Changes == (FolderPatch{}) {
		return Refuse(Invalid, "No valid fields to update")
	}
	return u.Changes.check(l)
}

func (u FolderUpdate) decide(d *decision) error {
	before := d.folder()
	if before == nil {
		return errNoFolder
	}
	after, changed := u.Changes.apply(*before)
	return d.writeFolder(KindFolderUpdated, before, &after, changed)
}

// FolderDelete removes a folder of the author's that has no folders in it. Its notes are in
// none from then on.
type FolderDelete struct{}

func (FolderDelete) Name() string { return "folder_delete" }

func (FolderDelete) check(*Limits) error { return nil }

func (FolderDelete) decide(d *decision) error {
	before := d.folder()
	if before == nil {
		return errNoFolder
	}
	for _, f := range d.rows.Folders {
		if derefFolder(f.ParentID) == before.ID {
			return Refuse(Conflict, "Cannot delete folder with subfolders. Delete subfolders first.")
		}
	}
	return d.writeFolder(KindFolderDeleted, before, nil, nil)
}

var errNoFolder = Refuse(NotFound, "Folder not found or access denied")

// folder is the one that the mutation is about, or nil.
func (d *decision) folder() *Folder { return findFolder(d.rows.Folders, d.Mutation.Folder) }

func findFolder(folders []*Folder, id FolderID) *Folder {
	if i := slices.IndexFunc(folders, func(f *Folder) bool { return f.ID == id }); i >= 0 {
		return folders[i]
	}
	return nil
}

func derefFolder(id *FolderID) FolderID {
	if id == nil {
		return ""
	}
	return *id
}

// checkParents refuses a folder whose parents do not end at the top.
func (d *decision) checkParents(f *Folder) error {
	depth := 1
	for at := f.ParentID; at != nil; depth++ {
		if *at == f.ID {
			return Refuse(Invalid, "Folder cannot be its own parent")
		}
		parent := findFolder(d.rows.Folders, *at)
		if parent == nil {
			return Refuse(Invalid, "Parent folder not found")
		}
		at = parent.ParentID
	}
	if deepest := depth + d.below(f.ID, 0); deepest > d.limits.FolderDepth {
		return Refuse(LimitExceeded, fmt.Sprintf("folders within folders, %d deep; the limit is %d", deepest, d.limits.FolderDepth))
	}
	return nil
}

// below is how many levels are below a folder. Parents never form a circle: checkParents has
// seen to it whenever one was written.
func (d *decision) below(id FolderID, depth int) int {
	deepest := 0
	for _, f := range d.rows.Folders {
		if derefFolder(f.ParentID) == id && depth < d.limits.FolderDepth {
			deepest = max(deepest, 1+d.below(f.ID, depth+1))
		}
	}
	return deepest
}

// writeFolder adds the rows of a folder's change.
func (d *decision) writeFolder(kind Kind, before, after *Folder, changed []string) error {
	account := d.rows.Account[d.Author]
	w := &FolderWrite{ID: d.Mutation.Folder, Put: after}
	if before != nil {
		w.Read = before.Seq
		d.now = max(d.now, before.UpdatedAt)
	}
	if after != nil {
		if err := d.checkParents(after); err != nil {
			return err
		}
		after.UpdatedAt, after.Seq = d.now, account.Seq+1
	}
	d.commit.Folder = w
	d.commit.Accounts = []AccountWrite{{User: d.Author, Row: LogRow{
		Seq: account.Seq + 1, Kind: kind, Op: d.Op.Name(), FolderID: w.ID, Folder: after, Changed: changed,
		Author: d.Author, Mutation: d.Mutation.ID, Via: d.Via, At: d.now,
	}}}
	return nil
}
