package notestest

import (
	"slices"
	"testing"

	"notewire/notes"
)

// Harness is a store under test.
type Harness struct {
	// Store is empty. It keeps rows of logs for notes.DefaultLimits().LogDays.
	Store notes.Store
	// Clock is the time that Store was given.
	Clock *Clock
	// Reopen closes Store and opens it again on the same data, as a new process would.
	Reopen func() notes.Store
}

// Run tests the contract, but for what RunAtOnce tests. It calls open once or more for each
// subtest; open cleans up through t.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	run(t, open, roundTripRules, versionRules, commitRules, idempotencyRules, faultRules, fieldsRules,
		shareRules, transferRules, accessLostRules, trashRules, purgeRules, expiryRules, baseRules, keptRules,
		folderRules, folderRepeatRules, listRules, findingRules, revertRules, historyRules, pageRules, publicRules,
		retentionRules, thinRules, hintRules, batchRules, randomRules)
}

// RunAtOnce tests the rest of the contract: all rules under which goroutines use the store at
// once, callers or a service's own. They are what the race detector has to see; it makes the
// others slower by as much as ten times.
func RunAtOnce(t *testing.T, open func(t *testing.T) Harness) {
	run(t, open, concurrencyRules, baseAtOnceRules, transferAtOnceRules, purgeAtOnceRules, latePurgeRules,
		folderRaceRules, thinAtOnceRules, queueRules, lateRules)
}

func run(t *testing.T, open func(t *testing.T) Harness, groups ...[]rule) {
	for _, rule := range slices.Concat(groups...) {
		t.Run(rule.name, func(t *testing.T) { rule.run(newTrial(t, open)) })
	}
}

// rule is one sentence of the contract.
type rule struct {
	name string
	run  func(*trial)
}
