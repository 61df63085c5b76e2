package notestest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"notewire/notes"
)

var concurrencyRules = []rule{
	{"of 16 writers that expect one version, exactly one wins it, and the others see the winner's note", strictWriters},
	{"edits without a base by 16 writers are all applied, each writer's in order, versions without a gap", unbasedWriters},
	{"accounts that share a note and also write their own keep logs without a gap", crossingWriters},
	{"the same mutation sent 16 times at once has one effect and one answer", sameMutationAtOnce},
	{"creating one id 16 times at once makes one note", createAtOnce},
	{"commits of one account or one note through one service do not clash", noClashInOneService},
}

const writers = 16

// together runs fn at the same time for each of n, half of them through another instance.
func (t *trial) together(n int, fn func(i int, service *notes.Service)) {
	services := [2]*notes.Service{t.service, t.instance()}
	var ready, done sync.WaitGroup
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			fn(i, services[i%2])
		})
	}
	done.Wait()
}

// send carries out an operation from any goroutine.
func (t *trial) send(s *notes.Service, user notes.UserID, note notes.NoteID, op notes.Op) (*notes.Outcome, error) {
	t.clock.Advance(time.Millisecond)
	return s.Mutate(t.Context(), user, "", notes.Mutation{ID: t.id(), Note: note, Op: op})
}

// must is send for operations that cannot be refused.
func (t *trial) must(s *notes.Service, user notes.UserID, note notes.NoteID, op notes.Op) {
	if _, err := t.send(s, user, note, op); err != nil {
		t.Errorf("%s by %s of %s: %v", op.Name(), user, note, err)
	}
}

func strictWriters(t *trial) {
	t.note("n", "")
	for version := int64(1); version <= 5; version++ {
		won := make([]bool, writers)
		t.together(writers, func(i int, s *notes.Service) {
			op := edit(fmt.Sprintf("%d by %d", version, i))
			op.ExpectedVersion = notes.Seen(version)
			out, err := t.send(s, ann, "n", op)
			if won[i] = err == nil; won[i] {
				equal(t, "the winner's version", out.Version, version+1)
				return
			}
			refusal, ok := err.(*notes.Error)
			if !ok || refusal.Code != notes.VersionMismatch || refusal.Current == nil || refusal.Current.Version != version+1 {
				t.Errorf("a loser of version %d is told %#v", version, err)
			}
		})
		if n := count(won, true); n != 1 {
			t.Fatalf("%d writers won version %d", n, version)
		}
		equal(t, "the text", t.get(ann, "n").Content, fmt.Sprintf("%d by %d", version, slices.Index(won, true)))
	}
	t.versions("n")
	t.log(ann)
}

func count[T comparable](in []T, v T) (n int) {
	for _, x := range in {
		if x == v {
			n++
		}
	}
	return n
}

func unbasedWriters(t *trial) {
	const each = 4
	t.note("n", "")
	t.together(writers, func(i int, s *notes.Service) {
		for k := range each {
			t.must(s, ann, "n", edit(fmt.Sprintf("%d-%d", i, k)))
		}
	})
	versions := t.versions("n")
	if len(versions) != 1+writers*each || len(t.log(ann)) != len(versions) {
		t.Fatalf("%d versions and %d log rows, want %d", len(versions), len(t.log(ann)), 1+writers*each)
	}
	next := make([]int, writers)
	for _, v := range versions[1:] {
		var i, k int
		if _, err := fmt.Sscanf(v.Content, "%d-%d", &i, &k); err != nil || k != next[i] {
			t.Fatalf("version %d is %q, want the writer's edit %d", v.Note.Version, v.Content, next[i])
		}
		next[i]++
	}
}

func crossingWriters(t *trial) {
	const each = 4
	team := []notes.UserID{ann, bob, cat, "dan", "fay"}
	t.note("shared", "", writer(bob), writer(cat), writer("dan"), writer("fay"))
	for _, user := range team {
		t.do(user, notes.NoteID("own-"+user), notes.Create{})
	}
	t.together(len(team)*2, func(i int, s *notes.Service) {
		user := team[i/2]
		for range each {
			t.must(s, user, "shared", edit(string(user)))
			t.must(s, user, notes.NoteID("own-"+user), edit("own"))
			t.must(s, user, "shared", organise(star))
		}
	})
	edits := len(team) * 2 * each
	equal(t, "versions of the shared note", len(t.versions("shared")), 2+edits)
	for _, user := range team {
		equal(t, "versions of the own note", len(t.versions(notes.NoteID("own-"+user))), 1+2*each)
		var shared, organised, version int64
		for _, c := range t.log(user) {
			if c.Note != "shared" {
				continue
			}
			if c.LogRow.Version < version {
				t.Errorf("the log of %s goes back from version %d to %d", user, version, c.LogRow.Version)
			}
			version = c.LogRow.Version
			switch c.Op {
			case "edit":
				shared++
			case "organise":
				organised++
			}
		}
		equal(t, "edits in the log of "+string(user), shared, int64(edits))
		equal(t, "organised in the log of "+string(user), organised, int64(2*each))
	}
}

func sameMutationAtOnce(t *trial) {
	t.note("n", "")
	outs := make([]*notes.Outcome, writers)
	t.together(writers, func(i int, s *notes.Service) {
		var err error
		if outs[i], err = s.Mutate(t.Context(), ann, "", notes.Mutation{ID: "m", Note: "n", Op: edit("once")}); err != nil {
			t.Error(err)
			outs[i] = &notes.Outcome{}
		}
	})
	equal(t, "versions", len(t.versions("n")), 2)
	equal(t, "rows", len(t.log(ann)), 2)
	first := 0
	for _, out := range outs {
		if !out.Repeated {
			first++
		}
		t.sameAnswer(outs[0], out)
	}
	equal(t, "answers that are not repeated", first, 1)
}

func createAtOnce(t *trial) {
	won := make([]bool, writers)
	t.together(writers, func(i int, s *notes.Service) {
		_, err := t.send(s, notes.UserID(fmt.Sprintf("user-%d", i)), "n", notes.Create{})
		if won[i] = err == nil; !won[i] && notes.CodeOf(err) != notes.NoteExists {
			t.Errorf("a loser is told %v", err)
		}
	})
	equal(t, "winners", count(won, true), 1)
	owner := t.versions("n")[0].Owner
	equal(t, "the owner", owner, notes.UserID(fmt.Sprintf("user-%d", slices.Index(won, true))))
	for i := range writers {
		user := notes.UserID(fmt.Sprintf("user-%d", i))
		equal(t, "rows in the log of "+string(user), len(t.log(user)), count(won[i:i+1], true))
	}
}

func noClashInOneService(t *trial) {
	t.note("shared", "", writer(bob), writer(cat))
	var mu sync.Mutex
	var commits []string
	t.store.OnCommit(func(c *notes.Commit) (bool, error) {
		mu.Lock()
		defer mu.Unlock()
		commits = append(commits, string(c.Receipt.Mutation))
		return true, nil
	})
	t.together(writers, func(i int, _ *notes.Service) {
		user := []notes.UserID{ann, bob, cat}[i%3]
		t.must(t.service, user, "shared", edit("x"))
		t.must(t.service, user, "shared", edit("y"))
	})
	if len(commits) != 2*writers {
		t.Errorf("%d commits for %d edits: %s", len(commits), 2*writers, strings.Join(commits, " "))
	}
}
