package notes

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func marksOf(versions []*Version) (marks []VersionMark) {
	for _, v := range versions {
		marks = append(marks, MarkOf(v))
	}
	return marks
}

// without removes versions by their numbers.
func without(marks []VersionMark, gone []int64) []VersionMark {
	return slices.DeleteFunc(slices.Clone(marks), func(m VersionMark) bool { return slices.Contains(gone, m.Number) })
}

// Each sentence of the retention policy, for any history: by itself, and not as the code has it.
func TestThinnedKeepsWhatThePolicySays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		versions := anyHistory(t, 60)
		history := marksOf(versions)
		keep, logDays := rapid.IntRange(1, 20).Draw(t, "keep"), rapid.IntRange(1, 40).Draw(t, "log days")
		now := history[len(history)-1].At + Millis(rapid.IntRange(0, 60).Draw(t, "days"))*msPerDay
		gone := Thinned(history, keep, logDays, now)
		left := without(history, gone)
		kept := func(n int64) bool {
			return slices.ContainsFunc(left, func(m VersionMark) bool { return m.Number == n })
		}
		head := history[len(history)-1].Number
		days := map[Millis]int64{} // the last version of each
		for i, m := range history {
			days[m.At/msPerDay] = m.Number
			switch {
			case (m.Number == 1 || m.Number > head-int64(keep)) && !kept(m.Number):
				t.Fatalf("%d is gone; the head is %d, and %d are kept", m.Number, head, keep)
			case (versions[i].Op == "revert" || versions[i].Conflicts != nil) && !kept(m.Number):
				t.Fatalf("%d, a revert or with a conflict, is gone", m.Number)
			case slices.Contains(gone, versions[i].Reverted), versions[i].Conflicts != nil && slices.Contains(gone, versions[i].Base):
				t.Fatalf("%d names a version that is gone: %+v", m.Number, versions[i])
			case i+1 < len(history) && history[i+1].At+Millis(logDays)*msPerDay+clockSkew >= now && !kept(m.Number):
				t.Fatalf("%d is gone, and was current until %d hours ago", m.Number, (now-history[i+1].At)/msPerHour)
			}
		}
		for day, last := range days {
			if !kept(last) {
				t.Fatalf("%d is gone, and was the last of day %d", last, day)
			}
		}
		if again := Thinned(left, keep, logDays, now); len(again) > 0 {
			t.Fatalf("%v could go once others had gone", again)
		}
	})
}

// What may go does go: an old note that is edited all day.
func TestThinnedRemovesTheRest(t *testing.T) {
	var history []VersionMark
	for n := range int64(100) { // 10 a day
		history = append(history, VersionMark{Number: n + 1, At: Millis(n/10)*msPerDay + Millis(n%10)*msPerHour})
	}
	history[44].Names, history[60].Names = 42, 17
	gone := Thinned(history, 10, 30, 100*msPerDay)
	var want []int64
	for n := int64(2); n <= 90; n++ {
		if n%10 != 0 && !slices.Contains([]int64{45, 42, 61, 17}, n) {
			want = append(want, n)
		}
	}
	if !slices.Equal(gone, want) {
		t.Errorf("gone are %v, want %v", gone, want)
	}
	for name, none := range map[string][]int64{
		"with no policy":    Thinned(history, 0, 30, 100*msPerDay),
		"while all is new":  Thinned(history, 10, 30, 30*msPerDay),
		"of what is short":  Thinned(history[:11], 10, 30, 100*msPerDay),
		"of nothing":        Thinned(nil, 10, 30, 100*msPerDay),
		"of one":            Thinned(history[:1], 10, 30, 100*msPerDay),
		"while logs are so": Thinned(history, 10, 365, 100*msPerDay),
	} {
		if len(none) > 0 {
			t.Errorf("%s: %v", name, none)
		}
	}
}

// Somebody may have put the second version into a folder until the third came.
func TestAVersionCountsFromWhenTheNextOneCame(t *testing.T) {
	history := []VersionMark{{Number: 1}, {Number: 2, At: msPerHour}}
	for n := range int64(15) {
		history = append(history, VersionMark{Number: n + 3, At: 20*msPerHour + Millis(n)})
	}
	third := 20*msPerHour + 30*msPerDay + clockSkew // when it is old enough, to the millisecond
	for now, want := range map[Millis][]int64{third - 19*msPerHour + 1: nil, third: nil, third + 1: {2}, third + 3: {2, 3, 4}} {
		if got := Thinned(history, 10, 30, now); !slices.Equal(got, want) {
			t.Errorf("at %d: %v, want %v", now-third, got, want)
		}
	}
}

// busy is a shelf whose note gets another version each time that something is to be removed.
type busy struct {
	shelf
	clashes int
	removed []int64
}

func (b *busy) Thin(_ context.Context, _ NoteID, head int64, versions []int64) error {
	if last := b.versions[len(b.versions)-1]; last.Note.Version != head {
		panic("the head was not read")
	}
	if b.clashes > 0 {
		b.clashes--
		next := noteOf(Private, false)
		next.Note.Version, next.UpdatedAt = head+1, later
		next.Op, next.Reverted = "revert", versions[0] // what it thought was free to go
		b.versions = append(b.versions, next)
		return ErrClash
	}
	b.removed = versions
	return nil
}

func oldHistory(versions int64) (all []*Version) {
	for n := range versions {
		v := noteOf(Private, false)
		v.Note.Version, v.UpdatedAt = n+1, earlier-400*msPerDay+Millis(n)
		all = append(all, v)
	}
	return all
}

func TestThinLooksAgainAtANoteThatHasChanged(t *testing.T) {
	store := &busy{shelf: shelf{versions: oldHistory(50), atOnce: 7}, clashes: 2}
	n, err := serviceOn(store).Thin(t.Context(), theNote, 10)
	if err != nil || n != len(store.removed) || n < 30 || slices.Contains(store.removed, 2) || slices.Contains(store.removed, 3) {
		t.Errorf("%d removed, %v; error %v: versions 2 and 3 were reverted to meanwhile", n, store.removed, err)
	}
	store = &busy{shelf: shelf{versions: oldHistory(50), atOnce: 7}, clashes: 99}
	if n, err := serviceOn(store).Thin(t.Context(), theNote, 10); n != 0 || err != nil || store.clashes != 99-thinTries {
		t.Errorf("of a note that changes all the time: %d removed, error %v, %d left", n, err, store.clashes)
	}
}

func TestThinReadsLittleOfAYoungNote(t *testing.T) {
	versions := oldHistory(2000)
	for _, v := range versions {
		v.UpdatedAt += 600 * msPerDay
	}
	store := &busy{shelf: shelf{versions: versions, atOnce: 100}}
	service := serviceOn(store)
	service.now = func() time.Time { return time.UnixMilli(int64(versions[1999].UpdatedAt)) }
	if n, err := service.Thin(t.Context(), theNote, 10); n != 0 || err != nil || store.reads != 1 {
		t.Errorf("%d removed after %d reads, error %v", n, store.reads, err)
	}
}

func (b *broken) VersionInfos(context.Context, NoteID, Range) ([]*Version, error) {
	return nil, b.fails()
}

func TestThinSaysOfAnyFaultThatItMayBeTriedAgain(t *testing.T) {
	if _, err := serviceOn(&broken{}).Thin(t.Context(), theNote, 10); CodeOf(err) != Unavailable || !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
	if n, err := serviceOn(&broken{answers: 9}).Thin(t.Context(), theNote, 10); n != 0 || err != nil {
		t.Errorf("of no note: %d removed, error %v", n, err)
	}
}
