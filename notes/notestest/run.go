package notestest

import (
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

// Run tests the contract. It calls open once or more for each subtest; open cleans up
// through t.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	for _, group := range [][]rule{
		roundTripRules, versionRules, concurrencyRules, commitRules, idempotencyRules, faultRules, fieldsRules,
		shareRules, transferRules, accessLostRules, trashRules, purgeRules, latePurgeRules, expiryRules, baseRules, keptRules,
		folderRules, folderRepeatRules, folderRaceRules, listRules, findingRules, revertRules, historyRules, pageRules, publicRules,
		retentionRules, thinRules, hintRules, batchRules, queueRules, lateRules, randomRules,
	} {
		for _, rule := range group {
			t.Run(rule.name, func(t *testing.T) { rule.run(newTrial(t, open)) })
		}
	}
}

// rule is one sentence of the contract.
type rule struct {
	name string
	run  func(*trial)
}
