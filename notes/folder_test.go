package notes

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// folderRows is what a store holds of anOwner's folders: a path like "a/b" is folder b in a.
func folderRows(paths ...string) Rows {
	rows := Rows{Account: map[UserID]Account{anOwner: {Seq: 50}}}
	for i, path := range paths {
		f := &Folder{ID: FolderID(path), User: anOwner, Name: path, Color: defaultColor, CreatedAt: earlier, UpdatedAt: earlier, Seq: int64(i + 1)}
		if parent, id, ok := strings.Cut(path, "/"); ok {
			f.ID, f.ParentID = FolderID(id), ptr(FolderID(parent))
		}
		rows.Folders = append(rows.Folders, f)
	}
	return rows
}

func folderRequest(id FolderID, op Op) Request {
	m := Mutation{ID: "m", Folder: id, Op: op}
	return Request{Author: anOwner, Via: "via", Mutation: m, Hash: m.Hash(), Now: later, Limits: DefaultLimits()}
}

func named(name string) FolderPatch { return FolderPatch{Name: Some(name)} }

func under(parent string) FolderPatch { return FolderPatch{Name: Some("n"), ParentID: Some(&parent)} }

func TestFolderLimitsAtTheBoundary(t *testing.T) {
	long := strings.Repeat("🧑", 100)
	color := func(c string) Op { return FolderUpdate{Changes: FolderPatch{Color: Some(c)}} }
	for name, c := range map[string]struct {
		op   Op
		code Code
	}{
		"a name of 100 wide characters": {FolderCreate{FolderPatch: named(long)}, ""},
		"a name of 101 characters":      {FolderCreate{FolderPatch: named(long + "x")}, TooLarge},
		"a name of bad UTF-8":           {FolderCreate{FolderPatch: named("a\xff")}, Invalid},
		"an empty name":                 {FolderCreate{FolderPatch: named("")}, Invalid},
		"an empty name, later":          {FolderUpdate{Changes: named("")}, Invalid},
		"no name":                       {FolderCreate{}, Invalid},
		"an update of nothing":          {FolderUpdate{}, Invalid},
		"a color":                       {color("#aF09bC"), ""},
		"a short color":                 {color("#fff"), Invalid},
		"a color without #":             {color("0000000"), Invalid},
		"a color that is a word":        {color("crimson"), Invalid},
		"a color of other letters":      {color("#00000g"), Invalid},
		"a color of other signs":        {color("#0000\x10\x11"), Invalid},
		"a parent that is no id":        {FolderCreate{FolderPatch: under("a/b")}, Invalid},
		"the top as parent":             {FolderCreate{FolderPatch: under("")}, ""},
		"order 0":                       {FolderUpdate{Changes: FolderPatch{Order: Some(int64(0))}}, ""},
		"a negative order":              {FolderUpdate{Changes: FolderPatch{Order: Some(int64(-1))}}, Invalid},
	} {
		m := Mutation{Folder: "f", Op: c.op}
		if err := m.Check(DefaultLimits()); err == nil && c.code != "" || err != nil && CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
	for id, want := range map[FolderID]Code{"": Invalid, "a b": Invalid, "f": ""} {
		m := Mutation{Folder: id, Op: FolderDelete{}}
		if err := m.Check(DefaultLimits()); err == nil && want != "" || err != nil && CodeOf(err) != want {
			t.Errorf("folder %q: %v, want %q", id, err, want)
		}
	}
	if err := (&Mutation{Op: FolderCreate{FolderPatch: named("n")}}).Check(DefaultLimits()); err != nil {
		t.Errorf("a folder whose id the server chooses: %v", err)
	}
}

func TestDecideRefusesFolders(t *testing.T) {
	deep := []string{"f1"}
	for i := 2; i <= 10; i++ {
		deep = append(deep, fmt.Sprintf("f%d/f%d", i-1, i))
	}
	var full []string
	for i := range 200 {
		full = append(full, fmt.Sprintf("f%d", i))
	}
	for name, c := range map[string]struct {
		rows Rows
		id   FolderID
		op   Op
		code Code // "": accepted
	}{
		"create of what is there":              {folderRows("a"), "a", FolderCreate{FolderPatch: named("n")}, NoteExists},
		"create of what is there, if absent":   {folderRows("a"), "a", FolderCreate{FolderPatch: named("n"), IfAbsent: true}, ""},
		"create number 200":                    {folderRows(full[:199]...), "a", FolderCreate{FolderPatch: named("n")}, ""},
		"create number 201":                    {folderRows(full...), "a", FolderCreate{FolderPatch: named("n")}, LimitExceeded},
		"create in no folder":                  {folderRows("a"), "b", FolderCreate{FolderPatch: under("none")}, Invalid},
		"create in itself":                     {folderRows("a"), "b", FolderCreate{FolderPatch: under("b")}, Invalid},
		"create at depth 10":                   {folderRows(deep[:9]...), "a", FolderCreate{FolderPatch: under("f9")}, ""},
		"create at depth 11":                   {folderRows(deep...), "a", FolderCreate{FolderPatch: under("f10")}, LimitExceeded},
		"update of nothing":                    {folderRows("a"), "b", FolderUpdate{Changes: named("n")}, NotFound},
		"move into itself":                     {folderRows("a"), "a", FolderUpdate{Changes: under("a")}, Invalid},
		"move into its child":                  {folderRows("a", "a/b"), "a", FolderUpdate{Changes: under("b")}, Invalid},
		"move into its grandchild":             {folderRows("a", "a/b", "b/c"), "a", FolderUpdate{Changes: under("c")}, Invalid},
		"move of two levels to depth 10":       {folderRows(append(deep[:8:8], "a", "a/b")...), "a", FolderUpdate{Changes: under("f8")}, ""},
		"move of two levels to depth 11":       {folderRows(append(deep[:9:9], "a", "a/b")...), "a", FolderUpdate{Changes: under("f9")}, LimitExceeded},
		"delete of nothing":                    {folderRows("a"), "b", FolderDelete{}, NotFound},
		"delete of a folder with a subfolder":  {folderRows("a", "a/b"), "a", FolderDelete{}, Conflict},
		"delete of the subfolder":              {folderRows("a", "a/b"), "b", FolderDelete{}, ""},
		"create in the parent that was spared": {folderRows("a"), "b", FolderCreate{FolderPatch: under("a")}, ""},
	} {
		d, err := Decide(c.rows, folderRequest(c.id, c.op))
		switch {
		case c.code == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.code != "" && (CodeOf(err) != c.code || d.Commit != nil):
			t.Errorf("%s: %+v, %v, want %s", name, d.Commit, err, c.code)
		}
	}
	_, err := Decide(folderRows("a", "a/b"), folderRequest("a", FolderDelete{}))
	if refusal := refusedWith(t, err, Conflict); refusal.Message != "Cannot delete folder with subfolders. Delete subfolders first." {
		t.Errorf("%q", refusal.Message)
	}
}

func TestAFolderIsCompletedWhenItIsCreated(t *testing.T) {
	rows := folderRows("a", "b", "a/c", "a/d")
	rows.Folders[2].Order, rows.Folders[3].Order = 4, 2
	for name, c := range map[string]struct {
		patch FolderPatch
		want  Folder
	}{
		"with a name alone": {named("new"), Folder{Name: "new", Color: defaultColor, Order: 1}},
		"behind its siblings": {
			FolderPatch{Name: Some("new"), ParentID: Some(ptr("a"))}, Folder{Name: "new", Color: defaultColor, ParentID: ptr(FolderID("a")), Order: 5},
		},
		"with everything": {
			FolderPatch{Name: Some("n"), Color: Some("#ABCDEF"), ParentID: Some(ptr("b")), Order: Some(int64(0)), IsDefault: Some(true)},
			Folder{Name: "n", Color: "#ABCDEF", ParentID: ptr(FolderID("b")), IsDefault: true},
		},
	} {
		d, err := Decide(rows, folderRequest("f", FolderCreate{FolderPatch: c.patch}))
		if err != nil {
			t.Fatal(name, err)
		}
		want := c.want
		want.ID, want.User, want.CreatedAt, want.UpdatedAt, want.Seq = "f", anOwner, later, later, 51
		if !reflect.DeepEqual(d.Commit.Folder, &FolderWrite{ID: "f", Put: &want}) {
			t.Errorf("%s: %+v, want %+v", name, d.Commit.Folder.Put, want)
		}
		row := d.Commit.Accounts[0].Row
		if !reflect.DeepEqual(row.Folder, &want) || row.Kind != KindFolderCreated || row.Op != "folder_create" || row.Seq != 51 || row.Via != "via" || row.At != later {
			t.Errorf("%s: the row is %+v", name, row)
		}
		if r := d.Commit.Receipt; r.Folder != "f" || r.Note != "" || r.Seq != 51 || !r.Logged || d.Commit.Note != "" {
			t.Errorf("%s: the receipt is %+v", name, r)
		}
	}
}

func TestAFolderChangesByItsPatch(t *testing.T) {
	rows := folderRows("a", "a/b")
	rows.Folders[1].Order = 3
	d, err := Decide(rows, folderRequest("b", FolderUpdate{Changes: FolderPatch{Name: Some("new"), ParentID: Some[*string](nil), IsDefault: Some(true)}}))
	if err != nil {
		t.Fatal(err)
	}
	want := *rows.Folders[1]
	want.Name, want.ParentID, want.IsDefault, want.UpdatedAt, want.Seq = "new", nil, true, later, 51
	row := d.Commit.Accounts[0].Row
	if !reflect.DeepEqual(d.Commit.Folder, &FolderWrite{ID: "b", Put: &want, Read: 2}) || !reflect.DeepEqual(row.Changed, []string{"name", "parentId", "isDefault"}) {
		t.Errorf("%+v, changed %v", d.Commit.Folder.Put, row.Changed)
	}
	if rows.Folders[1].Name != "a/b" || rows.Folders[1].ParentID == nil {
		t.Errorf("the folder that was read became %+v", rows.Folders[1])
	}
	d, err = Decide(rows, folderRequest("b", FolderDelete{}))
	if err != nil || !reflect.DeepEqual(d.Commit.Folder, &FolderWrite{ID: "b", Read: 2}) {
		t.Fatalf("deleted: %+v, %v", d.Commit, err)
	}
	if row := d.Commit.Accounts[0].Row; row.Kind != KindFolderDeleted || row.FolderID != "b" || row.Folder != nil || row.Note != "" {
		t.Errorf("the row is %+v", row)
	}
}

// A clock that was set back does not make a folder older.
func TestAFolderNeverGoesBackInTime(t *testing.T) {
	r := folderRequest("a", FolderUpdate{Changes: named("n")})
	r.Now = earlier - 5000
	d, err := Decide(folderRows("a"), r)
	if err != nil || d.Commit.Folder.Put.UpdatedAt != earlier || d.Commit.Accounts[0].Row.At != earlier {
		t.Errorf("%+v, %v", d.Commit, err)
	}
}
