package wire_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"notewire/notes"
	"notewire/transport/wire"
)

// errandsFolder is one of Ada's, within another.
func errandsFolder() *notes.Folder {
	return &notes.Folder{
		ID: folderID, User: ada, Name: "Errands 日本", Color: "#0099ff", ParentID: ptr(notes.FolderID("folder-2")), Order: 3,
		CreatedAt: created, UpdatedAt: updated, Seq: 42,
	}
}

// folderChangeOf is a row of Ada's log; folder is nil where it was deleted.
func folderChangeOf(kind notes.Kind, op string, folder *notes.Folder, changed ...string) *notes.Change {
	return &notes.Change{LogRow: notes.LogRow{
		Seq: 42, Kind: kind, Op: op, FolderID: folderID, Folder: folder, Changed: changed, Author: ada, Mutation: mutationID, At: updated,
	}}
}

func folderOutcomeOf(op string, folder *notes.Folder) *notes.Outcome {
	return &notes.Outcome{
		Op: op, Mutation: mutationID, FolderID: folderID, Folder: folder, Cursor: notes.Cursor{Epoch: "k3x9q2", Seq: 42}, At: updated,
	}
}

var folderRef = wire.Refs{FolderID: folderID, MutationID: mutationID}

func folderFrames() []frame {
	made := folderChangeOf(notes.KindFolderCreated, "folder_create", errandsFolder(), "name", "color", "parentId")
	updated := folderChangeOf(notes.KindFolderUpdated, "folder_update", errandsFolder(), "name", "color", "parentId", "order", "isDefault")
	deleted := folderChangeOf(notes.KindFolderDeleted, "folder_delete", nil)
	m := notes.Mutation{ID: mutationID, Folder: folderID}
	absent := notes.Refuse(notes.NotFound, "Folder not found or access denied")
	full := notes.Refuse(notes.Conflict, "Cannot delete folder with subfolders. Delete subfolders first.")
	return []frame{
		{"account.folder_created_sync", wire.AccountEvent(made, cursor)},
		{"account.folder_updated_sync", wire.AccountEvent(updated, cursor)},
		{"account.folder_deleted_sync", wire.AccountEvent(deleted, cursor)},
		{"account.mutation_ack.folder_create", wire.Confirmation(made, cursor)},
		{"account.mutation_ack.folder_delete", wire.Confirmation(deleted, cursor)},
		{"account.mutation_ack.folder_repeated", wire.Ack(folderOutcomeOf("folder_update", errandsFolder()))},
		{"account.error.folder_not_found", wire.AccountError(absent, folderRef)},
		{"account.error.folder_internal", wire.AccountError(errors.New("a secret of ours"), folderRef)},
		{"account.error.folder_conflict", wire.AccountError(full, folderRef)},
		{"http.folderAnswer", wire.Answer(folderOutcomeOf("folder_create", errandsFolder()))},
		{"http.folderDeleteAnswer", wire.Answer(folderOutcomeOf("folder_delete", nil))},
		{"http.folders", wire.Encode(wire.Folders{Folders: []*notes.Folder{errandsFolder()}, Cursor: cursor})},
		{"http.error.folder", wire.ErrorBody(wire.ProblemOf(absent, folderRef))},
		{"http.batch.folders", wire.Encode(map[string]any{"results": []wire.BatchResult{
			wire.ResultOf(m, folderOutcomeOf("folder_create", errandsFolder()), nil), wire.ResultOf(m, nil, full),
		}})},
	}
}

// drawFolders plays some random mutations of Ada's folders, and calls f for the row of each that is
// accepted.
func drawFolders(t *rapid.T, f func(c *notes.Change)) {
	var folders []*notes.Folder
	seq, now := int64(0), created
	for range rapid.IntRange(1, 12).Draw(t, "mutations") {
		now += 1000
		id := rapid.SampledFrom([]notes.FolderID{"a", "b", "c"}).Draw(t, "folder")
		m := notes.Mutation{ID: mutationID, Folder: id, Op: drawFolderOp(t)}
		if m.Check(notes.DefaultLimits()) != nil {
			continue
		}
		rows := notes.Rows{Folders: folders, Account: map[notes.UserID]notes.Account{ada: {Seq: seq}}}
		d, err := notes.Decide(rows, notes.Request{Author: ada, Mutation: m, Hash: m.Hash(), Now: now, Limits: notes.DefaultLimits()})
		if err != nil || d.Commit.Folder == nil {
			continue
		}
		folders = slices.DeleteFunc(folders, func(f *notes.Folder) bool { return f.ID == id })
		if put := d.Commit.Folder.Put; put != nil {
			folders = append(folders, put)
		}
		row := d.Commit.Accounts[0].Row
		seq = row.Seq
		f(&notes.Change{LogRow: row})
	}
}

func drawFolderOp(t *rapid.T) notes.Op {
	parents := rapid.Ptr(rapid.SampledFrom([]string{"a", "b", "c", ""}), true)
	patch := notes.FolderPatch{
		Name: opt(t, rapid.SampledFrom([]string{"x", "日本 <&>\u2028", "a\nb"})), Color: opt(t, rapid.SampledFrom([]string{"#0099ff", "#ABCDEF"})),
		ParentID: opt(t, parents), Order: opt(t, rapid.Int64Range(0, 1<<53)), IsDefault: opt(t, rapid.Bool()),
	}
	switch rapid.IntRange(0, 4).Draw(t, "op") {
	case 0, 1:
		return notes.FolderCreate{FolderPatch: patch}
	case 2, 3:
		return notes.FolderUpdate{Changes: patch}
	}
	return notes.FolderDelete{}
}

func TestAFoldersChangeIsAnEventOfItsKindWithWhatChanged(t *testing.T) {
	strict, seen := closed(t), map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		drawFolders(t, func(c *notes.Change) {
			data, confirmed := wire.AccountEvent(c, cursor), wire.Confirmation(c, cursor)
			checkOneLine(t, data)
			checkOneLine(t, confirmed)
			for _, frame := range [][]byte{data, confirmed} {
				if err := strict.get(t, "account-down.json").Validate(valueOf(t, frame)); err != nil {
					t.Fatalf("%v\n%s", err, frame)
				}
			}
			event, ack := membersOf(t, data), membersOf(t, confirmed)
			kind := text(t, event["type"])
			seen[kind]++
			if kind != string(c.Kind)+"_sync" || text(t, event["folderId"]) != string(c.FolderID) || text(t, ack["op"]) != c.Op {
				t.Fatalf("%s of a %s, confirmed by %s", kind, c.Kind, confirmed)
			}
			folder := event["folderData"]
			if kind == "folder_updated_sync" {
				folder = event["updatedFolder"]
				shown := membersOf(t, folder)
				changes := membersOf(t, event["changes"])
				if len(changes) != len(c.Changed)+1 {
					t.Fatalf("%v changed: %s", c.Changed, data)
				}
				for name, value := range changes {
					if !bytes.Equal(value, shown[name]) {
						t.Fatalf("%s: %s and %s", name, value, shown[name])
					}
				}
			}
			if (folder == nil) != (kind == "folder_deleted_sync") || !bytes.Equal(folder, ack["folder"]) {
				t.Fatalf("%s\nis confirmed by %s", data, confirmed)
			}
		})
	})
	if len(seen) != 3 {
		t.Errorf("only %v were seen", seen)
	}
}
