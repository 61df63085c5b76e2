package chaos

import (
	"fmt"
	"strings"
)

// Finding is something that must not be.
type Finding struct {
	Rule     string // which promise it breaks, in a word or two
	What     string // in plain words
	Evidence []string
	// Late is true for what is only missing: it may still come.
	Late bool
}

// The promises.
const (
	RuleAcknowledged = "acknowledged"        // an acknowledged mutation is there, once, as it was answered
	RuleRefused      = "refused"             // a refused one is not
	RuleHistory      = "history"             // versions are 1..n, each what its mutation makes of the one before
	RuleLog          = "log"                 // an account's log is 1..n
	RuleGap          = "gap"                 // a follower misses nothing
	RuleBytes        = "same bytes"          // an event is the same on every connection
	RuleTwice        = "twice"               // nothing is applied twice
	RuleAudience     = "audience"            // nobody sees what he may not
	RuleStrict       = "strict edit"         // an edit with expectedVersion made the next version
	RuleArrives      = "arrives"             // followers arrive at the head
	RuleComplete     = "complete"            // every member has an event for every version
	RuleAnswer       = "answer"              // a mutation sent again is answered as before, and refusals have reasons
	RuleMerge        = "merge"               // an edit of an old version is merged, and nobody's words are lost
	RuleGone         = "gone"                // what was purged does not come back
	RuleExpired      = "expired"             // a note whose time is over is not edited, nor one refused before
	RuleFolders      = "folders"             // an account's folders are what its log makes of them
	RulePresence     = "presence"            // members hear what members showed, in order, and not for ever
	RuleServer       = "server"              // servers end when they are told to, and only then
	RuleEnough       = "too little happened" // a run that shows nothing is no run
)

// String says it with the evidence, each piece on a line of its own.
func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.Rule, f.What)
	for _, e := range f.Evidence {
		fmt.Fprintf(&b, "\n    %.2000s", e)
	}
	return b.String()
}

// findings collects.
type findings struct{ all []Finding }

func (f *findings) add(rule, what string, evidence ...string) {
	f.all = append(f.all, Finding{Rule: rule, What: what, Evidence: evidence})
}

func (f *findings) late(rule, what string, evidence ...string) {
	f.all = append(f.all, Finding{Rule: rule, What: what, Evidence: evidence, Late: true})
}

// onlyLate reports whether all that was found may still come.
func onlyLate(all []Finding) bool {
	for _, f := range all {
		if !f.Late {
			return false
		}
	}
	return true
}

// describe shows a mutation as evidence.
func (m *Mutation) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sent by %s: %s of %s, mutationId %s", m.Author, m.Op, m.Note, m.ID)
	switch {
	case m.Expected != 0:
		fmt.Fprintf(&b, ", expectedVersion %d", m.Expected)
	case m.Base != 0:
		fmt.Fprintf(&b, ", baseVersion %d", m.Base)
	case m.BaseID != "":
		fmt.Fprintf(&b, ", baseMutationId %s", m.BaseID)
	case m.ofFolder():
		fmt.Fprintf(&b, ", folder %s, %v", m.Folder, m.Patch.members())
	}
	for _, a := range m.Attempts {
		at := a.Sent.Format("15:04:05.000")
		switch a.Outcome {
		case Acknowledged:
			fmt.Fprintf(&b, "; %s to server %d: version %d at %s%s", at, a.Server, a.Version, a.Cursor, describeMerge(a.Merged, a.Conflict))
		case Refused:
			fmt.Fprintf(&b, "; %s to server %d: refused, %s", at, a.Server, a.Code)
		default:
			fmt.Fprintf(&b, "; %s to server %d: no answer", at, a.Server)
		}
	}
	return b.String()
}

func (v *Version) describe(note string) string {
	return fmt.Sprintf("%s has version %d: %s by %s, mutationId %s%s", note, v.Version, v.Op, v.Author, v.MutationID, describeMerge(v.Merged, v.Conflict))
}

func describeMerge(merged bool, c *Conflict) string {
	text := ""
	if merged {
		text = ", merged"
	}
	if c != nil {
		text += fmt.Sprintf(", conflict in %v, kept %q", c.Fields, c.Kept)
	}
	return text
}
