package notes

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

const aMinute = Millis(60_000)

// anyHistory is a history with holes, oldest first; its first version is there.
func anyHistory(t *rapid.T, most int) (versions []*Version) {
	at := earlier
	for n := range rapid.IntRange(1, most).Draw(t, "versions") {
		at += rapid.SampledFrom([]Millis{0, 1, aMinute - 1, aMinute, 10 * aMinute, 3 * msPerDay}).Draw(t, "pause")
		v := &Version{
			Note:   &Note{ID: theNote, Owner: anOwner, Version: int64(n + 1), UpdatedAt: at, Body: Body{Title: ptr(fmt.Sprint(n))}},
			Op:     rapid.SampledFrom([]string{"edit", "edit", "edit", "edit", "revert", "share", "trash"}).Draw(t, "op"),
			Author: rapid.SampledFrom([]UserID{anOwner, anOwner, aWriter}).Draw(t, "author"),
		}
		switch v.Op {
		case "edit":
			v.Changed = rapid.SampledFrom([][]string{{"content"}, {"title", "content"}, {"content", "deleted"}, {"blob"}}).Draw(t, "changed")
			if rapid.IntRange(0, 9).Draw(t, "conflict") == 0 {
				v.Conflicts, v.Base = []string{"content"}, rapid.Int64Range(1, int64(n+1)).Draw(t, "base")
			}
		case "revert":
			v.Reverted = rapid.Int64Range(1, int64(n+1)).Draw(t, "reverted")
		}
		if n == 0 {
			v.Op, v.Changed, v.Conflicts, v.Reverted = "create", nil, nil, 0
		}
		if n > 0 && rapid.IntRange(0, 14).Draw(t, "hole") == 0 {
			continue
		}
		versions = append(versions, v)
	}
	return versions
}

// mayJoin is the rule, told of two neighbours.
func mayJoin(a, b *Version, pause Millis) bool {
	plain := func(v *Version) bool {
		return v.Op == "edit" && v.Conflicts == nil && !slices.Contains(v.Changed, "deleted")
	}
	return plain(a) && plain(b) && a.Author == b.Author && b.UpdatedAt-a.UpdatedAt < pause && a.Note.Version+1 == b.Note.Version
}

func TestGroupsAreAPartOfTheHistoryEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		versions := anyHistory(t, 40)
		pause := aMinute * Millis(rapid.IntRange(1, 20).Draw(t, "minutes"))
		groups := GroupVersions(versions, pause)
		i := 0
		for n, g := range groups {
			members := versions[i : i+g.Versions]
			first, last := members[0], members[len(members)-1]
			want := &Group{
				From: first.Note.Version, To: last.Note.Version, Author: first.Author, Begun: first.UpdatedAt, Ended: last.UpdatedAt,
				Versions: len(members), Title: last.Title, Reverted: first.Reverted, Conflicts: first.Conflicts,
			}
			for k, v := range members {
				want.Ops, want.Changed = append(want.Ops, v.Op), append(want.Changed, v.Changed...)
				if k > 0 && !mayJoin(members[k-1], v, pause) {
					t.Fatalf("group %d joins %d and %d", n, members[k-1].Note.Version, v.Note.Version)
				}
			}
			slices.Sort(want.Ops)
			slices.Sort(want.Changed)
			want.Ops, want.Changed = slices.Compact(want.Ops), slices.Compact(want.Changed)
			if !reflect.DeepEqual(g, want) {
				t.Fatalf("group %d is %+v, want %+v", n, g, want)
			}
			if i += g.Versions; i < len(versions) && mayJoin(last, versions[i], pause) {
				t.Fatalf("group %d ends before %d without need", n, versions[i].Note.Version)
			}
		}
		if i != len(versions) {
			t.Fatalf("%d of %d versions are in a group", i, len(versions))
		}
		backward := slices.Clone(versions)
		slices.Reverse(backward)
		newestFirst := GroupVersions(backward, pause)
		slices.Reverse(newestFirst)
		if !reflect.DeepEqual(newestFirst, groups) {
			t.Fatal("the groups are others when they are read from the end")
		}
	})
}

// shelf is a store with one note's history, oldest first, which reads a few versions at once.
type shelf struct {
	Store
	versions []*Version
	atOnce   int
	reads    int
}

func (s *shelf) Heads(context.Context, ...NoteID) ([]*Version, error) {
	return []*Version{s.versions[len(s.versions)-1]}, nil
}

func (s *shelf) VersionInfos(_ context.Context, _ NoteID, r Range) (found []*Version, _ error) {
	s.reads++
	all := slices.Clone(s.versions)
	if r.Desc {
		slices.Reverse(all)
	}
	for _, v := range all {
		n := v.Note.Version
		if behind := n > r.After && !r.Desc || r.Desc && (r.After == 0 || n < r.After); behind && len(found) < min(r.Limit, s.atOnce) {
			found = append(found, v)
		}
	}
	return found, nil
}

// pagesOf reads all groups of a history, a page after the other.
func pagesOf(t interface{ Fatal(...any) }, s *Service, viewer UserID, q HistoryQuery) (groups []*Group) {
	for {
		page, err := s.HistoryGroups(context.Background(), viewer, theNote, q, aMinute)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Groups) > q.Limit {
			t.Fatal("a page of", len(page.Groups), "groups, at most", q.Limit)
		}
		groups = append(groups, page.Groups...)
		if page.Next == 0 {
			return groups
		}
		if q.Before, q.After = page.Next, 0; q.Asc {
			q.Before, q.After = 0, page.Next
		}
	}
}

func TestGroupsDoNotDependOnPages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		store := &shelf{versions: anyHistory(t, 40), atOnce: rapid.IntRange(1, 50).Draw(t, "at once")}
		want := GroupVersions(store.versions, aMinute)
		limit := rapid.IntRange(1, 10).Draw(t, "limit")
		if got := pagesOf(t, serviceOn(store), anOwner, HistoryQuery{Asc: true, Limit: limit}); !reflect.DeepEqual(got, want) {
			t.Fatalf("in pages of %d, oldest first: %d groups, want %d", limit, len(got), len(want))
		}
		slices.Reverse(want)
		if got := pagesOf(t, serviceOn(store), anOwner, HistoryQuery{Limit: limit}); !reflect.DeepEqual(got, want) {
			t.Fatalf("in pages of %d, newest first: %d groups, want %d", limit, len(got), len(want))
		}
	})
}

// What a passer-by may not read parts groups, and who wrote what does not.
func TestGroupsTellPassersByNothingOfAuthors(t *testing.T) {
	var versions []*Version
	for n := range int64(9) {
		v := noteOf(Public, false)
		v.Note.Version, v.Author = n+1, []UserID{anOwner, aWriter}[n%2]
		if n == 4 {
			v.Access = Private
		}
		versions = append(versions, v)
	}
	store := &shelf{versions: versions, atOnce: 100}
	var spans [][2]int64
	for _, limit := range []int{1, 5} {
		spans = nil
		for _, g := range pagesOf(t, serviceOn(store), aStranger, HistoryQuery{Asc: true, Limit: limit}) {
			if spans = append(spans, [2]int64{g.From, g.To}); g.Author != "" {
				t.Errorf("a passer-by sees %+v", g)
			}
		}
		if want := [][2]int64{{1, 4}, {6, 9}}; !slices.Equal(spans, want) {
			t.Errorf("the groups are %v, want %v", spans, want)
		}
	}
	if got := pagesOf(t, serviceOn(store), anOwner, HistoryQuery{Limit: 3}); len(got) != 9 {
		t.Errorf("to a member there are %d groups, want 9", len(got))
	}
}

// However long somebody types without a pause, or however much is not a reader's to see, one
// request reads a bounded part of it.
func TestAPageOfGroupsReadsABoundedPart(t *testing.T) {
	var versions []*Version
	for n := range int64(4000) {
		v := noteOf(Private, false)
		if v.Note.Version = n + 1; n == 3999 {
			v.Access = Public
		}
		versions = append(versions, v)
	}
	store := &shelf{versions: versions, atOnce: 1000}
	service := serviceOn(store)
	for viewer, want := range map[UserID]int{anOwner: 4000 / maxGroupSize, aStranger: 1} {
		for _, limit := range []int{1, 3, 100} {
			store.reads = 0
			page, err := service.HistoryGroups(t.Context(), viewer, theNote, HistoryQuery{Limit: limit}, aMinute)
			if err != nil || page.Next == 0 || store.reads > (infosInPage+maxGroupSize)/infosInRead+1 {
				t.Errorf("%s, a page of %d: next is %d after %d reads, error %v", viewer, limit, page.Next, store.reads, err)
			}
			if got := pagesOf(t, service, viewer, HistoryQuery{Limit: limit}); len(got) != want {
				t.Errorf("%s, in pages of %d: %d groups, want %d", viewer, limit, len(got), want)
			}
		}
	}
}
