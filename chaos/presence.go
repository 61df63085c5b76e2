package chaos

import (
	"cmp"
	"context"
	"slices"
	"time"

	"notewire/client/goclient"
)

// Presence: followers of accounts by WebSocket join notes, and show a number that grows. It is
// outside of the log and may be lost, so what is recorded is what was shown and what was heard.

// roomsAtOnce is how many notes one connection joins.
const roomsAtOnce = 3

// present joins, shows and leaves until ctx ends.
func (f *follower) present(ctx context.Context, stream *goclient.Stream) {
	var hello struct{ ConnectionID string }
	if first := stream.Hello(); first.Decode(&hello) != nil {
		return
	}
	f.mu.Lock()
	f.connection = hello.ConnectionID
	f.mu.Unlock()
	rand := f.presence
	for pause(ctx, 100*time.Millisecond+rand64(rand, 600*time.Millisecond)) {
		var up upFrame
		busy := rand.IntN(3) > 0     // where others are
		strange := rand.IntN(5) == 0 // where he may not be a member: then he is told of nobody
		switch room := f.room(rand.Int()); {
		case room == nil || rand.IntN(6) == 0:
			b, ok := f.world.pick(rand.Int(), func(b *believed) bool {
				return !b.deleted && (!busy || !b.passing()) && (strange || b.role(f.seen.Account) != "")
			})
			if !ok || !f.join(b.id) {
				continue
			}
			up = upFrame{"type": "join_note", "noteId": b.id}
		case rand.IntN(20) == 0:
			f.part(room)
			up = upFrame{"type": "leave_note", "noteId": room.Note}
		default:
			up = upFrame{"type": "presence", "noteId": room.Note, "data": map[string]any{"n": f.say(room)}}
		}
		if stream.Send(ctx, up) != nil {
			return
		}
	}
}

// room is one of those that are joined, or nil.
func (f *follower) room(choice int) *Room {
	f.mu.Lock()
	defer f.mu.Unlock()
	notes := sorted(f.joined)
	if len(notes) == 0 {
		return nil
	}
	return f.joined[notes[choice%len(notes)]]
}

// join begins to follow the presence of a note, unless there are enough. To join again is what
// one does who has become a member since.
func (f *follower) join(note string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.joined[note] != nil {
		return true
	}
	if len(f.joined) >= roomsAtOnce {
		return false
	}
	f.enter(note)
	return true
}

// enter is called with the lock held.
func (f *follower) enter(note string) {
	room := &Room{Account: f.seen.Account, Note: note, Connection: f.connection, Begun: time.Now()}
	if f.joined == nil {
		f.joined = map[string]*Room{}
	}
	f.joined[note] = room
	f.rooms = append(f.rooms, room)
}

// part ends a room: what comes for it was on its way.
func (f *follower) part(room *Room) {
	f.mu.Lock()
	defer f.mu.Unlock()
	room.Ended = time.Now()
	delete(f.joined, room.Note)
}

// apart ends the connection's part in everything.
func (f *follower) apart() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stream = nil
	for _, room := range f.joined {
		room.Ended = time.Now()
	}
	f.joined = nil
}

func (f *follower) say(room *Room) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shown++
	room.Said = append(room.Said, Said{time.Now(), f.shown})
	return f.shown
}

// value is what connections show.
type value struct{ N int64 }

// hear takes in what others show. It is called with the lock held.
func (f *follower) hear(e goclient.Event, now time.Time) {
	room := f.joined[e.NoteID]
	if room == nil {
		room = f.parted(e.NoteID)
	}
	if room == nil {
		f.alarm(Finding{Rule: RulePresence, What: f.seen.Name + " is told who is in a note that it has not joined", Evidence: []string{string(e.Data)}})
		return
	}
	heard, err := readPresence(e, now)
	if err != nil {
		f.alarm(Finding{Rule: RulePresence, What: "a frame that cannot be read: " + err.Error(), Evidence: []string{string(e.Data)}})
		return
	}
	room.Heard = append(room.Heard, heard...)
}

// readPresence reads a frame of either dialect.
func readPresence(e goclient.Event, now time.Time) (all []Heard, err error) {
	switch e.Type {
	case "presence_state":
		var state struct {
			Data map[string]struct {
				UserID string
				Data   value
			}
		}
		err = e.Decode(&state)
		for _, sender := range sorted(state.Data) {
			all = append(all, Heard{At: now, Sender: sender, User: state.Data[sender].UserID, N: state.Data[sender].Data.N})
		}
	case "ephemeral_state":
		var state struct{ Data map[string]value }
		err = e.Decode(&state)
		for _, sender := range sorted(state.Data) {
			all = append(all, Heard{At: now, Sender: sender, N: state.Data[sender].N})
		}
	default:
		var one struct {
			SenderID, UserID string
			Data             *value
		}
		err = e.Decode(&one)
		h := Heard{At: now, Sender: one.SenderID, User: one.UserID, Gone: one.Data == nil}
		if one.Data != nil {
			h.N = one.Data.N
		}
		all = append(all, h)
	}
	return all, err
}

// parted is the last room of a note, if the connection that is open has left it.
func (f *follower) parted(note string) *Room {
	for _, room := range slices.Backward(f.rooms) {
		if room.Note == note && room.Connection == f.connection {
			return room
		}
	}
	return nil
}

// roomsNow copies what there is until now.
func (f *follower) roomsNow() []*Room {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []*Room
	for _, room := range f.rooms {
		now := *room
		now.Said, now.Heard = slices.Clone(room.Said), slices.Clone(room.Heard)
		all = append(all, &now)
	}
	slices.SortFunc(all, func(a, b *Room) int { return cmp.Or(a.Begun.Compare(b.Begun), cmp.Compare(a.Note, b.Note)) })
	return all
}
