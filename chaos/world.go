package chaos

import (
	"maps"
	"slices"
	"sync"
)

// world is what the writers believe of the notes, from the answers that they got. It may be
// wrong or old: then something is refused, which is as good.
type world struct {
	mu      sync.Mutex
	notes   []*believed // in the order of their making
	byID    map[string]*believed
	own     map[string]int             // how many notes an account has made, without those that it purged
	folders map[string]map[string]bool // by account
}

// believed is one note. Its maps and slices are never changed, but replaced.
type believed struct {
	id, owner string
	version   int64
	deleted   bool
	public    bool
	expires   bool
	purged    bool
	members   map[string]string
	texts     map[int64]string // of its last versions, as far as they were shown
	kept      []int64          // versions beside which a conflict kept what was posted
}

// textsKept is how many versions back an edit may be based.
const textsKept = 12

func (b *believed) role(user string) string {
	if b.owner == user {
		return "owner"
	}
	return b.members[user]
}

func newWorld() *world {
	return &world{byID: map[string]*believed{}, own: map[string]int{}, folders: map[string]map[string]bool{}}
}

// learn takes in a note as an answer showed it.
func (w *world) learn(n *Shown) {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := w.byID[n.ID]
	if b == nil {
		b = &believed{id: n.ID}
		w.byID[n.ID] = b
		w.notes = append(w.notes, b)
		w.own[n.UserID]++
	}
	texts := map[int64]string{n.Version: n.Content}
	for version, text := range b.texts {
		if version > n.Version-textsKept {
			texts[version] = text
		}
	}
	b.texts = texts
	if n.Version > b.version {
		b.version, b.owner, b.deleted, b.members = n.Version, n.UserID, n.Deleted, n.Roles
		b.public, b.expires = n.Access == "public", n.ExpiresAt != nil
	}
}

// keeps takes in that a conflict kept what was posted.
func (w *world) keeps(note string, version int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if b := w.byID[note]; b != nil && !slices.Contains(b.kept, version) {
		b.kept = append(b.kept[:len(b.kept):len(b.kept)], version)
	}
}

// forget takes in that an account has left a note.
func (w *world) forget(note, user string, version int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if b := w.byID[note]; b != nil && version > b.version {
		members := maps.Clone(b.members)
		delete(members, user)
		b.version, b.members = version, members
	}
}

// purge takes in that a note is gone for good.
func (w *world) purge(note string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if b := w.byID[note]; b != nil && !b.purged {
		b.purged = true
		w.own[b.owner]--
	}
}

// folder takes in that a folder is there, or not any more.
func (w *world) folder(user, id string, there bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.folders[user] == nil {
		w.folders[user] = map[string]bool{}
	}
	if w.folders[user][id] = true; !there {
		delete(w.folders[user], id)
	}
}

// foldersOf lists the folders of an account.
func (w *world) foldersOf(user string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return sorted(w.folders[user])
}

// pick returns a note that fits, chosen by a number that may be any; ok is false if none does.
// Those that are gone for good fit seldom.
func (w *world) pick(choice int, fits func(*believed) bool) (b believed, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fitting := slices.DeleteFunc(slices.Clone(w.notes), func(b *believed) bool {
		return b.purged && choice%30 != 0 || !fits(b)
	})
	if len(fitting) == 0 {
		return believed{}, false
	}
	return *fitting[choice%len(fitting)], true
}

// made returns how many notes an account has made, and not purged.
func (w *world) made(user string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.own[user]
}
