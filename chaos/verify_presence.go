package chaos

import (
	"fmt"
	"time"
)

const (
	// tellsWithin is how long somebody may still see who is in a note that he has lost: some
	// seconds, and what faults of the store and the machine put on top.
	tellsWithin = 20 * time.Second
	// showsWithin is how long what a connection showed may be seen after its end: the lease of
	// 30 s, and the same on top.
	showsWithin = 30*time.Second + tellsWithin
)

// seat is a connection's place in a note.
type seat struct{ connection, note string }

// presence checks what connections were told that others show. Nothing must arrive, but what does
// must have been shown, and to a member.
func (v *verifier) presence() {
	rooms := map[seat][]*Room{}
	for _, room := range v.Rooms {
		at := seat{room.Connection, room.Note}
		rooms[at] = append(rooms[at], room)
	}
	for _, room := range v.Rooms {
		newest := map[string]int64{}
		for _, h := range room.Heard {
			evidence := fmt.Sprintf("%s in %s by connection %s, at %s: sender %s, %s, shows %d, gone %v",
				room.Account, room.Note, room.Connection, h.At.Format("15:04:05.000"), h.Sender, h.User, h.N, h.Gone)
			if !v.wasSaid(rooms[seat{h.Sender, room.Note}], h) {
				v.add(RulePresence, "a value that its sender never showed", evidence)
			}
			if !h.Gone && h.N < newest[h.Sender] {
				v.add(RulePresence, fmt.Sprintf("a value that is older than the last, %d", newest[h.Sender]), evidence)
			}
			newest[h.Sender] = max(newest[h.Sender], h.N)
			if v.outside(room.Account, room.Note, h.At) {
				v.add(RuleAudience, "somebody is told who is in a note of which he is no member", evidence)
			}
		}
		v.ghosts(room, rooms)
	}
}

func (v *verifier) wasSaid(rooms []*Room, h Heard) bool {
	for _, room := range rooms {
		if room.Account != h.User && h.User != "" { // ephemeral_state names nobody
			continue
		}
		for _, said := range room.Said {
			if said.At.After(h.At) {
				break
			}
			if h.Gone || said.N == h.N {
				return true
			}
		}
	}
	return false
}

// outside reports whether somebody was surely no member of a note at that time, and not for so long
// before it either.
func (v *verifier) outside(user, note string, at time.Time) bool {
	states := v.states[note]
	if len(states) < 2 {
		return false
	}
	for version := int64(len(states)) - 1; version >= 1; version-- {
		after, before := v.when(note, version)
		switch {
		case after.After(at): // it was yet to come
		case states[version].role(user) != "":
			return false
		case !before.IsZero() && before.Add(tellsWithin).Before(at):
			return true
		}
	}
	return true
}

// when returns times between which a version was committed; the second is zero if nobody was told.
func (v *verifier) when(note string, version int64) (after, before time.Time) {
	h := &v.Notes[note].Versions[version-1]
	m := v.sent[deed{h.Author, h.MutationID}]
	if m == nil {
		return after, before
	}
	if ack := m.ack(); ack != nil {
		before = ack.Ended
	}
	return m.begun(), before
}

// ghosts checks that a room does not show for ever who is not there any more.
func (v *verifier) ghosts(room *Room, rooms map[seat][]*Room) {
	last := map[string]Heard{}
	for _, h := range room.Heard {
		if ended := over(rooms[seat{h.Sender, room.Note}]); !h.Gone && !ended.IsZero() && h.At.After(ended.Add(showsWithin)) {
			v.add(RulePresence, fmt.Sprintf("%s is still told what a connection shows that ended at %s", room.Account, ended.Format("15:04:05.000")),
				fmt.Sprintf("%s at %s: sender %s shows %d", room.Note, h.At.Format("15:04:05.000"), h.Sender, h.N))
			return
		}
		last[h.Sender] = h
	}
	until := room.Ended
	if until.IsZero() {
		until = v.Until
	}
	if !v.steady(room.Account, room.Note) {
		return
	}
	for _, sender := range sorted(last) {
		ended := over(rooms[seat{sender, room.Note}])
		if ended.IsZero() || last[sender].Gone || sender == room.Connection || until.Before(ended.Add(showsWithin)) {
			continue
		}
		v.add(RulePresence, fmt.Sprintf("%s was never told that a connection is gone which ended at %s", room.Account, ended.Format("15:04:05.000")),
			fmt.Sprintf("%s by connection %s, until %s: sender %s shows %d", room.Note, room.Connection, until.Format("15:04:05.000"), sender, last[sender].N))
	}
}

// over is when a connection's part in a note ended for good; zero if it did not.
func over(rooms []*Room) (ended time.Time) {
	for _, room := range rooms {
		if room.Ended.IsZero() {
			return time.Time{}
		}
		if room.Ended.After(ended) {
			ended = room.Ended
		}
	}
	return ended
}

// steady reports whether an account has been a member of a note since it became one, and the note
// was never in the trash: whoever loses a note is told nothing more.
func (v *verifier) steady(user, note string) bool {
	member := false
	for _, s := range v.states[note] {
		if s == nil {
			continue
		}
		is := s.role(user) != ""
		if s.deleted || member && !is {
			return false
		}
		member = is
	}
	return member
}
