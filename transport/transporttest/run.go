package transporttest

import (
	"slices"
	"testing"
	"testing/synctest"

	"notewire/notes"
)

// Run tests the promises on each transport, and on their way from each to each. It calls open
// in a bubble of its own for every rule; open returns an empty store and cleans up through t.
func Run(t *testing.T, open func(t *testing.T) notes.Store, over ...Transport) {
	for _, tr := range over {
		for _, note := range []notes.NoteID{"", shared} {
			for _, r := range slices.Concat(orderRules, resyncRules, endRules, slowRules) {
				t.Run(tr.Name+"/"+dialect(note)+"/"+r.name, func(t *testing.T) { bubble(t, open, over, tr, note, r.run) })
			}
		}
	}
	for _, note := range []notes.NoteID{"", shared} {
		for _, r := range changeRules {
			t.Run("all/"+dialect(note)+"/"+r.name, func(t *testing.T) { bubble(t, open, over, over[0], note, r.run) })
		}
	}
}

// rule is one sentence of the promises.
type rule struct {
	name string
	run  func(*trial)
}

func dialect(note notes.NoteID) string {
	if note == "" {
		return "account"
	}
	return "note"
}

// bubble puts a rule to the test in virtual time, and checks that nothing is left: synctest
// does so for goroutines.
func bubble(t *testing.T, open func(*testing.T) notes.Store, all []Transport, over Transport, note notes.NoteID, run func(*trial)) {
	synctest.Test(t, func(t *testing.T) {
		tr := &trial{T: t, server: serve(t, open(t), all), all: all, over: over, note: note}
		tr.begin()
		run(tr)
		for _, r := range tr.readers {
			r.Close()
		}
		tr.nothingIsLeft()
	})
}
