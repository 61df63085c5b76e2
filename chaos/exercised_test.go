package chaos

import "testing"

func TestWhatNeverHappenedIsSaid(t *testing.T) {
	var x Exercised
	nothing, little, few := len(x.none(10_000)), len(x.none(500)), len(x.none(100))
	x.count(tellOfMerges().Record)
	if x.Merged != 3 || x.Conflicts != 1 || x.Chained != 2 || x.KeptReverts != 1 || x.Overtook != 2 {
		t.Errorf("of merges: %+v", x)
	}
	x.count(tellOfAnEnd().Record)
	x.count(tellOfTime().Record)
	x.count(tellOfFolders().Record)
	x.count(tellOfPassers().Record)
	x.count(tellOfPresence().Record)
	if got := x.none(10_000); nothing != 14 || little != 6 || few != 0 || len(got) != 1 || got[0] != "refusal of a passer-by" { // there, it is eve who tries
		t.Errorf("of all stories: %d, %d and %d, then %v, %+v", nothing, little, few, got, x)
	}
}
