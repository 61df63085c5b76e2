package e2e

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"notewire/client/goclient"
)

// Run checks every rule on a hosting, side by side, as subtests of one that has its name. It
// returns when all have ended.
func Run(t *testing.T, h Hosting) {
	t.Helper()
	if h.URL == "" || h.Abilities == nil {
		t.Fatal("a hosting has a URL and abilities")
	}
	run := strings.ToLower(rand.Text()[:8])
	rules := slices.Concat(
		noteRules, historyRules, fullHistoryRules, ownFieldsRules, repeatRules, trashRules,
		mergingRules, folderRules, purgeRules, expiryRules, transferRules,
		sharingRules, publicRules, endingRules, crowdRules,
		socketRules, frameRules, noteDialectRules,
		resumeRules, switchRules, resyncRules, windowRules, bytesRules, orderRules,
		presenceRules, sizeRules, refusalRules, signInRules,
	)
	if table := leftOut(rules, h.Abilities); table != "" {
		t.Logf("what is left out on %s:\n%s", h.Name, table)
	}
	t.Run(h.Name, func(t *testing.T) {
		for i, rule := range rules {
			t.Run(rule.name, func(t *testing.T) {
				if missing := rule.missing(h.Abilities); len(missing) > 0 {
					t.Skipf("%s has no %v", h.Name, missing)
				}
				t.Parallel()
				rule.run(newTrial(t, &h, fmt.Sprintf("%s-%d", run, i)))
			})
		}
	})
}

// rule is one sentence.
type rule struct {
	name  string
	needs []Ability
	run   func(*trial)
}

func (r *rule) missing(a Abilities) (missing []Ability) {
	for _, ability := range r.needs {
		if !a[ability] {
			missing = append(missing, ability)
		}
	}
	return missing
}

// leftOut is a table of the rules that a hosting cannot be held to.
func leftOut(rules []rule, a Abilities) string {
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for _, r := range rules {
		if missing := r.missing(a); len(missing) > 0 {
			fmt.Fprintf(w, "  %s\tneeds %v\n", r.name, missing)
		}
	}
	_ = w.Flush() // into memory
	return table.String()
}

var (
	transports = []goclient.Transport{goclient.WebSocket, goclient.SSE, goclient.Poll}
	onAccounts = map[goclient.Transport]Ability{goclient.WebSocket: AccountSocket, goclient.SSE: AccountSSE, goclient.Poll: AccountPoll}
	onNotes    = map[goclient.Transport]Ability{goclient.WebSocket: NoteSocket, goclient.SSE: NoteSSE, goclient.Poll: NotePoll}
)

// onEach makes a rule for each transport of a dialect.
func onEach(dialect map[goclient.Transport]Ability, name string, run func(*trial, goclient.Transport), needs ...Ability) (rules []rule) {
	for _, transport := range transports {
		rules = append(rules, rule{
			name: fmt.Sprintf("%s (%s)", name, transport), needs: append([]Ability{dialect[transport]}, needs...),
			run: func(t *trial) { run(t, transport) },
		})
	}
	return rules
}
