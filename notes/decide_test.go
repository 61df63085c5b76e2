package notes

import (
	"bytes"
	"encoding/json"
	"testing"
)

// Each refusal of Decide that is not about who asks (access_test.go) or about what was
// asked for in itself (limits_test.go).
func TestDecideRefuses(t *testing.T) {
	live := noteOf(Private, false)
	purged := purgedNote()
	expired := noteOf(Private, false)
	expired.ExpiresAt = ptr(later)
	full := noteOf(Private, false)
	for i := range DefaultLimits().Members - len(full.Members) {
		full.setMember(Member{UserID([]string{"a", "b", "c", "d"}[i%4]) + UserID(rune('a'+i)), Reader})
	}
	expecting := func(v Seen) Edit { return Edit{Changes: edit("x").Changes, ExpectedVersion: v} }
	basedOn := func(v Seen) Edit { return Edit{Changes: edit("x").Changes, BaseVersion: v} }
	after := func(id MutationID) Edit { return Edit{Changes: edit("x").Changes, BaseMutation: id} }
	nineteen := make([]string, 19)
	for i := range nineteen {
		nineteen[i] = string(rune('a' + i))
	}
	for _, c := range []struct {
		name    string
		head    *Version
		author  UserID
		op      Op
		code    Code
		current bool // shows the note as it is
	}{
		{"edit of no note", nil, anOwner, edit("x"), NotFound, false},
		{"organise of no note", nil, anOwner, Organise{Fields: star}, NotFound, false},
		{"revert of no note", nil, anOwner, Revert{Version: 1}, NotFound, false},
		{"trash of no note", nil, anOwner, Trash{}, NotFound, false},
		{"restore of no note", nil, anOwner, Restore{}, NotFound, false},
		{"share of no note", nil, anOwner, Share{Access: Some(Public)}, NotFound, false},
		{"leave of no note", nil, aReader, Leave{}, NotFound, false},
		{"create of what is there", live, anOwner, Create{}, NoteExists, false},
		{"create if absent of somebody else's", live, aWriter, Create{IfAbsent: true}, NoteExists, false},
		{"edit that expects an older version", live, aWriter, expecting(4), VersionMismatch, true},
		{"edit that expects a newer version", live, aWriter, expecting(6), VersionMismatch, true},
		{"edit of fields that expects an older version", live, aReader, Edit{Changes: Changes{FieldsPatch: star}, ExpectedVersion: 4}, VersionMismatch, true},
		{"edit on a base that is not kept", live, aWriter, basedOn(4), BaseGone, true},
		{"edit on a base to come", live, aWriter, basedOn(6), Invalid, true},
		{"edit on a mutation that is not known", live, aWriter, after("posted-4"), BaseGone, true},
		{"edit of what has expired", expired, aWriter, edit("x"), NoteExpired, true},
		{"edit of what has expired, with fields", expired, aWriter, Edit{Changes: Changes{BodyPatch: text("x"), FieldsPatch: star}}, NoteExpired, true},
		{"revert of what has expired", expired, aWriter, Revert{Version: 1}, NoteExpired, true},
		{"edit of what was purged", purged, aWriter, edit("x"), Purged, false},
		{"purge of what was purged", purged, anOwner, Purge{}, Purged, false},
		{"edit of what was purged, by a stranger", purged, aStranger, edit("x"), NotFound, false},
		{"create of what was purged", purged, anOwner, Create{}, NoteExists, false},
		{"create of what was purged, by a stranger", purged, aStranger, Create{IfAbsent: true}, NoteExists, false},
		{"create of one's own that was purged, if absent", purged, anOwner, Create{IfAbsent: true}, Purged, false},
		{"purge of no note", nil, anOwner, Purge{}, NotFound, false},
		{"purge of what is not in the trash", live, anOwner, Purge{}, Invalid, false},
		{"transfer to a stranger", live, anOwner, Share{Owner: aStranger}, Invalid, false},
		{"transfer to whom it removes", live, anOwner, Share{Owner: aReader, Remove: []UserID{aReader}}, Invalid, false},
		{"transfer by a writer", live, aWriter, Share{Owner: aWriter}, Forbidden, false},
		{"edit of nothing", live, aWriter, Edit{}, Invalid, false},
		{"revert to no version", live, aWriter, Revert{Version: 9}, NotFound, false},
		{"revert to a version that is not kept", live, aWriter, Revert{Version: 2}, VersionThinned, false},
		{"share with the owner", live, anOwner, Share{Members: []Member{{anOwner, Reader}}}, Invalid, false},
		{"share with one member too many", full, anOwner, Share{Members: []Member{{"zoe", Reader}}}, LimitExceeded, false},
		{"leave by the owner", live, anOwner, Leave{}, Forbidden, false},
		{"20 tags and one there already", live, aReader, Organise{Fields: FieldsPatch{AddTags: append(nineteen, "z")}}, LimitExceeded, false},
		{"text with too many tags", live, aWriter, Edit{Changes: Changes{BodyPatch: text("x"), FieldsPatch: FieldsPatch{AddTags: append(nineteen, "z")}}}, LimitExceeded, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := requestOf(c.author, c.op)
			if err := r.Mutation.Check(r.Limits); err != nil && c.code != Invalid {
				t.Fatalf("refused before Decide: %v", err)
			}
			d, err := Decide(rowsOf(c.head), r)
			refusal := refusedWith(t, err, c.code)
			if d.Commit != nil || d.Repeat != nil {
				t.Errorf("refused, and decided %+v", d)
			}
			if (refusal.Current != nil) != c.current {
				t.Errorf("shows %+v", refusal.Current)
			}
			if c.current && (refusal.Current.Note != c.head.Note || refusal.Current.Fields.Tags[0] != "old") {
				t.Errorf("shows %+v, want the head and the author's fields", refusal.Current)
			}
		})
	}
}

func TestDecideAcceptsAtTheLimit(t *testing.T) {
	nineteen := make([]string, 19)
	for i := range nineteen {
		nineteen[i] = string(rune('a' + i))
	}
	for name, c := range map[string]struct {
		author UserID
		op     Op
	}{
		"a base that is the head":                 {aWriter, Edit{Changes: edit("x").Changes, BaseVersion: headOfNote}},
		"an expected version that is the head":    {anOwner, Edit{Changes: edit("x").Changes, ExpectedVersion: headOfNote}},
		"a base mutation that is the head":        {aWriter, Edit{Changes: edit("x").Changes, BaseMutation: "posted-5"}},
		"19 tags and one there already":           {aReader, Organise{Fields: FieldsPatch{AddTags: nineteen}}},
		"20 tags and one there already, replaced": {aReader, Organise{Fields: FieldsPatch{Tags: Some(append(nineteen, "z"))}}},
	} {
		rows := rowsOf(noteOf(Private, false))
		rows.Target = rows.Head // as a store has it for a base that is the head
		if _, err := Decide(rows, requestOf(c.author, c.op)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDecideAnswersAReceiptBeforeAnythingElse(t *testing.T) {
	r := requestOf(aStranger, edit("x"))
	receipt := &Receipt{Mutation: "m", Hash: r.Hash, Note: theNote, Version: 3, Seq: 7, Logged: true}
	d, err := Decide(Rows{Receipt: receipt}, r)
	if err != nil || d.Repeat != receipt || d.Commit != nil {
		t.Errorf("the same operation is answered %+v, %v", d, err)
	}
	r.Hash[0]++
	_, err = Decide(Rows{Receipt: receipt}, r)
	refusedWith(t, err, MutationReused)
	r.Author = signedOut
	_, err = Decide(Rows{Receipt: receipt}, r)
	refusedWith(t, err, Unauthenticated)
}

// A clock that was set back must not put a change before the one it came after.
func TestDecideNeverGoesBackInTime(t *testing.T) {
	r := requestOf(anOwner, Edit{Changes: Changes{BodyPatch: text("x"), FieldsPatch: FieldsPatch{Hidden: Some(true)}}})
	r.Now = earlier - 5000
	d, err := Decide(rowsOf(noteOf(Private, false)), r)
	if err != nil {
		t.Fatal(err)
	}
	row := d.Commit.row()
	if d.Commit.Version.UpdatedAt != earlier || row.At != earlier || *row.Fields.HiddenAt != earlier {
		t.Errorf("the times are %d, %d and %d, want %d", d.Commit.Version.UpdatedAt, row.At, *row.Fields.HiddenAt, earlier)
	}
	if want := r.Now + 400*24*3600*1000; d.Commit.Receipt.Expires != want {
		t.Errorf("the receipt expires at %d, want %d", d.Commit.Receipt.Expires, want)
	}
}

// The rows that Decide is given are the store's, and maybe shared: it must not write to
// them, nor to anything they point at.
func TestDecideDoesNotModifyWhatItWasGiven(t *testing.T) {
	for _, r := range append(accessRows, struct {
		name string
		op   Op
	}{"everything at once", everything()}, struct {
		name string
		op   Op
	}{"everything, merged", Edit{Changes: everything().Changes, BaseVersion: 3}}, struct {
		name string
		op   Op
	}{"members added, changed and removed", Share{
		Members: []Member{{aReader, Writer}, {"amy", Reader}, {"zoe", Reader}}, Remove: []UserID{aWriter},
	}}) {
		for _, trashed := range []bool{false, true} {
			for _, author := range []UserID{anOwner, aWriter, aReader, aStranger} {
				rows, request := rowsOf(noteOf(Public, trashed), "amy", "zoe"), requestOf(author, r.op)
				rows.Target = noteOf(Private, false)
				rows.Target.Note.Version, rows.Target.Content = 3, "base"
				roomy(&rows)
				before := snapshot(t, rows, request)
				Decide(rows, request)
				if after := snapshot(t, rows, request); !bytes.Equal(before, after) {
					t.Errorf("%s by %s: the rows became\n%s\nfrom\n%s", r.name, author, after, before)
				}
			}
		}
	}
}

// roomy gives the slices spare capacity, so that a careless append would be seen.
func roomy(rows *Rows) {
	rows.Head.Members = append(make([]Member, 0, 16), rows.Head.Members...)
	for _, account := range rows.Account {
		if account.Entry != nil {
			account.Entry.Fields.Tags = append(make([]string, 0, 16), account.Entry.Fields.Tags...)
		}
	}
}

// snapshot shows the rows and the request in full, with the spare capacity of their slices.
func snapshot(t *testing.T, rows Rows, r Request) []byte {
	t.Helper()
	spare := map[UserID][]string{}
	for user, account := range rows.Account {
		if account.Entry != nil {
			tags := account.Entry.Fields.Tags
			spare[user] = tags[:cap(tags)]
		}
	}
	text, err := json.Marshal([]any{rows, rows.Head.Members[:cap(rows.Head.Members)], spare, r})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// everything is an edit of all that an edit can carry.
func everything() Edit {
	return Edit{Changes: Changes{
		BodyPatch: BodyPatch{
			Title: Some(ptr("T")), Content: Some("C"), Blob: Some(json.RawMessage(`{ "B" : 1 }`)), EncryptedTitle: Some(ptr("ET")),
			EncryptedContent: Some(ptr("EC")), IV: Some(ptr("I")), Salt: Some(ptr("S")), Type: Some("task"),
		},
		FieldsPatch: FieldsPatch{
			FolderID: Some(ptr("")), Tags: Some([]string{"a", "b"}), AddTags: []string{"c"}, RemoveTags: []string{"a"},
			Starred: Some(true), Archived: Some(true), Hidden: Some(true), HiddenAt: Some(ptr(Millis(5))),
		},
		Deleted: Some(true),
	}}
}
