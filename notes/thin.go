package notes

// A history may be kept as a whole, or thinner with its age. What is removed leaves a hole: the
// numbers of the others stay, and who names the version is told that it was there.

// KeepAtLeast is the least number of versions that a history may be thinned to.
const KeepAtLeast = 10

// thinEvery is how many versions a note gets until its history is looked at again.
const thinEvery = 32

// ThinDue reports whether a note's history should be looked at after the commit of a version.
func ThinDue(version int64) bool { return version > 0 && version%thinEvery == 0 }

// VersionMark is what the retention policy needs to know of a version.
type VersionMark struct {
	Number int64
	At     Millis
	Names  int64 // Version.Names
}

// MarkOf returns the mark of a version.
func MarkOf(v *Version) VersionMark {
	return VersionMark{Number: v.Note.Version, At: v.UpdatedAt, Names: v.Names()}
}

// Names returns the older version that v cannot be understood without: the one that a revert went
// back to, or the one that the author of a conflict had before him; 0 for none. Both stay, and a
// Store commits v only while the other one is there.
func (v *Version) Names() int64 {
	switch {
	case v.Reverted != 0:
		return v.Reverted
	case len(v.Conflicts) > 0:
		return v.Base
	}
	return 0
}

const (
	msPerHour = 3600 * 1000
	msPerDay  = 24 * msPerHour
)

// clockSkew is how far the clocks of those who write may be apart.
const clockSkew = Millis(msPerHour)

// Thinned is the retention policy: the versions of a history that need not be kept, oldest first.
// history is all that are there, oldest first. Kept are
//
//   - the last keep versions, and the first one;
//   - the last version of each day (UTC);
//   - one that names another (Version.Names), and that one;
//   - one that a log may still tell of. A row tells of the version that was current when it was
//     written, which may be much older (somebody puts an old note into a folder): so a version
//     counts from when the next one came, and it is kept for logDays from then, and an hour for
//     clocks that are not right.
//
// With keep 0 all are kept. Removing what it returns makes no other version removable.
func Thinned(history []VersionMark, keep, logDays int, now Millis) (numbers []int64) {
	if keep <= 0 || len(history) == 0 {
		return nil
	}
	named := namedVersions(history)
	newest := history[len(history)-1].Number - int64(keep) // of those that may go
	until := untold(logDays, now)
	for i, v := range history[:len(history)-1] {
		next := history[i+1]
		switch {
		case v.Number == 1 || v.Number > newest || named[v.Number]:
		case next.At >= until:
		case v.At/msPerDay != next.At/msPerDay: // the last of its day
		default:
			numbers = append(numbers, v.Number)
		}
	}
	return numbers
}

// untold is the time before which what was current then is in no log any more.
func untold(logDays int, now Millis) Millis { return now - Millis(logDays)*msPerDay - clockSkew }

// namedVersions are those that other versions name, or that name others.
func namedVersions(history []VersionMark) map[int64]bool {
	named := map[int64]bool{}
	for _, v := range history {
		if v.Names != 0 {
			named[v.Number], named[v.Names] = true, true
		}
	}
	return named
}
