package notestest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"notewire/notes"
)

var thinRules = []rule{
	{"a history is thinned as the policy says, and what stays keeps its number", thinnedHistory},
	{"who asks for a version that was thinned is told so", thinnedVersion},
	{"a log replays the same when what is older than it is thinned", thinnedUnderReplay},
	{"what a revert or a conflict names is not thinned", thinnedAroundNames},
	{"a mutation whose version was thinned has no second effect", thinnedRepeat},
	{"versions that share a large body are thinned without harm to each other", thinnedShared},
	{"a note is not thinned that has changed, or whose members are yet to be told", thinnedNotYet},
	{"a note that was purged is not thinned", thinnedPurged},
}

var thinAtOnceRules = []rule{
	{"thinning may be asked for again, and by many", thinnedAgain},
	{"writers and thinners beside each other harm nobody", thinnedBesideWriters},
}

const kept = notes.KeepAtLeast

// longAgo makes ann's note "n" of so many edits a day for some days, of which the last is longer
// ago than logs are kept.
func (t *trial) longAgo(days, edits int, members ...notes.Member) {
	t.Helper()
	t.clock.Advance(day - time.Duration(t.clock.Now().UnixMilli()%day.Milliseconds())*time.Millisecond) // the beginning of one
	t.note("n", "0", members...)
	for d := range days {
		for e := range edits {
			t.do(ann, "n", edit(fmt.Sprintf("day %d edit %d", d, e)))
		}
		t.clock.Advance(day - time.Duration(edits)*time.Millisecond)
	}
	t.clock.Advance(t.logDays() + 2*time.Hour)
}

func (t *trial) thin(id notes.NoteID) int {
	t.Helper()
	n, err := t.service.Thin(t.Context(), id, kept)
	if err != nil {
		t.Fatalf("thin %s: %v", id, err)
	}
	return n
}

// left lists the versions that are there, oldest first, as ann reads them.
func (t *trial) left(id notes.NoteID) (numbers []int64) {
	t.Helper()
	for after := int64(0); ; {
		page, err := t.service.History(t.Context(), ann, id, notes.HistoryQuery{Asc: true, After: after, Limit: 7})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Versions {
			numbers = append(numbers, v.Note.Version)
		}
		if after = page.Next; after == 0 {
			return numbers
		}
	}
}

func thinnedHistory(t *trial) {
	t.longAgo(3, 6) // 1..7, 8..13, 14..19
	t.note("other", "")
	for i := range 4 {
		t.do(ann, "n", edit(fmt.Sprintf("now %d", i))) // 20..23
	}
	whole := t.versions("n")
	would, err := t.service.Thinnable(t.Context(), "n", kept)
	if err != nil || would != 10 || len(t.left("n")) != 23 {
		t.Errorf("%d would go, error %v; %v are left", would, err, t.left("n"))
	}
	equal(t, "how many were removed", t.thin("n"), 10)
	want := append([]int64{1, 7, 13}, numbers(14, 23)...)
	equal(t, "what is left", t.left("n"), want)
	for _, n := range want {
		equal(t, "a version that stays", t.version("n", n), whole[n-1])
	}
	equal(t, "the note", t.get(ann, "n").Content, "now 3")
	equal(t, "the other note", t.left("other"), []int64{1})
	equal(t, "how many are removed again", t.thin("n"), 0)
	out := t.do(ann, "n", edit("later"))
	equal(t, "the next version", out.Version, int64(24))
	for _, asc := range []bool{false, true} {
		infos, err := t.store.VersionInfos(t.Context(), "n", notes.Range{Desc: !asc, After: 13, Limit: 3})
		if err != nil || len(infos) != map[bool]int{false: 2, true: 3}[asc] || infos[0].Content != "" || infos[0].Op == "" {
			t.Errorf("the versions behind 13, oldest first %v: %v, error %v", asc, infos, err)
		}
	}
	n, err := t.service.Thin(t.Context(), "none", kept)
	if n != 0 || err != nil {
		t.Errorf("of no note %d were removed, error %v", n, err)
	}
}

func thinnedVersion(t *trial) {
	t.longAgo(2, 12, writer(bob))
	t.do(ann, "n", publish())
	t.thin("n")
	_, _, err := t.service.Version(t.Context(), ann, "n", 5)
	t.isRefusal(notes.VersionThinned, err)
	_, err = t.service.Kept(t.Context(), ann, "n", 5)
	t.isRefusal(notes.VersionThinned, err)
	_, err = t.service.Diff(t.Context(), bob, "n", 5, 20, false, -1)
	t.isRefusal(notes.VersionThinned, err)
	_, _, err = t.service.Version(t.Context(), ann, "n", 99)
	t.isRefusal(notes.NotFound, err)
	t.refused(notes.VersionThinned, bob, "n", notes.Revert{Version: 5})
	on := edit("on a hole")
	on.BaseVersion = 5
	equal(t, "what an edit on a hole shows", t.refused(notes.BaseGone, bob, "n", on).Current.Content, "day 1 edit 11")
	log, err := t.service.NoteLog(t.Context(), "n", 4, 10)
	if err != nil || len(log) == 0 || log[0].Note.Version == 5 {
		t.Errorf("the note's log goes on behind 4 with %v, error %v", log, err)
	}
	t.do(bob, "n", notes.Revert{Version: 1})
	equal(t, "the first text", t.get(ann, "n").Content, "0")
}

// thinnedUnderReplay: rows of old versions are young where somebody's own fields of them are.
func thinnedUnderReplay(t *trial) {
	t.longAgo(1, 20, reader(bob)) // 2 is the share
	t.do(bob, "n", organise(star))
	t.do(ann, "n", organise(star))
	t.clock.Advance(time.Hour)
	for i := range 15 {
		t.do(ann, "n", edit(fmt.Sprint(i)))
		t.do(bob, "n", organise(notes.FieldsPatch{Archived: notes.Some(i%2 == 0)}))
	}
	before := map[notes.UserID][]notes.Change{}
	for _, user := range []notes.UserID{ann, bob} {
		from := t.read(user, 0, 1)[0] - 1
		changes, err := t.service.AccountLog(t.Context(), user, from, 100)
		if err != nil || len(changes) < 10 {
			t.Fatalf("the log of %s has %d rows, error %v", user, len(changes), err)
		}
		before[user] = changes
	}
	if n := t.thin("n"); n != 20 {
		t.Errorf("%d were removed, want 2 to 21", n)
	}
	for user, want := range before {
		got, err := t.service.AccountLog(t.Context(), user, want[0].Seq-1, 100)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "the log of "+string(user), got, want)
	}
	equal(t, "what is left", t.left("n"), append([]int64{1}, numbers(22, 37)...))
}

func thinnedAroundNames(t *trial) {
	t.longAgo(1, 20) // 2 to 21
	t.do(ann, "n", notes.Revert{Version: 7})
	for _, text := range []string{"mine", "theirs"} { // of 9: the second conflicts
		e := edit(text)
		e.BaseVersion = 9
		t.do(ann, "n", e)
	}
	for i := range 12 {
		t.do(ann, "n", edit(fmt.Sprint(i)))
	}
	t.clock.Advance(2*t.logDays() + time.Hour)
	last := t.do(ann, "n", edit("last"))
	t.thin("n")
	for _, n := range []int64{23, 24} {
		equal(t, "the conflict", t.version("n", n).Conflicts, []string{"content"})
	}
	equal(t, "the last version", last.Version, int64(37))
	equal(t, "what is left", t.left("n"), append([]int64{1, 7, 9, 21, 22, 23, 24}, numbers(28, 37)...))
	equal(t, "the text that was reverted to", t.version("n", 22).Content, t.version("n", 7).Content)
}

func thinnedRepeat(t *trial) {
	t.note("n", "0")
	first := t.as("again", ann, "n", edit("1"))
	for i := range 20 {
		t.do(ann, "n", edit(fmt.Sprint(i)))
	}
	t.clock.Advance(t.logDays() + 2*time.Hour)
	t.do(ann, "n", edit("last"))
	t.thin("n")
	out := t.as("again", ann, "n", edit("1"))
	equal(t, "the answer", []any{out.Repeated, out.Version, out.Cursor, out.View == nil}, []any{true, first.Version, first.Cursor, true})
	equal(t, "the text", t.get(ann, "n").Content, "last")
}

func thinnedShared(t *trial) {
	one, two := incompressible(t, 1), incompressible(t, 2)
	t.note("n", "0")
	t.do(ann, "n", edit(one))                                      // 2
	t.do(ann, "n", add(reader(bob)))                               // 3 has the same text
	t.do(ann, "n", edit(two))                                      // 4
	t.do(ann, "n", publish())                                      // 5
	t.do(ann, "n", edit(one))                                      // 6: again, the parts that are there
	t.do(ann, "n", notes.Share{Access: notes.Some(notes.Private)}) // 7
	for range kept {
		t.clock.Advance(day)
		t.do(ann, "n", edit("small"))
	}
	t.clock.Advance(t.logDays() + 2*time.Hour)
	t.do(ann, "n", edit("last"))
	equal(t, "how many were removed", t.thin("n"), 5)
	equal(t, "the shared text", t.version("n", 7).Content == one, true)
	t.do(ann, "n", edit(two)) // whose parts may be gone, and must come again
	t.do(ann, "n", notes.Revert{Version: 7})
	equal(t, "the text of the head", t.get(bob, "n").Content == one, true)
	equal(t, "the text before", t.version("n", 19).Content == two, true)
}

// incompressible is a text of a megabyte that no packing makes small.
func incompressible(t *trial, seed uint32) string {
	var b strings.Builder
	for x := seed; b.Len() < t.limits.TextBytes-8; {
		x = x*1664525 + 1013904223
		fmt.Fprintf(&b, "%08x", x^x>>13)
	}
	return b.String()
}

func thinnedNotYet(t *trial) {
	t.longAgo(1, 25)
	head := t.get(ann, "n").Version
	if err := t.store.Thin(t.Context(), "n", head-1, []int64{3}); !errors.Is(err, notes.ErrClash) {
		t.Errorf("for an older head: %v", err)
	}
	if err := t.store.Thin(t.Context(), "n", head, []int64{head}); err == nil {
		t.Error("the head was removed")
	}
	equal(t, "what is left", len(t.left("n")), 26)
	users := t.crowdOf("n", 30)
	t.crash()
	t.do(ann, "n", edit("untold"))
	t.heal()
	equal(t, "removed while members are yet to be told", t.thin("n"), 0)
	t.sweep(t.service)
	equal(t, "removed when they have been", t.thin("n") > 15, true)
	equal(t, "the last row of a member", t.last(users[29]).Version.Content, "untold")
}

// crowdOf adds so many writers to a note.
func (t *trial) crowdOf(id notes.NoteID, size int) (users []notes.UserID) {
	t.Helper()
	for len(users) < size {
		var batch []notes.Member
		for range min(notes.MembersAtOnce, size-len(users)) {
			users = append(users, notes.UserID(fmt.Sprintf("u-%02d", len(users))))
			batch = append(batch, writer(users[len(users)-1]))
		}
		t.do(ann, id, add(batch...))
	}
	t.settled()
	return users
}

func thinnedAgain(t *trial) {
	t.longAgo(2, 15)
	t.do(ann, "n", edit("x"))
	head := t.get(ann, "n").Version
	for range 2 {
		if err := t.store.Thin(t.Context(), "n", head, []int64{4, 5, 7}); err != nil {
			t.Error(err)
		}
	}
	if err := t.store.Thin(t.Context(), "n", head, nil); err != nil {
		t.Error(err)
	}
	var thinners sync.WaitGroup
	for range 4 {
		service := t.instance()
		thinners.Go(func() {
			if _, err := service.Thin(t.Context(), "n", kept); err != nil {
				t.Error(err)
			}
		})
	}
	thinners.Wait()
	equal(t, "what is left", t.left("n"), append([]int64{1, 16}, numbers(23, 32)...))
	t.store.Store = t.harness.Reopen()
	equal(t, "what is left after a restart", t.left("n"), append([]int64{1, 16}, numbers(23, 32)...))
}

func thinnedBesideWriters(t *trial) {
	t.longAgo(2, 20, writer(bob))
	large := incompressible(t, 3)
	var all sync.WaitGroup
	for w, user := range []notes.UserID{ann, bob} {
		service := t.instance()
		all.Go(func() {
			for i := range 8 {
				var op notes.Op = notes.Revert{Version: int64(3 + 2*i + w)}
				if i%4 == 3 {
					op = edit(large)
				}
				_, err := service.Mutate(t.Context(), user, "", notes.Mutation{ID: t.id(), Note: "n", Op: op})
				if err != nil && notes.CodeOf(err) != notes.VersionThinned {
					t.Errorf("%s: %v", op.Name(), err)
				}
			}
		})
	}
	for range 2 {
		service := t.instance()
		all.Go(func() {
			for range 5 {
				if _, err := service.Thin(t.Context(), "n", kept); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	there := t.left("n")
	for _, n := range there {
		v := t.version("n", n) // its text can be read
		if v.Reverted != 0 && !slices.Contains(there, v.Reverted) {
			t.Errorf("version %d goes back to %d, which is gone", n, v.Reverted)
		}
	}
	t.thin("n")
	equal(t, "the text of the head", t.get(ann, "n").Content, t.version("n", there[len(there)-1]).Content)
}

func thinnedPurged(t *trial) {
	t.longAgo(1, 20)
	t.do(ann, "n", notes.Trash{})
	t.do(ann, "n", notes.Purge{})
	equal(t, "how many were removed", t.thin("n"), 0)
}
