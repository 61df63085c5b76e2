package chaos

import (
	"fmt"
	"slices"

	"notewire/client/goclient"
)

// cast is who takes part in a run, as the seed has it.
type cast struct {
	accounts  []string // who write
	crowd     []string // members of the one large note; nobody, in runs without
	passers   []string // members of nothing: they look at what is public, and try to write
	writers   []*writer
	followers []*follower
}

func newCast(o Options, c *callers, w *world, keep *interner, alarm func(Finding)) *cast {
	r := stream(o.Seed, "cast")
	k := &cast{}
	for i := range max(3, o.Clients*2/5) {
		k.accounts = append(k.accounts, fmt.Sprintf("user%02d", i))
	}
	if r.IntN(2) == 0 {
		for i := range 30 + r.IntN(31) {
			k.crowd = append(k.crowd, fmt.Sprintf("crowd%02d", i))
		}
	}
	add := func(account, note string, transport goclient.Transport) *follower {
		f := k.follower(account, note, transport)
		f.rand, f.presence = stream(o.Seed, f.seen.Name), stream(o.Seed, "presence of "+f.seen.Name)
		f.callers, f.world, f.keep, f.alarm = c, w, keep, alarm
		f.late = note == "" && r.IntN(4) == 0
		return f
	}
	transports := []goclient.Transport{goclient.WebSocket, goclient.SSE}
	for i := range o.Clients {
		account := k.accounts[i%len(k.accounts)]
		if i%3 == 2 { // his own first note, or a friend's
			add(account, firstNote(k.accounts[(i+r.IntN(2))%len(k.accounts)]), transports[r.IntN(2)])
		} else {
			add(account, "", transports[(i/len(k.accounts)+i)%2])
		}
	}
	for i, account := range k.crowd { // some of the first members, and some of the last
		if i == 0 || i >= len(k.crowd)-2 {
			add(account, "", transports[i%2])
		}
	}
	for i, transport := range transports {
		passer := fmt.Sprintf("passer%d", i)
		k.passers = append(k.passers, passer)
		add(passer, publicNote, transport).seen.Passer = true
		add(passer, "", goclient.WebSocket)
	}
	for _, account := range k.accounts {
		k.writers = append(k.writers, newWriter(o, account, account, k, c, w))
	}
	for _, account := range k.accounts[:2] { // who have another device
		k.writers = append(k.writers, newWriter(o, account, account+"b", k, c, w))
	}
	for _, passer := range k.passers {
		guest := newWriter(o, passer, passer, k, c, w)
		guest.passer = true
		k.writers = append(k.writers, guest)
	}
	return k
}

// follower adds one. His name says all that he does.
func (k *cast) follower(account, note string, transport goclient.Transport) *follower {
	what := "account " + account
	if note != "" {
		what = "note " + note + " for " + account
	}
	f := &follower{
		cursor: "0", waiting: map[string]chan *frame{},
		seen: Seen{
			Name: fmt.Sprintf("follower %d of %s by %s", len(k.followers), what, transport), Account: account, Note: note, Transport: string(transport),
		},
	}
	k.followers = append(k.followers, f)
	return f
}

func (k *cast) String() string {
	text := fmt.Sprintf("%d accounts that write, two by two devices, %d passers-by, %d followers", len(k.accounts), len(k.passers), len(k.followers))
	if len(k.crowd) > 0 {
		text += fmt.Sprintf(", a note with %d more members", len(k.crowd))
	}
	return text
}

func newWriter(o Options, account, name string, k *cast, c *callers, world *world) *writer {
	w := &writer{account: account, name: name, rand: stream(o.Seed, "writer "+name), world: world, callers: c}
	for _, other := range k.accounts {
		if other != account {
			w.others = append(w.others, other)
		}
	}
	for _, f := range k.followers {
		if f.seen.Account == account && f.seen.Note == "" && f.seen.Transport == string(goclient.WebSocket) {
			w.sockets = append(w.sockets, f)
		}
	}
	return w
}

func firstNote(account string) string { return account + "-first" }

const (
	commonNote = "common" // several write it from the start
	crowdNote  = "crowd"  // the large one
	publicNote = "user00-public"
)

// commonMembers is few enough that most commits do not meet another in the store: with more,
// clashes are all that there is to see.
const commonMembers = 4

// sharesAtOnce is how many members one request may name.
const sharesAtOnce = 20

// opening is what each writer does before the faults begin, in order.
func (k *cast) opening(w *writer) []*Mutation {
	if w.name != w.account || w.passer {
		return nil
	}
	i := slices.Index(k.accounts, w.account)
	n := len(k.accounts)
	first := firstNote(w.account)
	all := []*Mutation{w.create(first, 0), w.share(first, k.accounts[(i+1)%n], k.accounts[(i+2)%n])}
	if i != 0 {
		return all
	}
	all = append(all, w.create(commonNote, 0), w.share(commonNote, w.others[:min(len(w.others), commonMembers)]...))
	all = append(all, w.create(publicNote, 0), w.open(publicNote, "public"), w.share(publicNote, w.others[0]))
	if len(k.crowd) > 0 {
		all = append(all, w.create(crowdNote, 0), w.share(crowdNote, w.others[:min(3, len(w.others))]...))
		for at := 0; at < len(k.crowd); at += sharesAtOnce - 4 {
			all = append(all, w.share(crowdNote, k.crowd[at:min(at+sharesAtOnce-4, len(k.crowd))]...))
		}
	}
	return all
}

// all lists every account of the run.
func (k *cast) all() []string { return slices.Concat(k.accounts, k.crowd, k.passers) }
