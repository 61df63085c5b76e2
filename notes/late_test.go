package notes

import (
	"fmt"
	"slices"
	"testing"
)

// crowded is a note with so many members, u-000 and on.
func crowded(members int) *Version {
	head := noteOf(Private, false)
	head.Members = nil
	for i := range members {
		head.Members = append(head.Members, Member{UserID(fmt.Sprintf("u-%03d", i)), Writer})
	}
	return head
}

// The rows of a commit stay below DynamoDB's 100, whoever the author is: 3 for each account,
// and at most 6 for receipt, head, version, blob and mark.
func TestATransactionHasRoomForAllThatItTellsAtOnce(t *testing.T) {
	var share Share
	for i := range MembersAtOnce {
		share.Members = append(share.Members, Member{UserID(fmt.Sprintf("new-%d", i)), Reader})
	}
	head := crowded(200).Note
	for name, users := range map[string][]UserID{
		"edit by a late member": AtOnce(head, "u-199", editOfNote),
		"share with 20":         AtOnce(head, anOwner, Mutation{Note: theNote, Op: share}),
		"edit of a small note":  AtOnce(crowded(3).Note, anOwner, editOfNote),
	} {
		if rows := 3*len(users) + 6; rows > 100 {
			t.Errorf("%s: %d rows", name, rows)
		}
		sorted := slices.Sorted(slices.Values(users))
		if len(slices.Compact(sorted)) != len(users) {
			t.Errorf("%s: somebody is told twice: %v", name, users)
		}
	}
	if users := AtOnce(head, "u-199", editOfNote); users[0] != "u-199" || users[1] != anOwner || len(users) != 2+MembersAtOnce {
		t.Errorf("an edit by a late member tells %v", users)
	}
	for _, m := range share.Members {
		if !slices.Contains(AtOnce(head, anOwner, Mutation{Note: theNote, Op: share}), m.User) {
			t.Errorf("%s is named, and not told at once", m.User)
		}
	}
}

func TestDecideMarksANoteThatLeavesMembersUntold(t *testing.T) {
	for members, late := range map[int]bool{MembersAtOnce: false, MembersAtOnce + 1: true} {
		head := crowded(members)
		decision, err := Decide(rowsOf(head), requestOf(anOwner, edit("x")))
		if err != nil || decision.Commit.Late != late || len(decision.Commit.Accounts) != 1+MembersAtOnce {
			t.Errorf("%d members: %+v, error %v", members, decision.Commit, err)
		}
	}
}

// Who has yet to be told of the head is told in order: an author before his own mutation,
// others after it.
func TestDecideTellsNobodyOutOfOrder(t *testing.T) {
	rows := rowsOf(noteOf(Private, false))
	rows.Account[aWriter].Entry.Version--
	decision, err := Decide(rows, requestOf(aWriter, edit("x")))
	if err != nil || !decision.Behind || decision.Commit != nil {
		t.Errorf("an author who is behind gets %+v, error %v", decision, err)
	}
	decision, err = Decide(rows, requestOf(anOwner, edit("x")))
	if err != nil || !decision.Commit.Late {
		t.Fatalf("%+v, error %v", decision, err)
	}
	for _, w := range decision.Commit.Accounts {
		if w.User == aWriter {
			t.Error("a member who is behind is told of the next version first")
		}
	}
}

func TestDecideLateTellsWhoIsAtTheVersionBefore(t *testing.T) {
	before, after := noteOf(Private, false), noteOf(Private, false)
	after.Note.Version++
	rows := rowsOf(after)
	for user, version := range map[UserID]int64{anOwner: headOfNote + 1, aWriter: headOfNote, aReader: headOfNote - 1} {
		rows.Account[user].Entry.Version = version
	}
	c := DecideLate(before, after, rows.Account)
	if len(c.Accounts) != 1 || c.Accounts[0].User != aWriter || c.Receipt != nil || c.Version != nil {
		t.Fatalf("%+v", c)
	}
	w := c.Accounts[0]
	if w.Row.Seq != rows.Account[aWriter].Seq+1 || w.EntryRead != rows.Account[aWriter].Entry.Seq || w.Entry.Version != headOfNote+1 || w.Row.Kind != KindSync {
		t.Errorf("%+v", w)
	}
}

// A clash that says where the sequences are saves a read, and one that does not costs it.
func TestServiceGoesOnFromWhatAClashFound(t *testing.T) {
	for name, c := range map[string]struct {
		clash error
		loads int
	}{
		"sequences": {&Clash{Seqs: map[UserID]int64{anOwner: 17}}, 1},
		"plain":     {ErrClash, 2},
	} {
		store := &scripted{}
		store.commit = func(*Commit) error {
			if len(store.commits) == 1 {
				return c.clash
			}
			return nil
		}
		service := serviceOn(store)
		if _, err := service.Mutate(t.Context(), anOwner, "", editOfNote); err != nil || store.loads != c.loads {
			t.Errorf("%s: error %v after %d loads", name, err, store.loads)
		}
		if seq := store.commits[1].row().Seq; name == "sequences" && seq != 18 {
			t.Errorf("the second try takes place %d", seq)
		}
		if service.Stats() != (Stats{Commits: 1, Retries: 1}) {
			t.Errorf("%s: %+v", name, service.Stats())
		}
	}
}
