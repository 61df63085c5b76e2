package chaos

import (
	"fmt"
	"strings"
)

// Exercised counts what a run has done besides plain edits: a check of what never happened
// shows nothing.
type Exercised struct {
	Merged, Conflicts        int // versions
	Chained                  int // edits that were committed with a baseMutationId
	Overtook                 int // edits that came before their base
	KeptReverts              int
	Purged, Transferred      int
	Folders                  int // changes of folders
	Expired                  int // refusals, because a note's time was over
	Public                   int // events that passers-by saw
	Intruded                 int // refusals of what passers-by tried
	Showed, Heard, Own, Left int // values of presence: shown; told of others', of one's own; senders gone
}

func (x *Exercised) count(r *Record) {
	for _, h := range r.Notes {
		for i := range h.Versions {
			if h.Versions[i].Merged {
				x.Merged++
			}
			if h.Versions[i].Conflict != nil {
				x.Conflicts++
			}
		}
	}
	for _, m := range r.Mutations {
		x.mutation(m)
	}
	for _, s := range r.Followers {
		if s.Passer {
			x.Public += len(s.Events)
		}
	}
	for _, room := range r.Rooms {
		x.Showed += len(room.Said)
		for _, h := range room.Heard {
			switch {
			case h.Gone:
				x.Left++
			case h.Sender == room.Connection:
				x.Own++
			default:
				x.Heard++
			}
		}
	}
}

func (x *Exercised) mutation(m *Mutation) {
	for i := range m.Attempts {
		switch m.Attempts[i].Code {
		case "base_gone":
			x.Overtook++
		case "note_expired":
			x.Expired++
		case "forbidden", "not_found", "purged":
			if strings.HasPrefix(m.Author, "passer") {
				x.Intruded++
			}
		}
	}
	if m.ack() == nil {
		return
	}
	switch {
	case m.BaseID != "":
		x.Chained++
	case m.Kept:
		x.KeptReverts++
	case m.Op == "purge":
		x.Purged++
	case m.Owner != "":
		x.Transferred++
	case m.ofFolder():
		x.Folders++
	}
}

// none lists what has not happened at all, though after so many acknowledged mutations it should:
// what is rare may be missing in a short run.
func (x *Exercised) none(acknowledged int) (all []string) {
	const often, seldom = 250, 1200
	for _, what := range []struct {
		n, after int
		name     string
	}{
		{x.Merged, often, "merge"}, {x.Conflicts, often, "conflict"}, {x.Chained, often, "edit with a baseMutationId"},
		{x.KeptReverts, seldom, "revert to a kept side"}, {x.Purged, seldom, "purge"}, {x.Transferred, seldom, "transfer"},
		{x.Folders, often, "change of a folder"}, {x.Expired, seldom, "refusal of an expired note"},
		{x.Public, seldom, "event for a passer-by"}, {x.Intruded, seldom, "refusal of a passer-by"},
		{x.Showed, often, "value of presence shown"}, {x.Heard, seldom, "value of presence told"},
		{x.Own, often, "echo of presence"}, {x.Left, seldom, "sender of presence gone"},
	} {
		if what.n == 0 && acknowledged > what.after {
			all = append(all, what.name)
		}
	}
	return all
}

func (x *Exercised) String() string {
	return fmt.Sprintf("%d merges, %d conflicts, %d chained edits (%d came before their base), %d kept reverts; %d purges, %d transfers, %d changes of folders, "+
		"%d refusals of expired notes; %d public events, %d refusals of passers-by\npresence    %d values shown, %d told of others, %d of one's own, %d gone",
		x.Merged, x.Conflicts, x.Chained, x.Overtook, x.KeptReverts, x.Purged, x.Transferred, x.Folders, x.Expired, x.Public, x.Intruded,
		x.Showed, x.Heard, x.Own, x.Left)
}
