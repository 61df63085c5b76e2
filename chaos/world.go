package chaos

import (
	"slices"
	"sync"
)

// world is what the writers believe of the notes, from the answers that they got. It may be
// wrong or old: then something is refused, which is as good.
type world struct {
	mu    sync.Mutex
	notes []*believed // in the order of their making
	byID  map[string]*believed
	own   map[string]int // how many notes an account has made
}

// believed is one note.
type believed struct {
	id, owner string
	version   int64
	deleted   bool
	members   map[string]string
}

func (b *believed) role(user string) string {
	if b.owner == user {
		return "owner"
	}
	return b.members[user]
}

func newWorld() *world { return &world{byID: map[string]*believed{}, own: map[string]int{}} }

// learn takes in a note as an answer showed it.
func (w *world) learn(n *Shown) {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := w.byID[n.ID]
	if b == nil {
		b = &believed{id: n.ID, owner: n.UserID}
		w.byID[n.ID] = b
		w.notes = append(w.notes, b)
		w.own[n.UserID]++
	}
	if n.Version > b.version {
		b.version, b.deleted, b.members = n.Version, n.Deleted, n.Roles
	}
}

// forget takes in that an account has left a note.
func (w *world) forget(note, user string, version int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if b := w.byID[note]; b != nil && version > b.version {
		members := map[string]string{}
		for u, role := range b.members {
			if u != user {
				members[u] = role
			}
		}
		b.version, b.members = version, members
	}
}

// pick returns a note that fits, chosen by a number that may be any; ok is false if none does.
func (w *world) pick(choice int, fits func(*believed) bool) (b believed, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fitting := slices.DeleteFunc(slices.Clone(w.notes), func(b *believed) bool { return !fits(b) })
	if len(fitting) == 0 {
		return believed{}, false
	}
	return *fitting[choice%len(fitting)], true
}

// made returns how many notes an account has made.
func (w *world) made(user string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.own[user]
}
