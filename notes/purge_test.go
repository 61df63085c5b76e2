package notes

import (
	"reflect"
	"testing"
)

// What a purge leaves says that the note was there and to whom, and nothing of what it was.
func TestAPurgeLeavesATombstone(t *testing.T) {
	head := noteOf(Public, true)
	head.ExpiresAt, head.TemplateID, head.Salt = ptr(earlier), "template", ptr("salt")
	d, err := Decide(rowsOf(head), requestOf(anOwner, Purge{}))
	if err != nil {
		t.Fatal(err)
	}
	v := d.Commit.Version
	want := &Note{
		ID: theNote, Owner: anOwner, Version: headOfNote + 1, Access: Private, Members: head.Members,
		Deleted: true, Purged: true, CreatedAt: earlier, UpdatedAt: later,
	}
	if !reflect.DeepEqual(v.Note, want) {
		t.Errorf("left is %+v\nwant %+v", v.Note, want)
	}
	if v.Op != "purge" || !reflect.DeepEqual(v.Changed, []string{"purged"}) || !v.Deletes() {
		t.Errorf("the version is %+v", v)
	}
	if len(d.Commit.Accounts) != 3 {
		t.Fatalf("%d accounts are told", len(d.Commit.Accounts))
	}
	for _, w := range d.Commit.Accounts {
		if w.Entry != nil || w.EntryRead == 0 || w.Row.Kind != KindDeleted || w.Row.Reason != ReasonPurged || w.Row.Size != 0 {
			t.Errorf("%s: entry %+v, row %+v", w.User, w.Entry, w.Row)
		}
	}
}

func TestWhoIsToldLateOfAPurgeLosesHisEntry(t *testing.T) {
	before, after := noteOf(Private, true), noteOf(Private, true)
	after.Note.Version++
	after.Purged, after.Op, after.Changed = true, "purge", []string{"purged"}
	c := DecideLate(before, after, rowsOf(before).Account)
	if len(c.Accounts) != 3 {
		t.Fatalf("%d are told", len(c.Accounts))
	}
	for _, w := range c.Accounts {
		if w.Entry != nil || w.Row.Kind != KindDeleted || w.Row.Reason != ReasonPurged || w.Row.Op != "purge" {
			t.Errorf("%s: entry %+v, row %+v", w.User, w.Entry, w.Row)
		}
	}
}

// A note is read-only from the millisecond on at which its time is over.
func TestANoteExpiresOnTime(t *testing.T) {
	for at, want := range map[Millis]Code{later - 1: "", later: NoteExpired, later + 1: NoteExpired} {
		for _, op := range []Op{edit("x"), Revert{Version: 1}, Edit{Changes: edit("x").Changes, BaseVersion: headOfNote}} {
			head := noteOf(Private, false)
			head.ExpiresAt = ptr(later)
			rows, r := rowsOf(head), requestOf(aWriter, op)
			rows.Target, r.Now = head, at
			d, err := Decide(rows, r)
			if want == "" {
				if err != nil || *d.Commit.Version.ExpiresAt != later {
					t.Errorf("%s at %d: %+v, %v", op.Name(), at, d.Commit, err)
				}
				continue
			}
			if refusal := refusedWith(t, err, want); refusal.Current == nil || refusal.Current.Note != head.Note {
				t.Errorf("%s at %d shows %+v", op.Name(), at, refusal.Current)
			}
		}
	}
}

func TestACreateSaysWhenItsNoteExpires(t *testing.T) {
	for hours, want := range map[float64]*Millis{0: nil, 1: ptr(later + 3_600_000), 0.5: ptr(later + 1_800_000), 87_600: ptr(later + 87_600*3_600_000)} {
		d, err := Decide(rowsOf(nil), requestOf(anOwner, Create{ExpiresInHours: hours}))
		if err != nil || !ptrEqual(d.Commit.Version.ExpiresAt, want) {
			t.Errorf("%v hours: %+v, %v", hours, d.Commit, err)
		}
	}
}

func TestATransferSwapsOwnerAndMember(t *testing.T) {
	for name, c := range map[string]struct {
		share   Share
		members []Member
		changed []string
	}{
		"to a reader": {Share{Owner: aReader}, []Member{{anOwner, Writer}, {aWriter, Writer}}, []string{"collaborators", "roles", "userId"}},
		"to a writer": {Share{Owner: aWriter}, []Member{{anOwner, Writer}, {aReader, Reader}}, []string{"collaborators", "roles", "userId"}},
		"to somebody new": {
			Share{Owner: "amy", Members: []Member{{"amy", Reader}}},
			[]Member{{anOwner, Writer}, {aReader, Reader}, {aWriter, Writer}}, []string{"collaborators", "roles", "userId"},
		},
		"and public": {
			Share{Owner: aReader, Access: Some(Public), Remove: []UserID{aWriter}},
			[]Member{{anOwner, Writer}}, []string{"access", "collaborators", "roles", "userId"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := requestOf(anOwner, c.share)
			if err := r.Mutation.Check(r.Limits); err != nil {
				t.Fatal(err)
			}
			d, err := Decide(rowsOf(noteOf(Private, false), "amy"), r)
			if err != nil {
				t.Fatal(err)
			}
			v := d.Commit.Version
			if v.Owner != c.share.Owner || !reflect.DeepEqual(v.Members, c.members) || !reflect.DeepEqual(v.Changed, c.changed) {
				t.Errorf("owner %s, members %v, changed %v", v.Owner, v.Members, v.Changed)
			}
			for _, w := range d.Commit.Accounts {
				if role := v.RoleOf(w.User); role != Stranger && w.Entry.Role != role {
					t.Errorf("the entry of %s says %s, he is %s", w.User, w.Entry.Role, role)
				}
			}
		})
	}
}

// To transfer a note to its owner, to share as it is shared: acknowledged, and nothing more.
func TestASharingThatIsThereAlreadyMakesNoVersion(t *testing.T) {
	for _, share := range []Share{
		{Owner: anOwner}, {Access: Some(Private)}, {Members: []Member{{aReader, Reader}}}, {Remove: []UserID{aStranger, anOwner}},
	} {
		d, err := Decide(rowsOf(noteOf(Private, false)), requestOf(anOwner, share))
		if err != nil || d.Commit.Version != nil || len(d.Commit.Accounts) > 0 || d.Commit.Receipt == nil {
			t.Errorf("%+v: %+v, %v", share, d.Commit, err)
		}
	}
}

func TestASharingNamesWhatChanged(t *testing.T) {
	for _, c := range []struct {
		share Share
		want  []string
	}{
		{Share{Access: Some(Public)}, []string{"access"}},
		{Share{Members: []Member{{"amy", Reader}}}, []string{"collaborators", "roles"}},
		{Share{Members: []Member{{aReader, Writer}}}, []string{"roles"}},
		{Share{Remove: []UserID{aReader}}, []string{"collaborators", "roles"}},
	} {
		d, err := Decide(rowsOf(noteOf(Private, false), "amy"), requestOf(anOwner, c.share))
		if err != nil || !reflect.DeepEqual(d.Commit.Version.Changed, c.want) {
			t.Errorf("%+v changed %v, %v", c.share, d.Commit, err)
		}
	}
}

// 20 members named, one of them new and the owner to be, are still one transaction.
func TestATransferFitsIntoATransaction(t *testing.T) {
	head := noteOf(Private, false)
	head.Members = nil
	share := Share{Owner: "m-99"}
	for i := range 40 {
		head.setMember(Member{UserID("m-" + string(rune('a'+i/26)) + string(rune('a'+i%26))), Reader})
	}
	head.setMember(Member{"m-99", Reader})
	for i := range MembersAtOnce {
		share.Members = append(share.Members, Member{UserID("new-" + string(rune('a'+i))), Writer})
	}
	m := Mutation{ID: "m", Note: theNote, Op: share}
	if err := m.Check(DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	users := AtOnce(head.Note, anOwner, m)
	if len(users) > 2+MembersAtOnce || !contains(users, "m-99") {
		t.Errorf("%d accounts at once: %v", len(users), users)
	}
}

func contains(users []UserID, user UserID) bool {
	for _, u := range users {
		if u == user {
			return true
		}
	}
	return false
}
