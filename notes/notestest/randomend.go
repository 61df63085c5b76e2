package notestest

import (
	"fmt"
	"maps"
	"slices"

	"notewire/notes"
)

// compare holds everything that can be read against the world.
func (h *history) compare() {
	h.trial.store.OnCommit(nil)
	for _, id := range h.notes {
		h.sameVersions(id)
	}
	for _, user := range append(h.users, eve, nobody) {
		for _, id := range h.notes {
			h.sameNote(user, id)
		}
	}
	for _, user := range h.users {
		h.sameLog(user)
		h.sameFolders(user)
		for _, trashed := range []bool{false, true} {
			list, _, err := h.trial.service.List(h.trial.Context(), user, notes.ListQuery{Trashed: trashed})
			if err != nil {
				h.Fatal(err)
			}
			var ids []notes.NoteID
			for _, v := range list {
				ids = append(ids, v.ID)
			}
			equal(h, fmt.Sprintf("the list of %s, in the trash %v", user, trashed), ids, h.world.list(user, trashed))
		}
	}
}

func (h *history) sameVersions(id notes.NoteID) {
	log, err := h.trial.service.NoteLog(h.trial.Context(), id, 0, 1000)
	if err != nil {
		h.Fatal(err)
	}
	var got, want []worldVersion
	if n := h.world.notes[id]; n != nil {
		want = n.versions
	}
	for i, v := range log {
		if v.Note.Version != int64(i+1) {
			h.Fatalf("%s has version %d at place %d", id, v.Note.Version, i+1)
		}
		w := worldVersion{
			worldBody: worldBody{v.Title, v.Content}, public: v.Access == notes.Public, deleted: v.Note.Deleted, purged: v.Purged,
			op: v.Op, author: v.Author, mutation: v.Mutation, merged: v.Merged, conflicts: v.Conflicts,
		}
		if v.Posted != nil {
			w.posted = &worldBody{v.Posted.Title, v.Posted.Content}
		}
		got = append(got, w)
	}
	equal(h, "the versions of "+string(id), got, want)
}

func (h *history) sameLog(user notes.UserID) {
	log, err := h.trial.service.AccountLog(h.trial.Context(), user, 0, 1000)
	if err != nil {
		h.Fatal(err)
	}
	var got []worldRow
	for i, c := range log {
		if c.Seq != int64(i+1) {
			h.Fatalf("the log of %s has number %d at place %d", user, c.Seq, i+1)
		}
		row := worldRow{kind: c.Kind, reason: c.Reason, op: c.Op, note: c.Note, version: int(c.LogRow.Version), author: c.Author, star: c.Fields.Starred}
		if c.FolderID != "" {
			row.folder = worldFolderOf(c.FolderID, c.Folder)
		}
		got = append(got, row)
	}
	equal(h, "the log of "+string(user), got, h.world.replay(user))
}

// sameNote compares what somebody sees of a note, or why he does not.
func (h *history) sameNote(user notes.UserID, id notes.NoteID) {
	view, err := h.trial.service.Get(h.trial.Context(), user, id)
	n := h.world.notes[id]
	want := notes.Code("")
	member := false
	if n == nil {
		want = notes.NotFound
	} else if n.head().purged {
		want = n.gone(user)
	} else if _, member = n.roles[user]; !member && (n.head().deleted || !n.head().public) {
		switch {
		case user == nobody:
			want = notes.Unauthenticated
		case n.head().deleted:
			want = notes.NotFound
		default:
			want = notes.Forbidden
		}
	}
	if want != "" {
		if notes.CodeOf(err) != want {
			h.Fatalf("%s is seen by %q with error %v, want %s", id, user, err, want)
		}
		return
	}
	if err != nil {
		h.Fatalf("%s is not seen by %q: %v", id, user, err)
	}
	var fields *notes.Fields
	if member {
		fields = &notes.Fields{Starred: n.stars[user]}
	}
	equal(h, fmt.Sprintf("the fields of %s as %q", id, user), view.Fields, fields)
	roles := map[notes.UserID]notes.Role{view.Owner: notes.Owner}
	for _, m := range view.Members {
		roles[m.User] = m.Role
	}
	if !maps.Equal(roles, n.roles) || !slices.IsSortedFunc(view.Members, byUser) {
		h.Fatalf("the members of %s are %v, want %v", id, view.Members, n.roles)
	}
	equal(h, "version and text", []any{int(view.Version), view.Content}, []any{len(n.versions), n.head().text})
}

func byUser(a, b notes.Member) int {
	if a.User < b.User {
		return -1
	}
	return 1
}

func (h *history) sameFolders(user notes.UserID) {
	got := map[notes.FolderID]worldFolder{}
	for id, f := range h.trial.folders(user) {
		got[id] = worldFolderOf(id, f)
	}
	if want := h.world.folders[user]; !maps.Equal(got, want) {
		h.Fatalf("the folders of %s are %v, want %v", user, got, want)
	}
}
