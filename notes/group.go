package notes

import "slices"

// A history is shown in groups: what one author wrote in one sitting. Nothing of that is stored.
// Two versions that follow each other are in one group if both are plain edits of one author,
// with less than the pause between them. Whatever else happened to the note is a group of its
// own: a create, a revert, a share, a leave, trash, restore or purge (by an edit, too), and an
// edit with a conflict, which somebody may have to look at. A group does not cross a version that
// is not there any more, or not its reader's to see: nobody knows whose that was.

// Group is versions of one author that follow each other without a pause.
type Group struct {
	From, To     int64 // the numbers of the first and the last version
	Author       UserID
	Begun, Ended Millis // when they were written
	Versions     int
	Ops          []string // of all, each once
	Changed      []string // of all, each once, sorted
	Title        *string  // of the last
	Reverted     int64    // of a revert: as in Version
	RevertedKept bool
	Conflicts    []string // of an edit with a conflict: as in Version
}

// GroupVersions parts versions, which are in order, in either direction, into groups.
func GroupVersions(versions []*Version, pause Millis) (groups []*Group) {
	g := grouper{pause: pause}
	for _, v := range versions {
		if done := g.add(v); done != nil {
			groups = append(groups, done)
		}
	}
	if done := g.close(); done != nil {
		groups = append(groups, done)
	}
	return groups
}

// edge is the number of the version that ends the group, in a direction of reading.
func (g *Group) edge(asc bool) int64 {
	if asc {
		return g.To
	}
	return g.From
}

// grouper makes groups of versions that come in order, in either direction.
type grouper struct {
	pause Millis
	open  *Group   // the group that is not complete yet
	last  *Version // the one that came last, in open
}

// add takes the next version, and returns the group that it does not belong to, if that is now
// complete.
func (g *grouper) add(v *Version) (done *Group) {
	if g.open == nil || !g.joins(v) {
		done = g.close()
		g.open = &Group{
			From: v.Note.Version, To: v.Note.Version, Author: v.Author, Begun: v.UpdatedAt, Ended: v.UpdatedAt, Title: v.Title,
			Reverted: v.Reverted, RevertedKept: v.RevertedKept, Conflicts: v.Conflicts,
		}
	}
	g.last = v
	g.open.include(v)
	return done
}

// close returns the open group, if there is one: nothing more belongs to it.
func (g *grouper) close() *Group {
	done := g.open
	g.open, g.last = nil, nil
	return done
}

func (g *grouper) joins(v *Version) bool {
	earlier, later := g.last, v
	if later.Note.Version < earlier.Note.Version {
		earlier, later = later, earlier
	}
	return later.Note.Version == earlier.Note.Version+1 && earlier.Author == later.Author &&
		later.UpdatedAt-earlier.UpdatedAt < g.pause && earlier.isPlainEdit() && later.isPlainEdit() && g.open.Versions < maxGroupSize
}

func (v *Version) isPlainEdit() bool {
	return v.Op == Edit{}.Name() && len(v.Conflicts) == 0 && !slices.Contains(v.Changed, "deleted")
}

func (g *Group) include(v *Version) {
	g.Versions++
	if v.Note.Version < g.From {
		g.From, g.Begun = v.Note.Version, v.UpdatedAt
	}
	if v.Note.Version > g.To {
		g.To, g.Ended, g.Title = v.Note.Version, v.UpdatedAt, v.Title
	}
	addName(&g.Ops, v.Op)
	for _, name := range v.Changed {
		addName(&g.Changed, name)
	}
}

// addName keeps names sorted, each once.
func addName(names *[]string, name string) {
	if i, there := slices.BinarySearch(*names, name); !there {
		*names = slices.Insert(*names, i, name)
	}
}
